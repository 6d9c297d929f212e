"""What all papers have: their kinds, who writes, to whom."""

from dataclasses import dataclass
from enum import StrEnum


class DocumentKind(StrEnum):
    """The kinds of papers; the value is what the table stores."""

    STATEMENT = "statement"
    STATEMENT_ANNEX = "statement_annex"
    CONFIRMATION = "confirmation"
    CONFIRMATION_EMPLOYER = "confirmation_employer"
    MANDATE_FORM = "mandate_form"
    QUOTE = "quote"
    BENEFIT_GRANT = "benefit_grant"
    BENEFIT_REFUSAL = "benefit_refusal"
    BENEFIT_END = "benefit_end"
    BENEFIT_CORRECTION = "benefit_correction"
    CLAIM_REQUEST = "claim_request"
    CLAIM_LINK = "claim_link"
    ARREARS_REQUEST = "arrears_request"
    ARREARS_FIRST = "arrears_first"
    ARREARS_REMINDER = "arrears_reminder"
    ARREARS_TERMINATION = "arrears_termination"
    ARREARS_WITHDRAWAL = "arrears_withdrawal"
    ARREARS_SETTLED = "arrears_settled"
    COMMISSION = "commission"


@dataclass(frozen=True, slots=True)
class Insurer:
    """Who writes: letterhead, account and SEPA creditor. `supervisory_text` is one paragraph."""

    name: str
    street: str
    building_number: str
    postal_code: str
    town: str
    phone: str
    email: str
    supervisory_text: str
    creditor_identifier: str
    iban: str
    bic: str


@dataclass(frozen=True, slots=True)
class Address:
    """Recipient as it stands in the address window: at most six lines, town last."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask or to report to; phone and email may be empty."""

    name: str
    email: str
    phone: str = ""
