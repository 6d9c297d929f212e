"""Insurance tax of the statements of a run: owed minus recorded, by covered month.

Nearly every contract is exempt; only those whose terms say, or once said, that the employer
receives the benefit are looked at. What exempt contracts' statements say follows from the terms.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from psycopg import sql

from aupolicy.facts.insurance_tax import Beneficiary
from aupolicy.kernel.money import ZERO
from aupolicy.kernel.month import Month
from aupolicy.models import ContractVersion
from aupolicy.queries.insurance_tax import get_tax_treatment
from aupolicy.rules.insurance_tax import compute_tax
from billing.models import BillingRun, BillingSlice, Statement


@dataclass(frozen=True, slots=True)
class _Net:
    """Premium of a covered month in EUR: in all posted runs and this one, and in this one only."""

    through_now: Decimal
    of_this_run: Decimal


_NETS = """
SELECT contract_id, covered_month, SUM(before + now), SUM(now) FROM (
    SELECT contract_id, covered_month, amount AS before, 0 AS now
    FROM billing_premiumline WHERE contract_id = ANY(%(contracts)s) AND run_id <> %(run)s
    UNION ALL
    SELECT contract_id, covered_month, 0, amount
    FROM {lines} WHERE contract_id = ANY(%(contracts)s)
) line
GROUP BY contract_id, covered_month ORDER BY contract_id, covered_month
"""


def tax_statements(*, run: BillingRun, part: BillingSlice) -> None:
    """Add insurance tax to the statements of a slice that has just been filled.

    A statement's total becomes premium and tax; `tax_lines` has one row for each month whose
    premium or tax it changes. Raises NoTaxTreatment for a month nothing is known of.
    """
    taxed = set(
        ContractVersion.objects.filter(contract_id__gte=part.first_contract_id)
        .filter(contract_id__lte=part.last_contract_id)
        .exclude(beneficiary=Beneficiary.EMPLOYEE.value)
        .values_list("contract_id", flat=True)
    )
    if not taxed:
        return
    nets, recorded = _read_nets(run, taxed), _read_recorded(taxed)
    whose = _Beneficiaries(taxed)
    for statement in Statement.objects.filter(run=run, contract_id__in=taxed):
        contract_id = statement.contract_id
        lines = [
            line
            for month, net in nets[contract_id].items()
            if (line := _tax(month, net, whose.of(contract_id, month), recorded[contract_id]))
        ]
        statement.tax = sum((Decimal(line["tax"]) for line in lines), ZERO)
        statement.tax_lines = lines
        statement.total += statement.tax
        statement.save(update_fields=["tax", "tax_lines", "total"])


def _tax(
    month: date, net: _Net, who: Beneficiary, recorded: dict[date, Decimal]
) -> dict[str, Any] | None:
    """What a statement says of a month's tax; None where neither premium nor tax changes."""
    treatment = get_tax_treatment(who=who, day=month)
    tax = compute_tax(net.through_now, treatment) - recorded.get(month, ZERO)
    if not tax and not net.of_this_run:
        return None
    rate = treatment.rate_percent
    return {
        "month": f"{month:%Y-%m}",
        "component": treatment.component.value,
        "beneficiary": who.value,
        "rate_percent": None if rate is None else str(rate),
        "net": str(net.of_this_run),
        "tax": str(tax),
    }


def _read_nets(run: BillingRun, contracts: Iterable[int]) -> dict[int, dict[date, _Net]]:
    query = sql.SQL(_NETS).format(lines=sql.Identifier(run.lines_table))
    nets: dict[int, dict[date, _Net]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(query, {"contracts": list(contracts), "run": run.pk})
        for contract_id, month, through_now, of_this_run in cursor.fetchall():
            nets[contract_id][month] = _Net(through_now, of_this_run)
    return nets


def _read_recorded(contracts: Iterable[int]) -> dict[int, dict[date, Decimal]]:
    """The tax that posted statements have charged, by covered month."""
    recorded: dict[int, dict[date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    told = Statement.objects.filter(contract_id__in=list(contracts), number__isnull=False)
    for contract_id, lines in told.values_list("contract_id", "tax_lines"):
        for line in lines:
            month = Month.parse(line["month"]).first_day
            recorded[contract_id][month] += Decimal(line["tax"])
    return recorded


class _Beneficiaries:
    """Who receives the benefit, by contract and month: as the terms of the month's first day say.

    Before the first terms those count that follow, after the last those before.
    """

    def __init__(self, contracts: Iterable[int]) -> None:
        self._terms: dict[int, list[tuple[date, Beneficiary]]] = defaultdict(list)
        versions = ContractVersion.objects.filter(contract_id__in=list(contracts))
        for version in versions.order_by("contract_id", "period"):
            first_day = version.period.first_day.replace(day=1)
            who = Beneficiary(version.beneficiary)
            self._terms[version.contract_id].append((first_day, who))

    def of(self, contract_id: int, month: date) -> Beneficiary:
        """Who receives what is due for a month."""
        terms = self._terms[contract_id]
        begun = [who for first_day, who in terms if first_day <= month]
        return begun[-1] if begun else terms[0][1]
