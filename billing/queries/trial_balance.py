"""The trial balance: what stands on every account at the beginning and end of a month."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from aupolicy.kernel.money import total
from aupolicy.kernel.month import Month
from billing.models import ClosedMonth, LedgerEntry, LedgerTransaction


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """An account in a month, in EUR: debit positive; `debit` and `credit` are the month's own."""

    account: str
    opening: Decimal
    debit: Decimal
    credit: Decimal

    @property
    def closing(self) -> Decimal:
        """What stands on it at the end of the month."""
        return self.opening + self.debit - self.credit

    @property
    def name(self) -> str:
        """What the account is called."""
        return ACCOUNT_NAMES.get(self.account, self.account)


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """All accounts that were ever booked on until the end of a month."""

    month: Month
    rows: tuple[BalanceRow, ...]

    @property
    def sums(self) -> BalanceRow:
        """The foot; in books that are right nothing opens or closes, and debit is credit."""
        return BalanceRow(
            "",
            total(row.opening for row in self.rows),
            total(row.debit for row in self.rows),
            total(row.credit for row in self.rows),
        )

    def closing(self) -> dict[str, Decimal]:
        """Account -> EUR at the end of the month, without those on which nothing stands."""
        return {row.account: row.closing for row in self.rows if row.closing}


ACCOUNT_NAMES: dict[str, str] = dict(
    LedgerEntry._meta.get_field("account").choices or []  # type: ignore[arg-type]  # noqa: SLF001 - Django's public way to a field
)

_BALANCE = """
SELECT e.account,
    COALESCE(SUM(e.amount) FILTER (WHERE t.booked_on < %(first)s), 0),
    COALESCE(SUM(e.amount) FILTER (WHERE t.booked_on >= %(first)s AND e.amount > 0), 0),
    COALESCE(-SUM(e.amount) FILTER (WHERE t.booked_on >= %(first)s AND e.amount < 0), 0)
FROM billing_ledgerentry e JOIN billing_ledgertransaction t ON t.id = e.transaction_id
WHERE t.booked_on <= %(last)s
GROUP BY e.account ORDER BY e.account
"""


def get_trial_balance(month: Month) -> TrialBalance:
    """The accounts of a month with opening, movements and closing; one scan of the ledger."""
    days = {"first": month.first_day, "last": month.last_day}
    with connection.cursor() as cursor:
        cursor.execute(_BALANCE, days)
        rows = tuple(BalanceRow(*row) for row in cursor.fetchall())
    return TrialBalance(month, rows)


def list_booked_months() -> list[Month]:
    """The months from the first booking to the last one, the newest first."""
    booked = LedgerTransaction.objects.order_by("booked_on").values_list("booked_on", flat=True)
    first, last = booked.first(), booked.last()
    if first is None or last is None:
        return []
    return list(Month.of(first).through(Month.of(last)))[::-1]


def get_next_to_close() -> Month | None:
    """The month that is closed next: after the last closed one, else that of the first booking."""
    closed = ClosedMonth.objects.order_by("-month").first()
    if closed is not None:
        return Month.of(closed.month).plus(1)
    first = LedgerTransaction.objects.order_by("booked_on").first()
    return Month.of(first.booked_on) if first else None


def is_closed(day: date) -> bool:
    """Whether nothing can be booked on a day any more."""
    return ClosedMonth.objects.filter(month__gte=day.replace(day=1)).exists()
