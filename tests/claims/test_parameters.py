"""The files of claims: dated values with their sources, wordings in two languages."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from aupolicy.parsing import UnableToReadTariff
from claims.facts.consent import ConsentKind
from claims.parsing.parameters import CONSENTS_FILE, HANDLING_FILE, parse_consents, parse_handling
from claims.queries.parameters import get_claims_parameters, get_consent, list_consents

TODAY = date(2026, 11, 22)


def changed(original: Path, folder: Path, old: str, new: str) -> Path:
    text = original.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    path = folder / original.name
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def test_values_are_those_of_the_file() -> None:
    parameters = get_claims_parameters(TODAY)
    assert parameters.four_eyes_above == Decimal("1000.00")
    assert (parameters.review_weeks, parameters.examine_days_before) == (12, 14)
    assert (parameters.interim_after_months, parameters.limitation_years) == (1, 3)
    assert parameters.largest_upload_bytes == 15 * 1024 * 1024


def test_a_later_version_counts_from_its_day(tmp_path: Path) -> None:
    text = HANDLING_FILE.read_text(encoding="utf-8")
    version = text[text.index("  - valid_from") :]
    later = version.replace("2016-08-01", "2027-01-01").replace("value: 1000.00", "value: 500.00")
    path = tmp_path / "handling.yaml"
    path.write_text(text + later, encoding="utf-8")
    first, second = parse_handling(path)
    assert (first.four_eyes_above, second.four_eyes_above) == (Decimal(1000), Decimal(500))
    assert second.valid_from == date(2027, 1, 1)


@pytest.mark.parametrize("day", [date(2000, 1, 1), date(2016, 8, 1), date(2099, 1, 1)])
def test_every_day_has_parameters(day: date) -> None:
    assert get_claims_parameters(day).request_days == 14


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("value: 1000.00", "value: 1000", "four_eyes_above"),
        ("unit: weeks\n", "unit: weeks\n        size: 3\n", "review_weeks"),
        ("source: bgb", "source: hearsay", "limitation_years"),
        ("2016-08-01", "2016-02-31", "valid_from"),
        ("      link_days:", "      links_days:", "parameters"),
    ],
)
def test_a_fault_in_the_file_is_named(tmp_path: Path, old: str, new: str, key: str) -> None:
    with pytest.raises(UnableToReadTariff) as caught:
        parse_handling(changed(HANDLING_FILE, tmp_path, old, new))
    assert key in caught.value.key


def test_versions_follow_each_other(tmp_path: Path) -> None:
    text = HANDLING_FILE.read_text(encoding="utf-8")
    path = tmp_path / "handling.yaml"
    path.write_text(text + text[text.index("  - valid_from") :], encoding="utf-8")
    with pytest.raises(UnableToReadTariff, match="not later"):
        parse_handling(path)


@pytest.mark.parametrize("kind", list(ConsentKind))
def test_a_declaration_is_asked_in_both_languages(kind: ConsentKind) -> None:
    german, english = get_consent(kind, "de"), get_consent(kind.value, "en-gb")
    assert german.version == english.version
    assert german.text != english.text
    assert german.text.count("\n\n") == english.text.count("\n\n")
    assert get_consent(kind, "fr") == german


def test_consent_to_health_data_tells_of_objecting_and_withdrawing() -> None:
    german = get_consent(ConsentKind.HEALTH_DATA, "de").text
    english = get_consent(ConsentKind.HEALTH_DATA, "en").text
    assert all(word in german for word in ("widersprechen", "widerrufen", "§ 213", "freiwillig"))
    assert all(word in english for word in ("object", "withdraw", "section 213", "voluntary"))


def test_declarations_come_in_one_order() -> None:
    assert [text.kind for text in list_consents("en")] == list(ConsentKind)


def test_an_unknown_declaration_is_refused() -> None:
    with pytest.raises(ValueError, match="sports"):
        get_consent("sports", "de")


def test_the_last_version_of_a_wording_is_asked_for(tmp_path: Path) -> None:
    path = changed(
        CONSENTS_FILE,
        tmp_path,
        '      - version: "2026-11"\n        source: choice',
        '      - {version: "2026-01", source: choice, text: {de: alt, en: old}}\n'
        '      - version: "2026-11"\n        source: choice',
    )
    versions = [text.version for text in parse_consents(path) if text.kind is ConsentKind.PAYMENT]
    assert versions == ["2026-01", "2026-01", "2026-11", "2026-11"]


def test_a_version_has_one_wording(tmp_path: Path) -> None:
    path = changed(
        CONSENTS_FILE,
        tmp_path,
        '      - version: "2026-11"\n        source: choice',
        '      - {version: "2026-11", source: choice, text: {de: alt, en: old}}\n'
        '      - version: "2026-11"\n        source: choice',
    )
    with pytest.raises(UnableToReadTariff, match="one wording"):
        parse_consents(path)


def test_no_declaration_is_left_out(tmp_path: Path) -> None:
    path = changed(CONSENTS_FILE, tmp_path, "kind: payment", "kind: sports")
    with pytest.raises(UnableToReadTariff, match="each of"):
        parse_consents(path)
