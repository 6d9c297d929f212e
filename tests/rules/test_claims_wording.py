import pytest

from claims.rules import find_medical_text, hide_small


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Bescheinigung nennt F32.1 G", ("F32.1",)),
        ("laut Bericht m54.5, seit März", ("m54.5",)),
        ("U07.1!", ("U07.1!",)),
        ("K50.- offen", ("K50.-",)),
        ("I10", ("I10",)),
        ("wegen Depression in Klinik", ("Depression",)),
        ("Verdacht auf Brustkrebs; Bandscheibenvorfall", ("Brustkrebs", "Bandscheibenvorfall")),
        ("Hat einen HERZINFARKT gehabt", ("HERZINFARKT",)),
        ("She has cancer, cancer again", ("cancer",)),
        ("schwanger seit Mai", ("schwanger",)),
        ("HIV", ("HIV",)),
    ],
)
def test_what_looks_like_health_data_is_found(text: str, found: tuple[str, ...]) -> None:
    assert find_medical_text(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Frau Müller ruft am 12.03.2026 zurück, Tel. 0221/12345",
        "Fall L-2026-000123, Vertrag BAU-2026-17",
        "IBAN DE89 3704 0044 0532 0130 00",
        "Folgebescheinigung bis 31.12. angefordert, § 14 VVG",
        "Wiedereingliederung ab 01.04.2026 mit 4 Stunden am Tag",
        "Krankenkasse bestätigt die Zeiten",
        "Steuer-ID fehlt, Seite 3 von 12",
        "Betrag 1.234,56 EUR",
    ],
)
def test_ordinary_notes_pass(text: str) -> None:
    assert find_medical_text(text) == ()


@pytest.mark.parametrize(("count", "told"), [(0, None), (9, None), (10, 10), (250, 250)])
def test_small_groups_are_hidden(count: int, told: int | None) -> None:
    assert hide_small(count, smallest=10) == told
