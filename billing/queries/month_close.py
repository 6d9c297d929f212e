"""What has to be right before a month of the books is closed."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import connection
from django.utils.timezone import get_current_timezone

from aupolicy.kernel.month import Month
from billing.models import ClosedMonth
from billing.queries.audit import Audit, audit_ledger


@dataclass(frozen=True, slots=True)
class Checklist:
    """The state of a month that is to be closed; what `blocks` must be done before.

    `audit` is None while nobody asked for it: it reads the whole book, which may take a minute.
    `runs` are not posted, `collections` neither released nor discarded: both would still be
    booked on days of the month. `orders`, `entries` and `write_offs` wait, and only warn.
    """

    month: Month
    is_over: bool
    is_next: bool
    audit: Audit | None
    runs: int
    collections: int
    orders: int
    entries: int
    write_offs: int

    @property
    def blocks(self) -> list[str]:
        """The codes of what keeps the month open."""
        found = {
            "NOT_OVER": not self.is_over,
            "NOT_NEXT": not self.is_next,
            "DIFFERENCES": self.audit is not None and not self.audit.is_clean,
            "RUNS": self.runs > 0,
            "COLLECTIONS": self.collections > 0,
        }
        return [code for code, stands in found.items() if stands]


_COUNT = """
SELECT
    (SELECT COUNT(*) FROM billing_billingrun WHERE posted_at IS NULL AND month <= %(last)s),
    (SELECT COUNT(*) FROM billing_collection WHERE released_at IS NULL
        AND discarded_at IS NULL AND created_at < %(end)s),
    (SELECT COUNT(*) FROM billing_payoutorder WHERE released_at IS NULL
        AND discarded_at IS NULL AND created_at < %(end)s),
    (SELECT COUNT(*) FROM billing_bankentry WHERE outcome = 'unclear' AND booked_on <= %(last)s)
        + (SELECT COUNT(*) FROM billing_bankstatus WHERE outcome = 'unclear'),
    (SELECT COUNT(*) FROM billing_writeoff WHERE outcome = '')
"""


def get_checklist(
    month: Month, *, following: Month | None, today: date, with_audit: bool
) -> Checklist:
    """Look at everything; `following` is the month that is to be closed next."""
    end = datetime.combine(month.plus(1).first_day, time.min, get_current_timezone())
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"last": month.last_day, "end": end})
        runs, collections, orders, entries, write_offs = cursor.fetchone()
    return Checklist(
        month=month,
        is_over=today > month.last_day,
        is_next=month == following,
        audit=audit_ledger() if with_audit else None,
        runs=runs,
        collections=collections,
        orders=orders,
        entries=entries,
        write_offs=write_offs,
    )


def list_closed_months() -> list[ClosedMonth]:
    """The closed months with who closed them, the latest first."""
    return list(ClosedMonth.objects.select_related("closed_by").order_by("-month"))
