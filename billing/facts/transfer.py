"""What a SEPA credit transfer file says, as values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Debtor:
    """The insurer who pays. `iban` in electronic form."""

    name: str
    iban: str
    bic: str | None = None


@dataclass(frozen=True, slots=True)
class Transfer:
    """One credit transfer in euros. `end_to_end_id` is the payout's and comes back on returns.

    `name` is the account holder as the bank knows them: banks compare it with the account
    (verification of payee). No address: banks need none, and an unstructured one is refused.
    """

    end_to_end_id: str
    amount: Decimal
    name: str
    iban: str
    remittance: str
    bic: str | None = None


@dataclass(frozen=True, slots=True)
class TransferFile:
    """One file with one payment block: one execution day, one debtor account.

    `transfers` is read once and may be a stream; `count` and `control_sum` (euros) stand in the
    file's head and come from elsewhere than the stream, so that writing proves them equal.
    `created_at` is German local time, with or without offset. `message_id` is never used twice:
    banks refuse a second file of the same id.
    """

    message_id: str
    created_at: datetime
    execution_date: date
    debtor: Debtor
    transfers: Iterable[Transfer]
    count: int
    control_sum: Decimal
