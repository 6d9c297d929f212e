"""Closing a month of the books: from then on nothing is booked on its days."""

from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from aupolicy.kernel.month import Month
from aupolicy.models import Role, User
from aupolicy.queries import has_role
from billing.models import ClosedMonth
from billing.queries.month_close import get_checklist
from billing.queries.trial_balance import get_next_to_close, get_trial_balance


class UnableToCloseMonth(ValueError):
    """A month cannot be closed.

    Codes: NOT_ALLOWED (the role is missing), NOTHING_BOOKED, CLOSED, NOT_NEXT (next; months are
    closed in order), NOT_OVER, DIFFERENCES (count; the audit finds them), RUNS (count; not
    posted), COLLECTIONS (count; neither released nor discarded).
    """

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(f"{code}: {params}")
        self.code, self.params = code, params


def close_month(*, month: Month, user: User, now: datetime) -> ClosedMonth:
    """Close a month and keep its trial balance. Raises UnableToCloseMonth.

    Bookings that others are making are waited for, and new ones wait until the month is closed;
    then they go to the first day of the next one.
    """
    today = timezone.localdate(now)
    if not has_role(user, {Role.FINANCE}, today):
        raise UnableToCloseMonth("NOT_ALLOWED")
    with transaction.atomic():
        _hold_bookings()
        _check_order(month)
        found = get_checklist(month, following=month, today=today, with_audit=True)
        counts = {
            "NOT_OVER": 0,
            "DIFFERENCES": sum(found.audit.broken.values()) if found.audit else 0,
            "RUNS": found.runs,
            "COLLECTIONS": found.collections,
        }
        for code in found.blocks:
            raise UnableToCloseMonth(code, count=counts[code])
        balance = get_trial_balance(month).closing()
        return ClosedMonth.objects.create(
            month=month.first_day,
            closed_at=now,
            closed_by=user,
            balance={account: str(amount) for account, amount in balance.items()},
        )


def _hold_bookings() -> None:
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE billing_ledgertransaction IN SHARE ROW EXCLUSIVE MODE")


def _check_order(month: Month) -> None:
    following = get_next_to_close()
    if following is None:
        raise UnableToCloseMonth("NOTHING_BOOKED")
    if month < following:
        raise UnableToCloseMonth("CLOSED")
    if month > following:
        raise UnableToCloseMonth("NOT_NEXT", next=str(following))
