"""What settling people would do: owed by today's facts less what was recorded.

A claim's month that is owed as it was recorded (same amount, same paid days) stays as it is.
Otherwise what was recorded is cancelled and what is owed takes its place.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db import connection

from aupolicy.kernel.money import ZERO
from aupolicy.kernel.period import ONE_DAY, Period
from claims.exports.slice_text import write_parts, write_periods, write_terms
from claims.facts import Entitlement, Leave, Ruling, SliceDue
from claims.queries.facts import PersonFacts, get_entitlements

_RECORDED = """
SELECT s.person_id, s.claim_id, s.month, s.id, s.amount, s.payable::text, upper(s.payable)
FROM claims_benefitslice s
WHERE s.person_id = ANY(%s) AND s.cancelled_at IS NULL
ORDER BY s.id
"""


class RecordedSlice(NamedTuple):
    """A slice that counts. `payable` as PostgreSQL writes it; `end` is the day after its last."""

    person_id: int
    claim_id: int
    month: date
    id: int
    amount: Decimal
    payable: str
    end: date


class OwedSlice(NamedTuple):
    """A slice that is owed and not recorded so. `payable`, `parts`, `terms` as the table has them.

    `periods` are the paid days, `days` their number, `amount` EUR.
    """

    person_id: int
    claim_id: int
    month: date
    days: int
    amount: Decimal
    periods: tuple[Period, ...]
    payable: str
    parts: str
    terms: str


@dataclass(slots=True)
class SettlementPlan:
    """What is to be cancelled and what recorded anew, and what that amounts to."""

    new: list[OwedSlice] = field(default_factory=list)
    cancelled: list[RecordedSlice] = field(default_factory=list)

    @property
    def amount(self) -> Decimal:
        """EUR owed more than before; negative where it is less."""
        new = sum((each.amount for each in self.new), start=ZERO)
        return new - sum((each.amount for each in self.cancelled), start=ZERO)


def plan_settlement(
    *, person_ids: Sequence[int], people: Mapping[int, PersonFacts], as_of: date, today: date
) -> SettlementPlan:
    """What settling people through `as_of` would do; `people` are their facts.

    A claim is looked at further than that as far as it was settled before, and one that has ended
    through its end, once that day has come.
    """
    recorded = _load_recorded(person_ids)
    plan = SettlementPlan()
    for person_id in person_ids:
        known, facts = recorded.get(person_id, {}), people.get(person_id)
        if facts is not None:
            _settle(plan, facts, known, as_of, today)
        else:
            plan.cancelled += known.values()
    return plan


class UnableToSettle(ValueError):
    """Two leaves of one claim have the same month: `arrange_claims` was not called before.

    `code` is NOT_ARRANGED, `params` name the claim's key.
    """

    code = "NOT_ARRANGED"

    def __init__(self, claim_id: int) -> None:
        super().__init__(f"claim {claim_id} holds two leaves")
        self.params = {"claim": str(claim_id)}


_Recorded = dict[tuple[int, date], RecordedSlice]


def _load_recorded(person_ids: Iterable[int]) -> dict[int, _Recorded]:
    found: dict[int, _Recorded] = {}
    with connection.cursor() as cursor:
        cursor.execute(_RECORDED, [list(person_ids)])
        for row in map(RecordedSlice._make, cursor.fetchall()):
            found.setdefault(row.person_id, {})[row.claim_id, row.month] = row
    return found


def _settle(
    plan: SettlementPlan, facts: PersonFacts, known: _Recorded, as_of: date, today: date
) -> None:
    """Compare what a person is owed with what was recorded, claim by claim, month by month."""
    left = dict(known) if known else {}
    seen = set()
    for claim_id, owed in _entitle(facts, known, as_of, today):
        for due in owed.slices:
            key = claim_id, due.month.first_day
            if key in seen:
                raise UnableToSettle(claim_id)
            seen.add(key)
            payable = write_periods(due.payable)
            held = left.pop(key, None)
            if held is not None:
                if held.amount == due.amount and held.payable == payable:
                    continue
                plan.cancelled.append(held)
            plan.new.append(_write(facts, claim_id, owed.leave, due, payable))
    plan.cancelled += left.values()


def _write(
    facts: PersonFacts, claim_id: int, leave: Leave, due: SliceDue, payable: str
) -> OwedSlice:
    terms = write_terms(leave, facts.terms_on(leave.period.first_day))
    return OwedSlice(
        facts.person_id,
        claim_id,
        due.month.first_day,
        due.days,
        due.amount,
        due.payable,
        payable,
        write_parts(due),
        terms,
    )


def _entitle(
    facts: PersonFacts, known: _Recorded, as_of: date, today: date
) -> Iterator[tuple[int, Entitlement]]:
    """What follows for each claim, through the day it is settled through."""
    further = _list_further(facts, known, as_of, today)
    for found in get_entitlements(facts, as_of=as_of):
        if found.claim_id not in further:
            yield found.claim_id, found.entitlement
    for day in set(further.values()):
        for found in get_entitlements(facts, as_of=day):
            if further.get(found.claim_id) == day:
                yield found.claim_id, found.entitlement


def _list_further(
    facts: PersonFacts, known: _Recorded, as_of: date, today: date
) -> dict[int, date]:
    """The claims that are settled through a later day than `as_of`, and that day."""
    further: dict[int, date] = {}
    for claim_id in set(facts.claim_of.values()):
        ended = find_end(facts.rulings.get(claim_id, ()))
        if ended is not None and as_of < ended <= today:
            further[claim_id] = ended
    for (claim_id, _), held in known.items():
        last = held.end - ONE_DAY
        if last > further.get(claim_id, as_of):
            further[claim_id] = last
    return further


def find_end(rulings: Sequence[Ruling]) -> date | None:
    """The last day that may be paid, where the last ruling leaves no later one; None: no end."""
    if not rulings or rulings[-1].pays or rulings[-1].period.last_day is not None:
        return None
    return rulings[-1].period.first_day - ONE_DAY
