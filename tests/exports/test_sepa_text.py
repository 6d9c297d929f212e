import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.exports.sepa_text import is_sepa_text, sepa_name, sepa_remittance, transliterate

BASIC = re.compile(r"[a-zA-Z0-9/\-?:().,'+ ]*")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Haarschön", "Haarschoen"),
        ("Fahrspaß", "Fahrspass"),
        ("Müller & Söhne GmbH", "Mueller + Soehne GmbH"),
        ("Ärztehaus Übersee Öl", "AErztehaus UEbersee OEl"),
        ("ÄÖÜäöü", "AEOEUEaeoeue"),
        ("a\u0308 O\u0308", "ae OE"),  # letter and diaeresis as two characters
        ("Große Straße", "Grosse Strasse"),
        ("GROßE STRAßE", "GROSSE STRASSE"),
        ("WEIẞ", "WEISS"),
        ("Maß AG", "Mass AG"),
        ("Aß", "Ass"),
        ("Café Crème Señor Ñandú", "Cafe Creme Senor Nandu"),
        ("Łódź Ærø Søren Œuvre Þór Đorđe", "Lodz AEro Soren OEuvre THor Dorde"),
        ("Čeněk Škoda Ğül İnci ışık", "Cenek Skoda Guel Inci isik"),
        ("„Zum Löwen“ – Gaststätte", "'Zum Loewen' - Gaststaette"),
        ("L’Oréal", "L'Oreal"),
        ("Nr. 5; 10 € [netto] {x} a|b a\\b", "Nr. 5, 10 EUR (netto) (x) a/b a/b"),
        ("a_b~c", "a-b-c"),
        ("100 % *neu* #1 @home!", "100 . .neu. .1 .home."),
        ("1\u00bd \u2026 \ufb01n \uff21", "11/2 ... fin A"),
        ("Zeile 1\r\nZeile 2\tEnde", "Zeile 1 Zeile 2 Ende"),
        ("  zu   viel\u00a0\u2009Luft  ", "zu viel Luft"),
        ("Ver\u00adsiche\u200brung", "Versicherung"),
        ("北京 2026", ".. 2026"),
        ("a\x00b", "a.b"),
        ("", ""),
        ("It's fine: (a/b) +1, why? -", "It's fine: (a/b) +1, why? -"),
    ],
)
def test_transliteration(text: str, expected: str) -> None:
    assert transliterate(text) == expected


@settings(deadline=None)
@given(st.text())
def test_output_is_always_in_the_character_set_and_stays(text: str) -> None:
    once = transliterate(text)
    assert BASIC.fullmatch(once)
    assert is_sepa_text(once)
    assert transliterate(once) == once
    assert once == once.strip()
    assert "  " not in once


@settings(deadline=None)
@given(st.text(alphabet="abcXYZ 0123456789/-?:().,'+"))
def test_allowed_text_is_left_alone_but_for_spaces(text: str) -> None:
    assert transliterate(text) == " ".join(text.split())


@settings(deadline=None)
@given(st.text(max_size=300))
def test_cut_texts_keep_their_length_and_stay(text: str) -> None:
    for cut, length in ((sepa_name, 70), (sepa_remittance, 140)):
        short = cut(text)
        assert len(short) <= length
        assert cut(short) == short
        assert transliterate(text).startswith(short)


def test_length_is_counted_after_umlauts_have_grown() -> None:
    assert sepa_name("ä" * 36) == "ae" * 35
    assert sepa_remittance("ß" * 71) == "ss" * 70
    assert sepa_name("x" * 69 + " y") == "x" * 69


def test_a_line_break_at_the_end_is_no_allowed_text() -> None:
    assert not is_sepa_text("Haarschoen\n")
    assert not is_sepa_text("Haarschön")
