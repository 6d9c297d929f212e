"""Lists set row by row: whole, tagged, broken at the right places."""

from dataclasses import replace
from io import BytesIO
from typing import Any

import pikepdf
import pytest

from documents.exports.lists.fonts import REGULAR, FontInUse, read_typeface
from documents.exports.lists.table import wrap
from tests.documents import samples
from tests.documents.printing import find_faults, read_pages, set_statement, squeeze


@pytest.fixture(scope="module")
def long_statement() -> bytes:
    letter = samples.statement(count=120)
    rows = list(samples.insured_rows(120))
    rows[70] = replace(
        rows[70],
        name="von Schmettow-Großmann-Äpfelstädt-Öztürk, Maximiliane-Charlotte Wilhelmine",
        personnel_number="PERSONALNUMMER-OHNE-ENDE-000000071",
        change="Lohnstufe 4 → 5, Abgang 15.12.2026",
    )
    return set_statement(letter, insured=rows, corrections=samples.CORRECTIONS)


def _elements(pdf: bytes) -> list[tuple[str, list[str]]]:
    """Tags of the document's blocks, each with the tags below it in order."""
    opened = pikepdf.open(BytesIO(pdf))
    [document] = opened.Root.StructTreeRoot.K

    def tags(element: pikepdf.Object) -> list[str]:
        found: list[str] = []
        kids: Any = element.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary):
                found += [str(kid.S), *tags(kid)]
        return found

    return [(str(block.S), tags(block)) for block in document.K]


def test_every_row_is_a_row_of_one_table_with_heads(long_statement: bytes) -> None:
    assert find_faults(long_statement) == []
    blocks = _elements(long_statement)[-8:]
    listed = ["/H2", "/P", "/Table"]
    assert [tag for tag, _ in blocks] == ["/H2", "/Table", *listed, *listed]
    tables = [tags for tag, tags in blocks if tag == "/Table"]
    insured = next(tags for tags in tables if tags.count("/TR") > 100)
    assert insured.count("/THead") == 1
    # One row of heads, 120 people, the sum: the first cell of each is a head, too.
    assert insured.count("/TR") == 122
    assert insured.count("/TH") == 6 + 121
    assert insured.count("/TD") == 5 * 121
    assert insured.count("/TBody") == 3, "one for each page"


def test_the_head_and_the_running_head_stand_on_each_page(long_statement: bytes) -> None:
    pages = read_pages(long_statement)
    for number, text in enumerate(pages[1:], start=2):
        assert "Luftdruck AG" in text
        assert "Personal-Nr." in text
        assert f"Seite {number} von {len(pages)}" in text


def test_long_texts_are_broken_and_lose_nothing(long_statement: bytes) -> None:
    text = squeeze(" ".join(read_pages(long_statement)))
    for part in ("vonSchmettow-Großmann-Äpfelstädt-Öztürk,", "PERSONALNUMMER-", "000000071"):
        assert part in text
    for row in samples.insured_rows(120)[71:]:
        assert squeeze(f"{row.personnel_number}{row.name}5") in text


def test_characters_that_few_letters_need_are_carried_along() -> None:
    [usual] = samples.insured_rows(1)
    row = replace(usual, name="Ægirsdóttir-Žižek Đorđević Őrsi Ţepeş, Ñusta")
    pdf = set_statement(samples.statement(count=1), insured=[row])
    assert find_faults(pdf) == []
    assert squeeze(row.name) in squeeze(" ".join(read_pages(pdf)))


def test_the_lists_are_in_the_outline(long_statement: bytes) -> None:
    with pikepdf.open(BytesIO(long_statement)) as opened, opened.open_outline() as outline:
        [letter] = outline.root
        titles = [child.title for child in letter.children]
    assert titles[-2:] == [
        "Versicherte Personen im Dezember 2026",
        "Änderungen für zurückliegende Monate",
    ]


def test_a_file_can_be_read_and_written_by_others(long_statement: bytes) -> None:
    with pikepdf.open(BytesIO(long_statement)) as opened:
        assert opened.check_pdf_syntax() == []


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("kurz", 10, ["kurz"]),
        ("zwei Wörter", 4, ["zwei", "Wörter"]),
        ("Großmann-Äpfelstädt", 6, ["Großmann-", "Äpfelstädt"]),
        ("ZZZZZZZZ", 2, ["ZZZ", "ZZZ", "ZZ"]),
        ("", 5, []),
    ],
)
def test_lines_end_at_spaces_and_hyphens(text: str, width: int, lines: list[str]) -> None:
    font = FontInUse(read_typeface(REGULAR))
    assert wrap(font, text, width * 1000) == lines
