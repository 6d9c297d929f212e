"""Delimited text: encodings, delimiters, quotes, rows that are no people."""

import codecs
import unicodedata

from tests.corpus.case import HEAD, OTHER_ROW, ROW, Case, Person, other, raw, text

BOTH = (Person(2), other(3))
CHECK_ENCODING = "UTF-8"

ENCODINGS = (
    Case("utf-8", text(HEAD, ROW, OTHER_ROW), BOTH),
    Case("utf-8 with byte order mark", text(HEAD, ROW, OTHER_ROW, encoding="utf-8-sig"), BOTH),
    Case("utf-16 little endian", text(HEAD, ROW, OTHER_ROW, encoding="utf-16"), BOTH),
    Case(
        "utf-16 big endian",
        lambda: codecs.BOM_UTF16_BE + f"{HEAD}\n{ROW}\n".encode("utf-16-be"),
        (Person(2),),
    ),
    Case("utf-16 without mark", text(HEAD, ROW, encoding="utf-16-le"), (Person(2),)),
    Case("utf-16 cut in the middle", raw(b"\xff\xfeP\x00e"), refusal="UNKNOWN_ENCODING",
         advice=CHECK_ENCODING),
    Case("windows-1252", text(HEAD, ROW + " €", OTHER_ROW, encoding="cp1252"), BOTH),
    Case("dos, ü", text(HEAD, ROW, encoding="cp850"), refusal="UNKNOWN_ENCODING",
         advice=CHECK_ENCODING),
    Case("dos, only ä", text(HEAD, "17;Jäger;Kai;24.12.1990;2400", encoding="cp850"),
         refusal="UNKNOWN_ENCODING", advice=CHECK_ENCODING),
    Case("old mac", text(HEAD, "17;Jäger;Kai;24.12.1990;2400", encoding="mac_roman"),
         refusal="UNKNOWN_ENCODING", advice=CHECK_ENCODING),
    Case("slavic letters of windows", text(HEAD, ROW.replace("Müller", "Mašek"), encoding="cp1252"),
         (Person(2, last_name="Mašek"),)),
    Case("utf-8 mark and windows letters", raw(codecs.BOM_UTF8 + f"{HEAD}\n{ROW}".encode("cp1252")),
         refusal="UNKNOWN_ENCODING", advice=CHECK_ENCODING),
    Case("zero bytes", raw(f"{HEAD}\n17;M\0ller;Zoe;24.12.1990;2400".encode()),
         refusal="UNKNOWN_ENCODING", advice=CHECK_ENCODING),
    Case("encoded twice", text(HEAD, ROW.replace("Müller", "MÃ¼ller"), OTHER_ROW), (other(3),),
         problems=((2, "Nachname", "BROKEN_LETTERS"),), advice=CHECK_ENCODING),
    Case("letters lost before", text(HEAD, ROW.replace("ü", "\ufffd")),
         problems=((2, "Nachname", "BROKEN_LETTERS"),), advice=CHECK_ENCODING),
    Case("letters and dots apart", text(*(unicodedata.normalize("NFD", s) for s in (HEAD, ROW))),
         (Person(2),)),
    Case("end mark of dos", lambda: text(HEAD, ROW)() + b"\x1a", (Person(2),)),
)  # fmt: skip

DELIMITERS = (
    Case("semicolons in quotes", text(HEAD, '17;"Müller; geb. Kurz";Zoë;24.12.1990;"2.400,00"'),
         (Person(2, last_name="Müller; geb. Kurz"),)),
    Case("commas", text(HEAD.replace(";", ","), '17,Müller,Zoë,24.12.1990,"2.400,00"'),
         (Person(2),)),
    Case("tabs", text(HEAD.replace(";", "\t"), ROW.replace(";", "\t")), (Person(2),)),
    Case("bars", text(HEAD.replace(";", "|"), ROW.replace(";", "|")), (Person(2),)),
    Case("doubled quotes", text(HEAD, '17;"Müller ""Mimi""";Zoë;24.12.1990;2400'),
         (Person(2, last_name='Müller "Mimi"'),)),
    Case("a quote that never ends", text(HEAD, ROW, '18;"Weiß;Jörg;01.03.1985;3.100,50'),
         refusal="BROKEN_QUOTES", advice="Zeile 3"),
    Case("a line break in quotes", text(HEAD, ROW.replace("Müller", '"Müller\n"'), OTHER_ROW),
         BOTH),
    Case("a line break in a heading", text(HEAD.replace("Brutto", '"Brutto-\n') + '"', ROW),
         (Person(2),)),
    Case("carriage returns", text(HEAD, ROW, OTHER_ROW, newline="\r"), BOTH),
    Case("excel's sep line", text("sep=;", HEAD, ROW), (Person(3),)),
)  # fmt: skip

ROWS = (
    Case("titles above", text("Muster GmbH;;;;", "Stand: 01.12.2026;;;;", "", HEAD, ROW),
         (Person(5),)),
    Case("heading too far down", text(*["Bericht;;;;"] * 20, HEAD, ROW), refusal="NO_TABLE",
         advice="Kopfzeile"),
    Case("blank rows", text(HEAD, "", ";;;;", ROW, " ; ;;;", OTHER_ROW, ";;;;;;", ""),
         (Person(4), other(6))),
    Case("sum at the end", text(HEAD, ROW, OTHER_ROW, ";;;;", "Summe;;;;5.500,50"), BOTH,
         notes=("TOTAL_ROW_SKIPPED",)),
    Case("two sums at the end", text(HEAD, ROW, "Anzahl: 1;;;;", ";;;Gesamt:;2.400,00"),
         (Person(2),), notes=("TOTAL_ROW_SKIPPED", "TOTAL_ROW_SKIPPED")),
    Case("nobody called sum is lost", text(HEAD, "17;Summe;Zoë;24.12.1990;2400"),
         (Person(2, last_name="Summe"),)),
    Case("heading on every page", text(HEAD, ROW, HEAD, OTHER_ROW), (Person(2), other(4)),
         notes=("HEADING_REPEATED",)),
    Case("two headings of one meaning", text(f"{HEAD};Gehalt", f"{ROW};2400"),
         refusal="COLUMN_TWICE", advice="Bruttoentgelt und Gehalt"),
    Case("the same heading twice", text(f"{HEAD};Nachname", f"{ROW};Kurz"),
         refusal="COLUMN_TWICE", advice="Nachname und Nachname"),
    Case("no birth dates", text("Personalnummer;Nachname;Vorname;Gehalt", "17;Müller;Zoë;2400"),
         refusal="MISSING_COLUMN", advice="Geburtsdatum"),
    Case("more cells than headings", text(HEAD, ROW, OTHER_ROW + ";und;mehr"), (Person(2),),
         problems=((3, "", "TOO_MANY_CELLS"),), advice="7 Zellen"),
    Case("a row that ends early", text(HEAD, "17;Müller;Zoë", OTHER_ROW), (other(3),),
         problems=((2, "Geburtsdatum", "EMPTY_CELL"), (2, "Bruttoentgelt", "EMPTY_CELL")),
         advice="fehlt"),
    Case("somebody twice", text(HEAD, ROW, OTHER_ROW, ROW), BOTH,
         problems=((4, "Personalnummer", "PERSON_TWICE"),), advice="Zeile 2"),
    Case("only a heading", text(HEAD), refusal="NO_ROWS", advice="Unter der Überschrift"),
    Case("prose", text("Sehr geehrte Damen und Herren,", "anbei die Liste."), refusal="NO_TABLE",
         advice="Kopfzeile"),
    Case("nothing", raw(b""), refusal="EMPTY_FILE", advice="leer"),
    Case("only a byte order mark", raw(codecs.BOM_UTF8 + b"\r\n"), refusal="EMPTY_FILE",
         advice="leer"),
    Case("201 columns", text(HEAD + "".join(f";Spalte {i}" for i in range(196)), ROW),
         refusal="TOO_MANY_COLUMNS", advice="200"),
    Case("100,001 rows", lambda: _rows(100_001), refusal="TOO_MANY_ROWS", advice="100.000"),
    Case("21 MB", lambda: _rows(1_300_000), refusal="FILE_TOO_LARGE", advice="20 MB"),
)  # fmt: skip

LARGE = (
    Case("a million rows", lambda: _rows(1_000_000), refusal="TOO_MANY_ROWS", advice="Teilen"),
    Case("a million rows with a letter of four bytes",
         lambda: _rows(1_000_000) + "\N{GRINNING FACE}".encode(), refusal="TOO_MANY_ROWS",
         advice="Teilen"),
    Case("20 MB in one line", lambda: f"{HEAD}\n".encode() + b";" * 20_000_000,
         refusal="BROKEN_QUOTES", advice="Anführungszeichen"),
    Case("20 MB in one cell", lambda: f'{HEAD}\n"'.encode() + b"x" * 20_000_000,
         refusal="BROKEN_QUOTES", advice="Anführungszeichen"),
    Case("20 MB of lines in one row", lambda: f"{HEAD}\n".encode() + b'"x\n";' * 3_000_000,
         refusal="BROKEN_QUOTES", advice="Anführungszeichen"),
    Case("100,000 rows of 20 columns", lambda: _wide_rows(100_000)),
)  # fmt: skip


def _wide_rows(count: int) -> bytes:
    head = f"{HEAD}{''.join(f';Spalte {i}' for i in range(15))}\n".encode()
    return head + b"".join(
        b"%d;Kurz;Kai;24.12.1990;2400%s\n" % (i, b";x" * 15) for i in range(count)
    )


def _rows(count: int) -> bytes:
    return b"PNR;Gehalt;Name\n" + b"".join(b"%d;2400;Kurz\n" % i for i in range(count))
