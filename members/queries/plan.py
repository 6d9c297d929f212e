"""What notices would do: everything is read and decided here, nothing is written."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from aupolicy.models import GroupContract
from members.facts import (
    Code,
    Notice,
    NoticeCode,
    NoticeKind,
    NoticeResult,
    NoticeStatus,
    PersonPlan,
    Plan,
    Standing,
)
from members.models import NoticeDecision
from members.queries.day_terms import ContractTerms, received_on
from members.queries.notices import retirement_steps
from members.queries.plan_groups import PEOPLE_AT_ONCE, split_by_people
from members.queries.recorded import (
    RecordedNotice,
    read_covers,
    read_notices,
    read_persons,
    read_references,
)
from members.rules import (
    LIMITS,
    Said,
    find_faults,
    find_limits,
    reaches_too_far,
    settle_corrections,
    settle_person,
)

Verdict = NoticeDecision.Verdict


def plan_notices(*, contract: GroupContract, notices: Sequence[Notice]) -> Plan:
    """Decide what notices would do. `apply_notices` writes exactly this.

    Reads what it needs in a handful of queries, however many notices there are. Whoever writes
    the plan holds the contract's lock since before it was made.
    """
    return _plan(contract, notices, ContractTerms(contract))


def plan_in_groups(
    *, contract: GroupContract, notices: Sequence[Notice], people_at_once: int = PEOPLE_AT_ONCE
) -> Iterator[tuple[list[int], Plan]]:
    """What `plan_notices` decides, as plans of some thousand people one after the other.

    Each comes with the places of its notices, and is whole in itself: its keys are those of its
    own notices. Whoever lets one go before taking the next holds little in memory; whoever
    writes them may write each at once.
    """
    terms = ContractTerms(contract)
    for places in split_by_people(contract, notices, people_at_once=people_at_once):
        yield places, _plan(contract, [notices[place] for place in places], terms)


def _plan(contract: GroupContract, notices: Sequence[Notice], terms: ContractTerms) -> Plan:
    planner = _Planner(contract, {notice.personnel_number for notice in notices}, terms=terms)
    planner.read({notice.reference for notice in notices if notice.reference})
    heard = [planner.hear(notice, -place) for place, notice in enumerate(notices, start=1)]
    return planner.plan(heard)


def plan_decision(
    *, contract: GroupContract, number: str, notice_id: int, verdict: NoticeDecision.Verdict
) -> Plan:
    """Decide what follows when a clerk accepts or refuses a notice about a personnel number."""
    planner = _Planner(contract, {number}, {notice_id: verdict})
    planner.read(set())
    return planner.plan([])


def leave_out_refused(plan: Plan) -> Plan:
    """A plan without its refused notices: nothing else follows from them, so the rest stands."""
    kept = {
        key: standing
        for key, standing in plan.standings.items()
        if standing.status is not NoticeStatus.REFUSED
    }
    return plan if len(kept) == len(plan.standings) else replace(plan, standings=kept)


@dataclass(slots=True)
class _Heard:
    """What became of a notice given: a new one under its key, or a duplicate of a known one."""

    notice: Notice
    key: int
    is_duplicate: bool


@dataclass(slots=True)
class _Person:
    """All that was said about one person."""

    said: list[Said] = field(default_factory=list)
    has_corrections: bool = False


class _Planner:
    """Hears notices one after the other, and settles the people they are about in the end."""

    def __init__(
        self,
        contract: GroupContract,
        numbers: Collection[str],
        verdicts: Mapping[int, NoticeDecision.Verdict] | None = None,
        terms: ContractTerms | None = None,
    ) -> None:
        self.contract = contract
        self.numbers = numbers
        self.verdicts = dict(verdicts or {})
        self.terms = terms or ContractTerms(contract)
        self.people: dict[str, _Person] = defaultdict(_Person)
        self.on_record: dict[int, Standing] = {}
        self.withdrawn: set[int] = set()
        # Who uses a reference, and what was said about a person's day in one way.
        self.by_reference: dict[str, list[tuple[int, str, Said | None]]] = defaultdict(list)
        self.by_day: dict[tuple[str, NoticeKind, date], list[Said]] = defaultdict(list)
        self._received: dict[datetime, date] = {}

    def read(self, references: set[str]) -> None:
        """Take what is on record about the people and about the references of new notices."""
        recorded = list(read_notices(self.contract, self.numbers))
        self._read_acceptances(recorded)
        for one in recorded:
            self._know(one)
        mine = set(self.on_record)
        again = {r.notice.reference for r in recorded if r.key in self.withdrawn} - {""}
        for key, number, reference in read_references(self.contract, references | again):
            if key not in mine:
                self.by_reference[reference].append((key, number, None))

    def _read_acceptances(self, recorded: Sequence[RecordedNotice]) -> None:
        """Corrections that a clerk accepted: their limit is not on record, it is found anew."""
        corrections = [r.key for r in recorded if r.notice.kind is NoticeKind.CORRECTION]
        if corrections:
            accepted = NoticeDecision.objects.filter(
                notice_id__in=corrections, verdict=Verdict.ACCEPT
            )
            for key in accepted.values_list("notice_id", flat=True):
                self.verdicts.setdefault(key, Verdict.ACCEPT)

    def _know(self, recorded: RecordedNotice) -> None:
        key, standing = recorded.key, recorded.standing
        verdict = self.verdicts.get(key)
        said = Said(key, recorded.notice, accepted=verdict == Verdict.ACCEPT)
        if standing.status is NoticeStatus.REFUSED:
            said.faults = standing.codes
        elif verdict == Verdict.REFUSE:
            said.faults = (NoticeCode.REFUSED_BY_CLERK,)
        elif not said.accepted:
            said.limits = _limits_on_record(recorded)
        if standing.status is NoticeStatus.WITHDRAWN:
            self.withdrawn.add(key)
        self.on_record[key] = standing
        self._add(said)

    def _add(self, said: Said) -> None:
        notice = said.notice
        person = self.people[notice.personnel_number]
        person.said.append(said)
        if said.faults:
            return
        if notice.kind is NoticeKind.CORRECTION:
            person.has_corrections = True
        if notice.reference:
            self.by_reference[notice.reference].append((said.key, notice.personnel_number, said))
        self.by_day[notice.personnel_number, notice.kind, notice.effective].append(said)

    def hear(self, notice: Notice, key: int) -> _Heard:
        """Judge one notice alone, and whether it is known."""
        faults: tuple[Code, ...] = ()
        known = self._find_known(notice)
        if isinstance(known, Said):
            return _Heard(notice, known.key, is_duplicate=True)
        received, terms = self._received_on(notice), self.terms.on(notice.effective)
        faults = find_faults(notice, received=received, terms=terms, steps=retirement_steps())
        if known is not None:
            faults = (known,)
        limits: tuple[Code, ...] = ()
        if not faults:
            limits = find_limits(notice, received=received, parameters=terms.parameters)
        self._add(Said(key, notice, faults, limits))
        if notice.kind is NoticeKind.CORRECTION and not faults:
            self._withdraw(notice.personnel_number)
        return _Heard(notice, key, is_duplicate=False)

    def _find_known(self, notice: Notice) -> Said | NoticeCode | None:
        """The standing notice that says the same, or that its reference stands for another."""
        if notice.reference:
            for key, _number, said in self.by_reference.get(notice.reference, ()):
                if key not in self.withdrawn:
                    same = said is not None and said.notice.says_the_same(notice)
                    return said if same else NoticeCode.REFERENCE_USED
            return None
        about = self.by_day.get((notice.personnel_number, notice.kind, notice.effective), ())
        standing = [said for said in about if said.key not in self.withdrawn]
        last = max(standing, key=Said.order, default=None)
        return last if last is not None and last.notice.says_the_same(notice) else None

    def _received_on(self, notice: Notice) -> date:
        day = self._received.get(notice.received_at)
        if day is None:
            day = self._received[notice.received_at] = received_on(notice.received_at)
        return day

    def _is_too_late(self, day: date, correction: Notice) -> bool:
        retro_months = self.terms.on(day).parameters.retro_months
        return reaches_too_far(day, self._received_on(correction), retro_months)

    def _withdraw(self, number: str) -> None:
        """What later notices of the same batch must know: which earlier ones no longer stand."""
        person = self.people[number]
        found = settle_corrections(
            person.said,
            is_too_late=self._is_too_late,
            used_elsewhere=self._used_elsewhere(number),
        )
        self.withdrawn -= {said.key for said in person.said}
        self.withdrawn |= set(found.by)

    def _used_elsewhere(self, number: str) -> set[str]:
        person = self.people[number]
        if not person.has_corrections:
            return set()
        mine = {said.notice.reference for said in person.said} - {""}
        return {
            reference
            for reference in mine
            for key, other, _said in self.by_reference.get(reference, ())
            if other != number and key not in self.withdrawn
        }

    def plan(self, heard: Sequence[_Heard]) -> Plan:
        """Settle everybody, and tell what differs from what is on record."""
        persons = read_persons(self.contract, self.numbers)
        covers = read_covers(self.contract, [person.person_id for person in persons.values()])
        standings: dict[int, Standing] = {}
        plans = {}
        for number, person in self.people.items():
            mine, timeline = settle_person(
                person.said,
                steps=retirement_steps(),
                is_too_late=self._is_too_late,
                used_elsewhere=self._used_elsewhere(number),
            )
            standings |= mine
            on_record = persons.get(number)
            plans[number] = PersonPlan(
                personnel_number=number,
                person_id=on_record.person_id if on_record else None,
                name_before=on_record.name if on_record else None,
                name_after=timeline.name or (on_record.name if on_record else None),
                recorded=tuple(covers.get(on_record.person_id, ())) if on_record else (),
                after=timeline.covers,
            )
        return Plan(
            results=tuple(_result(one, standings[one.key]) for one in heard),
            persons=plans,
            standings={key: standing for key, standing in standings.items() if key < 0},
            changed={
                key: standings[key]
                for key, before in self.on_record.items()
                if standings[key] != before
            },
        )


def _limits_on_record(recorded: RecordedNotice) -> tuple[Code, ...]:
    # What a correction reaches is found anew each time.
    if recorded.notice.kind is NoticeKind.CORRECTION:
        return ()
    return tuple(code for code in recorded.standing.codes if code in LIMITS)


def _result(heard: _Heard, standing: Standing) -> NoticeResult:
    return NoticeResult(
        heard.notice, standing.status, standing.codes, heard.is_duplicate, heard.key
    )
