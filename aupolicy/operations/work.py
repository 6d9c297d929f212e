"""The insurer's work: opened by what happens, claimed by one person at a time, done once."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from aupolicy.models import Employer, Role, User, WorkItem
from aupolicy.operations.bulk import insert_rows
from aupolicy.operations.fence import ALL, acting_within
from aupolicy.queries import has_role

WORKING_ROLES = frozenset({Role.CLERK, Role.EXAMINER, Role.FINANCE})
_TITLE_LENGTH = 200
_COLUMNS = (
    "subject", "kind", "employer_id", "title", "priority", "due", "created_at", "note",
)  # fmt: skip


class UnableToWork(ValueError):
    """A work item that somebody cannot take, give or finish.

    `code` is TAKEN (somebody else has it; `holder` names them), NOT_HELD (nobody has it), DONE
    or NOT_AN_INSURER (handed over to somebody who does not work at the insurer).
    """

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(f"{code}: {params}")
        self.code, self.params = code, params


def open_work(
    *,
    kind: WorkItem.Kind,
    titles: Mapping[int, str],
    employer: Employer | None,
    due: date,
    now: datetime,
    priority: int = WorkItem.Priority.NORMAL,
) -> None:
    """Open an item for each subject (id -> title); a subject with an open one keeps that.

    One statement for every few thousand subjects. Whoever acts: the list of work is the
    insurer's, who opens and closes for everybody.
    """
    employer_id = employer.pk if employer else None
    rows = [
        (subject, kind.value, employer_id, title[:_TITLE_LENGTH], int(priority), due, now, "")
        for subject, title in titles.items()
    ]
    with acting_within(ALL):
        insert_rows(WorkItem, _COLUMNS, rows, unless_there=True)


def close_work(
    *,
    kind: WorkItem.Kind,
    subjects: Iterable[int],
    now: datetime,
    by: User | None = None,
    note: str = "",
) -> None:
    """Finish the open items of some subjects, whoever has them; those without one are no error."""
    with acting_within(ALL):
        WorkItem.objects.filter(kind=kind, subject__in=list(subjects), done_at=None).update(
            done_at=now, done_by=by, note=note
        )


def claim_work(*, item: WorkItem, user: User, now: datetime) -> WorkItem:
    """Take an item; taking one's own again does nothing. Raises UnableToWork (TAKEN, DONE).

    Of two who take it at once one gets it: the second waits for the row and finds it taken.
    """
    with transaction.atomic():
        item = _lock_open(item)
        if item.claimed_by_id == user.pk:
            return item
        if item.claimed_by is not None:
            raise UnableToWork("TAKEN", holder=_name(item.claimed_by))
        return _assign(item, user, now)


def hand_back_work(*, item: WorkItem, user: User) -> WorkItem:
    """Give one's own item back to all. Raises UnableToWork (TAKEN, NOT_HELD, DONE)."""
    with transaction.atomic():
        item = _lock_open(item)
        if item.claimed_by is None:
            raise UnableToWork("NOT_HELD")
        if item.claimed_by_id != user.pk:
            raise UnableToWork("TAKEN", holder=_name(item.claimed_by))
        return _assign(item, None, None)


def hand_over_work(*, item: WorkItem, to: User, now: datetime) -> WorkItem:
    """Give an item to a colleague, whoever has it: work of somebody absent must go on.

    Raises UnableToWork (DONE, NOT_AN_INSURER).
    """
    with transaction.atomic():
        item = _lock_open(item)
        if not has_role(to, set(WORKING_ROLES), timezone.localdate(now)):
            raise UnableToWork("NOT_AN_INSURER", name=_name(to))
        return _assign(item, to, now)


def finish_work(*, item: WorkItem, by: User, now: datetime, note: str) -> WorkItem:
    """Mark an item done, one's own or one that nobody has. Raises UnableToWork (TAKEN, DONE)."""
    with transaction.atomic():
        item = _lock_open(item)
        if item.claimed_by is not None and item.claimed_by_id != by.pk:
            raise UnableToWork("TAKEN", holder=_name(item.claimed_by))
        item.done_at, item.done_by, item.note = now, by, note
        item.save(update_fields=["done_at", "done_by", "note"])
    return item


def _lock_open(item: WorkItem) -> WorkItem:
    # Not with a join: after waiting for the row, PostgreSQL reads it anew, but not what was joined.
    item = WorkItem.objects.select_for_update().get(pk=item.pk)
    if item.done_at is not None:
        raise UnableToWork("DONE")
    return item


def _assign(item: WorkItem, user: User | None, now: datetime | None) -> WorkItem:
    item.claimed_by, item.claimed_at = user, now
    item.save(update_fields=["claimed_by", "claimed_at"])
    return item


def _name(user: User) -> str:
    return user.get_full_name() or user.get_username()
