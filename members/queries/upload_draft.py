"""What a file of notices would do, row by row. Nothing is written; check and apply share it."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from aupolicy.models import GroupContract
from members.facts import (
    Cover,
    Finding,
    Ineligibility,
    Notice,
    NoticeCode,
    NoticeKind,
    NoticeResult,
    NoticeStatus,
    Plan,
    Severity,
)
from members.models import Membership, Person, Upload
from members.parsing.problems import Problem
from members.queries.plan import plan_notices
from members.queries.upload_reading import Reading, Said, read_upload

APPLY, CLERK, KNOWN, NONE, FAILED = "apply", "clerk", "known", "none", "failed"

# Payroll programs write numbers of 12 months by mistake.
UNUSUAL_PAY = Decimal(20_000)
FEW_LEAVERS = 10
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


@dataclass(frozen=True, slots=True)
class Draft:
    """A file, what it says and what that would do; `rows` in the order of the file."""

    reading: Reading
    plan: Plan
    rows: list[DraftRow]
    notes: list[Problem] = field(default_factory=list)

    def accepted(self) -> list[Notice]:
        """The notices that take effect or go to a clerk."""
        return [r.notice for r in self.rows if r.notice and r.outcome in (APPLY, CLERK)]

    def count(self, outcome: str) -> int:
        """How many rows have an outcome."""
        unchanged = self.reading.unchanged if outcome == NONE else 0
        return unchanged + sum(row.outcome == outcome for row in self.rows)

    def digest(self) -> str:
        """The same for two drafts that would do the same; what is released is what happens."""
        known = hashlib.sha256()
        for row in self.rows:
            said = row.notice
            does = (said.kind.value, said.effective, said.pay) if said else ()
            known.update(
                repr((row.row, row.outcome, row.number, row.name, *map(str, does))).encode()
            )
        return known.hexdigest()


def draft_upload(upload: Upload) -> Draft:
    """Read a file and decide what it would do. Raises UnableToReadTable."""
    reading = read_upload(upload)
    contract = upload.contract
    notices = [n for said in reading.said if not said.has_errors for n in said.notices]
    plan = plan_notices(contract=contract, notices=notices)
    namesakes = find_namesakes(contract, [n for n in notices if n.kind is NoticeKind.JOIN])
    rows = list(_Drafter(plan, namesakes, reading).draft(reading.said))
    notes = [*reading.notes, *_find_mass_leave(upload, reading, rows)]
    return Draft(reading, plan, rows, notes)


class _Drafter:
    """Puts the results of the plan to the rows they come from."""

    def __init__(self, plan: Plan, namesakes: dict[str, str], reading: Reading) -> None:
        self.plan = plan
        self.reading = reading
        self.namesakes = namesakes
        self.results = iter(plan.results)

    def draft(self, said: list[Said]) -> Iterator[DraftRow]:
        for one in said:
            if one.has_errors:
                # Its notices, if any, were not planned.
                notice = one.notices[0] if one.notices else None
                yield DraftRow(one.row, FAILED, one.number, one.name, notice, None, one.findings)
            elif not one.notices:
                yield DraftRow(one.row, NONE, one.number, one.name, None, None, one.findings)
            else:
                findings = one.findings
                for _ in one.notices:
                    yield self._row(one, next(self.results), findings)
                    findings = ()

    def _row(self, one: Said, result: NoticeResult, findings: tuple[Finding, ...]) -> DraftRow:
        notice = result.notice
        outcome = KNOWN if result.is_duplicate else _OUTCOMES[result.status]
        severity = Severity.ERROR if outcome == FAILED else Severity.NOTE
        if result.codes and outcome != KNOWN:
            findings += tuple(
                _explain(severity, code, notice, self.reading) for code in result.codes
            )
        pay_before = None
        if notice.kind is NoticeKind.PAY_CHANGE:
            pay_before = self._pay_before(notice)
        if outcome in (APPLY, CLERK):
            findings += tuple(self._warn(notice, pay_before))
        name = one.name or self._name(one.number)
        return DraftRow(one.row, outcome, one.number, name, notice, pay_before, findings)

    def _name(self, number: str) -> str:
        person = self.plan.persons.get(number)
        name = (person.name_before or person.name_after) if person else None
        return f"{name.last_name}, {name.first_name}" if name else ""

    def _pay_before(self, notice: Notice) -> Decimal | None:
        person = self.plan.persons.get(notice.personnel_number)
        return _pay_on(person.before, notice.effective) if person else None

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


_OUTCOMES = {
    NoticeStatus.APPLIED: APPLY,
    NoticeStatus.NEEDS_CLERK: CLERK,
    NoticeStatus.REFUSED: FAILED,
    NoticeStatus.WITHDRAWN: NONE,
}


def _explain(
    severity: Severity, code: NoticeCode | Ineligibility, notice: Notice, reading: Reading
) -> Finding:
    """A code with the cell it is about."""
    field = _FIELDS.get(code, "")
    if not field or notice.row is None:
        return Finding(severity, code.value)
    value = reading.cells(notice.row).get(field, "")
    return Finding(severity, code.value, reading.columns.heading(field), value)


_FIELDS: dict[NoticeCode | Ineligibility, str] = {
    Ineligibility.TOO_YOUNG: "birth_date",
    Ineligibility.OVER_AGE: "birth_date",
    NoticeCode.BIRTH_DATE_IN_FUTURE: "birth_date",
    Ineligibility.MARGINAL_EMPLOYMENT: "employment",
    Ineligibility.NOT_EMPLOYED: "employment",
    Ineligibility.PROFESSIONAL_SOLDIER: "occupation",
    Ineligibility.PROFESSIONAL_FIREFIGHTER: "occupation",
    Ineligibility.PROFESSIONAL_DIVER: "occupation",
}


def _pay_on(covers: tuple[Cover, ...], day: date) -> Decimal | None:
    for cover in covers:
        for pay in cover.pays:
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


def _find_mass_leave(upload: Upload, reading: Reading, rows: list[DraftRow]) -> list[Problem]:
    """More than ten people and more than a fifth of the insured leave at once."""
    kinds = Counter(
        row.notice.kind for row in rows if row.notice and row.outcome in (APPLY, CLERK, FAILED)
    )
    leavers = sum(kinds[kind] for kind in _LEAVES)
    if leavers <= FEW_LEAVERS:
        return []
    insured = reading.insured
    if insured is None:
        day = upload.effective or upload.received_at.date()
        insured = Membership.objects.filter(
            contract_id=upload.contract_id, period__contains=day
        ).count()
    if leavers * 5 <= insured:
        return []
    return [Problem("MASS_LEAVE", params={"leavers": str(leavers), "insured": str(insured)})]
