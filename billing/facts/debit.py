"""What a SEPA direct debit file says, as values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class Scheme(StrEnum):
    """SEPA direct debit scheme, with the code of ISO 20022 external local instruments.

    CORE may be used with anybody; the debtor may have it refunded for eight weeks. B2B is for
    debtors who are no consumers and have lodged the mandate with their bank; it has no refund.
    """

    CORE = "CORE"
    B2B = "B2B"


class Sequence(StrEnum):
    """How debits follow each other under their mandates, with the codes of ISO 20022.

    RCUR is for every debit of a series, the first included (since November 2016). OOFF is for the
    only debit of a mandate that was given for one.
    """

    RCUR = "RCUR"
    OOFF = "OOFF"


@dataclass(frozen=True, slots=True)
class Creditor:
    """The insurer who collects. `iban` in electronic form, `identifier` the Gläubiger-ID."""

    name: str
    identifier: str
    iban: str
    bic: str | None = None


@dataclass(frozen=True, slots=True)
class Amendment:
    """What of a mandate was otherwise when it was last used; None where nothing changed.

    A new account is told by the old one (`original_iban`, electronic form) or, where the debtor's
    bank need not learn that, by `same_mandate_new_account` (SMNDA, "same mandate with a new debtor
    account"), not by both. `original_reference` and `original_creditor_identifier` in stored form.
    """

    original_reference: str | None = None
    original_creditor_identifier: str | None = None
    original_creditor_name: str | None = None
    original_iban: str | None = None
    same_mandate_new_account: bool = False


@dataclass(frozen=True, slots=True)
class MandateFacts:
    """The mandate a debit rests on, as it stands on the day the file is made.

    `amendment` is told until a debit with it was not rejected.

    No address: inside the EEA none is needed, and an unstructured one is refused since
    15 November 2026.
    """

    reference: str
    signed_on: date
    scheme: Scheme
    debtor_name: str
    debtor_iban: str
    debtor_bic: str | None = None
    amendment: Amendment | None = None


@dataclass(frozen=True, slots=True)
class Debit:
    """One collection in euros. `end_to_end_id` is the statement's number and comes back on returns.

    `ultimate_debtor` names who owes when another pays, such as a subsidiary.
    """

    end_to_end_id: str
    amount: Decimal
    mandate: MandateFacts
    remittance: str
    ultimate_debtor: str | None = None


@dataclass(frozen=True, slots=True)
class DebitFile:
    """One file with one payment block: one scheme, sequence, due date and creditor account.

    `debits` is read once and may be a stream; `count` and `control_sum` (euros) stand in the
    file's head and come from elsewhere than the stream, so that writing proves them equal.
    `created_at` is German local time, with or without offset. `message_id` is never used twice:
    banks refuse a second file of the same id. With `batch_booking` the bank credits one sum,
    without it each debit by itself, for which some banks want an agreement.
    """

    message_id: str
    created_at: datetime
    due_date: date
    scheme: Scheme
    creditor: Creditor
    debits: Iterable[Debit]
    count: int
    control_sum: Decimal
    batch_booking: bool = True
    sequence: Sequence = Sequence.RCUR
