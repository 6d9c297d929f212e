"""The project's own acceptance cases, those that need no database."""

from pathlib import Path

import pytest

from config.cases.checking import check_case
from config.cases.reading import UnableToReadCase, case_files, read_case

FOLDER = Path(__file__).parent
WITHOUT_DATABASE = [path for path in case_files(FOLDER) if path.parent.name != "premium"]


@pytest.mark.parametrize(
    "path", WITHOUT_DATABASE, ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_case(path: Path) -> None:
    assert check_case(read_case(path)) == []


def test_a_difference_names_key_and_both_values(tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(
        "case: wrong\nsource: constructed\nkind: quote\n"
        "given: {tariff: bau-2016, payroll: [2400.00]}\n"
        "expected: {premium: 13.01, insured: 1}\n"
    )
    (difference,) = check_case(read_case(path))
    assert (difference.key, difference.expected, difference.got) == ("premium", "13.01", "13.00")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("case: a\nsource: b\nkind: quote\ngiven: {tariff: x}\nexpected: {premium: 1.00}", "given"),
        ("case: a\nsource: b\nkind: guess\ngiven: {}\nexpected: {}", "kind"),
        (
            (
                "case: a\nsource: b\nkind: cancellation\n"
                "given: {contract: {start: 1.1.2026}, received: 2026-01-01}\n"
                "expected: {in_time: true}"
            ),
            "given.contract.start",
        ),
        ("just text", "file"),
        ("a: [", "file"),
    ],
)
def test_a_file_that_does_not_fit_names_the_key(tmp_path: Path, text: str, key: str) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(text)
    with pytest.raises(UnableToReadCase) as caught:
        read_case(path)
    assert caught.value.key == key
