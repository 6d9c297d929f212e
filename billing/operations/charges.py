"""What is demanded besides the premium: interest, the lump sum, costs, a bank's fee."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.db import transaction

from aupolicy.models import GroupContract
from aupolicy.operations.bulk import insert_rows, take_ids
from billing.models import LedgerEntry, LedgerTransaction, OpenItem
from billing.operations.books import Booking, Cause, post
from billing.operations.numbers import take_numbers
from billing.queries.open_items import get_booking_day

_INCOME: Final = {
    OpenItem.Kind.INTEREST: LedgerEntry.INTEREST_INCOME,
    OpenItem.Kind.LUMP_SUM: LedgerEntry.COST_INCOME,
    OpenItem.Kind.COSTS: LedgerEntry.COST_INCOME,
    OpenItem.Kind.BANK_FEE: LedgerEntry.COST_INCOME,
}
_COLUMNS = (
    "id", "contract_id", "kind", "number", "cause_id", "amount", "due_date", "created_on", "text",
)  # fmt: skip


class UnableToCharge(ValueError):
    """Codes: NO_CHARGE (a premium is billed by runs only), NO_AMOUNT (nothing or less)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Charge:
    """A demand to be, in EUR; `cause_id` is the open item of the premium that it is about."""

    contract_id: int
    kind: OpenItem.Kind
    amount: Decimal
    cause_id: int | None
    due_date: date
    text: str = ""


def charge(
    *,
    contract: GroupContract,
    kind: OpenItem.Kind,
    amount: Decimal,
    cause: OpenItem | None,
    due_date: date,
    text: str = "",
    booked_on: date,
) -> OpenItem:
    """Demand a sum from a contract; see `charge_all`."""
    wanted = Charge(contract.pk, kind, amount, cause.pk if cause else None, due_date, text)
    return charge_all(charges=[wanted], booked_on=booked_on)[0]


def charge_all(*, charges: Sequence[Charge], booked_on: date) -> list[OpenItem]:
    """Demand sums: each is an open item under a number of its own, NF-2026-0000001, and booked.

    Numbers have no gaps within a year: of two at once the second waits until the first is done.
    Six statements, however many there are. Raises UnableToCharge; then nothing is demanded.
    """
    for each in charges:
        if each.kind not in _INCOME:
            raise UnableToCharge("NO_CHARGE")
        if each.amount <= 0:
            raise UnableToCharge("NO_AMOUNT")
    if not charges:
        return []
    day = get_booking_day(booked_on)
    with transaction.atomic():
        first = take_numbers(f"charge-{day.year}", len(charges))
        ids = take_ids(OpenItem, len(charges))
        rows = [
            (
                ids[index],
                each.contract_id,
                each.kind.value,
                f"NF-{day.year}-{first + index:07d}",
                each.cause_id,
                each.amount,
                each.due_date,
                day,
                each.text,
            )
            for index, each in enumerate(charges)
        ]
        insert_rows(OpenItem, _COLUMNS, rows)
        post([_booking(each, ids[index], day) for index, each in enumerate(charges)])
    return list(OpenItem.objects.filter(pk__in=ids).order_by("pk"))


def _booking(charged: Charge, item_id: int, day: date) -> Booking:
    return Booking(
        kind=LedgerTransaction.CHARGE,
        booked_on=day,
        contract_id=charged.contract_id,
        sides=(
            (LedgerEntry.RECEIVABLE, charged.contract_id, charged.amount),
            (_INCOME[charged.kind], charged.contract_id, -charged.amount),
        ),
        cause=Cause(charge_id=item_id),
        text=charged.text,
    )
