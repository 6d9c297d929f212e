"""Files of notices: what is read is right, the rest is refused where it stands."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from members.facts import Employment, NoticeKind
from members.parsing.notice_file import Defaults, parse_notices, parse_payroll
from members.parsing.table import Problem, UnableToReadTable

DEFAULTS = Defaults(received_at=datetime(2026, 11, 21, 12, tzinfo=UTC), effective=date(2026, 12, 1))
HEAD = "Personalnummer;Nachname;Vorname;Geburtsdatum;Bruttoentgelt"
ROW = "17;Müller;Zoë;24.12.1990;2.400,00"


def problems_of(content: bytes | str) -> list[Problem]:
    data = content.encode() if isinstance(content, str) else content
    with pytest.raises(UnableToReadTable) as caught:
        parse_notices(data, defaults=DEFAULTS)
    return caught.value.problems


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_encodings_line_ends_and_delimiters(encoding: str, newline: str, delimiter: str) -> None:
    text = newline.join([HEAD, ROW, ""]).replace(";", delimiter)
    (found,) = parse_notices(text.encode(encoding), defaults=DEFAULTS)
    assert (found.last_name, found.first_name) == ("Müller", "Zoë")
    assert (found.pay, found.birth_date) == (Decimal("2400.00"), date(1990, 12, 24))
    assert (found.kind, found.effective, found.row) == (NoticeKind.JOIN, date(2026, 12, 1), 2)


def test_commas_with_quoted_cells_and_other_headings() -> None:
    text = 'PNR,Familienname,Rufname,geboren am,Gehalt\r\n17,"Weiß, von",Jörg,1990-12-24,"2.400,00"'
    (found,) = parse_notices(text.encode(), defaults=DEFAULTS)
    assert (found.last_name, found.pay) == ("Weiß, von", Decimal("2400.00"))


def test_kinds_dates_and_words() -> None:
    text = (
        "Meldung;Personalnummer;Wirksam ab;Bruttoentgelt;Grund\n"
        "Gehaltsänderung;17;1.3.2027;2500 €;\n\n"
        "AUSTRITT;18;2027-02-28;;Rente\n"
    )
    change, leave = parse_notices(text.encode(), defaults=DEFAULTS)
    assert (change.kind, change.pay, change.row) == (NoticeKind.PAY_CHANGE, Decimal("2500.00"), 2)
    assert (leave.kind, leave.effective, leave.row) == (NoticeKind.LEAVE, date(2027, 2, 28), 4)
    assert leave.reason == "RETIREMENT_AGE"


@pytest.mark.parametrize(
    ("cell", "column", "value", "code"),
    [
        ("17;Müller;Zoë;30.02.1990;2400", "Geburtsdatum", "30.02.1990", "NO_SUCH_DAY"),
        ("17;Müller;Zoë;24.12.15;2400", "Geburtsdatum", "24.12.15", "TWO_DIGIT_YEAR"),
        ("17;Müller;Zoë;24. Dez. 1990;2400", "Geburtsdatum", "24. Dez. 1990", "NO_DATE"),
        ("17;Müller;Zoë;24.12.2026;2400", "Geburtsdatum", "24.12.2026", "BIRTH_DATE_IN_FUTURE"),
        ("17;Müller;Zoë;24.12.1890;2400", "Geburtsdatum", "24.12.1890", "BIRTH_DATE_TOO_OLD"),
        ("17;Müller;Zoë;24.12.1990;zweitausend", "Bruttoentgelt", "zweitausend", "NO_AMOUNT"),
        ("17;Müller;Zoë;24.12.1990;", "Bruttoentgelt", "", "EMPTY_CELL"),
        ("17;;Zoë;24.12.1990;2400", "Nachname", "", "EMPTY_CELL"),
        ("17;=cmd();Zoë;24.12.1990;2400", "Nachname", "=cmd()", "NO_NAME"),
        (";Müller;Zoë;24.12.1990;2400", "Personalnummer", "", "EMPTY_CELL"),
        ("1 7 €;Müller;Zoë;24.12.1990;2400", "Personalnummer", "1 7 €", "NO_PERSONNEL_NUMBER"),
    ],
)
def test_a_bad_cell_is_named(cell: str, column: str, value: str, code: str) -> None:
    (problem,) = problems_of(f"{HEAD}\n{ROW}\n{cell}\n")
    assert (problem.row, problem.column, problem.value, problem.code) == (3, column, value, code)


def test_all_problems_of_a_file_come_together_in_order() -> None:
    text = f"{HEAD}\n1;A;B;31.04.1990;x\n{ROW}\n{ROW}\n"
    assert [(p.row, p.code) for p in problems_of(text)] == [
        (2, "NO_SUCH_DAY"),
        (2, "NO_AMOUNT"),
        (4, "PERSON_TWICE"),
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "EMPTY_FILE"),
        (b"\n\n", "EMPTY_FILE"),
        (HEAD.encode(), "NO_ROWS"),
        (b"Sehr geehrte Damen und Herren,\nanbei die Liste.\n", "NO_TABLE"),
        (b"%PDF-1.7 ...", "OTHER_FORMAT"),
        (b"PK\x03\x04 ...", "BROKEN_FILE"),
        (b"Personalnummer;Nachname\n1;\x00\n", "UNKNOWN_ENCODING"),
        (b"Personalnummer;Nachname\n1;M\x81ller\n", "UNKNOWN_ENCODING"),
        (b"\xff\xfeP\x00e", "UNKNOWN_ENCODING"),
        (f'{HEAD}\n17;"Müller;Zoë;24.12.1990;2400\n'.encode(), "BROKEN_QUOTES"),
        (f"{HEAD}\n17;Müller;Zoë;24.12.1990;2400;zu;viel\n".encode(), "TOO_MANY_CELLS"),
        (f"{HEAD};Gehalt\n{ROW};2400\n".encode(), "COLUMN_TWICE"),
        (f"{HEAD}\n17;{'M' * 501};Zoë;24.12.1990;2400\n".encode(), "CELL_TOO_LONG"),
    ],
)
def test_what_is_no_such_table(content: bytes, code: str) -> None:
    assert [problem.code for problem in problems_of(content)] == [code]


def test_missing_columns_are_named_with_those_found() -> None:
    problems = problems_of("Personalnummer;Name\n1;Müller\n")
    assert {problem.column for problem in problems} == {"Vorname", "Geburtsdatum", "Bruttoentgelt"}
    assert all(problem.params["found"] == "Personalnummer, Name" for problem in problems)


def test_a_payroll_needs_only_pay() -> None:
    rows = parse_payroll("Gehalt;Beschäftigung\n2.400,00;Minijob\n3000;\n".encode())
    assert [(row.pay, row.employment) for row in rows] == [
        (Decimal("2400.00"), Employment.MARGINAL),
        (Decimal("3000.00"), Employment.REGULAR),
    ]
