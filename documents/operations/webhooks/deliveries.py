"""Calls: claimed by moving their next time on (a lease), made outside the database, then noted.

A killed worker's calls come due again when the lease ends, so everything is sent at least once;
receivers find by webhook-id what came twice. While an address fails, one call at a time tries
whether it is back, and the others wait without losing their turn.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from aupolicy.facts.machine import WebhookTopic
from aupolicy.kernel.sealing import UnableToUnseal
from aupolicy.models import User
from aupolicy.operations.fence import ALL, acting_within
from documents.exports.webhook_address import UnableToCall, parse_address
from documents.exports.webhook_call import write_body, write_call
from documents.facts.webhooks import Answer, Call, Outcome
from documents.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookMessage
from documents.operations.webhooks.call import send_call
from documents.operations.webhooks.endpoints import UnableToListen, give_up_open, list_secrets
from documents.queries.webhook_listeners import find_rights, may_be_told
from documents.rules import LONGEST_TRY, compute_next_try, compute_pause

# Longer than a round takes when every call of it runs into its time limit.
LEASE = timedelta(minutes=3)
CALLS_A_ROUND = 40
CALLS_AT_ONCE = 8
_CALLS_A_ROUND_OF_ONE = 20
_LATELY = timedelta(days=30)

_CLAIM = """
UPDATE documents_webhookdelivery d
SET next_attempt_at = %(until)s, attempts = d.attempts + 1
FROM (
    SELECT due.id
    FROM documents_webhookendpoint e
    JOIN aupolicy_apiclient c ON c.id = e.client_id AND c.ended_at IS NULL
    CROSS JOIN LATERAL (
        SELECT id FROM documents_webhookdelivery
        WHERE endpoint_id = e.id AND next_attempt_at <= %(now)s
        ORDER BY next_attempt_at, id
        LIMIT CASE WHEN e.failing_since IS NULL THEN %(most)s ELSE 1 END
        FOR UPDATE SKIP LOCKED
    ) due
    WHERE e.ended_at IS NULL AND (e.paused_until IS NULL OR e.paused_until <= %(now)s)
    LIMIT %(calls)s
) claimed
WHERE d.id = claimed.id
RETURNING d.id
"""


class UnableToSend(ValueError):
    """A delivery that cannot be sent again. `code` is ENDED."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class RoundReport:
    """What came of one round of calls; `failed` ones are tried again or were given up."""

    delivered: int = 0
    failed: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing was due."""
        return not (self.delivered or self.failed)


def deliver_due(
    *, now: datetime, send: Callable[..., Answer] = send_call, calls: int = CALLS_A_ROUND
) -> RoundReport:
    """One round: the calls that are due, several at a time. Workers share what is due."""
    _give_up_late(now)
    claimed = claim_due(now, calls)
    if not claimed:
        return RoundReport()
    answers = _send_all(claimed, now, send)
    note_answers(answers, now)
    delivered = sum(answer.outcome is Outcome.OK for _, answer in answers)
    return RoundReport(delivered, len(answers) - delivered)


def _give_up_late(now: datetime) -> None:
    """Give up what waited its time out behind a failing address, or lost its program."""
    begun = Coalesce(F("asked_at"), F("created_at"))
    late = WebhookDelivery.objects.filter(next_attempt_at__lte=now).annotate(begun=begun)
    is_over = Q(begun__lt=now - LONGEST_TRY) | Q(endpoint__client__ended_at__isnull=False)
    # Two statements of two workers meet no row twice: whoever is second finds it given up.
    ids = list(late.filter(is_over).values_list("pk", flat=True)[:10_000])
    if ids:
        still_open = WebhookDelivery.objects.filter(pk__in=ids, next_attempt_at__lte=now)
        still_open.update(next_attempt_at=None, given_up_at=now)


def claim_due(now: datetime, calls: int) -> list[WebhookDelivery]:
    """The deliveries that are ours for as long as the lease; those nobody may know are given up."""
    limits: dict[str, Any] = {
        "now": now,
        "until": now + LEASE,
        "calls": calls,
        "most": _CALLS_A_ROUND_OF_ONE,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, limits)
        ids = [key for (key,) in cursor.fetchall()]
    claimed = WebhookDelivery.objects.select_related("endpoint__client", "message")
    return _leave_out_forbidden(list(claimed.filter(pk__in=ids).order_by("pk")), now)


def _leave_out_forbidden(claimed: list[WebhookDelivery], now: datetime) -> list[WebhookDelivery]:
    """An authority may have ended since the event: then a broker's program is told no more."""
    rights = find_rights((delivery.endpoint for delivery in claimed), timezone.localdate(now))
    allowed = [
        delivery
        for delivery in claimed
        if may_be_told(
            rights[delivery.endpoint.client_id],
            delivery.message.employer_id,
            WebhookTopic(delivery.message.topic),
        )
    ]
    forbidden = {delivery.pk for delivery in claimed} - {delivery.pk for delivery in allowed}
    if forbidden:
        rows = WebhookDelivery.objects.filter(pk__in=forbidden)
        rows.update(next_attempt_at=None, given_up_at=now)
    return allowed


def _send_all(
    claimed: Sequence[WebhookDelivery], now: datetime, send: Callable[..., Answer]
) -> list[tuple[WebhookDelivery, Answer]]:
    """Every call with its answer. Only the calls run beside each other: they touch no table."""
    allow_private = settings.WEBHOOKS_ALLOW_PRIVATE
    calls = [_write_call(delivery, now, allow_private=allow_private) for delivery in claimed]

    def send_one(call: Call | Answer) -> Answer:
        return call if isinstance(call, Answer) else send(call, allow_private=allow_private)

    with ThreadPoolExecutor(CALLS_AT_ONCE) as pool:
        return list(zip(claimed, pool.map(send_one, calls), strict=True))


def _write_call(delivery: WebhookDelivery, now: datetime, *, allow_private: bool) -> Call | Answer:
    """The signed call, or why there is none; one that cannot be written stops no other."""
    message, endpoint = delivery.message, delivery.endpoint
    try:
        target = parse_address(endpoint.url, allow_private=allow_private)
        secrets = list_secrets(endpoint, now)
    except UnableToCall:
        return Answer(Outcome.REFUSED_ADDRESS)
    except UnableToUnseal:
        return Answer(Outcome.UNSIGNED)
    return write_call(
        target=target,
        message_id=str(message.public_id),
        body=write_body(topic=message.topic, happened_at=message.occurred_at, data=message.data),
        secrets_in_force=secrets,
        now=now,
    )


def note_answers(answers: Sequence[tuple[WebhookDelivery, Answer]], now: datetime) -> None:
    """Write down what came of calls that were claimed before."""
    with transaction.atomic():
        for endpoint_id in sorted({delivery.endpoint_id for delivery, _ in answers}):
            own = [(d, answer) for d, answer in answers if d.endpoint_id == endpoint_id]
            _note(endpoint_id, own, now)


def _note(
    endpoint_id: int, answers: Sequence[tuple[WebhookDelivery, Answer]], now: datetime
) -> None:
    """Write down what came of an address's calls of a round, and how the address does."""
    endpoint = WebhookEndpoint.objects.select_for_update().get(pk=endpoint_id)
    WebhookAttempt.objects.bulk_create(
        WebhookAttempt(
            delivery=delivery,
            at=now,
            outcome=answer.outcome.value,
            status_code=answer.status_code,
            duration_ms=answer.duration_ms,
        )
        for delivery, answer in answers
    )
    told = {delivery.pk: answer for delivery, answer in answers}
    # Who held a lease for too long finds it taken over, and perhaps delivered.
    rows = WebhookDelivery.objects.select_for_update().filter(
        pk__in=told, next_attempt_at__isnull=False
    )
    changed = [_move_on(row, told[row.pk], now) for row in rows.order_by("pk")]
    WebhookDelivery.objects.bulk_update(changed, ["next_attempt_at", "delivered_at", "given_up_at"])
    _note_health(endpoint, list(told.values()), now)


def _move_on(row: WebhookDelivery, answer: Answer, now: datetime) -> WebhookDelivery:
    if answer.outcome is Outcome.OK:
        row.next_attempt_at, row.delivered_at = None, now
        return row
    row.next_attempt_at = compute_next_try(row.attempts, now)
    if row.next_attempt_at is None:
        row.given_up_at = now
    return row


def _note_health(endpoint: WebhookEndpoint, answers: Sequence[Answer], now: datetime) -> None:
    if any(answer.outcome is Outcome.OK for answer in answers):
        endpoint.failing_since = endpoint.paused_until = None
    else:
        endpoint.failing_since = endpoint.failing_since or now
        endpoint.paused_until = compute_pause(endpoint.failing_since, now)
    is_gone = any(answer.is_gone for answer in answers)
    if is_gone and endpoint.ended_at is None:
        endpoint.ended_at, endpoint.answered_gone = now, True
        give_up_open(endpoint, now)
    endpoint.save(update_fields=["failing_since", "paused_until", "ended_at", "answered_gone"])


def send_again(*, delivery: WebhookDelivery, by: User | None, now: datetime) -> None:
    """Send a message once more, whatever came of it before, with all its tries anew.

    Raises UnableToSend.
    """
    with transaction.atomic():
        # The address first, as everybody locks them.
        endpoint = WebhookEndpoint.objects.select_for_update().get(pk=delivery.endpoint_id)
        if _is_ended(endpoint):
            raise UnableToSend("ENDED")
        held = WebhookDelivery.objects.select_for_update().get(pk=delivery.pk)
        held.attempts, held.next_attempt_at = 0, now
        held.delivered_at = held.given_up_at = None
        held.asked_at, held.asked_by = now, by
        held.save()
        _end_pause(endpoint.pk)


def send_given_up_again(*, endpoint: WebhookEndpoint, by: User | None, now: datetime) -> int:
    """Send again what was given up lately, as after a long failure; how many. UnableToSend."""
    with transaction.atomic():
        held = WebhookEndpoint.objects.select_for_update().get(pk=endpoint.pk)
        if _is_ended(held):
            raise UnableToSend("ENDED")
        lost = WebhookDelivery.objects.filter(endpoint=held, given_up_at__gte=now - _LATELY)
        count = lost.update(
            attempts=0, next_attempt_at=now, given_up_at=None, asked_at=now, asked_by=by
        )
        _end_pause(endpoint.pk)
    return count


def send_test(*, endpoint: WebhookEndpoint, now: datetime) -> WebhookDelivery:
    """Have an address called now, so that its receiver can be tried. Raises UnableToListen."""
    if _is_ended(endpoint):
        raise UnableToListen("ENDED")
    # The message concerns no employer: nobody but the product may write it.
    with acting_within(ALL):
        message = WebhookMessage.objects.create(
            topic=WebhookTopic.ENDPOINT_TESTED.value,
            subject=f"{endpoint.pk}:{now.isoformat()}",
            data={"endpoint": str(endpoint.public_id)},
            occurred_at=now,
        )
        delivery = WebhookDelivery.objects.create(
            endpoint=endpoint, message=message, created_at=now, next_attempt_at=now
        )
        _end_pause(endpoint.pk)
    return delivery


def _is_ended(endpoint: WebhookEndpoint) -> bool:
    return endpoint.ended_at is not None or endpoint.client.ended_at is not None


def _end_pause(endpoint_id: int) -> None:
    """Somebody looks at the address just now: it is called at once, not after its pause."""
    WebhookEndpoint.objects.filter(pk=endpoint_id).update(paused_until=None)
