"""What commission follows from."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class AgreedCommission:
    """Percentages of a broker for months from `first_day` on; `contract_id` None: for all others.

    `last_day` is inclusive, None while it is open.
    """

    key: int
    broker_id: int
    contract_id: int | None
    first_day: date
    last_day: date | None
    first_year_percent: Decimal
    running_percent: Decimal


@dataclass(frozen=True, slots=True)
class PaidItem:
    """What was paid of the premium of a month, with its tax, and what commission knows of it, EUR.

    `month` is the first day of the statement's month, `contract_start` the contract's first day;
    `recorded_base` and `recorded` are what was accrued before.
    """

    open_item_id: int
    contract_id: int
    broker_id: int
    contract_start: date
    month: date
    amount: Decimal
    tax: Decimal
    paid: Decimal
    recorded_base: Decimal
    recorded: Decimal


@dataclass(frozen=True, slots=True)
class AccruedCommission:
    """What is to be recorded for an item: the base and commission that are new, in EUR."""

    item: PaidItem
    agreement: AgreedCommission
    percent: Decimal
    base: Decimal
    amount: Decimal
