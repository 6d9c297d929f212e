"""Which contract a leave of a person belongs to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from aupolicy.kernel.period import Period
from members.models import Membership


@dataclass(frozen=True, slots=True)
class ContractDays:
    """Days on which a person is or was insured under a contract."""

    contract_id: int
    period: Period


def load_contracts(person_ids: Iterable[int]) -> dict[int, tuple[ContractDays, ...]]:
    """The contracts of some people in order of their days, in one query."""
    rows = Membership.objects.filter(person__in=list(person_ids), period__isnull=False)
    found: dict[int, list[ContractDays]] = {}
    for person, contract, own, agreed in rows.order_by("period", "id").values_list(
        "person_id", "contract_id", "period", "contract__period"
    ):
        days = own.intersection(agreed) if own else None
        if days is not None:
            found.setdefault(person, []).append(ContractDays(contract, days))
    return {person: tuple(days) for person, days in found.items()}


def find_contract(known: Sequence[ContractDays], day: date) -> int | None:
    """The contract that insures a day, else the last before it, else the first after it.

    None for a person who is and was insured under none.
    """
    on = [each for each in known if day in each.period]
    before = [each for each in known if each.period.first_day <= day]
    found = on[:1] or before[-1:] or list(known[:1])
    return found[0].contract_id if found else None
