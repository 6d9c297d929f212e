"""A complete payroll that a program sends, against who is insured on its day.

Most people are as they were. They are told apart by the texts that were sent alone: the database
writes what it knows of everybody as one text a person, and whoever's sent values make the same
text needs no further look. Only the others are read and compared as `compare_payroll` does.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from typing import Any, NamedTuple, Protocol

from django.db import connection

from aupolicy.models import GroupContract
from members.facts import Code, Employment, Finding, Notice, Plan, Severity
from members.models import Membership
from members.parsing.problems import Problem
from members.parsing.row_values import PayrollEntry
from members.queries.draft_rows import (
    FIELD_OF_CODE,
    NONE,
    Drafter,
    DraftRow,
    find_mass_leave,
    make_digest,
)
from members.queries.full_list import ListDay, compare_payroll, list_on_record
from members.queries.upload_reading import Said

# Between the texts of a person; it stands in no name.
SEPARATOR = "\x1f"
# What is compared, in the order in which the database writes it.
COMPARED = ("personnel_number", "first_name", "last_name", "birth_date", "pay")
_KNOWN = """
SELECT string_agg(concat_ws(E'\\x1f', p.personnel_number, p.first_name, p.last_name,
                            p.birth_date, i.amount), E'\\n')
FROM members_membership m
JOIN members_person p ON p.id = m.person_id
JOIN members_insuredpay i ON i.membership_id = m.id AND i.period @> %(day)s::date
WHERE m.contract_id = %(contract)s AND m.period @> %(day)s::date
"""
_ENDS = """
SELECT p.personnel_number, (upper(m.period) - 1)::text
FROM members_membership m JOIN members_person p ON p.id = m.person_id
WHERE m.contract_id = %(contract)s AND m.period @> %(day)s::date AND NOT upper_inf(m.period)
"""
# Equal to nothing that is sent.
_NEVER = object()


class PersonReader(Protocol):
    """Reads people as they were sent; a place counts from 0, the row of what is read from 1."""

    fields: Collection[str]

    def read(self, place: int, person: Any) -> PayrollEntry | Said:
        """The person, or what is wrong."""

    def is_readable(self, name: str, value: str) -> bool:
        """Whether a value may stand in a field."""

    def tell_twice(self, place: int, first: int, number: str) -> Said:
        """That a personnel number stands twice."""

    def find_place(self, row: int | None, name: str) -> str:
        """How the field of a row is called in what is told about it."""


class Compared(NamedTuple):
    """What is new in a payroll; `insured` are the people on record on its day."""

    said: list[Said]
    unchanged: int
    insured: int


@dataclass(frozen=True, slots=True)
class WorkforceDraft:
    """What a payroll would do; people missing in it come last, by personnel number."""

    rows: list[DraftRow]
    unchanged: int
    notes: list[Problem] = field(default_factory=list)

    def count(self, outcome: str) -> int:
        """How many rows have an outcome."""
        unchanged = self.unchanged if outcome == NONE else 0
        return unchanged + sum(row.outcome == outcome for row in self.rows)

    def digest(self) -> str:
        """The same for two drafts that would do the same."""
        return make_digest(self.rows)


def draft_workforce(
    contract: GroupContract,
    compared: Compared,
    reader: PersonReader,
    take: Callable[[Plan], object],
) -> WorkforceDraft:
    """Plan what is new; `take` gets the plan in parts, and may write them."""

    def explain(severity: Severity, code: Code, notice: Notice) -> Finding:
        place = reader.find_place(notice.row, FIELD_OF_CODE.get(code, ""))
        return Finding(severity, code.value, place)

    drafter = Drafter(contract, explain)
    drafter.hear(compared.said)
    drafter.plan(take)
    notes = find_mass_leave(drafter.rows, lambda: compared.insured)
    return WorkforceDraft(drafter.rows, compared.unchanged, notes)


def compare_workforce(
    people: Sequence[Any], *, contract: GroupContract, day: ListDay, reader: PersonReader
) -> Compared:
    """What a payroll says that is new: the same as reading everybody and `compare_payroll`."""
    left = _list_known(contract, day.effective)
    insured = len(left)
    odd = _find_odd(people, left, _Rest(contract, day, reader))
    twice = _find_twice(people)
    if twice:
        odd = sorted({*odd, *twice})
    found = _Odd(people, reader, twice)
    entries = list(found.read(odd))
    # Whoever is left was not seen as they were: the odd ones, and those who are missing.
    numbers = {line.partition(SEPARATOR)[0] for line in left}
    numbers.update(entry.personnel_number for entry in entries)
    on_record = list_on_record(contract, day.effective, numbers) if numbers else {}
    differences = compare_payroll(entries, on_record, day, unread=found.unread)
    said = [Said(d.row, d.personnel_number, d.name, d.notices, d.findings) for d in differences]
    said += found.failed
    told = sum(one.row is not None for one in said)
    said.sort(key=lambda one: (one.row is None, one.row or 0, "" if one.row else one.number))
    return Compared(said, len(people) - told, insured)


def count_insured(contract: GroupContract, day: date) -> int:
    """How many people are insured on a day."""
    return Membership.objects.filter(contract=contract, period__contains=day).count()


def _list_known(contract: GroupContract, day: date) -> set[str]:
    """Everybody insured on a day, each as one text."""
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, {"contract": contract.pk, "day": day})
        (text,) = cursor.fetchone()
    return set(text.split("\n")) if text else set()


def _find_odd(people: Sequence[Any], left: set[str], rest: "_Rest") -> list[int]:
    """The places of people who are not as on record; takes the others out of `left`."""
    if Employment.REGULAR not in rest.insurable:
        # Who says nothing of the employment is regular: then nobody is as before unseen.
        return list(range(len(people)))
    odd: list[int] = []
    pick, join, usual = itemgetter(*COMPARED), SEPARATOR.join, len(COMPARED)
    for place, person in enumerate(people):
        try:
            line = join(pick(person))
            if line in left and (len(person) == usual or rest.says_nothing_new(person)):
                left.remove(line)
                continue
        except (KeyError, TypeError):
            # Something is missing or no text: it is read field by field.
            pass
        odd.append(place)
    return odd


def _find_twice(people: Sequence[Any]) -> dict[int, int]:
    """Places whose personnel number stands earlier already -> where."""
    numbers = [person.get(COMPARED[0]) if type(person) is dict else None for person in people]
    texts = [number for number in numbers if type(number) is str]
    if len(set(texts)) == len(texts):
        return {}
    first: dict[str, int] = {}
    return {
        place: first[number]
        for place, number in enumerate(numbers)
        if type(number) is str and first.setdefault(number, place) != place
    }


# What differs from person to person, so that it is looked at one by one.
_OF_ONE = frozenset({"exit_date", "reference"})


class _Shape(NamedTuple):
    """People with the same further fields; `fine` are values of these that say nothing new."""

    names: tuple[str, ...]
    pick: Callable[[Any], Any]
    repeats: bool
    fine: set[Any]


class _Rest:
    """The further fields of somebody who is as on record: whether they change anything."""

    def __init__(self, contract: GroupContract, day: ListDay, reader: PersonReader) -> None:
        self.insurable = day.insurable
        self._contract, self._day, self._reader = contract, day.effective, reader
        self._readable: dict[str, set[str]] = {name: set() for name in reader.fields}
        self._of_shape: dict[tuple[str, ...], _Shape | None] = {}
        self._ends: Mapping[str, str] | None = None

    def says_nothing_new(self, person: Mapping[str, Any]) -> bool:
        """Whether all is known, readable, and leaves the cover as it is."""
        names = tuple(person)
        if names not in self._of_shape:
            self._of_shape[names] = self._sort(names)
        shape = self._of_shape[names]
        if shape is None:
            return False
        values = shape.pick(person)
        if values in shape.fine:
            return True
        if not all(self._fits(name, person) for name in shape.names):
            return False
        if shape.repeats:
            shape.fine.add(values)
        return True

    def _sort(self, names: tuple[str, ...]) -> "_Shape | None":
        """The further fields, None where one is unknown."""
        if any(name not in self._readable for name in names):
            return None
        further = tuple(name for name in names if name not in COMPARED)
        return _Shape(further, itemgetter(*further), _OF_ONE.isdisjoint(further), set())

    def _fits(self, name: str, person: Mapping[str, Any]) -> bool:
        value = person[name]
        if name == "exit_date":
            return bool(value == self._list_ends().get(person[COMPARED[0]], _NEVER))
        if name == "employment" and value not in self.insurable:
            return False
        known = self._readable[name]
        if value in known:
            return True
        if not self._reader.is_readable(name, value):
            return False
        known.add(value)
        return True

    def _list_ends(self) -> Mapping[str, str]:
        if self._ends is None:
            with connection.cursor() as cursor:
                cursor.execute(_ENDS, {"contract": self._contract.pk, "day": self._day})
                self._ends = dict(cursor.fetchall())
        return self._ends


class _Odd:
    """People who are read field by field, with those put aside who cannot be."""

    def __init__(
        self, people: Sequence[Any], reader: PersonReader, twice: Mapping[int, int]
    ) -> None:
        self._people, self._reader, self._twice = people, reader, twice
        self.failed: list[Said] = []
        self.unread: list[str] = []

    def read(self, places: Sequence[int]) -> Iterator[PayrollEntry]:
        """Those who can be read."""
        for place in places:
            found = self._read(place)
            if isinstance(found, Said):
                self.failed.append(found)
                self.unread.append(found.number)
            else:
                yield found

    def _read(self, place: int) -> PayrollEntry | Said:
        found = self._reader.read(place, self._people[place])
        first = self._twice.get(place)
        if first is None:
            return found
        number = found.number if isinstance(found, Said) else found.personnel_number
        twice = self._reader.tell_twice(place, first, number)
        if isinstance(found, Said):
            return found._replace(findings=(*found.findings, *twice.findings))
        return twice
