"""How premiums are taxed."""

from datetime import date
from functools import lru_cache

from aupolicy.facts.insurance_tax import Beneficiary, Component, TaxTreatment
from aupolicy.parsing.insurance_tax import parse_tax_treatments
from aupolicy.rules.insurance_tax import find_treatment


@lru_cache(maxsize=1)
def list_tax_treatments() -> tuple[TaxTreatment, ...]:
    """All there have been, oldest first. The file is part of the installed product."""
    return parse_tax_treatments()


def get_tax_treatment(
    *, who: Beneficiary, day: date, component: Component = Component.PREMIUM
) -> TaxTreatment:
    """How a part of the premium is taxed on a day. Raises NoTaxTreatment."""
    return find_treatment(list_tax_treatments(), component=component, who=who, day=day)
