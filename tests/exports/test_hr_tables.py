"""What goes out for HR: the template reads back, failed rows can be put right and sent again."""

import io
import zipfile
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal

import openpyxl
import pytest

from members.exports.failed_rows import write_failed_rows
from members.exports.template import write_template
from members.exports.template_texts import COLUMNS, LISTS
from members.facts import UploadKind
from members.parsing.cell_words import EMPLOYMENT_WORDS, KIND_WORDS, REASON_WORDS
from members.parsing.cells import WordReader
from members.parsing.headings import guess_mapping
from members.parsing.problems import UnableToReadTable
from members.parsing.row_values import Defaults, read_payroll_rows, read_rows
from members.parsing.table import read_table

WORDS: Mapping[str, Mapping[Any, tuple[str, ...]]] = {
    "kind": KIND_WORDS,
    "employment": EMPLOYMENT_WORDS,
    "reason": REASON_WORDS,
}
DEFAULTS = Defaults(received_at=datetime(2026, 11, 21, tzinfo=UTC))


@pytest.mark.parametrize("kind", list(UploadKind))
@pytest.mark.parametrize("language", ["de", "en"])
def test_a_filled_template_is_read(kind: UploadKind, language: str) -> None:
    content = write_template(kind, language=language)
    assert content == write_template(kind, language=language)
    with pytest.raises(UnableToReadTable, match="NO_ROWS"):
        read_table(content)

    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    assert sheet.freeze_panes == "A2"
    # The example of the second sheet, filled in as a person would.
    for index, column in enumerate(COLUMNS[kind], start=1):
        example = column.texts[language][2]
        if column.field not in ("reason", "corrects", "exit_date"):
            sheet.cell(2, index, example)
    output = io.BytesIO()
    book.save(output)

    table = read_table(output.getvalue())
    columns = guess_mapping(table.headings, kind=kind)
    assert set(columns.fields) == {column.field for column in COLUMNS[kind]}
    assert columns.twice == ()
    read = read_rows if kind is UploadKind.CHANGES else read_payroll_rows
    (row,) = read(table, columns, defaults=DEFAULTS)
    assert row.value is not None
    assert (row.value.personnel_number, row.value.pay) == ("0017", Decimal("2400.00"))
    assert row.value.birth_date == date(1990, 12, 24)


@pytest.mark.parametrize("kind", list(UploadKind))
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_word_of_the_lists_is_understood(kind: UploadKind, language: str) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(write_template(kind, language=language))).worksheets[
        0
    ]
    offered = {
        str(rule.sqref).split(":")[0].rstrip("0123456789"): rule.formula1.strip('"').split(",")
        for rule in sheet.data_validations.dataValidation
        if rule.type == "list"
    }
    with_lists = [column.holds for column in COLUMNS[kind] if column.holds in LISTS]
    assert [list(LISTS[name][language].values()) for name in with_lists] == list(offered.values())
    for name in with_lists:
        reader = WordReader(WORDS[name], "UNKNOWN")
        for value, word in LISTS[name][language].items():
            assert reader.parse(word) == value


TEXT = (
    "Personalnummer;Nachname;Vorname;Geburtsdatum;Gehalt;Bemerkung\n"
    "0017;Müller;Zoë;24.12.1990;2400;gut\n"
    "0018;Weiß;Jörg;01.03.1985;viel;'=1+1\n"
    "0019;@Kurz;Kai;01.03.1985;2600;-2\n"
)
ERRORS = {3: ["Gehalt viel: Das ist kein Betrag."], 4: ["Eins.", "Zwei."]}


@pytest.mark.parametrize("file_format", ["xlsx", "csv"])
def test_failed_rows_go_out_and_come_back(file_format: Literal["xlsx", "csv"]) -> None:
    table = read_table(TEXT.encode())
    content = write_failed_rows(table, ERRORS, heading="Fehler", file_format=file_format)
    assert content == write_failed_rows(table, ERRORS, heading="Fehler", file_format=file_format)
    again = read_table(content)
    assert again.headings == (*table.headings, "Fehler")
    assert [row.cells[0] for row in again.rows] == ["0018", "0019"]
    assert [row.cells[-1] for row in again.rows] == [" ".join(e) for e in ERRORS.values()]
    columns = guess_mapping(again.headings, kind=UploadKind.FULL_LIST)
    assert columns.unmapped == ("Bemerkung", "Fehler")
    rows = read_payroll_rows(again, columns, defaults=DEFAULTS, corrections={2: {"pay": "2500"}})
    assert rows[0].value is not None
    # Sent again and failed again: the old reasons make room for the new ones.
    third = read_table(write_failed_rows(again, {2: ["Neu."]}, heading="Fehler"))
    assert third.headings == again.headings
    assert third.rows[0].cells[-1] == "Neu."


def test_nothing_that_goes_out_is_run() -> None:
    table = read_table(TEXT.encode())
    text = write_failed_rows(table, ERRORS, heading="Fehler", file_format="csv").decode("utf-8-sig")
    assert ";'@Kurz;" in text
    assert ";'-2;" in text
    book = write_failed_rows(table, ERRORS, heading="Fehler")
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_days_as_numbers_keep_their_way_of_counting() -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    for row in (TEXT.splitlines()[0].split(";"), ["17", "Müller", "Zoë", 31769, 2400]):
        book.active.append(row)
    output = io.BytesIO()
    book.save(output)
    table = read_table(output.getvalue())
    again = read_table(write_failed_rows(table, {2: ["Warum auch immer."]}, heading="Fehler"))
    columns = guess_mapping(again.headings, kind=UploadKind.FULL_LIST)
    (found,) = read_payroll_rows(again, columns, defaults=DEFAULTS)
    assert found.value is not None
    assert found.value.birth_date == date(1990, 12, 24)
