"""A program's addresses and what was sent to them."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery

from aupolicy.facts.machine import WebhookTopic
from aupolicy.models import ApiClient
from documents.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint

# From here on events are being lost.
_LOST_AFTER = timedelta(days=3)


class EndpointState(StrEnum):
    """How an address does."""

    WORKS = "works"
    FAILS = "fails"
    LOSES = "loses"
    GONE = "gone"
    ENDED = "ended"


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    DELIVERED = "delivered"
    WAITING = "waiting"
    REPEATED = "repeated"
    GIVEN_UP = "given_up"


_CONDITIONS = {
    DeliveryState.DELIVERED: Q(delivered_at__isnull=False),
    DeliveryState.WAITING: Q(next_attempt_at__isnull=False, attempts=0),
    DeliveryState.REPEATED: Q(next_attempt_at__isnull=False, attempts__gt=0),
    DeliveryState.GIVEN_UP: Q(given_up_at__isnull=False),
}


@dataclass(frozen=True, slots=True)
class LogFilter:
    """What the list of deliveries is narrowed to."""

    state: DeliveryState | None = None
    topic: WebhookTopic | None = None


def list_endpoints(client: ApiClient) -> "QuerySet[WebhookEndpoint]":
    """A program's addresses, those in force first, with when each last took something."""
    rows = WebhookEndpoint.objects.filter(client=client).select_related("created_by")
    # NULLs come last in PostgreSQL, unless told otherwise.
    newest_end = F("ended_at").desc(nulls_first=True)
    return rows.annotate(last_delivered_at=Max("deliveries__delivered_at")).order_by(
        newest_end, "-pk"
    )


def find_endpoint(client: ApiClient, key: uuid.UUID) -> WebhookEndpoint | None:
    """An address of a program."""
    rows = WebhookEndpoint.objects.select_related("client", "created_by", "ended_by")
    return rows.filter(client=client, public_id=key).first()


def get_state(endpoint: WebhookEndpoint, now: datetime) -> EndpointState:
    """How an address does."""
    if endpoint.ended_at is not None:
        return EndpointState.GONE if endpoint.answered_gone else EndpointState.ENDED
    if endpoint.failing_since is None:
        return EndpointState.WORKS
    is_long = endpoint.failing_since <= now - _LOST_AFTER
    return EndpointState.LOSES if is_long else EndpointState.FAILS


def list_deliveries(
    client: ApiClient, wanted: LogFilter, *, endpoint: WebhookEndpoint | None = None
) -> "QuerySet[WebhookDelivery]":
    """What was or will be sent, the newest first, with how the last call ended."""
    last = WebhookAttempt.objects.filter(delivery=OuterRef("pk")).order_by("-pk")
    rows = WebhookDelivery.objects.select_related("message", "endpoint").filter(
        endpoint__client=client
    )
    if endpoint is not None:
        rows = rows.filter(endpoint=endpoint)
    if wanted.state is not None:
        rows = rows.filter(_CONDITIONS[wanted.state])
    if wanted.topic is not None:
        rows = rows.filter(message__topic=wanted.topic.value)
    return rows.annotate(
        last_outcome=Subquery(last.values("outcome")[:1]),
        last_status=Subquery(last.values("status_code")[:1]),
    ).order_by("-pk")


def find_delivery(client: ApiClient, key: uuid.UUID) -> WebhookDelivery | None:
    """A delivery to one of a program's addresses."""
    rows = WebhookDelivery.objects.select_related("message", "endpoint__client", "asked_by")
    return rows.filter(endpoint__client=client, public_id=key).first()


def get_delivery_state(delivery: WebhookDelivery) -> DeliveryState:
    """Where a delivery stands; the same as `_CONDITIONS`."""
    if delivery.delivered_at is not None:
        return DeliveryState.DELIVERED
    if delivery.given_up_at is not None:
        return DeliveryState.GIVEN_UP
    return DeliveryState.REPEATED if delivery.attempts else DeliveryState.WAITING
