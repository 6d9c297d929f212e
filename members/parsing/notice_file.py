"""A file of notices or a payroll: every row becomes a Notice or named problems."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from aupolicy.kernel.money import UnableToReadAmount, parse_amount
from members.facts import Employment, EndReason, Notice, NoticeKind
from members.parsing.table import Problem, Row, Table, UnableToReadTable, plain, read_table

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "personnel_number": ("Personalnummer", "Personal-Nr.", "Pers.-Nr.", "PNR", "Employee number"),
    "last_name": ("Nachname", "Name", "Familienname", "Surname"),
    "first_name": ("Vorname", "Rufname", "Given name"),
    "birth_date": ("Geburtsdatum", "Geburtstag", "geboren am", "Date of birth"),
    "kind": ("Meldung", "Meldeart", "Art der Meldung", "Notice"),
    "effective": ("Wirksam ab", "wirksam", "Gültig ab", "Eintritt", "Stichtag", "Effective date"),
    "pay": (
        "Bruttoentgelt",
        "Bruttogehalt",
        "Monatsbrutto",
        "Brutto",
        "Gehalt",
        "Entgelt",
        "Bemessungsentgelt",
        "Gross pay",
        "Salary",
    ),
    "employment": ("Beschäftigungsart", "Beschäftigung", "Employment type"),
    "occupation": ("Tätigkeit", "Beruf"),
    "health_insurance": ("Krankenversicherung", "Health insurance"),
    "reason": ("Grund", "Abgangsgrund"),
    "reference": ("Referenz", "Ihre Referenz"),
}
KIND_WORDS: Mapping[NoticeKind, tuple[str, ...]] = {
    NoticeKind.JOIN: ("Zugang", "Eintritt", "Join"),
    NoticeKind.LEAVE: ("Abgang", "Austritt", "Leave"),
    NoticeKind.PAY_CHANGE: ("Gehaltsänderung", "Entgeltänderung", "Pay change"),
    NoticeKind.PARENTAL_LEAVE: ("Elternzeit", "Parental leave"),
    NoticeKind.RETURN: ("Rückkehr", "Wiederkehr", "Return"),
    NoticeKind.DEATH: ("Todesfall", "Tod", "Death"),
}
EMPLOYMENT_WORDS: Mapping[Employment, tuple[str, ...]] = {
    Employment.REGULAR: (
        "Arbeitnehmer",
        "Angestellt",
        "Angestellte",
        "Angestellter",
        "Arbeiter",
        "Vollzeit",
        "Teilzeit",
        "versicherungspflichtig",
    ),
    Employment.TRAINEE: ("Auszubildende", "Auszubildender", "Azubi", "Ausbildung"),
    Employment.MARGINAL: ("Minijob", "geringfügig", "geringfügig beschäftigt", "kurzfristig"),
    Employment.DIRECTOR: ("Geschäftsführer", "Geschäftsführerin", "Geschäftsführung"),
    Employment.OWNER: ("Inhaber", "Inhaberin"),
}
REASON_WORDS: Mapping[EndReason, tuple[str, ...]] = {
    EndReason.EMPLOYMENT_ENDED: ("Arbeitsverhältnis beendet", "Kündigung", "Austritt"),
    EndReason.DEATH: ("Tod", "Todesfall", "verstorben"),
    EndReason.PARENTAL_LEAVE: ("Elternzeit",),
    EndReason.RETIREMENT_AGE: ("Rente", "Renteneintritt", "Regelaltersgrenze"),
    EndReason.OTHER: ("Sonstiges", "anderer Grund"),
}
_OCCUPATIONS = {
    "berufssoldat": "professional_soldier",
    "berufssoldatin": "professional_soldier",
    "berufsfeuerwehrmann": "professional_firefighter",
    "berufsfeuerwehrfrau": "professional_firefighter",
    "berufstaucher": "professional_diver",
    "berufstaucherin": "professional_diver",
}
_GERMAN_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_PERSONNEL_NUMBER = re.compile(r"[\w./-]{1,20}")
_LONGEST_NAME = 70

Value = TypeVar("Value")


class _Unreadable(ValueError):
    """A cell that does not fit; `code` and `params` say what is allowed."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds for rows that do not say it themselves."""

    received_at: datetime
    effective: date | None = None
    kind: NoticeKind = NoticeKind.JOIN


def parse_notices(content: bytes, *, defaults: Defaults) -> list[Notice]:
    """Read a file of notices. Without a column for the kind every row is a joining.

    Raises UnableToReadTable with every problem of the whole file.
    """
    table = read_table(content, synonyms=COLUMNS)
    required = ["personnel_number"]
    if "kind" not in table.headings:
        required += ["last_name", "first_name", "birth_date", "pay"]
    if defaults.effective is None:
        required.append("effective")
    _require(table, required)
    reader = _Reader(table)
    notices = [reader.notice(row, defaults) for row in table.rows]
    complete = [notice for notice in notices if notice is not None]
    problems = [*reader.problems, *_people_twice(complete, table)]
    if problems:
        raise UnableToReadTable(sorted(problems, key=lambda problem: problem.row or 0))
    return complete


@dataclass(frozen=True, slots=True)
class PayrollRow:
    """One person of a payroll that is to be priced; `birth_date` None where it is not told."""

    row: int
    pay: Decimal
    birth_date: date | None
    employment: Employment
    occupation: str


def parse_payroll(content: bytes) -> list[PayrollRow]:
    """Read a payroll for a quote: only the pay is needed. Raises UnableToReadTable."""
    table = read_table(content, synonyms=COLUMNS)
    _require(table, ["pay"])
    reader = _Reader(table)
    rows = []
    for row in table.rows:
        pay = reader.read(row, "pay", parse_pay)
        birth_date = reader.read_optional(row, "birth_date", parse_day)
        employment = reader.read_optional(row, "employment", _parse_employment)
        if pay is not None:
            kind = employment or Employment.REGULAR
            occupation = _parse_occupation(row.get("occupation"))
            rows.append(PayrollRow(row.number, pay, birth_date, kind, occupation))
    if reader.problems:
        raise UnableToReadTable(reader.problems)
    return rows


def _require(table: Table, names: list[str]) -> None:
    missing = [name for name in names if name not in table.headings]
    if missing:
        found = ", ".join(table.headings.values())
        raise UnableToReadTable(
            [
                Problem("MISSING_COLUMN", row=1, column=COLUMNS[name][0], params={"found": found})
                for name in missing
            ]
        )


class _Reader:
    """Reads cells and collects what does not fit."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.problems: list[Problem] = []

    def read(self, row: Row, name: str, parse: Callable[[str], Value]) -> Value | None:
        """The cell's value; None, with the problem noted, where it is empty or does not fit."""
        text, heading = row.get(name), self.table.heading(name)
        if not text:
            self.problems.append(Problem("EMPTY_CELL", row.number, heading))
            return None
        try:
            return parse(text)
        except _Unreadable as error:
            self.problems.append(Problem(error.code, row.number, heading, text, error.params))
            return None

    def read_optional(self, row: Row, name: str, parse: Callable[[str], Value]) -> Value | None:
        """As `read`, but an empty cell is no problem."""
        return self.read(row, name, parse) if row.get(name) else None

    def notice(self, row: Row, defaults: Defaults) -> Notice | None:
        """The row as a notice; None, with the problems noted, where something does not fit."""
        before = len(self.problems)
        kind = self.read_optional(row, "kind", _parse_kind) or defaults.kind
        required = self.read if kind is NoticeKind.JOIN else self.read_optional
        pay_required = self.read if kind in _NEEDS_PAY else self.read_optional
        day_required = self.read if defaults.effective is None else self.read_optional
        received = defaults.received_at.date()
        number = self.read(row, "personnel_number", _parse_personnel_number)
        last_name = required(row, "last_name", _parse_name)
        first_name = required(row, "first_name", _parse_name)
        birth_date = required(row, "birth_date", lambda text: _parse_birth_date(text, received))
        effective = day_required(row, "effective", parse_day) or defaults.effective
        pay = pay_required(row, "pay", parse_pay)
        employment = self.read_optional(row, "employment", _parse_employment)
        reason = self.read_optional(row, "reason", _parse_reason)
        if len(self.problems) > before or number is None or effective is None:
            return None
        return Notice(
            kind=kind,
            personnel_number=number,
            effective=effective,
            received_at=defaults.received_at,
            pay=pay,
            reason=reason,
            first_name=first_name or "",
            last_name=last_name or "",
            birth_date=birth_date,
            employment=employment or Employment.REGULAR,
            occupation=_parse_occupation(row.get("occupation")),
            health_insurance=row.get("health_insurance")[:20],
            reference=row.get("reference")[:70],
            row=row.number,
        )


_NEEDS_PAY = frozenset({NoticeKind.JOIN, NoticeKind.PAY_CHANGE})


def parse_day(text: str) -> date:
    """Read a day as 31.12.2026 or 2026-12-31."""
    match = _GERMAN_DATE.fullmatch(text)
    try:
        if match:
            return date(int(match[3]), int(match[2]), int(match[1]))
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return date.fromisoformat(text)
    except ValueError:
        raise _Unreadable("NO_SUCH_DAY") from None
    raise _Unreadable("NO_DATE")


def _parse_birth_date(text: str, received: date) -> date:
    day = parse_day(text)
    if day > received:
        raise _Unreadable("BIRTH_DATE_IN_FUTURE")
    if day.year < received.year - 120:
        raise _Unreadable("BIRTH_DATE_TOO_OLD")
    return day


def parse_pay(text: str) -> Decimal:
    """Read a monthly gross pay in EUR."""
    try:
        return parse_amount(text)
    except UnableToReadAmount:
        raise _Unreadable("NO_AMOUNT") from None


def _parse_personnel_number(text: str) -> str:
    if not _PERSONNEL_NUMBER.fullmatch(text):
        raise _Unreadable("NO_PERSONNEL_NUMBER")
    return text


def _parse_name(text: str) -> str:
    if len(text) > _LONGEST_NAME:
        raise _Unreadable("NAME_TOO_LONG", most=str(_LONGEST_NAME))
    if not any(character.isalpha() for character in text) or any(c in "=<>\n" for c in text):
        raise _Unreadable("NO_NAME")
    return text


def _parse_kind(text: str) -> NoticeKind:
    return _find_word(text, KIND_WORDS, "UNKNOWN_KIND")


def _parse_employment(text: str) -> Employment:
    return _find_word(text, EMPLOYMENT_WORDS, "UNKNOWN_EMPLOYMENT")


def _parse_reason(text: str) -> EndReason:
    return _find_word(text, REASON_WORDS, "UNKNOWN_REASON")


def _find_word(text: str, words: Mapping[Value, tuple[str, ...]], code: str) -> Value:
    for value, names in words.items():
        if plain(text) in {plain(name) for name in (str(value), *names)}:
            return value
    raise _Unreadable(code, allowed=", ".join(names[0] for names in words.values()))


def _parse_occupation(text: str) -> str:
    return _OCCUPATIONS.get(plain(text), text[:_LONGEST_NAME])


def _people_twice(notices: list[Notice], table: Table) -> list[Problem]:
    """Rows that report the same thing for the same person as an earlier row."""
    seen: dict[tuple[str, NoticeKind, date], int] = {}
    problems = []
    for notice in notices:
        key = (notice.personnel_number, notice.kind, notice.effective)
        if key in seen:
            column, params = table.heading("personnel_number"), {"first": str(seen[key])}
            problems.append(
                Problem("PERSON_TWICE", notice.row, column, notice.personnel_number, params)
            )
        seen.setdefault(key, notice.row or 0)
    return problems
