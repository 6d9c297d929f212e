"""Workbooks as payroll programs and people make them."""

import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msoffcrypto
import xlsxwriter
from msoffcrypto.format.ooxml import OOXMLFile
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.corpus.case import HEADINGS, Case, Person, other
from tests.corpus.workbooks import (
    OTHER,
    PERSON,
    changed,
    ods,
    ods_row,
    pack,
    repack,
    row_xml,
    workbook_by_hand,
    write_rows,
    xls,
    xlsx,
    xlsx_of,
)

BOTH = (Person(2), other(3))
USUAL = (HEADINGS, PERSON, OTHER)
SERIAL = 33231  # 24.12.1990, counted from 1900
SERIAL_1904 = SERIAL - 1462


def sheets(**tables: tuple[Any, ...]) -> Callable[[], bytes]:
    """Sheets by name; one called "hidden" or "very" is hidden."""

    def fill(book: xlsxwriter.Workbook) -> None:
        for name, rows in tables.items():
            sheet = book.add_worksheet(name)
            write_rows(book, sheet, rows)
            if name.startswith("very"):
                sheet.very_hidden()
            elif name.startswith("hidden"):
                sheet.hide()

    return xlsx_of(fill)


def formulas(book: xlsxwriter.Workbook) -> None:
    sheet = book.add_worksheet()
    write_rows(book, sheet, USUAL)
    sheet.write_formula("E2", "=1200*2", None, 2400)
    sheet.write_formula("B3", '="We"&"iß"', None, "Weiß")


def errors(book: xlsxwriter.Workbook) -> None:
    sheet = book.add_worksheet()
    write_rows(book, sheet, USUAL)
    sheet.write_formula("E2", "=F9/0", None, "#DIV/0!")
    sheet.write_formula("D3", "=Tabelle9!A1", None, "#REF!")


def title_above(book: xlsxwriter.Workbook) -> None:
    sheet = book.add_worksheet()
    sheet.merge_range("A1:E2", "Muster GmbH, Entgeltliste")
    write_rows(book, sheet, USUAL, top=3)


def further_in(book: xlsxwriter.Workbook) -> None:
    write_rows(book, book.add_worksheet(), USUAL, top=4, left=2)


def merged(book: Any, sheet: Any) -> None:
    sheet.merge_cells("B2:B3")


def formula_never_computed(book: Any, sheet: Any) -> None:
    sheet["E3"] = "=E2*2"


def counted_from_1904(book: Any, sheet: Any) -> None:
    book.epoch = CALENDAR_MAC_1904


def with_macro() -> bytes:
    return repack(xlsx(*USUAL)(), xl__vbaProject_bin=b'Sub Auto_Open()\nShell "calc"\nEnd Sub')


def with_password() -> bytes:
    output = io.BytesIO()
    OOXMLFile(io.BytesIO(xlsx(*USUAL)())).encrypt("geheim", output)
    assert msoffcrypto.OfficeFile(io.BytesIO(output.getvalue())).is_encrypted()
    return output.getvalue()


def padded_with_blank_rows() -> bytes:
    """Formatted down to the last row a sheet can have, as some people do."""
    filled = [row_xml(1, HEADINGS), row_xml(2, ("17", "Müller", "Zoë", "24.12.1990", "2400"))]
    blank = [b'<row r="%d"><c r="A%d" s="0"/></row>' % (i, i) for i in range(3, 200_000)]
    blank.append(b'<row r="1048576"><c r="A1048576" s="0"/></row>')
    return pack(workbook_by_hand([*filled, *blank]))


_ODS_REST = '<table:table-row table:number-rows-repeated="1048570"><table:table-cell/>'

WORKBOOKS = (
    Case("numbers and days", xlsx(*USUAL), BOTH),
    Case("xlsx called csv", xlsx(*USUAL), BOTH, notes=("NAMED_OTHERWISE",), file_name="a.CSV"),
    Case("numbers as text", xlsx(HEADINGS, ("0017", "Müller", "Zoë", "24.12.1990", "2.400,00")),
         (Person(2, "0017"),)),
    Case("numbers with a fraction and text with a thousand",
         xlsx(HEADINGS, (*PERSON[:4], Decimal("1.234")), (18, *PERSON[1:4], "1.234"),
              (19, *PERSON[1:4], Decimal("2833.3333333333335"))),
         (Person(2, pay=Decimal("1.23")), Person(3, "18", pay=Decimal("1234.00")),
          Person(4, "19", pay=Decimal("2833.33")))),
    Case("days as numbers", xlsx(HEADINGS, (*PERSON[:3], SERIAL, 2400)), (Person(2),)),
    Case("days counted from 1904", xlsx(*USUAL, date_1904=True), BOTH),
    Case("days as numbers counted from 1904",
         xlsx(HEADINGS, (*PERSON[:3], SERIAL_1904, 2400), date_1904=True), (Person(2),)),
    Case("1904 by another program", changed(counted_from_1904), BOTH),
    Case("formulas with their values", xlsx_of(formulas), BOTH),
    Case("a formula never computed", changed(formula_never_computed), (Person(2),),
         problems=((3, "Bruttoentgelt", "FORMULA_WITHOUT_VALUE"),), advice="speichern Sie sie neu"),
    Case("errors in cells", xlsx_of(errors),
         problems=((2, "Bruttoentgelt", "FORMULA_ERROR"), (3, "Geburtsdatum", "FORMULA_ERROR")),
         advice="Tragen Sie den Wert ein"),
    Case("a merged title", xlsx_of(title_above), (Person(5), other(6))),
    Case("merged people", changed(merged), (Person(2),),
         problems=((3, "Nachname", "MERGED_CELL"),), advice="Lösen Sie die Verbindung"),
    Case("a table further in", xlsx_of(further_in), (Person(6), other(7))),
    Case("a sum below", xlsx(*USUAL, ("Summe", "", "", "", Decimal("5500.5"))), BOTH,
         notes=("TOTAL_ROW_SKIPPED",)),
    Case("a line break in a name", xlsx(HEADINGS, (17, "Müller\n", "Zoë\nIda", *PERSON[3:])),
         (Person(2, first_name="Zoë Ida"),)),
    Case("a control character", xlsx(HEADINGS, (17, "Mül\x1fler", *PERSON[2:])),
         problems=((2, "Nachname", "UNSEEN_CHARACTERS"),), advice="Steuerzeichen"),
    Case("hidden sheets", sheets(Liste=USUAL, hidden=(HEADINGS, OTHER), very=USUAL), BOTH,
         notes=("HIDDEN_SHEETS_IGNORED",)),
    Case("only hidden sheets", sheets(Deckblatt=(("Hallo",),), hidden=USUAL), refusal="NO_SHEET",
         advice="sichtbaren Blatt"),
    Case("a cover sheet", sheets(Deckblatt=(("Hallo",), ("Gehalt",)), Liste=USUAL), BOTH,
         notes=("SHEETS_IGNORED",)),
    Case("two sheets that fit", sheets(November=USUAL, Dezember=USUAL), refusal="TWO_SHEETS",
         advice="November, Dezember"),
    Case("an empty workbook", xlsx(), refusal="NO_SHEET", advice="Kopfzeile"),
    Case("only a heading in a workbook", xlsx(HEADINGS), refusal="NO_ROWS", advice="Zeile"),
    Case("201 columns in a workbook", xlsx([*HEADINGS, *["x"] * 196]), refusal="TOO_MANY_COLUMNS",
         advice="200"),
    Case("macros", with_macro, BOTH, notes=("MACROS_IGNORED",)),
    Case("a password", with_password, refusal="PASSWORD", advice="ohne Kennwort"),
    Case("blank rows to the end of the sheet", padded_with_blank_rows, (Person(2),)),
    Case("excel 97", xls, BOTH),
    Case("opendocument", lambda: ods("".join(map(ods_row, USUAL))), BOTH),
    Case("opendocument with blank rows to the end",
         lambda: ods("".join(map(ods_row, USUAL)) + _ODS_REST + "</table:table-row>"), BOTH),
    Case("opendocument with a password",
         lambda: ods("", manifest=b"<manifest:encryption-data/>"), refusal="PASSWORD",
         advice="ohne Kennwort"),
)  # fmt: skip
