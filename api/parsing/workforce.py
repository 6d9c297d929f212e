"""The complete payroll of a day as programs send it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from api.facts import Fault
from api.parsing.envelope import read_list
from api.parsing.fields import (
    Field,
    Reader,
    UnableToReadField,
    amount,
    choice,
    day,
    personnel_number,
    text,
)
from members.facts import Employment
from members.parsing.cell_cache import clean
from members.parsing.cells import (
    OLDEST_YEARS,
    UnableToReadCell,
    parse_name,
    parse_occupation,
)
from members.parsing.row_values import PayrollEntry

MOST_PEOPLE: Final = 100_000
LONGEST_NAME: Final = 70


def _name(name: str, help_text: str, example: str) -> Field:
    plain = text(name, help_text, longest=LONGEST_NAME, required=True, example=example)
    return replace(plain, read=_with_rules_of_files(plain.read, parse_name))


def _with_rules_of_files(
    read: Callable[[Any], str], parse: Callable[[str], str]
) -> Callable[[Any], str]:
    """What is read in a file as a cell is read here in the same way, so that both are one."""

    def read_as_cell(value: Any) -> str:
        found = read(value)
        if not found:
            raise UnableToReadField("EMPTY")
        try:
            return parse(clean(found))
        except UnableToReadCell as error:
            raise UnableToReadField(error.code, **error.params) from None

    return read_as_cell


PERSON_FIELDS: Final[tuple[Field, ...]] = (
    personnel_number("Your personnel number of the person."),
    _name("first_name", "First name.", "Anna"),
    _name("last_name", "Last name.", "Probst"),
    day("birth_date", "Day of birth.", required=True, example="1990-05-17"),
    amount("pay", "Monthly gross pay in EUR.", required=True),
    choice(
        "employment",
        "How the person is employed; regular unless said.",
        [employment.value for employment in Employment],
    ),
    text("occupation", "Some occupations cannot be insured.", longest=70),
    text("health_insurance", "statutory or private, where it is known.", longest=20),
    day("entry_date", "First day of employment, where it is known.", example="2026-12-01"),
    day("exit_date", "Last day of employment, where it is known.", example="2026-12-31"),
    text("reference", "Your own key of this entry; it is told back.", longest=70),
)
CONTRACT: Final = text(
    "contract",
    "Number or id of the contract; may be left out where there is only one.",
    longest=36,
    example="BAU-100001",
)
AS_OF: Final = day("as_of", "The day that the payroll holds for.")
ENVELOPE_FIELDS: Final = (CONTRACT, AS_OF)
_READER: Final = Reader(PERSON_FIELDS)
_FIELDS: Final = {field.name: field for field in PERSON_FIELDS}


@dataclass(frozen=True, slots=True)
class Envelope:
    """What stands around the people; `contract` "" and `as_of` None where nothing is said."""

    contract: str
    as_of: date | None
    people: list[Any]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Somebody who cannot be read; `number` "" where not even that is readable."""

    number: str
    faults: tuple[Fault, ...]


def read_envelope(body: Any) -> Envelope:
    """The people, each still as it was sent. Raises Problem (422)."""
    found, people = read_list(body, "people", ENVELOPE_FIELDS, most=MOST_PEOPLE)
    return Envelope(found.get("contract", ""), found.get("as_of"), people)


def read_person(person: Any, place: int, received: date) -> PayrollEntry | Unreadable:
    """Somebody of the payroll; `place` counts from 0, `received` is the local day of receipt."""
    found, faults = _READER.read(person, f"people/{place}")
    born = found.get("birth_date")
    if born is not None and (code := _find_wrong_birth(born, received)):
        faults.append(Fault(code, f"people/{place}/birth_date"))
    if faults:
        return Unreadable(found.get("personnel_number", ""), tuple(faults))
    occupation = found.get("occupation", "")
    return PayrollEntry(
        row=place + 1,
        personnel_number=found["personnel_number"],
        first_name=found["first_name"],
        last_name=found["last_name"],
        birth_date=found["birth_date"],
        pay=found["pay"],
        employment=found.get("employment", Employment.REGULAR),
        occupation=parse_occupation(occupation) if occupation else "",
        health_insurance=found.get("health_insurance", ""),
        entry_date=found.get("entry_date"),
        exit_date=found.get("exit_date"),
    )


def _find_wrong_birth(born: date, received: date) -> str:
    """As in files: nobody is born later than today, or more than 120 years ago."""
    if born > received:
        return "BIRTH_DATE_IN_FUTURE"
    return "BIRTH_DATE_TOO_OLD" if born.year < received.year - OLDEST_YEARS else ""


def is_readable(name: str, value: Any) -> bool:
    """Whether a value may stand in a field of a person."""
    try:
        _FIELDS[name].read(value)
    except UnableToReadField:
        return False
    return True


def read_reference(person: Any) -> str:
    """The sender's key of somebody, "" without a readable one."""
    value = person.get("reference") if type(person) is dict else None
    return value.strip() if value and is_readable("reference", value) else ""
