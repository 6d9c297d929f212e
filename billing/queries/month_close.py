"""What has to be right before a month of the books is closed."""

from dataclasses import dataclass
from datetime import date

from aupolicy.kernel.month import Month
from billing.models import (
    BankEntry,
    BankStatus,
    BillingRun,
    ClosedMonth,
    Collection,
    Outcome,
    PayoutOrder,
    WriteOff,
)
from billing.queries.audit import Audit, audit_ledger
from billing.queries.trial_balance import get_next_to_close


@dataclass(frozen=True, slots=True)
class Checklist:
    """The state of a month that is to be closed; what `blocks` must be done before.

    `runs` are not posted, `collections` neither released nor discarded: both would still be
    booked on days of the month. `orders`, `entries` and `write_offs` wait, and only warn.
    """

    month: Month
    is_over: bool
    is_next: bool
    audit: Audit
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
            "DIFFERENCES": not self.audit.is_clean,
            "RUNS": self.runs > 0,
            "COLLECTIONS": self.collections > 0,
        }
        return [code for code, stands in found.items() if stands]


def get_checklist(month: Month, *, today: date) -> Checklist:
    """Look at everything; the audit goes over the whole book."""
    last = month.last_day
    runs = BillingRun.objects.filter(posted_at=None, month__lte=month.first_day)
    made = Collection.objects.filter(released_at=None, discarded_at=None)
    orders = PayoutOrder.objects.filter(released_at=None, discarded_at=None)
    unclear = BankEntry.objects.filter(outcome=Outcome.UNCLEAR, booked_on__lte=last).count()
    statuses = BankStatus.objects.filter(outcome=Outcome.UNCLEAR).count()
    return Checklist(
        month=month,
        is_over=today > last,
        is_next=month == get_next_to_close(),
        audit=audit_ledger(),
        runs=runs.count(),
        collections=made.filter(created_at__date__lte=last).count(),
        orders=orders.filter(created_at__date__lte=last).count(),
        entries=unclear + statuses,
        write_offs=WriteOff.objects.filter(outcome="").count(),
    )


def list_closed_months() -> list[ClosedMonth]:
    """The closed months with who closed them, the latest first."""
    return list(ClosedMonth.objects.select_related("closed_by").order_by("-month"))
