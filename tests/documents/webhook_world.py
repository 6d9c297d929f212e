"""Programs that listen, for the tests of webhooks."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils import timezone

from aupolicy.facts.machine import ApiScope, WebhookTopic
from aupolicy.kernel.period import Period
from aupolicy.models import (
    ApiClient,
    Broker,
    BrokerAuthority,
    Employer,
    GroupContract,
    Right,
    User,
)
from aupolicy.operations.machines import create_client
from documents.models import WebhookDelivery, WebhookEndpoint
from documents.operations.webhooks import (
    MadeEndpoint,
    collect_messages,
    create_endpoint,
    deliver_due,
)
from documents.queries.webhook_listeners import CHOICES
from members.facts import Notice, NoticeKind
from members.models import NoticeRecord
from members.operations import apply_notices
from tests.documents.receivers import Receiver

# Real, for documents are dated by the database.
NOW = datetime.now(tz=UTC)
ALL_TOPICS = frozenset(CHOICES)


def program(party: Employer | Broker, *scopes: ApiScope) -> ApiClient:
    return create_client(
        name="Lohnprogramm", party=party, scopes=scopes or tuple(ApiScope), by=None, now=NOW
    )


def listen(
    party: Employer | Broker, receiver: Receiver, *topics: WebhookTopic, now: datetime = NOW
) -> MadeEndpoint:
    return create_endpoint(
        client=program(party), url=receiver.url, topics=topics or ALL_TOPICS, by=None, now=now
    )


def told(receiver: Receiver) -> list[dict[str, Any]]:
    return [json.loads(came.body) for came in receiver.received]


def topics_of(endpoint: WebhookEndpoint) -> list[str]:
    rows = WebhookDelivery.objects.filter(endpoint=endpoint).order_by("pk")
    return list(rows.values_list("message__topic", flat=True))


def run(now: datetime = NOW) -> None:
    collect_messages(now=now)
    deliver_due(now=now)


def refuse_to_pass(contract: GroupContract, number: str) -> NoticeRecord:
    """A notice that reaches too far back for the machine."""
    received = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    notice = Notice(
        NoticeKind.LEAVE, number, date(2025, 1, 31), received, reference=f"A-{number}"
    )  # fmt: skip
    apply_notices(contract=contract, notices=[notice])
    return NoticeRecord.objects.get(contract=contract, reference=f"A-{number}")


def make_user(name: str = "clerk") -> User:
    return User.objects.create_user(name, email=f"{name}@example.org")


def authorize(contract: GroupContract, broker: Broker, right: Right) -> BrokerAuthority:
    return BrokerAuthority.objects.create(
        employer=contract.employer, broker=broker, right=right.value,
        period=Period(timezone.localdate(NOW) - timedelta(days=9)),
    )  # fmt: skip
