"""What the statement of a broker's commission says. Amounts are EUR."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from documents.facts.paper import Address, Insurer


@dataclass(frozen=True, slots=True)
class CommissionRow:
    """A contract with the premium paid, percent and commission; `is_reversed`: taken back."""

    contract_number: str
    employer_name: str
    is_first_year: bool
    percent: Decimal
    base: Decimal
    amount: Decimal
    is_reversed: bool


@dataclass(frozen=True, slots=True)
class CommissionContext:
    """A month of a broker. `carried` is what earlier statements left unpaid, mostly below zero.

    `masked_iban` is the account that was confirmed when the letter was written, else empty.
    """

    insurer: Insurer
    recipient: Address
    broker_name: str
    registration_number: str
    agency_number: str
    number: str
    month: date
    issued_on: date
    rows: tuple[CommissionRow, ...]
    total: Decimal
    carried: Decimal
    masked_iban: str

    @property
    def balance(self) -> Decimal:
        """What is to be paid, or carried on where it is not above zero."""
        return self.total + self.carried

    @property
    def owed_back(self) -> Decimal:
        """The balance without its sign."""
        return abs(self.balance)
