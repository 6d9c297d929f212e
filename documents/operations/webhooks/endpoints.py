"""Addresses that are told: made, given another secret, ended. A secret is shown once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from aupolicy.facts.machine import WebhookTopic
from aupolicy.kernel.sealing import seal, unseal
from aupolicy.models import ApiClient, User
from aupolicy.queries.machine import get_client_rights
from documents.exports.webhook_address import UnableToCall, parse_address
from documents.exports.webhook_call import make_secret
from documents.models import WebhookDelivery, WebhookEndpoint
from documents.operations.webhooks.call import resolve
from documents.operations.webhooks.outbox import skip_what_was
from documents.queries.webhook_listeners import CHOICES, Listener, list_topics

MOST_ENDPOINTS = 10
# The secret before signs as well for so long, so that the receiver may change over in a day's work.
OVERLAP = timedelta(hours=24)


class UnableToListen(ValueError):
    """An address that cannot be told; documents.words.describe_webhook_refusal.

    `code`: NO_TOPICS, SCOPE_MISSING (topic), TOO_MANY (most), ENDED, or one of
    documents.exports.webhook_address.UnableToCall.
    """

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True, slots=True)
class MadeEndpoint:
    """An address with its new secret, which is known only now."""

    endpoint: WebhookEndpoint
    secret: str


def create_endpoint(
    *,
    client: ApiClient,
    url: str,
    topics: Collection[WebhookTopic],
    by: User | None,
    now: datetime,
) -> MadeEndpoint:
    """A further address of a program, told of what happens from now on. Raises UnableToListen.

    The name is looked up: an address that would be refused at the first call is refused here.
    """
    _check_topics(client, topics)
    _check_address(url)
    public_id, secret = uuid4(), make_secret()
    with transaction.atomic():
        _check_client(client)
        rights = get_client_rights(client, timezone.localdate(now))
        skip_what_was(listener=Listener(None, frozenset(topics), rights), now=now)
        endpoint = WebhookEndpoint.objects.create(
            public_id=public_id,
            client=client,
            url=url,
            topics=[topic.value for topic in CHOICES if topic in topics],
            secret_sealed=_seal(secret, public_id),
            created_at=now,
            created_by=by,
        )
    return MadeEndpoint(endpoint, secret)


def _check_topics(client: ApiClient, topics: Collection[WebhookTopic]) -> None:
    if not topics:
        raise UnableToListen("NO_TOPICS")
    offered = list_topics(client)
    for topic in topics:
        if topic not in offered:
            raise UnableToListen("SCOPE_MISSING", topic=topic.value)


def _check_address(url: str) -> None:
    allow_private = settings.WEBHOOKS_ALLOW_PRIVATE
    try:
        resolve(parse_address(url, allow_private=allow_private), allow_private=allow_private)
    except UnableToCall as error:
        raise UnableToListen(error.code) from None


def _check_client(client: ApiClient) -> None:
    held = ApiClient.objects.select_for_update().get(pk=client.pk)
    if held.ended_at is not None:
        raise UnableToListen("ENDED")
    if WebhookEndpoint.objects.filter(client=held, ended_at=None).count() >= MOST_ENDPOINTS:
        raise UnableToListen("TOO_MANY", most=str(MOST_ENDPOINTS))


def rotate_secret(*, endpoint: WebhookEndpoint, now: datetime) -> MadeEndpoint:
    """A new secret; for OVERLAP the one before signs as well. Raises UnableToListen.

    Rotated again within that time, the oldest ends at once: two secrets sign at most.
    """
    secret = make_secret()
    with transaction.atomic():
        held = _hold(endpoint)
        held.old_secret_sealed = held.secret_sealed
        held.old_secret_until = now + OVERLAP
        held.secret_sealed = _seal(secret, held.public_id)
        held.save(update_fields=["old_secret_sealed", "old_secret_until", "secret_sealed"])
    return MadeEndpoint(held, secret)


def end_endpoint(*, endpoint: WebhookEndpoint, by: User | None, now: datetime) -> None:
    """Tell an address nothing more; what is still to be sent is given up. Raises UnableToListen."""
    with transaction.atomic():
        held = _hold(endpoint)
        held.ended_at, held.ended_by = now, by
        held.save(update_fields=["ended_at", "ended_by"])
        give_up_open(held, now)


def give_up_open(endpoint: WebhookEndpoint, now: datetime) -> None:
    """Give up what is still to be sent to an address."""
    still_open = WebhookDelivery.objects.filter(endpoint=endpoint, next_attempt_at__isnull=False)
    still_open.update(next_attempt_at=None, given_up_at=now)


def _hold(endpoint: WebhookEndpoint) -> WebhookEndpoint:
    held = WebhookEndpoint.objects.select_for_update().get(pk=endpoint.pk)
    if held.ended_at is not None:
        raise UnableToListen("ENDED")
    return held


def list_secrets(endpoint: WebhookEndpoint, now: datetime) -> list[str]:
    """The secrets that sign now, the newest first."""
    sealed = [endpoint.secret_sealed]
    if endpoint.old_secret_until is not None and endpoint.old_secret_until > now:
        sealed.append(endpoint.old_secret_sealed)
    place = _place(endpoint.public_id)
    return [unseal(text, keys=settings.FIELD_ENCRYPTION_KEYS, place=place) for text in sealed]


def _seal(secret: str, public_id: UUID) -> str:
    return seal(secret, keys=settings.FIELD_ENCRYPTION_KEYS, place=_place(public_id))


def _place(public_id: UUID) -> str:
    # The secret before keeps the place it was sealed for: it is the same row's.
    return f"documents_webhookendpoint.secret_sealed:{public_id}"
