"""How everything that is known of a person's leaves is changed.

One transaction that sees every row, whoever acts, and holds the person: of two who report the
same leave at once the second finds what the first has written.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime

from django.utils import timezone

from aupolicy.kernel.period import Period
from aupolicy.models import User
from aupolicy.operations.acting import name_actor
from aupolicy.operations.fence import ALL, acting_within
from claims.models import Certificate, Reintegration, SickLeave
from claims.operations.arrange import arrange_claims
from members.models import Person


@contextmanager
def changing(*, person_id: int, user: User | None, now: datetime) -> Iterator[date]:
    """Alone with a person; at the end the claims are in step. Gives the local day."""
    today = timezone.localdate(now)
    with acting_within(ALL):
        if user is not None:
            name_actor(user)
        # Not against notices about the person, which add rows that point at it.
        Person.objects.select_for_update(no_key=True).get(pk=person_id)
        yield today
        arrange_claims(person_ids=[person_id], today=today, now=now)


def check_days(
    leave: SickLeave, period: Period, *, longest: int, unable: Callable[..., ValueError]
) -> None:
    """Days that a paper tells of a leave: of one that stands, not before it, at most `longest`.

    Raises what `unable` makes of LEAVE_WITHDRAWN, NO_END, BEFORE_LEAVE (`first_day` of the leave)
    or TOO_LONG (`days` at most).
    """
    if leave.withdrawn_at is not None:
        raise unable("LEAVE_WITHDRAWN")
    if period.days is None:
        raise unable("NO_END")
    if period.first_day < leave.first_day:
        raise unable("BEFORE_LEAVE", first_day=leave.first_day)
    if period.days > longest:
        raise unable("TOO_LONG", days=longest)


def withdraw_row(
    row: SickLeave | Certificate | Reintegration, user: User | None, now: datetime
) -> None:
    """Mark a row as taken back, once: the first withdrawal stands."""
    if row.withdrawn_at is None:
        row.withdrawn_at, row.withdrawn_by = now, user
        row.save(update_fields=["withdrawn_at", "withdrawn_by"])
