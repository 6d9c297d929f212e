"""How the parts of a premium are taxed (Versicherungsteuer)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Component(StrEnum):
    """A part of what a statement charges."""

    PREMIUM = "premium"


class Beneficiary(StrEnum):
    """Who receives the benefit: that decides about the tax."""

    EMPLOYEE = "employee"
    EMPLOYER = "employer"


@dataclass(frozen=True, slots=True)
class TaxTreatment:
    """What a part of the premium is taxed with: percent, or None with the reason by language."""

    component: Component
    beneficiary: Beneficiary
    valid_from: date
    rate_percent: Decimal | None
    reason: Mapping[str, str]
    source: str
