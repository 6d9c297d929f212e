"""What a run of a month would charge everybody, from what is known now; nothing is written."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from operator import attrgetter

from django.db import transaction

from aupolicy.kernel.money import ZERO
from aupolicy.kernel.month import Month
from billing.models import BillingRun
from billing.queries.corrections import list_corrections
from billing.queries.month_tariffs import AgreedTariffs
from billing.queries.new_month import (
    ALONG_INDEXES,
    WHOLE_BOOK,
    group_new_months,
    sum_new_month,
)
from billing.queries.owed import ContractStanding, list_covers, look_at_standings, parse_cover
from billing.rules.premium import compute_charge

# Contracts whose people are read at once where only the general rule prices them.
_CONTRACTS_AT_ONCE = 200
# Pay is looked up by membership for less than a fourth of the contracts, else read altogether.
_FEW = 4
# No contract has a higher id.
_LAST_ID = 2**63 - 1


@dataclass(slots=True)
class ExpectedRun:
    """Lines of a run with their premium, EUR before tax; `corrections` is about billed months."""

    lines: int = 0
    premium: Decimal = ZERO
    corrections: Decimal = ZERO


def compute_expected_run(*, month: Month) -> ExpectedRun:
    """What `start_run` would come to for a month, in a few statements for the whole book."""
    expected = ExpectedRun()
    with transaction.atomic():
        standings = look_at_standings(BillingRun.PREMIUM, (0, _LAST_ID), month)
        agreed = AgreedTariffs([standing.contract_id for standing in standings])
        for correction in list_corrections(agreed, standings):
            expected.lines += 1
            expected.premium += correction.difference
            expected.corrections += correction.difference
        grouped = group_new_months(month, agreed, standings)
        for new, ids in grouped.items():
            plan = WHOLE_BOOK if len(ids) * _FEW > len(standings) else ALONG_INDEXES
            for charged in sum_new_month(new, ids, plan=plan):
                expected.lines += charged.line_count
                expected.premium += charged.total
        done = {contract_id for ids in grouped.values() for contract_id in ids}
        rest = [standing for standing in standings if standing.contract_id not in done]
        for start in range(0, len(rest), _CONTRACTS_AT_ONCE):
            for amount in _price_rest(agreed, rest[start : start + _CONTRACTS_AT_ONCE], month):
                expected.lines += 1
                expected.premium += amount
    return expected


def _price_rest(
    agreed: AgreedTariffs, standings: list[ContractStanding], through: Month
) -> Iterator[Decimal]:
    """New months that only the general rule prices, person by person."""
    in_order = sorted(standings, key=attrgetter("first_new_month"))
    for first_month, group in groupby(in_order, key=attrgetter("first_new_month")):
        months = list(first_month.through(through))
        if not months:
            continue
        ids = [standing.contract_id for standing in group]
        for contract_id, covers in list_covers(ids, months[0].first_day, through.last_day):
            priced = [(m, t) for m in months if (t := agreed.of_month(contract_id, m))]
            for cover in covers.values():
                stretches = parse_cover(cover)
                for month, tariff in priced:
                    charge = compute_charge(stretches, month=month, tariff=tariff)
                    if charge is not None:
                        yield charge.amount
