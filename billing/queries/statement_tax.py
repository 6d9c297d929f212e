"""What a statement says about insurance tax, part by part."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from aupolicy.facts.insurance_tax import Beneficiary, Component
from aupolicy.kernel.money import ZERO
from aupolicy.kernel.month import Month
from aupolicy.queries.insurance_tax import get_tax_treatment
from billing.models import Statement


@dataclass(frozen=True, slots=True)
class TaxedPart:
    """A part of a statement's premium with its tax, in EUR.

    `rate_percent` is None where it is exempt; `reason` then says why, by language, and `source`
    names the law.
    """

    component: Component
    net: Decimal
    rate_percent: Decimal | None
    tax: Decimal
    reason: dict[str, str]
    source: str


def list_taxed_parts(statement: Statement) -> list[TaxedPart]:
    """The parts of a statement's premium by how they are taxed; their sums are the statement's."""
    if not statement.tax_lines:
        told = [(Beneficiary.EMPLOYEE, f"{statement.month:%Y-%m}", statement.total, ZERO)]
    else:
        told = [
            (
                Beneficiary(line["beneficiary"]),
                line["month"],
                Decimal(line["net"]),
                Decimal(line["tax"]),
            )
            for line in statement.tax_lines
        ]
    sums: dict[tuple[Component, Decimal | None, str], list[Decimal]] = defaultdict(
        lambda: [ZERO, ZERO]
    )
    reasons: dict[str, dict[str, str]] = {}
    for who, month, net, tax in told:
        treatment = get_tax_treatment(who=who, day=Month.parse(month).first_day)
        reasons[treatment.source] = dict(treatment.reason)
        key = (treatment.component, treatment.rate_percent, treatment.source)
        sums[key][0] += net
        sums[key][1] += tax
    return [
        TaxedPart(component, net, rate, tax, reasons[source], source)
        for (component, rate, source), (net, tax) in sums.items()
    ]
