"""What has happened and was not told yet, found in the tables that say so themselves.

Nothing upstream writes an event. A row is taken as new while no message names it; how far is
looked back is a `Since`, far enough for every transaction that was still open then.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, CharField, Exists, Max, Model, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from aupolicy.facts.machine import WebhookTopic
from aupolicy.models import WorkItem
from billing.models import Statement
from documents.facts import DocumentKind
from documents.models import Document, WebhookMessage
from members.facts import NoticeStatus
from members.models import NoticeDecision, NoticeRecord


@dataclass(frozen=True, slots=True)
class Since:
    """How far is looked back: a moment, and the newest notice that could be seen then."""

    at: datetime
    notice: int


@dataclass(frozen=True, slots=True)
class Event:
    """Something to be told: of whom, about which row, and the keys that are told."""

    topic: WebhookTopic
    employer_id: int
    subject: str
    data: Mapping[str, Any]
    happened_at: datetime


def list_events(
    topic: WebhookTopic, employers: Collection[int], *, since: Since, now: datetime, limit: int
) -> list[Event]:
    """What no message names yet, the oldest first, at most `limit`."""
    find = _SOURCES.get(topic)
    if find is None or not employers:
        return []
    return list(find(employers, since, now, limit))


def find_newest_notice() -> int:
    """The newest notice that can be seen now; 0 without any."""
    return int(NoticeRecord.objects.aggregate(newest=Max("pk"))["newest"] or 0)


def _untold(rows: "QuerySet[Any]", topic: WebhookTopic) -> "QuerySet[Any]":
    told = WebhookMessage.objects.filter(
        topic=topic.value, subject=Cast(OuterRef("pk"), CharField())
    )
    return rows.filter(~Exists(told)).order_by("pk")


def _applied(
    employers: Collection[int], since: Since, now: datetime, limit: int
) -> Iterator[Event]:
    """Notices that count: new ones, and those of which it was told that a clerk is needed."""
    topic = WebhookTopic.NOTICE_APPLIED
    rows = NoticeRecord.objects.filter(
        status=NoticeStatus.APPLIED, contract__employer__in=employers
    )
    waited = WebhookMessage.objects.filter(
        topic=WebhookTopic.NOTICE_NEEDS_CLERK.value, employer__in=employers
    ).values_list(Cast("subject", BigIntegerField()))
    # Two questions, for one with OR would read all the notices that these employers ever sent.
    fresh = list(_notices(topic, rows.filter(pk__gt=since.notice), now, limit))
    yield from fresh
    cleared = rows.filter(pk__lte=since.notice, pk__in=waited)
    yield from _notices(topic, cleared, now, limit - len(fresh))


def _needing_a_clerk(
    employers: Collection[int], since: Since, now: datetime, limit: int
) -> Iterator[Event]:
    """Notices of which a clerk still has to say something, or had to until a moment ago."""
    is_recent = Q(done_at=None) | Q(done_at__gte=since.at)
    work = WorkItem.objects.filter(
        is_recent, kind=WorkItem.Kind.NOTICE, employer__in=employers
    ).values("subject")
    rows = NoticeRecord.objects.filter(pk__in=work, contract__employer__in=employers)
    return _notices(WebhookTopic.NOTICE_NEEDS_CLERK, rows, now, limit)


def _notices(
    topic: WebhookTopic, rows: "QuerySet[NoticeRecord]", now: datetime, limit: int
) -> Iterator[Event]:
    found = _untold(rows.select_related("contract"), topic)[:limit]
    # When a notice began to count is not written down: it is the moment it is seen to.
    return (_about_notice(topic, notice, now) for notice in found)


def _about_notice(
    topic: WebhookTopic, notice: NoticeRecord, at: datetime, row: Model | None = None, **more: str
) -> Event:
    data = {"id": str(notice.public_id), "contract": notice.contract.number, **more}
    if notice.reference:
        data["reference"] = notice.reference
    subject = str((row or notice).pk)
    return Event(topic, notice.contract.employer_id, subject, data, at)


def _decided(
    employers: Collection[int], since: Since, _now: datetime, limit: int
) -> Iterator[Event]:
    topic = WebhookTopic.NOTICE_DECIDED
    rows = NoticeDecision.objects.select_related("notice__contract").filter(
        decided_at__gte=since.at, notice__contract__employer__in=employers
    )
    for row in _untold(rows, topic)[:limit]:
        yield _about_notice(topic, row.notice, row.decided_at, row, verdict=row.verdict)


def _posted(
    employers: Collection[int], since: Since, _now: datetime, limit: int
) -> Iterator[Event]:
    topic = WebhookTopic.STATEMENT_POSTED
    rows = Statement.objects.select_related("contract", "run").filter(
        run__posted_at__gte=since.at, number__isnull=False, contract__employer__in=employers
    )
    for row in _untold(rows, topic)[:limit]:
        data = {
            "id": str(row.public_id),
            "contract": row.contract.number,
            "number": row.number,
            "month": f"{row.month:%Y-%m}",
        }
        assert row.run.posted_at is not None  # noqa: S101 -- asked for above
        yield Event(topic, row.contract.employer_id, str(row.pk), data, row.run.posted_at)


def _issued(
    employers: Collection[int], since: Since, _now: datetime, limit: int
) -> Iterator[Event]:
    """The person's copy of a confirmation; the employer's is issued beside it."""
    topic = WebhookTopic.CONFIRMATION_ISSUED
    rows = Document.objects.select_related("contract").filter(
        kind=DocumentKind.CONFIRMATION.value,
        created_at__gte=since.at,
        contract__employer__in=employers,
    )
    for row in _untold(rows, topic)[:limit]:
        assert row.contract is not None  # noqa: S101 -- asked for above
        data = {"id": str(row.public_id), "contract": row.contract.number}
        yield Event(topic, row.contract.employer_id, str(row.pk), data, row.created_at)


_SOURCES: Mapping[
    WebhookTopic, Callable[[Collection[int], Since, datetime, int], Iterator[Event]]
] = {
    WebhookTopic.NOTICE_APPLIED: _applied,
    WebhookTopic.NOTICE_NEEDS_CLERK: _needing_a_clerk,
    WebhookTopic.NOTICE_DECIDED: _decided,
    WebhookTopic.STATEMENT_POSTED: _posted,
    WebhookTopic.CONFIRMATION_ISSUED: _issued,
}
