"""Insurance tax by covered month: owed on everything charged for it, less what is recorded.

Nearly every contract is exempt, and nothing is recorded for it; only those whose terms say, or once
said, that the employer receives the benefit are looked at.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from aupolicy.facts.insurance_tax import Beneficiary
from aupolicy.kernel.money import ZERO
from aupolicy.kernel.month import Month
from aupolicy.models import ContractVersion
from aupolicy.queries.insurance_tax import get_tax_treatment
from aupolicy.rules.insurance_tax import compute_tax
from billing.models import Statement


@dataclass(frozen=True, slots=True)
class Net:
    """Premium of a covered month in EUR: all that is charged for it, and what is new of that."""

    through_now: Decimal
    new: Decimal


class OwedTax:
    """What statements of some contracts have to say about tax. Two queries."""

    def __init__(self, contracts: Iterable[int]) -> None:
        ids = list(contracts)
        self._recorded = _read_recorded(ids)
        self._beneficiaries = _Beneficiaries(ids)

    def list_lines(self, contract_id: int, nets: Mapping[date, Net]) -> list[dict[str, Any]]:
        """One line for each month whose premium or tax changes, by the months' first days.

        Its `tax` (EUR, as text) is what the next statement charges. Raises NoTaxTreatment for a
        month nothing is known of.
        """
        recorded = self._recorded[contract_id]
        lines = (
            _line(month, net, self._beneficiaries.of(contract_id, month), recorded[month])
            for month, net in sorted(nets.items())
        )
        return [line for line in lines if line is not None]


def sum_tax(lines: Iterable[Mapping[str, Any]]) -> Decimal:
    """The tax of a statement's lines, EUR."""
    return sum((Decimal(line["tax"]) for line in lines), ZERO)


def _line(month: date, net: Net, who: Beneficiary, recorded: Decimal) -> dict[str, Any] | None:
    """What a statement says of a month's tax; None where neither premium nor tax changes."""
    treatment = get_tax_treatment(who=who, day=month)
    tax = compute_tax(net.through_now, treatment) - recorded
    if not tax and not net.new:
        return None
    rate = treatment.rate_percent
    return {
        "month": f"{month:%Y-%m}",
        "component": treatment.component.value,
        "beneficiary": who.value,
        "rate_percent": None if rate is None else str(rate),
        "net": str(net.new),
        "tax": str(tax),
    }


def _read_recorded(contracts: list[int]) -> dict[int, dict[date, Decimal]]:
    """The tax that posted statements have charged, by covered month."""
    recorded: dict[int, dict[date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    told = Statement.objects.filter(contract_id__in=contracts, number__isnull=False)
    for contract_id, lines in told.values_list("contract_id", "tax_lines"):
        for line in lines:
            month = Month.parse(line["month"]).first_day
            recorded[contract_id][month] += Decimal(line["tax"])
    return recorded


class _Beneficiaries:
    """Who receives the benefit, by contract and month: as the terms of the month's first day say.

    Before the first terms those count that follow, after the last those before.
    """

    def __init__(self, contracts: list[int]) -> None:
        self._terms: dict[int, list[tuple[date, Beneficiary]]] = defaultdict(list)
        versions = ContractVersion.objects.filter(contract_id__in=contracts)
        for version in versions.order_by("contract_id", "period"):
            first_day = version.period.first_day.replace(day=1)
            who = Beneficiary(version.beneficiary)
            self._terms[version.contract_id].append((first_day, who))

    def of(self, contract_id: int, month: date) -> Beneficiary:
        """Who receives what is due for a month."""
        terms = self._terms[contract_id]
        begun = [who for first_day, who in terms if first_day <= month]
        return begun[-1] if begun else terms[0][1]
