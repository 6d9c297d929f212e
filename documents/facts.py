"""Frozen values of the letters: everything a letter says, before it is set.

A context holds no clock and no object of the database, so that the same context always gives the
same bytes, and so that its digest tells whether a letter would say anything new.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from billing.facts.debit import Scheme


class DocumentKind(StrEnum):
    """The kinds of papers; the value is what the table stores."""

    STATEMENT = "statement"
    STATEMENT_ANNEX = "statement_annex"
    CONFIRMATION = "confirmation"
    CONFIRMATION_EMPLOYER = "confirmation_employer"
    MANDATE_FORM = "mandate_form"
    QUOTE = "quote"


class Settlement(StrEnum):
    """How the total of a statement is settled."""

    DEBIT = "debit"
    TRANSFER = "transfer"
    CREDIT = "credit"
    NOTHING = "nothing"


class AnnexList(StrEnum):
    """Which list of a statement a part of its annex goes on with."""

    INSURED = "insured"
    LEAVERS = "leavers"
    CORRECTIONS = "corrections"


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


@dataclass(frozen=True, slots=True)
class InsuredRow:
    """One insured person of the month: EUR premium, `change` since last month in words.

    `covered_days` is None when the month is covered in full; `band` is None in percent tariffs.
    """

    personnel_number: str
    name: str
    band: int | None
    covered_days: int | None
    change: str
    premium: Decimal


@dataclass(frozen=True, slots=True)
class LeaverRow:
    """A person insured last month and no more in this one, with the last day of cover.

    `last_day` is None where a later notice says that there never was any cover.
    """

    personnel_number: str
    name: str
    last_day: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class MonthState:
    """How a person stood in one month: EUR pay, band (None: percent tariff), covered days."""

    covered_days: int
    pay: Decimal | None
    band: int | None
    tariff_id: int | None


@dataclass(frozen=True, slots=True)
class TermsStretch:
    """Terms of cover from a day on, until the next stretch begins; `terms` without their day."""

    first_day: date
    terms: "CoverTerms"


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """A past month that costs something else than was billed: EUR before, now, difference."""

    month: date
    personnel_number: str
    name: str
    reason: str
    before: Decimal
    after: Decimal
    difference: Decimal


@dataclass(frozen=True, slots=True)
class BandRow:
    """Sums of one wage band: EUR bounds (above, up to and including), people, EUR premium.

    `each` is the full monthly premium of one person; part months make `premium` smaller.
    """

    band: int
    above: Decimal
    up_to: Decimal | None
    each: Decimal
    insured: int
    premium: Decimal


@dataclass(frozen=True, slots=True)
class Payment:
    """How and when the total is settled; mandate fields are empty unless it is a debit.

    `amount` is EUR and never negative; `masked_iban` shows country, check and last four digits.
    """

    settlement: Settlement
    amount: Decimal
    due_date: date | None = None
    scheme: Scheme | None = None
    mandate_reference: str = ""
    creditor_identifier: str = ""
    masked_iban: str = ""
    account_holder: str = ""


@dataclass(frozen=True, slots=True)
class StatementContext:
    """A monthly statement (Beitragsabrechnung); all amounts in EUR.

    `yearly_premium` and `yearly_payroll` are twelve times the month, `yearly_percent` their ratio
    with two decimals. `annex_parts` is 0 when the lists stand in the letter itself; then and only
    then the three lists are filled.
    """

    insurer: Insurer
    recipient: Address
    employer_name: str
    number: str
    contract_number: str
    tariff_name: str
    month: date
    issued_on: date
    broker: Contact | None
    insured_count: int
    payroll: Decimal
    month_premium: Decimal
    corrections_count: int
    corrections_total: Decimal
    total: Decimal
    yearly_premium: Decimal
    yearly_payroll: Decimal
    yearly_percent: Decimal
    premium_percent: Decimal | None
    bands: tuple[BandRow, ...]
    payment: Payment
    annex_parts: int
    insured: tuple[InsuredRow, ...]
    leavers: tuple[LeaverRow, ...]
    corrections: tuple[CorrectionRow, ...]


@dataclass(frozen=True, slots=True)
class AnnexContext:
    """One part of the annex of a long statement, with rows of one of its lists.

    `first` and `last` count the rows of the list from 1, `rows_total` is its length; `subtotal`
    is the EUR sum of this part, `list_total` that of the list (None for people who left).
    """

    insurer: Insurer
    employer_name: str
    statement_number: str
    contract_number: str
    month: date
    part: int
    parts: int
    list_name: AnnexList
    first: int
    last: int
    rows_total: int
    subtotal: Decimal | None
    list_total: Decimal | None
    rows: tuple[InsuredRow | LeaverRow | CorrectionRow, ...]


@dataclass(frozen=True, slots=True)
class CoverTerms:
    """What one person's cover pays and costs, EUR per month; with the day it has been so since.

    `band` with its bounds in a banded tariff, `pay` (EUR gross per month) in a percent tariff.
    """

    valid_from: date
    benefit: Decimal
    premium: Decimal
    band: int | None
    above: Decimal | None
    up_to: Decimal | None
    pay: Decimal | None


@dataclass(frozen=True, slots=True)
class ConfirmationContext:
    """A person's Versicherungsbestätigung; the employer's copy differs in the recipient only.

    `retirement_age_last_day` is the day on which cover ends by age, `cover_ends` an end already
    known. A person under 18 signs together with a guardian. Days count from the first day of
    incapacity: no benefit up to `deferral_days`, none after `benefit_until_day`.
    """

    insurer: Insurer
    recipient: Address
    employer_name: str
    contract_number: str
    tariff_name: str
    broker: Contact | None
    first_name: str
    last_name: str
    personnel_number: str
    birth_date: date
    cover_begins: date
    cover_ends: date | None
    retirement_age_last_day: date | None
    terms: CoverTerms
    deferral_days: int
    benefit_until_day: int
    benefit_ends_with_cover: bool
    signs_by_guardian: bool
    exclusions: tuple[str, ...]

    @property
    def first_benefit_day(self) -> int:
        """The first day of incapacity that is paid."""
        return self.deferral_days + 1


@dataclass(frozen=True, slots=True)
class MandateContext:
    """A SEPA mandate form, filled in as far as is known; only the signature is missing."""

    insurer: Insurer
    recipient: Address
    contract_number: str
    creditor_identifier: str
    reference: str
    scheme: Scheme
    account_holder: str
    street: str
    town: str
    country: str
    iban: str
    bic: str
    bank_name: str


Context = StatementContext | AnnexContext | ConfirmationContext | MandateContext
