"""Letters about a claim as the insured person gets them: accessible, complete, nothing medical."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import cast

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from aupolicy.kernel.period import Period
from claims.facts import DayState
from documents.facts import Context, DocumentKind
from tests.documents import claim_samples as samples
from tests.documents.printing import (
    A4_POINTS,
    find_faults,
    read_pages,
    read_text,
    set_html,
    set_pdf,
    squeeze,
)

ADDRESS = "https://bau.example/my-claim/secret-token/"
CODE = '<svg viewBox="0 0 2 2" role="img"><title>Muster</title><path d="M0 0h2v2h-2z"/></svg>'
LETTERS: dict[str, tuple[DocumentKind, Context]] = {
    "grant": (DocumentKind.BENEFIT_GRANT, samples.grant(view=samples.LONG)),
    "grant in part": (
        DocumentKind.BENEFIT_GRANT,
        samples.grant(
            refusal=samples.NO_EVIDENCE,
            granted=Period(date(2026, 2, 12), date(2026, 4, 30)),
            needs_account=True,
        ),
    ),
    "grant ahead": (DocumentKind.BENEFIT_GRANT, samples.grant(months=(), brought_days=12)),
    "refusal": (DocumentKind.BENEFIT_REFUSAL, samples.refusal()),
    "end": (DocumentKind.BENEFIT_END, samples.end()),
    "correction": (DocumentKind.BENEFIT_CORRECTION, samples.correction()),
    "request": (DocumentKind.CLAIM_REQUEST, samples.request()),
    "last reminder": (DocumentKind.CLAIM_REQUEST, samples.request(reminder=2)),
    "link": (DocumentKind.CLAIM_LINK, samples.link(url=ADDRESS, code=CODE)),
}


@pytest.fixture(scope="module")
def printed() -> dict[str, bytes]:
    return {name: set_pdf(*letter) for name, letter in LETTERS.items()}


@pytest.mark.parametrize("name", LETTERS)
def test_it_is_accessible_of_a_piece_and_harmless_from_outside(
    printed: dict[str, bytes], name: str
) -> None:
    pdf = printed[name]
    assert find_faults(pdf) == []
    reader = PdfReader(BytesIO(pdf))
    assert reader.metadata is not None
    assert reader.metadata.title == "Ihr Leistungsfall L-2026-000001, 11.05.2026"
    pages = read_pages(pdf)
    for number, (page, text) in enumerate(zip(reader.pages, pages, strict=True), start=1):
        assert (round(page.mediabox.width), round(page.mediabox.height)) == A4_POINTS
        fonts = cast(DictionaryObject, cast(DictionaryObject, page["/Resources"])["/Font"])
        names = {str(font.get_object()["/BaseFont"]).split("+")[1] for font in fonts.values()}
        assert names <= {"Letter", "Letter-Semi-Bold"}
        assert f"Seite {number} von {len(pages)}" in text
    assert "Guten Tag Çiğdem Großmann-Öztürk," in pages[0]
    assert "Arbeitgeber und der Vermittler bekommen es nicht" in read_text(pdf)


def test_the_same_letter_is_the_same_bytes(printed: dict[str, bytes]) -> None:
    assert set_pdf(*LETTERS["grant"]) == printed["grant"]


def test_a_grant_tells_sum_band_days_and_what_is_due(printed: dict[str, bytes]) -> None:
    text = read_text(printed["grant"])
    assert "zahlen Ihnen 335,00 € im Monat, zum ersten Mal für den 12.02.2026" in text
    assert "Lohnstufe 4 (über 2.000,00 € bis 2.500,00 €)" in text
    assert "vom 43. bis längstens zum 546. Tag" in text
    assert "Februar 2026 17 335,00 € × 17 / 30 189,83" in text
    assert "Summe 859,83" in text
    assert "in der Regel steuerfrei" in text
    assert "Bei einer Wiedereingliederung zahlen wir weiter" in text
    assert "Ihr Fall endet dadurch nicht" in text
    assert "Wenn Sie nicht einverstanden sind" not in text
    assert "Ihre Bankverbindung fehlt" not in text


def test_the_table_explains_every_stretch_of_the_picture(printed: dict[str, bytes]) -> None:
    text = squeeze(read_text(printed["grant"]))
    assert "01.01.2026bis11.02.2026421bis42Karenzzeit." in text
    assert "13.04.2026bis15.04.20263zähltnichtLücke." in text
    assert "46103bis148vorläufigangehalten,50%." in text
    assert "167,50" in text
    # The words of the picture.
    assert "43.Tag:12.02.2026" in text
    assert "bescheinigtbis23.07.2027" in text


def test_the_picture_has_words_for_who_cannot_see_it(printed: dict[str, bytes]) -> None:
    assert "Tageszähler der Arbeitsunfähigkeit".encode("utf-16-be") in _plain_bytes(
        printed["grant"]
    )
    html = set_html(*LETTERS["grant"])
    assert html.count('role="img"') == 1


def _plain_bytes(pdf: bytes) -> bytes:
    """All objects of a file that carry a text alternative."""
    found = bytearray()
    reader = PdfReader(BytesIO(pdf))
    for number in range(1, len(reader.xref[0]) + len(reader.xref_objStm) + 1):
        each = reader.get_object(number)
        if isinstance(each, DictionaryObject) and "/Alt" in each:
            found += str(each["/Alt"]).encode("utf-16-be")
    return bytes(found)


def test_a_part_that_is_not_paid_is_told_with_reason_and_remedies(
    printed: dict[str, bytes],
) -> None:
    text = read_text(printed["grant in part"])
    assert "erkennen ihn zum Teil an" in text
    assert "vom 12.02.2026 bis zum 30.04.2026" in text
    assert "keine ärztliche Bescheinigung" in text
    assert "Für Juni haben wir zweimal nachgefragt." in text
    assert "Ihre Bankverbindung fehlt uns noch" in text
    assert "Wenn Sie nicht einverstanden sind" in text


def test_a_grant_before_anything_is_due_says_when_money_comes(printed: dict[str, bytes]) -> None:
    text = read_text(printed["grant ahead"])
    assert "Bis zum 30.04.2026 ist noch nichts fällig" in text
    assert "zählen 12 Tage mit" in text
    assert "Leistung in €" not in text


def test_a_refusal_tells_why_what_was_examined_and_where_to_turn(
    printed: dict[str, bytes],
) -> None:
    text = read_text(printed["refusal"])
    assert "für Ihre Arbeitsunfähigkeit ab dem 01.01.2026 keine Leistung zahlen" in text
    assert "Arbeitsunfähigkeit durch einen Unfall infolge von Trunkenheit." in text
    assert "01.02.2026 bis 31.05.2026" in text
    assert "Schlichtungsstelle Muster e. V." in text
    assert "Aufsichtsamt Muster" in text
    assert "verjähren in 3 Jahren" in text
    assert "(§ 15 VVG)" in text
    assert "Gericht" in text


def test_what_an_insurer_has_not_is_left_out_of_the_remedies() -> None:
    legal = replace(samples.LEGAL, ombudsman="")
    text = read_text(set_pdf(DocumentKind.BENEFIT_REFUSAL, replace(samples.refusal(), legal=legal)))
    assert "Schlichtung." not in text
    assert "Aufsicht." in text


def test_an_end_tells_the_last_day_and_everything_paid(printed: dict[str, bytes]) -> None:
    text = read_text(printed["end"])
    assert "Der letzte Tag, für den wir zahlen, ist der 30.04.2026." in text
    assert "Ihre Arbeitsunfähigkeit ist beendet." in text
    assert "Summe 859,83" in text
    unpaid = replace(samples.end(view=None), last_paid=None, months=(), total=Decimal("0.00"))
    assert "Eine Leistung war nicht zu zahlen" in read_text(
        set_pdf(DocumentKind.BENEFIT_END, unpaid)
    )


def test_a_correction_tells_old_new_and_how_money_comes_back(printed: dict[str, bytes]) -> None:
    text = read_text(printed["correction"])
    assert "März 2026 31 335,00 15 167,50 335,00" in text
    assert "April 2026 30 335,00 0 0,00 335,00" in text
    assert "Wir ziehen 670,00 € von Ihren nächsten Zahlungen ab" in text
    rates = set_html(
        DocumentKind.BENEFIT_CORRECTION, samples.correction("instalments", Decimal("50.00"))
    )
    assert "höchstens 50,00\u00a0€ ab" in rates
    reclaim = set_html(DocumentKind.BENEFIT_CORRECTION, samples.correction("reclaim"))
    assert "670,00\u00a0€ bis zum <strong>25.05.2026</strong>" in reclaim
    assert "Verwendungszweck" in reclaim


def test_a_request_tells_what_until_when_and_that_nothing_is_lost(
    printed: dict[str, bytes],
) -> None:
    text = read_text(printed["request"])
    assert "bitte bis zum 25.05.2026" in text
    assert "Bescheinigung für die Zeit vom 11.04.2026 bis zum 13.04.2026" in text
    assert "Ihr Leistungsfall endet dadurch nicht." in text
    assert "§ 28" not in text
    assert "Bitte um Unterlagen" in text


def test_only_the_last_reminder_warns_of_the_consequences(printed: dict[str, bytes]) -> None:
    first = set_html(DocumentKind.CLAIM_REQUEST, samples.request(reminder=1))
    assert "§ 28" not in first
    assert "am 20.04.2026 haben wir Sie um etwas gebeten" in first
    text = read_text(printed["last reminder"])
    assert "Letzte Erinnerung" in text
    assert "Hinweis auf die Folgen nach § 28 VVG" in text
    assert "§ 28 Absatz 3 VVG" in text


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("certificate", "ärztliche Bescheinigung Ihrer Arbeitsunfähigkeit"),
        ("evidence", "ob wir zahlen müssen"),
        ("reintegration", "Plan Ihrer Wiedereingliederung"),
        ("account", "wohin wir zahlen dürfen"),
        ("other", "Bitte rufen Sie an &lt;b&gt;"),
    ],
)
def test_every_kind_of_request_says_what_is_needed(kind: str, words: str) -> None:
    html = set_html(
        DocumentKind.CLAIM_REQUEST, samples.request(kind, words="Bitte rufen Sie an <b>")
    )
    assert words in html


def test_a_link_sheet_shows_the_link_and_the_kept_copy_does_not(
    printed: dict[str, bytes],
) -> None:
    assert squeeze(ADDRESS) in squeeze(read_text(printed["link"]))
    assert "Wählen Sie eine eigene PIN" in read_text(printed["link"])
    kept = set_html(DocumentKind.CLAIM_LINK, samples.link())
    assert "nur auf der ausgehändigten Ausfertigung" in kept
    assert "secret-token" not in kept
    assert "<svg" not in kept


def test_every_state_of_a_day_is_drawn_and_explained() -> None:
    view = samples.counter(*[(state, 12, 0) for state in DayState])
    html = set_html(DocumentKind.BENEFIT_GRANT, samples.grant(view=view))
    for state in DayState:
        assert f'class="band is-{state.lower().replace("_", "-")}"' in html
    assert len(re.findall(r'<tr><th scope="row">\d\d\.', html)) == len(DayState)
