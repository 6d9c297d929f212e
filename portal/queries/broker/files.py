"""Reads of the page of a broker's files."""

from dataclasses import dataclass
from datetime import date

from aupolicy.models import Broker, BrokerAuthority, GroupContract


@dataclass(frozen=True, slots=True)
class ContractCounts:
    """Contracts in force, and those of them whose employer lets the broker see its people."""

    contracts: int
    with_names: int


def count_contracts(broker: Broker, day: date) -> ContractCounts:
    """A broker's contracts of a day."""
    trusting = BrokerAuthority.objects.filter(broker=broker, period__contains=day)
    contracts = GroupContract.objects.filter(broker=broker, period__contains=day)
    return ContractCounts(
        contracts=contracts.count(),
        with_names=contracts.filter(employer__in=trusting.values("employer")).count(),
    )
