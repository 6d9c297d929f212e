"""What letters about arrears of premium say. Amounts are EUR."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from documents.facts.paper import Address, Insurer


@dataclass(frozen=True, slots=True)
class ArrearsItemRow:
    """A demand: its kind (a value of `OpenItem.Kind`), the month of a premium, what is open."""

    number: str
    kind: str
    month: date | None
    text: str
    due: date
    amount: Decimal
    open_amount: Decimal


@dataclass(frozen=True, slots=True)
class ArrearsInterest:
    """How interest was computed: both days count, percent a year, days of that year."""

    text: str
    first_day: date
    last_day: date
    days: int
    base: Decimal
    percent: Decimal
    year_days: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ArrearsLetter:
    """A letter about arrears of one contract; each kind has a template of its own.

    `pay_until` is the last day of its period if it is received by `received_by`. `returned_on` is
    the day of the last debit that came back. `interest_unknown_from`: interest is charged for no
    day from then on. `asked_on` is the day of the letter that this one follows, `asked_until` its
    period; `free_from` and `free_through` are days free of benefit, `contract_end` the last day of
    the contract, `paid_on` the day of payment.
    """

    insurer: Insurer
    recipient: Address
    employer_name: str
    contract_number: str
    written_on: date
    received_by: date
    items: tuple[ArrearsItemRow, ...]
    premium: Decimal
    interest: Decimal
    costs: Decimal
    interest_rows: tuple[ArrearsInterest, ...]
    interest_unknown_from: date | None
    pay_until: date | None
    remittance: str
    returned_on: date | None
    is_first_premium: bool
    weeks: int
    combined: bool
    asked_on: date | None
    asked_until: date | None
    free_from: date | None
    free_through: date | None
    contract_end: date | None
    paid_on: date | None
    was_revived: bool

    @property
    def total(self) -> Decimal:
        """EUR."""
        return self.premium + self.interest + self.costs
