"""Events into the outbox: found where they stand, each once, with a delivery for who may know.

One message is one notice, statement or confirmation, also where a file brings thousands: what came
twice, what failed and what is sent again is then told by one id, and a lost call loses one row.
They are written set by set and sent several at a time.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from aupolicy.facts.machine import WebhookTopic
from aupolicy.models import Employer
from aupolicy.operations.bulk import take_ids
from aupolicy.operations.fence import ALL, acting_within
from documents.models import WebhookDelivery, WebhookMark, WebhookMessage
from documents.queries.webhook_events import Event, Since, find_newest_notice, list_events
from documents.queries.webhook_listeners import Listener, list_listeners

# No transaction of ours is open for so long.
LOOK_BACK = timedelta(days=1)
EVENTS_A_ROUND = 5_000
_MARK_EVERY = timedelta(minutes=10)
_MOST_OPEN = 100_000
_BATCH = 1_000
# Any number; it only has to be nobody else's among the advisory locks.
_COLLECT_LOCK = 8_120_001


def record_message(
    *,
    employer: Employer,
    topic: WebhookTopic,
    subject: str,
    data: Mapping[str, Any],
    now: datetime,
) -> WebhookMessage | None:
    """Tell of an event that no table says by itself; None where it was told already.

    `data` holds keys, never a name or an amount; `subject` is our key of the row it is about.
    Whoever acts: every program that may know of the employer is told.
    """
    event = Event(topic, employer.pk, subject, data, now)
    with acting_within(ALL):
        made = _record([event], list_listeners(timezone.localdate(now)), now)
    return made[0] if made else None


def collect_messages(*, now: datetime) -> int:
    """Take what has happened into the outbox; the number of events, at most a round of each kind.

    Two at once do not wait for each other: the second finds nothing to do.
    """
    with acting_within(ALL):
        if not _lock("pg_try_advisory_xact_lock"):
            return 0
        return _collect(list_listeners(timezone.localdate(now)), now)


def skip_what_was(*, listener: Listener, now: datetime) -> None:
    """Take what has happened before an address is there into the outbox: it is not told of that.

    Events that other addresses wait for are delivered to these.
    """
    with acting_within(ALL):
        _lock("pg_advisory_xact_lock")
        listeners = [*list_listeners(timezone.localdate(now)), listener]
        while _collect(listeners, now):
            pass


def _lock(function: str) -> bool:
    """Hold the outbox for this transaction; False where it was tried and somebody has it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [_COLLECT_LOCK])
        return cursor.fetchone()[0] is not False


def _collect(listeners: Sequence[Listener], now: datetime) -> int:
    since = _look_back(now)
    count = 0
    for topic in WebhookTopic:
        employers = _list_employers(listeners, topic)
        found = list_events(topic, employers, since=since, now=now, limit=EVENTS_A_ROUND)
        count += len(_record(found, listeners, now))
    return count


def _list_employers(listeners: Sequence[Listener], topic: WebhookTopic) -> set[int]:
    found = set().union(*(listener.list_employers(topic) for listener in listeners))
    if topic is WebhookTopic.NOTICE_NEEDS_CLERK:
        # That a notice was cleared is known by its having waited.
        found |= _list_employers(listeners, WebhookTopic.NOTICE_APPLIED)
    return found


def _look_back(now: datetime) -> Since:
    """The newest mark that is old enough; marks are set on the way, those before it are dropped."""
    marks = WebhookMark.objects.order_by("-at")
    newest = marks.first()
    if newest is None or newest.at <= now - _MARK_EVERY:
        # Before the very first mark nobody looked: what is still open may have smaller numbers.
        reach = 0 if newest else _MOST_OPEN
        notice = max(find_newest_notice() - reach, 0)
        WebhookMark.objects.create(at=now, notice=notice)
    old = marks.filter(at__lte=now - LOOK_BACK).first() or marks.last()
    assert old is not None  # noqa: S101 -- there is the one just made
    WebhookMark.objects.filter(at__lt=old.at).delete()
    return Since(min(old.at, now - LOOK_BACK), old.notice)


def _record(
    events: Sequence[Event], listeners: Sequence[Listener], now: datetime
) -> list[WebhookMessage]:
    """Messages of those events that no message names yet, and their deliveries."""
    if not events:
        return []
    ids = take_ids(WebhookMessage, len(events))
    WebhookMessage.objects.bulk_create(
        (
            WebhookMessage(
                pk=key,
                employer_id=event.employer_id,
                topic=event.topic.value,
                subject=event.subject,
                data=event.data,
                occurred_at=event.happened_at,
            )
            for key, event in zip(ids, events, strict=True)
        ),
        batch_size=_BATCH,
        ignore_conflicts=True,
    )
    made = list(WebhookMessage.objects.filter(pk__in=ids).order_by("pk"))
    WebhookDelivery.objects.bulk_create(_deliveries(made, listeners, now), batch_size=_BATCH)
    return made


def _deliveries(
    messages: Collection[WebhookMessage], listeners: Sequence[Listener], now: datetime
) -> list[WebhookDelivery]:
    topics = {WebhookTopic(message.topic) for message in messages}
    told = {
        (listener.endpoint_id, topic.value): listener.list_employers(topic)
        for listener in listeners
        for topic in topics
        if listener.endpoint_id is not None
    }
    return [
        WebhookDelivery(
            endpoint_id=endpoint_id, message=message, created_at=now, next_attempt_at=now
        )
        for message in messages
        for (endpoint_id, topic), employers in told.items()
        if topic == message.topic and message.employer_id in employers
    ]
