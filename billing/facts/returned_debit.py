"""Debits that come back: what a bank or a clerk says of them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from billing.facts.bank_match import DebitState

# A bank may leave the reason out.
NO_REASON_CODE = "MS03"
# Asked back by whoever paid, within eight weeks or for want of a mandate.
_REFUNDS = frozenset({"MD06", "MD01"})


class How(StrEnum):
    """REJECT: before any money moved. RETURN: after it. REFUND: asked back by the payer."""

    REJECT = "reject"
    RETURN = "return"
    REFUND = "refund"

    @classmethod
    def of_code(cls, code: str) -> "How":
        """How a debit came back after its money had moved."""
        return cls.REFUND if code in _REFUNDS else cls.RETURN


@dataclass(frozen=True, slots=True)
class DebitReturn:
    """A debit that came back: which, why, on which day; `fee` is what the banks took, in EUR.

    `entry_id` and `status_id` name what the bank said; both None where a clerk recorded it.
    """

    debit: DebitState
    how: How
    reason_code: str
    returned_on: date
    fee: Decimal
    entry_id: int | None = None
    status_id: int | None = None
