"""Files that are no tables, and those made to fill a machine."""

import gzip
import io
import struct
import zipfile
from collections.abc import Iterator

from tests.corpus.case import HEAD, HEADINGS, ROW, Case, Person, raw, text
from tests.corpus.workbook_files import USUAL
from tests.corpus.workbooks import (
    ODS_TYPE,
    ods,
    ods_row,
    pack,
    row_xml,
    workbook_by_hand,
    xlsx,
)

SAVE_AS = "CSV"
MIB = 1024 * 1024
PERSON = ("17", "Müller", "Zoë", "24.12.1990", "2400")
_SHARED = b'<c r="A%d" t="s"><v>0</v></c>'


def million_rows() -> bytes:
    """A million people, each with three numbers."""

    def rows() -> Iterator[bytes]:
        yield row_xml(1, ("PNR", "Gehalt", "Name"))
        for start in range(2, 1_000_002, 10_000):
            yield b"".join(
                b'<row r="%d"><c><v>%d</v></c><c><v>2400</v></c><c><v>1</v></c></row>' % (i, i)
                for i in range(start, start + 10_000)
            )

    return pack(workbook_by_hand(rows()), level=1)


def five_million_rows() -> bytes:
    """1.5 MB that unpack to 440 MB, and the directory says so."""
    block = b"".join(b"<row><c><v>1</v></c></row>" for _ in range(10_000))
    rows = (block for _ in range(440 * MIB // len(block)))
    return pack(workbook_by_hand(rows), level=9)


def lying_directory() -> bytes:
    """The same, but the directory says 1,000 bytes."""
    content = bytearray(five_million_rows())
    name = b"xl/worksheets/sheet1.xml"
    # The size before packing stands 24 bytes into an entry of the directory, which ends in the
    # name after 46 bytes; in the local header it stands at 22, the name at 30.
    central = content.rfind(name) - 46
    struct.pack_into("<I", content, central + 24, 1_000)
    local = content.find(name) - 30
    struct.pack_into("<I", content, local + 22, 1_000)
    return bytes(content)


def only_spaces() -> bytes:
    """190 MB of nothing, packed so well that it cannot be a table."""
    return pack(workbook_by_hand(b" " * MIB for _ in range(190)))


def one_long_text_everywhere() -> bytes:
    """A text of 32,000 characters that stands in 90,000 cells: 2.9 GB in memory."""
    rows = (b'<row r="%d">%s</row>' % (i, _SHARED % i) for i in range(2, 90_000))
    shared = b"<si><t>" + b"Personalnummer " * 2_133 + b"</t></si>"
    head = row_xml(1, HEADINGS)
    return pack(workbook_by_hand(_after(head, rows), shared=shared))


def _after(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def far_corner() -> bytes:
    """Two cells, one at each end of the largest sheet: 17 thousand million places between."""
    rows = row_xml(1, HEADINGS) + b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return pack(workbook_by_hand(rows))


def far_below() -> bytes:
    """Five columns and a stray cell in the last row: blank rows between are no rows."""
    rows = row_xml(1, HEADINGS) + row_xml(2, PERSON) + row_xml(1_048_576, ("Ende",))
    return pack(workbook_by_hand(rows))


def wide_and_long() -> bytes:
    """60 columns and 100,000 rows, all with numbers: not too many rows, but too much of all."""

    def rows() -> Iterator[bytes]:
        yield row_xml(1, HEADINGS)
        cells = b"<c><v>1</v></c>" * 60
        for i in range(2, 100_002):
            yield b'<row r="%d">%s</row>' % (i, cells)

    return pack(workbook_by_hand(rows()), level=1)


def laughs() -> bytes:
    """Entities that stand for ten of the next."""
    entities = "".join(
        f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' if i else '<!ENTITY l0 "ha">' for i in range(10)
    )
    rows = row_xml(1, HEADINGS) + row_xml(2, ("17", "&l9;", "Zoe", "24.12.1990", "2400"))
    before = f"<!DOCTYPE worksheet [{entities}]>".encode()
    return pack(workbook_by_hand(rows, before=before))


def other_files() -> bytes:
    """An entity that stands for a file of the machine."""
    rows = row_xml(1, HEADINGS) + row_xml(2, ("17", "&file;", "Zoe", "24.12.1990", "2400"))
    before = b'<!DOCTYPE worksheet [<!ENTITY file SYSTEM "file:///etc/passwd">]>'
    return pack(workbook_by_hand(rows, before=before))


def ods_repeated() -> bytes:
    """A person a million times in one line."""
    person = ods_row(PERSON).replace(
        "<table:table-row>", '<table:table-row table:number-rows-repeated="1000000">'
    )
    return ods(ods_row(HEADINGS) + person)


def ods_repeated_both_ways() -> bytes:
    """A cell that fills the largest sheet."""
    cell = (
        '<table:table-cell table:number-columns-repeated="16384" office:value-type="float"'
        ' office:value="1"/>'
    )
    row = f'<table:table-row table:number-rows-repeated="1048575">{cell}</table:table-row>'
    return ods(ods_row(HEADINGS) + row)


def flipped() -> bytes:
    """A workbook with spoiled bytes in its sheet."""
    content = bytearray(pack(workbook_by_hand(row_xml(1, HEADINGS) * 50)))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entry = archive.getinfo("xl/worksheets/sheet1.xml")
    place = entry.header_offset + 30 + len(entry.filename) + entry.compress_size // 2
    content[place : place + 8] = b"\xff" * 8
    return bytes(content)


HOSTILE = (
    Case("440 MB in 1.5 MB", five_million_rows, refusal="WORKBOOK_TOO_LARGE", advice=SAVE_AS),
    Case("a directory that lies", lying_directory, refusal="BROKEN_FILE", advice="speichern"),
    Case("190 MB of spaces", only_spaces, refusal="WORKBOOK_TOO_LARGE", advice=SAVE_AS),
    Case("a million rows in a workbook", million_rows, refusal="TOO_MANY_ROWS", advice="Teilen"),
    Case("one long text everywhere", one_long_text_everywhere, refusal="WORKBOOK_TOO_LARGE",
         advice=SAVE_AS),
    Case("the far corner", far_corner, refusal="WORKBOOK_TOO_LARGE", advice=SAVE_AS),
    Case("wide and long", wide_and_long, refusal="WORKBOOK_TOO_LARGE", advice=SAVE_AS),
    Case("entities of entities", laughs, refusal="BROKEN_FILE", advice="beschädigt"),
    Case("a file of the machine", other_files, refusal="BROKEN_FILE", advice="beschädigt"),
    Case("opendocument, a million times", ods_repeated, refusal="WORKBOOK_TOO_LARGE",
         advice=SAVE_AS),
    Case("opendocument, all cells", ods_repeated_both_ways, refusal="WORKBOOK_TOO_LARGE",
         advice=SAVE_AS),
    Case("5,000 entries", lambda: pack({f"xl/{i}.xml": b"" for i in range(5_000)}),
         refusal="WORKBOOK_TOO_LARGE", advice=SAVE_AS),
)  # fmt: skip

OTHERS = (
    Case("a pdf called csv", raw(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"), refusal="OTHER_FORMAT",
         advice="PDF", file_name="liste.csv"),
    Case("gzip", lambda: gzip.compress(text(HEAD, ROW)()), refusal="OTHER_FORMAT", advice="GZIP"),
    Case("a picture", raw(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), refusal="OTHER_FORMAT", advice="PNG"),
    Case("a photo", raw(b"\xff\xd8\xff\xe0\0\x10JFIF"), refusal="OTHER_FORMAT", advice="JPEG"),
    Case("rich text", raw(b"{\\rtf1\\ansi Personalnummer}"), refusal="OTHER_FORMAT", advice="RTF"),
    Case("html called xls", raw(b"<html><table><tr><td>Personalnummer</td></tr></table></html>"),
         refusal="OTHER_FORMAT", advice="HTML", file_name="liste.xls"),
    Case("xml called xls", raw(b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
                               b"<Workbook/>"), refusal="OTHER_FORMAT", advice="XML"),
    Case("json", raw(b'[{"Personalnummer": 17}]'), refusal="NO_TABLE", advice="Kopfzeile"),
    Case("a letter", lambda: pack({"word/document.xml": b"<w:document/>"}), refusal="OTHER_FORMAT",
         advice="Word"),
    Case("a binary workbook", lambda: pack({"xl/workbook.bin": b"\0"}), refusal="OTHER_FORMAT",
         advice="XLSB"),
    Case("an opendocument letter",
         lambda: pack({"mimetype": ODS_TYPE.replace(b"spreadsheet", b"text"), "content.xml": b""}),
         refusal="OTHER_FORMAT", advice="OpenDocument"),
    Case("a zip of tables", lambda: pack({"liste.csv": text(HEAD, ROW)()}),
         refusal="ARCHIVE_WITHOUT_TABLE", advice="Entpacken"),
    Case("half a workbook", lambda: xlsx(*USUAL)()[:4_000], refusal="BROKEN_FILE",
         advice="speichern"),
    Case("spoiled bytes", flipped, refusal="BROKEN_FILE", advice="speichern"),
    Case("half an old workbook", raw(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
         refusal="BROKEN_FILE", advice="speichern"),
    Case("a stray cell in the last row", far_below, (Person(2),),
         problems=tuple((1_048_576, heading, "EMPTY_CELL") for heading in HEADINGS[1:]),
         advice="fehlt"),
)  # fmt: skip
