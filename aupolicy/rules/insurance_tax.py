"""What insurance tax a premium bears."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from aupolicy.facts.insurance_tax import Beneficiary, Component, TaxTreatment
from aupolicy.kernel.money import ZERO, round_cent


class NoTaxTreatment(LookupError):
    """Nothing says how a part of the premium was taxed on a day."""

    def __init__(self, day: date) -> None:
        super().__init__(f"no insurance tax is known for {day}")
        self.day = day


def find_treatment(
    treatments: Iterable[TaxTreatment], *, component: Component, who: Beneficiary, day: date
) -> TaxTreatment:
    """The treatment in force on a day (oldest first). Raises NoTaxTreatment."""
    found = None
    for each in treatments:
        if (each.component, each.beneficiary) == (component, who) and each.valid_from <= day:
            found = each
    if found is None:
        raise NoTaxTreatment(day)
    return found


def compute_tax(net: Decimal, treatment: TaxTreatment) -> Decimal:
    """The tax on a premium in EUR, half up to the cent (§ 5 (1), § 6 VersStG)."""
    if treatment.rate_percent is None:
        return ZERO
    return round_cent(net * treatment.rate_percent / 100)
