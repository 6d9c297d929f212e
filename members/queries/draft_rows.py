"""What the rows of a file or payroll would do, decided together; nothing is written."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from aupolicy.models import GroupContract
from members.facts import (
    Code,
    Finding,
    Ineligibility,
    Notice,
    NoticeCode,
    NoticeKind,
    NoticeResult,
    NoticeStatus,
    PersonPlan,
    Plan,
    RecordedCover,
    Severity,
)
from members.models import Person
from members.parsing.problems import Problem
from members.queries.plan import plan_in_groups
from members.queries.upload_reading import Said

APPLY, CLERK, KNOWN, NONE, FAILED = "apply", "clerk", "known", "none", "failed"

# Payroll programs write numbers of 12 months by mistake.
UNUSUAL_PAY = Decimal(20_000)
FEW_LEAVERS = 10
Explain = Callable[[Severity, Code, Notice], Finding]
_LEAVES = frozenset({NoticeKind.LEAVE, NoticeKind.DEATH})


class DraftRow(NamedTuple):
    """What one notice of a row would do, or why the row cannot be taken."""

    row: int | None
    outcome: str
    number: str
    name: str
    notice: Notice | None = None
    pay_before: Decimal | None = None
    findings: tuple[Finding, ...] = ()


FIELD_OF_CODE: Mapping[Code, str] = {
    Ineligibility.TOO_YOUNG: "birth_date",
    Ineligibility.OVER_AGE: "birth_date",
    NoticeCode.BIRTH_DATE_IN_FUTURE: "birth_date",
    Ineligibility.MARGINAL_EMPLOYMENT: "employment",
    Ineligibility.NOT_EMPLOYED: "employment",
    Ineligibility.PROFESSIONAL_SOLDIER: "occupation",
    Ineligibility.PROFESSIONAL_FIREFIGHTER: "occupation",
    Ineligibility.PROFESSIONAL_DIVER: "occupation",
}


def make_digest(rows: Iterable[DraftRow]) -> str:
    """The same for two drafts that would do the same; what is released is what happens."""
    known = hashlib.sha256()
    for row in rows:
        said = row.notice
        does = (said.kind.value, said.effective, said.pay) if said else ()
        known.update(repr((row.row, row.outcome, row.number, row.name, *map(str, does))).encode())
    return known.hexdigest()


class Drafter:
    """Puts what is planned to the rows it comes from; what is said of a row is kept once.

    `explain` makes a finding of a code about a notice, with where that stands.
    """

    def __init__(self, contract: GroupContract, explain: Explain) -> None:
        self.contract = contract
        self.explain = explain
        self.rows: list[DraftRow] = []
        # The rows that have a notice to be planned, by their place.
        self.planned: list[int] = []
        self.namesakes: dict[str, str] = {}

    def hear(self, said: Iterable[Said]) -> None:
        """Rows of all that is said; those with something to plan have no outcome yet."""
        rows, planned = self.rows, self.planned
        for row, number, name, notices, findings in said:
            if findings and any(one.severity is Severity.ERROR for one in findings):
                # Its notices, if any, are not planned.
                notice = notices[0] if notices else None
                rows.append(DraftRow(row, FAILED, number, name, notice, None, findings))
            elif not notices:
                rows.append(DraftRow(row, NONE, number, name, None, None, findings))
            else:
                for place, notice in enumerate(notices):
                    planned.append(len(rows))
                    about = () if place else findings
                    rows.append(DraftRow(row, "", number, name, notice, None, about))

    def plan(self, take: Callable[[Plan], object]) -> None:
        """Give each row its outcome, some thousand people at a time."""
        rows, planned = self.rows, self.planned
        notices = [notice for place in planned if (notice := rows[place].notice)]
        joins = [notice for notice in notices if notice.kind is NoticeKind.JOIN]
        self.namesakes = find_namesakes(self.contract, joins)
        for places, plan in plan_in_groups(contract=self.contract, notices=notices):
            for place, result in zip(places, plan.results, strict=True):
                rows[planned[place]] = self._decide(rows[planned[place]], result, plan.persons)
            take(plan)

    def _decide(
        self, row: DraftRow, result: NoticeResult, persons: Mapping[str, PersonPlan]
    ) -> DraftRow:
        notice, findings, pay_before = result.notice, row.findings, None
        outcome = KNOWN if result.is_duplicate else _OUTCOMES[result.status]
        if result.codes and outcome != KNOWN:
            severity = Severity.ERROR if outcome == FAILED else Severity.NOTE
            findings += tuple(self.explain(severity, code, notice) for code in result.codes)
        person = persons.get(row.number)
        if notice.kind is NoticeKind.PAY_CHANGE and person:
            pay_before = _pay_on(person.recorded, notice.effective)
        if outcome in (APPLY, CLERK):
            findings += tuple(self._warn(notice, pay_before))
        name = row.name or _name(person)
        return DraftRow(row.row, outcome, row.number, name, notice, pay_before, findings)

    def _warn(self, notice: Notice, before: Decimal | None) -> Iterator[Finding]:
        pay = notice.pay
        if before is not None and pay is not None and abs(pay - before) * 2 > before:
            params = {"before": str(before), "pay": str(pay)}
            yield Finding(Severity.WARNING, "PAY_JUMP", params=params)
        if notice.kind is not NoticeKind.JOIN:
            return
        if pay is not None and pay > UNUSUAL_PAY:
            yield Finding(Severity.WARNING, "PAY_UNUSUAL", params={"pay": str(pay)})
        other = self.namesakes.get(notice.personnel_number)
        if other is not None:
            yield Finding(Severity.WARNING, "SAME_PERSON", params={"number": other})


def _name(person: PersonPlan | None) -> str:
    name = (person.name_before or person.name_after) if person else None
    return f"{name.last_name}, {name.first_name}" if name else ""


_OUTCOMES = {
    NoticeStatus.APPLIED: APPLY,
    NoticeStatus.NEEDS_CLERK: CLERK,
    NoticeStatus.REFUSED: FAILED,
    NoticeStatus.WITHDRAWN: NONE,
}


def _pay_on(recorded: Iterable[RecordedCover], day: date) -> Decimal | None:
    for one in recorded:
        if one.cover is not None:
            for pay in one.cover.pays:
                if day in pay.period:
                    return pay.amount
    return None


_Who = tuple[str, str, date]


def find_namesakes(contract: GroupContract, joins: list[Notice]) -> dict[str, str]:
    """Joining people whose name and birth date another personnel number has, with that number.

    Looks at the other joining people and at everybody of the employer on record.
    """
    numbers: dict[_Who, str] = {}
    found: dict[str, str] = {}
    for notice in joins:
        if notice.birth_date is not None:
            who = (notice.last_name.casefold(), notice.first_name.casefold(), notice.birth_date)
            first = numbers.setdefault(who, notice.personnel_number)
            if first != notice.personnel_number:
                found[notice.personnel_number] = first
    on_record = Person.objects.filter(
        employer_id=contract.employer_id, birth_date__in={who[2] for who in numbers}
    ).values_list("last_name", "first_name", "birth_date", "personnel_number")
    for last_name, first_name, birth_date, number in on_record.iterator() if numbers else ():
        joining = numbers.get((last_name.casefold(), first_name.casefold(), birth_date))
        if joining is not None and joining != number:
            found[joining] = number
    return found


def find_mass_leave(rows: Iterable[DraftRow], count_insured: Callable[[], int]) -> list[Problem]:
    """More than ten people and more than a fifth of the insured leave at once."""
    kinds = Counter(
        row.notice.kind for row in rows if row.notice and row.outcome in (APPLY, CLERK, FAILED)
    )
    leavers = sum(kinds[kind] for kind in _LEAVES)
    if leavers <= FEW_LEAVERS:
        return []
    insured = count_insured()
    if leavers * 5 <= insured:
        return []
    return [Problem("MASS_LEAVE", params={"leavers": str(leavers), "insured": str(insured)})]
