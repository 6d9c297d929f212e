"""Tariffs with their dated versions, prices, cancellation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class TariffKind(StrEnum):
    """How a tariff prices: by wage band, or as a percentage of insured pay."""

    BANDED = "banded"
    PERCENT = "percent"


class Party(StrEnum):
    """Who declares something about the contract."""

    POLICYHOLDER = "policyholder"
    INSURER = "insurer"


@dataclass(frozen=True, slots=True)
class WageBand:
    """One wage band (Lohnstufe): monthly gross above `above` up to and including `up_to`, in EUR.

    `premium` and `benefit` are EUR per month. The last band has `up_to` None.
    """

    number: int
    above: Decimal
    up_to: Decimal | None
    premium: Decimal
    benefit: Decimal


@dataclass(frozen=True, slots=True)
class PercentRate:
    """Premium and benefit as percent of monthly insured pay, both EUR per month after rounding.

    `premium_percent` has four decimals (0.5000 is half a percent).
    """

    premium_percent: Decimal
    benefit_percent: Decimal
    largest_benefit: Decimal | None


@dataclass(frozen=True, slots=True)
class Parameters:
    """What the wording settles beside the prices; the tariff file says unit and source of each."""

    proration: str
    band_day: str
    retro_months: int
    ahead_months: int
    minimum_age: int
    insurable_employment: frozenset[str]
    insurable_by_agreement: frozenset[str]
    excluded_occupations: frozenset[str]
    deferral_days: int
    relapse: str
    benefit_until_day: int
    benefit_proration: str
    run_off: str
    cancellation_months: int


@dataclass(frozen=True, slots=True)
class BenefitExclusion:
    """A case in which no benefit is paid, with the wording the insured person reads.

    `evidence` tells the examiner what proves it; both by language ("de", "en").
    """

    code: str
    text: Mapping[str, str]
    evidence: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TariffVersion:
    """The tariff as it stands from the first of a month. `digest` is the SHA-256 of its content."""

    key: str
    valid_from: date
    kind: TariffKind
    bands: tuple[WageBand, ...]
    rate: PercentRate | None
    parameters: Parameters
    exclusions: tuple[BenefitExclusion, ...]
    digest: str
    content: str

    def __hash__(self) -> int:
        # Strings keep their hash, and prices are looked up a million times in a run.
        return hash(self.digest)


@dataclass(frozen=True, slots=True)
class Tariff:
    """All dated versions of one tariff, oldest first."""

    key: str
    name: Mapping[str, str]
    versions: tuple[TariffVersion, ...]

    def version_on(self, day: date) -> TariffVersion | None:
        """The version in force on a day, None before the first."""
        return next((v for v in reversed(self.versions) if v.valid_from <= day), None)


@dataclass(frozen=True, slots=True)
class Price:
    """What cover costs and pays for one person and one full month, in EUR; `band` None: percent."""

    premium: Decimal
    benefit: Decimal
    band: int | None


@dataclass(frozen=True, slots=True)
class Quote:
    """A priced payroll: EUR per month, `rate_percent` is premium / payroll with four decimals."""

    insured: int
    payroll: Decimal
    premium: Decimal
    rate_percent: Decimal
    by_band: tuple["BandCount", ...]


@dataclass(frozen=True, slots=True)
class BandCount:
    """How many people of a quote fall into one band (None: percent tariff), EUR per month."""

    band: int | None
    insured: int
    payroll: Decimal
    premium: Decimal


@dataclass(frozen=True, slots=True)
class CancellationEffect:
    """What a cancellation received on a day does.

    `end` is the contract's last day; `in_time` tells whether the nearest contract year's end
    was met; `deadline` is the last day of receipt for that nearest end.
    """

    end: date
    in_time: bool
    deadline: date
