"""Rows one by one: good ones are kept beside bad ones, corrections replace cells."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from members.facts import NoticeKind, UploadKind
from members.parsing.headings import guess_mapping
from members.parsing.problems import UnableToReadTable
from members.parsing.row_values import (
    CheckedRow,
    Defaults,
    read_cells,
    read_payroll_rows,
    read_rows,
)
from members.parsing.table import read_table

RECEIVED = datetime(2026, 11, 21, 12, tzinfo=UTC)
DEFAULTS = Defaults(received_at=RECEIVED, effective=date(2026, 12, 1))
TEXT = (
    "Personalnummer;Nachname;Vorname;Geburtsdatum;Gehalt\n"
    "17;Müller;Zoë;24.12.1990;2400\n"
    "18;Weiß;;01.03.1985;viel\n"
)


def codes(row: CheckedRow[Any]) -> list[tuple[str, str]]:
    return [(problem.column, problem.code) for problem in row.problems]


@pytest.mark.parametrize("kind", list(UploadKind))
def test_a_bad_row_stops_no_other_and_can_be_put_right(kind: UploadKind) -> None:
    table = read_table(TEXT.encode())
    columns = guess_mapping(table.headings, kind=kind)
    read = read_rows if kind is UploadKind.CHANGES else read_payroll_rows
    good, bad = read(table, columns, defaults=DEFAULTS)
    assert (good.number, good.value is not None, good.problems) == (2, True, ())
    assert bad.value is None
    assert codes(bad) == [("Gehalt", "NO_AMOUNT"), ("Vorname", "EMPTY_CELL")]

    half = {3: {"pay": "3.100,00"}}
    assert codes(read(table, columns, defaults=DEFAULTS, corrections=half)[1]) == [
        ("Vorname", "EMPTY_CELL")
    ]
    whole = {3: {"pay": "3.100,00", "first_name": "Jörg", "occupation": "Koch"}}
    fixed = read(table, columns, defaults=DEFAULTS, corrections=whole)[1].value
    assert fixed is not None
    assert (fixed.pay, fixed.first_name) == (Decimal("3100.00"), "Jörg")
    assert fixed.occupation == "Koch"
    wrong = read(table, columns, defaults=DEFAULTS, corrections={2: {"birth_date": "gestern"}})[0]
    assert [(p.code, p.value) for p in wrong.problems] == [("NO_DATE", "gestern")]


def test_the_cells_of_a_row_with_its_corrections() -> None:
    table = read_table(TEXT.encode())
    columns = guess_mapping(table.headings, kind=UploadKind.FULL_LIST)
    cells = read_cells(table, columns, row=3, corrections={3: {"pay": "3100"}})
    assert (cells["last_name"], cells["first_name"], cells["pay"]) == ("Weiß", "", "3100")
    assert set(read_cells(table, columns, row=4).values()) == {""}


def test_every_kind_of_notice_and_what_it_needs() -> None:
    table = read_table(
        "Meldung;Personalnummer;Nachname;Vorname;Wirksam ab;Gehalt;Grund;Referenz;"
        "Berichtigt Referenz\n"
        "Namensänderung;17;Kurz;Zoë;01.12.2026;;;R1;\n"
        "Storno;17;;;;;;;R1\n"
        "Berichtigung;17;;;;;;;\n"
        "Abgang;17;;;;;Rente;;\n"
        "Austritt;18;;;31.12.2026;;Rente;;\n".encode()
    )
    columns = guess_mapping(table.headings, kind=UploadKind.CHANGES)
    rows = read_rows(table, columns, defaults=Defaults(received_at=RECEIVED))
    name, storno, no_reference, no_day, leave = rows
    assert name.value is not None
    assert (name.value.kind, name.value.last_name) == (NoticeKind.NAME_CHANGE, "Kurz")
    assert storno.value is not None
    assert (storno.value.kind, storno.value.corrects) == (NoticeKind.CORRECTION, "R1")
    assert codes(no_reference) == [("Berichtigt Referenz", "EMPTY_CELL")]
    assert codes(no_day) == [("Wirksam ab", "EMPTY_CELL")]
    assert leave.value is not None
    assert leave.value.reason == "RETIREMENT_AGE"


def test_a_person_may_stand_in_several_rows_that_tell_different_things() -> None:
    lines = [f"Gehaltsänderung;17;{day:02}.12.2026;2400" for day in (1, 2, 3, 2, 1)]
    table = read_table("\n".join(["Meldung;PNR;Wirksam ab;Gehalt", *lines]).encode())
    columns = guess_mapping(table.headings, kind=UploadKind.CHANGES)
    rows = read_rows(table, columns, defaults=DEFAULTS)
    assert [row.value is not None for row in rows] == [True, True, True, False, False]
    assert [p.params["first"] for row in rows for p in row.problems] == ["3", "2"]


@pytest.mark.parametrize("count", [199, 200, 201, 1_000])
def test_rows_are_read_alike_wherever_they_stand(count: int) -> None:
    lines = [f"{i};Müller;Zoë;24.12.1990;{'x' if i % 100 == 0 else 2400 + i}" for i in range(count)]
    table = read_table("\n".join([TEXT.splitlines()[0], *lines]).encode())
    columns = guess_mapping(table.headings, kind=UploadKind.FULL_LIST)
    rows = read_payroll_rows(table, columns, defaults=DEFAULTS)
    assert [row.number for row in rows] == list(range(2, count + 2))
    for i, row in enumerate(rows):
        if i % 100 == 0:
            assert codes(row) == [("Gehalt", "NO_AMOUNT")]
        else:
            assert row.value is not None
            assert (row.value.personnel_number, row.value.pay) == (str(i), Decimal(2400 + i))


def test_columns_that_are_missing_or_double_stop_the_file() -> None:
    table = read_table(b"Personalnummer;Gehalt;Entgelt\n17;2400;2400")
    columns = guess_mapping(table.headings, kind=UploadKind.FULL_LIST)
    with pytest.raises(UnableToReadTable, match="MISSING_COLUMN"):
        read_payroll_rows(table, columns, defaults=DEFAULTS)
    changes = guess_mapping(table.headings, kind=UploadKind.CHANGES)
    only_pay = Defaults(RECEIVED, effective=date(2026, 12, 1), kind=NoticeKind.PAY_CHANGE)
    with pytest.raises(UnableToReadTable, match="COLUMN_TWICE"):
        read_rows(table, changes, defaults=only_pay)
