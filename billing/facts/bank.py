"""What a bank says about our files and our account, as values: ISO 20022 pain.002, camt.054, .053.

Texts that the bank does not give are empty, and so are references that only say that there is
none (NOTPROVIDED).
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class BankMessageKind(StrEnum):
    """The messages we read, by the name ISO 20022 gives them."""

    STATUS_REPORT = "pain.002"
    NOTIFICATION = "camt.054"
    STATEMENT = "camt.053"


class CreditDebit(StrEnum):
    """CREDIT: money came onto the account. DEBIT: it went from it."""

    CREDIT = "CRDT"
    DEBIT = "DBIT"


@dataclass(frozen=True, slots=True)
class PaymentStatus:
    """What became of a file, of one of its payment blocks or of one payment (pain.002).

    `original_message_id` names our file, `original_payment_id` the payment block (PmtInfId); both
    levels have `end_to_end_id` None. `status` is the bank's code: ACCP, ACSP, ACSC, PART, RJCT
    and others, or the answer to the check of the payee's name (RCVC match, RVMC close, RVNM no
    match, RVNA not possible). `amount` in euros, if the bank repeats it. `position` says where in
    the message it stands.
    """

    original_message_id: str
    original_payment_id: str | None
    end_to_end_id: str | None
    status: str
    reason_code: str
    reason_text: str
    amount: Decimal | None
    position: str


@dataclass(frozen=True, slots=True)
class BankEntry:
    """One movement on the account (camt): a transaction, or a batch booked without its details.

    `amount` is what moved, in euros, never negative, charges included; `charges` is the part of
    it that the bank took (negative if it gave some back). `original_amount` is that of the
    payment itself: of a returned debit what had been collected. `batch_count` is None unless this
    is a batch without details. `message_id` and `payment_information_id` are those of our file.
    `transaction_code` is domain/family/subfamily such as PMNT/IDDT/UPDD, or else the bank's own.
    `party_name` and `party_iban` are those of the other side: of a returned payment of whoever
    was to pay or be paid. `reversal`: the bank takes back an entry of its own.
    """

    account_iban: str
    direction: CreditDebit
    amount: Decimal
    original_amount: Decimal | None
    charges: Decimal
    booked_on: date
    value_on: date | None
    bank_reference: str
    entry_reference: str
    payment_information_id: str
    message_id: str
    batch_count: int | None
    end_to_end_id: str
    mandate_reference: str
    transaction_code: str
    reason_code: str
    reason_text: str
    party_name: str
    party_iban: str
    remittance: str
    reversal: bool
    position: str

    @property
    def signed_amount(self) -> Decimal:
        """Euros, negative for a debit."""
        return self.amount if self.direction is CreditDebit.CREDIT else -self.amount


@dataclass(frozen=True, slots=True)
class BankMessage:
    """One message: a status report, or one account's notification or statement.

    A file may hold several, also under one `message_id`; those of camt have an id of their own
    in `statement_id`. `version` such as camt.054.001.08. `created_at` with offset; the bank's local
    time is taken for German. Balances in euros, negative when overdrawn, of statements only.
    `pending` entries were announced but not booked and are left out. `page` of a message that comes
    in several.
    """

    kind: BankMessageKind
    version: str
    message_id: str
    statement_id: str
    created_at: datetime
    account_iban: str | None = None
    opening_balance: Decimal | None = None
    opening_on: date | None = None
    closing_balance: Decimal | None = None
    closing_on: date | None = None
    entries: tuple[BankEntry, ...] = ()
    statuses: tuple[PaymentStatus, ...] = ()
    pending: int = 0
    page: int = 1


@dataclass(frozen=True, slots=True)
class BankFileContent:
    """The messages of one file, in their order."""

    messages: tuple[BankMessage, ...]
