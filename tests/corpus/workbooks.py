"""Workbooks made by libraries, and by hand where no library would make them."""

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import xlsxwriter
import xlwt

from tests.corpus.case import HEADINGS

DAY = date(1990, 12, 24)
PERSON: tuple[Any, ...] = (17, "Müller", "Zoë", DAY, 2400)
OTHER: tuple[Any, ...] = (18, "Weiß", "Jörg", date(1985, 3, 1), Decimal("3100.5"))
Fill = Callable[[xlsxwriter.Workbook], None]
Change = Callable[[openpyxl.Workbook, Any], None]


def xlsx(*rows: Iterable[Any], **options: Any) -> Callable[[], bytes]:
    """An XLSX file with these rows on one sheet; `options` are those of xlsxwriter."""

    def fill(book: xlsxwriter.Workbook) -> None:
        write_rows(book, book.add_worksheet("Liste"), rows)

    return xlsx_of(fill, **options)


def xlsx_of(fill: Fill, **options: Any) -> Callable[[], bytes]:
    """An XLSX file that `fill` writes."""

    def build() -> bytes:
        output = io.BytesIO()
        with xlsxwriter.Workbook(output, {"in_memory": True, **options}) as book:
            fill(book)
        return output.getvalue()

    return build


def write_rows(
    book: xlsxwriter.Workbook, sheet: Any, rows: Iterable[Iterable[Any]], *, top: int = 0,
    left: int = 0,
) -> None:  # fmt: skip
    """Write rows with days as days, numbers as numbers and everything else as text."""
    as_day = book.add_format({"num_format": "dd.mm.yyyy"})
    for number, row in enumerate(rows, start=top):
        for column, value in enumerate(row, start=left):
            if isinstance(value, date):
                sheet.write_datetime(number, column, value, as_day)
            elif isinstance(value, int | Decimal):
                sheet.write_number(number, column, value)
            else:
                sheet.write_string(number, column, value)


def changed(change: Change) -> Callable[[], bytes]:
    """The usual table as openpyxl writes it (formulas without values), changed."""

    def build() -> bytes:
        book = openpyxl.Workbook()
        sheet = book.active
        for row in (HEADINGS, PERSON, OTHER):
            sheet.append(row)
        change(book, sheet)
        output = io.BytesIO()
        book.save(output)
        return output.getvalue()

    return build


def xls() -> bytes:
    """The usual table in the format of Excel 97."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Liste")
    as_day = xlwt.easyxf(num_format_str="DD.MM.YYYY")
    for number, row in enumerate((HEADINGS, PERSON, OTHER)):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write(number, column, value, as_day)
            else:
                sheet.write(number, column, value)
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def pack(entries: Mapping[str, bytes | Iterable[bytes]], *, level: int = 6) -> bytes:
    """A ZIP archive of these entries."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, content in entries.items():
            with archive.open(name, "w", force_zip64=False) as entry:
                for part in [content] if isinstance(content, bytes) else content:
                    entry.write(part)
    return output.getvalue()


def repack(content: bytes, **entries: bytes) -> bytes:
    """The archive with more entries; `__` in a name stands for a slash, `_` for a point."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        all_entries = {name: archive.read(name) for name in archive.namelist()}
    names = {name.replace("__", "/").replace("_", "."): data for name, data in entries.items()}
    return pack(all_entries | names)


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def workbook_by_hand(
    rows: bytes | Iterable[bytes], *, before: bytes = b"", shared: bytes = b""
) -> dict[str, bytes | Iterable[bytes]]:
    """The entries of an XLSX file whose sheet has these rows as XML."""
    start = b'<?xml version="1.0"?>' + before + f'<worksheet xmlns="{_MAIN}"><sheetData>'.encode()
    parts = [rows] if isinstance(rows, bytes) else rows
    entries: dict[str, bytes | Iterable[bytes]] = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>'.encode(),
        "_rels/.rels": _relations(("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
            '<sheet name="Liste" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ).encode(),
        "xl/_rels/workbook.xml.rels": _relations(
            ("rId1", "worksheet", "worksheets/sheet1.xml"),
            ("rId2", "sharedStrings", "sharedStrings.xml"),
        ),
        "xl/worksheets/sheet1.xml": _chain(start, parts, b"</sheetData></worksheet>"),
    }
    if shared:
        entries["xl/sharedStrings.xml"] = f'<sst xmlns="{_MAIN}">'.encode() + shared + b"</sst>"
    return entries


def _chain(start: bytes, parts: Iterable[bytes], end: bytes) -> Iterable[bytes]:
    yield start
    yield from parts
    yield end


def _relations(*relations: tuple[str, str, str]) -> bytes:
    inner = "".join(
        f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for name, kind, target in relations
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'.encode()


def row_xml(number: int, cells: Iterable[str]) -> bytes:
    """A row of texts."""
    inner = "".join(
        f'<c r="{chr(65 + i)}{number}" t="inlineStr"><is><t>{cell}</t></is></c>'
        for i, cell in enumerate(cells)
    )
    return f'<row r="{number}">{inner}</row>'.encode()


ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_ODS_NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in (("office", "office"), ("table", "table"), ("text", "text"))
)


def ods(rows: str, *, manifest: bytes = b"<manifest/>") -> bytes:
    """An ODS file with these rows as XML."""
    content = (
        f'<office:document-content {_ODS_NAMES} office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="Liste">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    entries = {
        "mimetype": ODS_TYPE,
        "content.xml": content.encode(),
        "META-INF/manifest.xml": manifest,
    }
    return pack(entries)


def ods_row(values: Iterable[Any]) -> str:
    """A row of an ODS file."""
    return f"<table:table-row>{''.join(map(_ods_cell, values))}</table:table-row>"


def _ods_cell(value: Any) -> str:
    if isinstance(value, date):
        kind = f'office:value-type="date" office:date-value="{value}"'
    elif isinstance(value, int | Decimal):
        kind = f'office:value-type="float" office:value="{value}"'
    else:
        kind = 'office:value-type="string"'
    return f"<table:table-cell {kind}><text:p>{value}</text:p></table:table-cell>"
