"""What the papers of a contract say: statements, confirmations, mandates, quotes."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from billing.facts.debit import Scheme
from billing.facts.mandate import NoDebitReason
from documents.facts.paper import Address, Contact, Insurer


class Settlement(StrEnum):
    """How the total of a statement is settled."""

    DEBIT = "debit"
    TRANSFER = "transfer"
    CREDIT = "credit"
    NOTHING = "nothing"


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
    `reason` is why a transfer is asked for and no debit made.
    """

    settlement: Settlement
    amount: Decimal
    due_date: date | None = None
    scheme: Scheme | None = None
    mandate_reference: str = ""
    creditor_identifier: str = ""
    masked_iban: str = ""
    account_holder: str = ""
    reason: NoDebitReason | None = None


@dataclass(frozen=True, slots=True)
class TaxRow:
    """A part of the premium by how it is taxed (Versicherungsteuer), EUR.

    `rate_percent` is None where it is exempt; `reason` then says why.
    """

    net: Decimal
    rate_percent: Decimal | None
    tax: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class StatementContext:
    """A monthly statement (Beitragsabrechnung) without its lists; all amounts in EUR.

    `yearly_premium` and `yearly_payroll` are twelve times the month, `yearly_percent` their ratio
    with two decimals. `open_before` is what other demands of the contract are still open with,
    less its credits.
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
    taxes: tuple[TaxRow, ...]
    open_before: Decimal
    payment: Payment

    @property
    def credit_before(self) -> Decimal:
        """A credit from before as an amount, EUR; meaningless where something is open."""
        return -self.open_before


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


@dataclass(frozen=True, slots=True)
class QuoteBand:
    """A wage band of a quote: EUR bounds, EUR a month for one person, people, their EUR premium.

    `share_percent` is the part of all people. A percent tariff has one without band and bounds.
    """

    band: int | None
    above: Decimal | None
    up_to: Decimal | None
    each: Decimal | None
    benefit: Decimal | None
    insured: int
    premium: Decimal
    share_percent: Decimal


@dataclass(frozen=True, slots=True)
class QuoteExample:
    """The gap of an example employee, EUR a month; `values_of` is the year of the law."""

    gross: Decimal
    tax_class: str
    church_tax_percent: Decimal | None
    children: int
    values_of: int
    net: Decimal
    sick_pay: Decimal
    gap: Decimal
    benefit: Decimal
    remaining: Decimal
    notes: tuple[str, ...]

    @property
    def widest(self) -> Decimal:
        """The longer of the two bars: net pay, or what there is in sickness."""
        return max(self.net, self.sick_pay + self.benefit)


@dataclass(frozen=True, slots=True)
class QuoteContext:
    """A quote (Angebot): EUR a month unless said otherwise.

    `hour_before` and `hour_after` are what an hour of work costs, in EUR. `percents` are premium
    and benefit of a percent tariff. `left_out` counts the people of the payroll who cannot be
    insured, by reason in words.
    """

    insurer: Insurer
    recipient: Address
    broker: Contact | None
    employer_name: str
    number: str
    issued_on: date
    start: date
    tariff_name: str
    tariff_valid_from: date
    insured_count: int
    payroll: Decimal
    premium: Decimal
    yearly_premium: Decimal
    rate_percent: Decimal
    average_premium: Decimal
    hours_week: Decimal
    hour_before: Decimal
    hour_after: Decimal
    percents: tuple[Decimal, Decimal] | None
    bands: tuple[QuoteBand, ...]
    example: QuoteExample | None
    deferral_days: int
    benefit_until_day: int
    cancellation_months: int
    left_out: tuple[tuple[str, int], ...]
    exclusions: tuple[str, ...]

    @property
    def share_scale(self) -> Decimal:
        """The share of people that would fill its column: the largest one fills half of it."""
        return max((band.share_percent for band in self.bands), default=Decimal(0)) * 2

    @property
    def first_benefit_day(self) -> int:
        """The first day of incapacity that is paid."""
        return self.deferral_days + 1
