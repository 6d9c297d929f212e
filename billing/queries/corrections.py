"""What months billed before should have cost, minus what was recorded."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from aupolicy.facts import TariffVersion
from aupolicy.kernel.money import ZERO
from aupolicy.kernel.month import Month
from billing.facts.premium import Charge
from billing.queries.month_tariffs import AgreedTariffs
from billing.queries.owed import ContractStanding, list_changed, list_recorded, list_stretches
from billing.rules.premium import compute_charge


class Correction(NamedTuple):
    """EUR by which a person's month was charged otherwise, and what it should have been."""

    contract_id: int
    person_id: int
    month: Month
    difference: Decimal
    charge: Charge | None
    tariff: TariffVersion | None


def list_corrections(
    agreed: AgreedTariffs, standings: Iterable[ContractStanding]
) -> Iterator[Correction]:
    """Owed minus recorded in months billed before, for people whose months may have changed."""
    billed = {s.contract_id: s for s in standings if s.billed_through is not None}
    changed = list_changed(billed.values())
    if not changed:
        return
    stretches, recorded = list_stretches(changed), list_recorded(changed)
    for (contract_id, person_id), since in changed.items():
        standing = billed[contract_id]
        first_month = Month.of(max(since, standing.start))
        covers = stretches.get((contract_id, person_id), [])
        for month in first_month.through(standing.first_new_month.plus(-1)):
            tariff = agreed.of_month(contract_id, month)
            charge = compute_charge(covers, month=month, tariff=tariff) if tariff else None
            owed = charge.amount if charge else ZERO
            difference = owed - recorded.get((contract_id, person_id, month), ZERO)
            if difference:
                yield Correction(contract_id, person_id, month, difference, charge, tariff)
