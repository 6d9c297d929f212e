"""A complete payroll against who is insured on its day: joiners, leavers and other changes."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from aupolicy.facts import Parameters
from aupolicy.kernel.month import Month
from aupolicy.kernel.period import ONE_DAY
from aupolicy.models import GroupContract
from members.facts import EndReason, Finding, Ineligibility, Notice, NoticeKind, Severity
from members.parsing.row_values import PayrollEntry
from members.queries.notices import retirement_steps
from members.rules import DayTerms, find_faults, is_too_far_ahead


@dataclass(frozen=True, slots=True)
class ListDay:
    """The day a payroll holds for, and what the contract settles; `received` is the local day."""

    effective: date
    received_at: datetime
    received: date
    terms: DayTerms

    @property
    def parameters(self) -> Parameters:
        """What the tariff settles on the day."""
        return self.terms.parameters

    @property
    def contract_start(self) -> date:
        """The first day anybody can be insured."""
        return self.terms.contract.first_day

    @property
    def earliest_join(self) -> date:
        """The first day a joining may still be reported for."""
        limit = Month.of(self.received).plus(-self.parameters.retro_months).first_day
        return max(limit, self.contract_start)

    @property
    def insurable(self) -> frozenset[str]:
        """The kinds of employment that can be insured under the contract."""
        agreed = self.parameters.insurable_by_agreement if self.terms.co_insures_directors else ()
        return self.parameters.insurable_employment.union(agreed)


class OnRecord(NamedTuple):
    """A person on record. `pay` (EUR a month) None: not insured on the day of the list.

    `last_day` ends the cover of that day. Of people not insured then `next_day` begins a later
    cover, `ended` is the last day of the latest earlier one and `end_reason` why.
    """

    personnel_number: str
    first_name: str
    last_name: str
    birth_date: date
    pay: Decimal | None
    last_day: date | None = None
    next_day: date | None = None
    ended: date | None = None
    end_reason: str = ""


class Difference(NamedTuple):
    """What the payroll says otherwise about one person; `row` None: not in it any more."""

    row: int | None
    personnel_number: str
    name: str
    notices: tuple[Notice, ...] = ()
    findings: tuple[Finding, ...] = ()


_INSURED = """
SELECT p.personnel_number, p.first_name, p.last_name, p.birth_date, i.amount, upper(m.period) - 1
FROM members_membership m
JOIN members_person p ON p.id = m.person_id
JOIN members_insuredpay i ON i.membership_id = m.id AND i.period @> %(day)s::date
WHERE m.contract_id = %(contract)s AND m.period @> %(day)s::date
"""
_OTHERS = """
SELECT p.personnel_number, p.first_name, p.last_name, p.birth_date, NULL, NULL,
       MIN(lower(m.period)) FILTER (WHERE lower(m.period) > %(day)s),
       MAX(upper(m.period) - 1) FILTER (WHERE upper(m.period) <= %(day)s),
       COALESCE((ARRAY_AGG(m.end_reason ORDER BY upper(m.period) DESC)
           FILTER (WHERE upper(m.period) <= %(day)s))[1], '')
FROM members_membership m JOIN members_person p ON p.id = m.person_id
WHERE m.contract_id = %(contract)s AND m.period IS NOT NULL {some}
GROUP BY p.id HAVING NOT BOOL_OR(m.period @> %(day)s::date)
"""
# With the employer, so that the people are looked up and not gathered.
_SOME = " AND p.employer_id = %(employer)s AND p.personnel_number = ANY(%(numbers)s)"


def list_on_record(
    contract: GroupContract, day: date, numbers: Collection[str] | None = None
) -> dict[str, OnRecord]:
    """Everybody ever insured under a contract, by personnel number, as of a day.

    With `numbers` only these people.
    """
    parameters: dict[str, Any] = {"contract": contract.pk, "day": day}
    some = ""
    if numbers is not None:
        some = _SOME
        parameters |= {"numbers": list(numbers), "employer": contract.employer_id}
    with connection.cursor() as cursor:
        cursor.execute(_INSURED + some, parameters)
        found = {row[0]: OnRecord(*row) for row in cursor}
        cursor.execute(_OTHERS.format(some=some), parameters)
        found.update((row[0], OnRecord(*row)) for row in cursor)
    return found


def compare_payroll(
    entries: Iterable[PayrollEntry],
    on_record: Mapping[str, OnRecord],
    day: ListDay,
    *,
    unread: Iterable[str] = (),
) -> Iterator[Difference]:
    """Everybody about whom the payroll says something new, in its order; then who is missing.

    Whoever is insured and not in the list has left the day before. Nothing is said about people
    with whom all is as it was. `unread` are the personnel numbers of rows that could not be read:
    these people are not missing. A row whose number cannot be read (an empty one in `unread`)
    may be anybody, so nobody can be said to be missing then. `unread` is looked at after the last
    entry, so it may fill while they are read.
    """
    present: set[str] = set()
    insurable = day.insurable
    for entry in entries:
        number = entry.personnel_number
        present.add(number)
        person = on_record.get(number)
        if person is None or person.pay is None:
            found = _join(entry, person, day)
        elif _is_as_before(entry, person) and entry.employment in insurable:
            continue
        else:
            found = _change(entry, person, day)
        if found.notices or found.findings:
            yield found
    present.update(unread)
    for number, person in on_record.items():
        if person.pay is not None and number not in present:
            yield _missing(person, day, is_certain="" not in present)


def _missing(person: OnRecord, day: ListDay, *, is_certain: bool) -> Difference:
    """Somebody insured who is not in the list."""
    name = f"{person.last_name}, {person.first_name}"
    finding = _warning("LEAVE_WITHOUT_DAY")
    if not is_certain:
        finding = Finding(Severity.ERROR, "MAYBE_UNREAD")
    leave = _leave(person, day, EndReason.EMPLOYMENT_ENDED)
    return Difference(None, person.personnel_number, name, (leave,), (finding,))


def _is_as_before(entry: PayrollEntry, person: OnRecord) -> bool:
    return (
        entry.pay == person.pay
        and entry.last_name == person.last_name
        and entry.first_name == person.first_name
        and entry.birth_date == person.birth_date
        and (entry.exit_date is None or entry.exit_date == person.last_day)
    )


def _join(entry: PayrollEntry, person: OnRecord | None, day: ListDay) -> Difference:
    """Somebody in the list who is not insured on its day."""
    nothing = _nothing(entry)
    if entry.exit_date is not None and entry.exit_date < day.effective:
        return nothing
    if person is not None and person.next_day is not None:
        return nothing
    first_day, findings = _join_day(entry, person, day)
    joining = _notice(entry, NoticeKind.JOIN, first_day, day)
    obstacles = _find_obstacles(entry, person, joining, day)
    if obstacles:
        return nothing._replace(findings=obstacles)
    if _was_on_leave(person):
        joining = _notice(entry, NoticeKind.RETURN, first_day, day)
    leaves, notes = _exit(entry, None, day)
    return nothing._replace(notices=(joining, *leaves), findings=(*findings, *notes))


def _was_on_leave(person: OnRecord | None) -> bool:
    return person is not None and person.end_reason == EndReason.PARENTAL_LEAVE


def _find_obstacles(
    entry: PayrollEntry, person: OnRecord | None, joining: Notice, day: ListDay
) -> tuple[Finding, ...]:
    """Why somebody in the payroll is not reported as joining: nobody could insure them, say."""
    if person is not None and _is_somebody_else(entry, person):
        return (_somebody_else(person),)
    if _was_on_leave(person) and not entry.pay:
        return (_note("ON_PARENTAL_LEAVE"),)
    faults = find_faults(joining, received=day.received, terms=day.terms, steps=retirement_steps())
    reasons = tuple(_note(code.value) for code in faults if isinstance(code, Ineligibility))
    if not reasons and _is_later(joining, day):
        return (_note("ENTRY_FAR_AHEAD", day=joining.effective),)
    return reasons


def _join_day(
    entry: PayrollEntry, person: OnRecord | None, day: ListDay
) -> tuple[date, tuple[Finding, ...]]:
    """The day of entry while it may still be reported, else the day of the list."""
    entered = entry.entry_date
    if entered is None or (person and person.ended and entered <= person.ended):
        return day.effective, ()
    entered = max(entered, day.contract_start)
    if entered >= min(day.earliest_join, day.effective):
        return entered, ()
    return day.effective, (_warning("ENTRY_LONG_AGO", day=entry.entry_date),)


def _change(entry: PayrollEntry, person: OnRecord, day: ListDay) -> Difference:
    """Somebody insured about whom something is otherwise."""
    nothing = _nothing(entry)
    if _is_somebody_else(entry, person):
        return nothing._replace(findings=(_somebody_else(person),))
    if entry.employment not in day.insurable:
        leave = _leave(person, day, EndReason.OTHER, entry.row)
        code = "MARGINAL_NOW" if entry.employment == "marginal" else "NOT_INSURABLE_NOW"
        return nothing._replace(notices=(leave,), findings=(_warning(code),))
    findings: list[Finding] = []
    if entry.birth_date != person.birth_date:
        findings.append(_warning("BIRTH_DATE_DIFFERS", day=person.birth_date))
    notices: list[Notice] = []
    is_gone = entry.exit_date is not None and entry.exit_date < day.effective
    if entry.pay != person.pay and not is_gone:
        notices.append(_notice(entry, NoticeKind.PAY_CHANGE, day.effective, day))
    if not _is_same_name(entry, person):
        notices.append(_notice(entry, NoticeKind.NAME_CHANGE, day.effective, day))
    leaves, notes = _exit(entry, person, day)
    return nothing._replace(notices=(*notices, *leaves), findings=(*findings, *notes))


def _exit(
    entry: PayrollEntry, person: OnRecord | None, day: ListDay
) -> tuple[tuple[Notice, ...], tuple[Finding, ...]]:
    """The leaving that the list announces, unless cover ends by then anyway."""
    last_day = entry.exit_date
    ends = person.last_day if person else None
    if last_day is None or (ends is not None and ends <= last_day):
        return (), ()
    leave = _notice(entry, NoticeKind.LEAVE, last_day, day)
    if _is_later(leave, day):
        return (), (_note("EXIT_FAR_AHEAD", day=last_day),)
    return (leave,), ()


def _is_later(notice: Notice, day: ListDay) -> bool:
    """Whether it is too early to report this; a later list will say it again."""
    return is_too_far_ahead(notice, day.received, day.parameters.ahead_months)


def _notice(entry: PayrollEntry, kind: NoticeKind, effective: date, day: ListDay) -> Notice:
    names = kind in {NoticeKind.JOIN, NoticeKind.NAME_CHANGE}
    joins = kind is NoticeKind.JOIN
    pays = kind in {NoticeKind.JOIN, NoticeKind.RETURN, NoticeKind.PAY_CHANGE}
    return Notice(
        kind=kind,
        personnel_number=entry.personnel_number,
        effective=effective,
        received_at=day.received_at,
        pay=entry.pay if pays else None,
        reason=EndReason.EMPLOYMENT_ENDED if kind is NoticeKind.LEAVE else None,
        first_name=entry.first_name if names else "",
        last_name=entry.last_name if names else "",
        birth_date=entry.birth_date if joins else None,
        employment=entry.employment,
        occupation=entry.occupation if joins else "",
        health_insurance=entry.health_insurance if joins else "",
        row=entry.row,
    )


def _leave(person: OnRecord, day: ListDay, reason: EndReason, row: int | None = None) -> Notice:
    return Notice(
        kind=NoticeKind.LEAVE,
        personnel_number=person.personnel_number,
        effective=day.effective - ONE_DAY,
        received_at=day.received_at,
        reason=reason,
        row=row,
    )


def _nothing(entry: PayrollEntry) -> Difference:
    name = f"{entry.last_name}, {entry.first_name}"
    return Difference(entry.row, entry.personnel_number, name)


def _is_same_name(entry: PayrollEntry, person: OnRecord) -> bool:
    """Payroll programs print names in capitals, and some know no ß: that is no new name."""
    said = entry.last_name.casefold(), entry.first_name.casefold()
    return said == (person.last_name.casefold(), person.first_name.casefold())


def _is_somebody_else(entry: PayrollEntry, person: OnRecord) -> bool:
    """A name changes, a birth date may be mistyped; both together are another person."""
    return (
        entry.birth_date != person.birth_date
        and entry.last_name.casefold() != person.last_name.casefold()
    )


def _somebody_else(person: OnRecord) -> Finding:
    params = {"name": f"{person.last_name}, {person.first_name}"}
    return Finding(Severity.ERROR, "OTHER_PERSON", params=params)


def _warning(code: str, *, day: date | None = None) -> Finding:
    return Finding(Severity.WARNING, code, params={"day": day.isoformat()} if day else {})


def _note(code: str, *, day: date | None = None) -> Finding:
    return Finding(Severity.NOTE, code, params={"day": day.isoformat()} if day else {})
