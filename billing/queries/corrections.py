"""What months billed before should have cost, minus what was recorded."""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple, TypeVar

from django.db import connection

from aupolicy.facts import TariffVersion
from aupolicy.kernel.money import ZERO
from aupolicy.kernel.month import Month
from billing.facts.premium import Charge
from billing.queries.month_tariffs import AgreedTariffs
from billing.queries.new_month import ALONG_INDEXES, AS_ALWAYS
from billing.queries.owed import ContractStanding, list_changed, list_recorded, list_stretches
from billing.rules.premium import compute_charge

Given = TypeVar("Given")
Found = TypeVar("Found")


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
    changed = _along_indexes(list_changed, billed.values())
    if not changed:
        return
    stretches = _along_indexes(list_stretches, changed)
    recorded = _along_indexes(list_recorded, changed)
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


def _along_indexes(query: Callable[[Given], Found], given: Given) -> Found:
    """Few people are looked up one by one, however large the book is."""
    with connection.cursor() as cursor:
        cursor.execute(ALONG_INDEXES)
        found = query(given)
        cursor.execute(AS_ALWAYS)
    return found
