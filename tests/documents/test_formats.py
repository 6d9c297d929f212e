"""German values, file names, digests and archives."""

import hashlib
import os
import zipfile
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from documents.exports import german
from documents.exports.archive import DuplicateName, write_archive
from documents.exports.batch import count_processes
from documents.exports.canonical import compute_digest, write_canonical
from documents.exports.filenames import file_name, safe_part
from documents.parsing import UnableToReadInsurer, parse_insurer
from tests.documents import samples


def test_values_are_written_the_german_way() -> None:
    assert german.write_euro(Decimal("1234567.80")) == "1.234.567,80\u00a0€"
    assert german.write_amount(Decimal("-13.00")) == "\u221213,00"
    assert german.write_signed_amount(Decimal("13.00")) == "+13,00"
    assert german.write_signed_amount(Decimal("0.00")) == "0,00"
    assert german.write_signed_amount(Decimal("-0.50")) == "\u22120,50"
    assert german.write_day(date(2026, 12, 1)) == "01.12.2026"
    assert german.write_month(date(2026, 3, 1)) == "März 2026"
    assert german.write_percent(Decimal("0.54")) == "0,54\u00a0%"
    assert german.write_number(56664) == "56.664"
    assert german.write_persons(1) == "1\u00a0Person"
    assert german.write_persons(1421) == "1.421\u00a0Personen"
    assert german.write_iban("DE02120300000000202051").split() == (
        ["DE02", "1203", "0000", "0000", "2020", "51"]
    )


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("Müller", "Mueller"),
        ("Großmann-Äpfelstädt", "Grossmann-Aepfelstaedt"),
        ("Łukasz Yılmaz", "Lukasz_Yilmaz"),
        ("../../etc/passwd", "etc_passwd"),
        ("a/b\\c:d*e", "a_b_c_d.e"),
        ("Schäfer & Söhne GmbH & Co. KG", "Schaefer_Soehne_GmbH_Co._KG"),
        ("ÖLMÜLLER", "OELMUELLER"),
        ("", "ohne"),
        ("...", "ohne"),
        ("中", "ohne"),
    ],
)
def test_file_names_are_safe(text: str, safe: str) -> None:
    assert safe_part(text) == safe


def test_a_paper_is_called_after_its_person() -> None:
    name = file_name("Versicherungsbestaetigung", "1001", "Müller")
    assert name == "Versicherungsbestaetigung_1001_Mueller.pdf"
    assert len(file_name("x" * 500, "y" * 500)) <= 125


def test_equal_contents_have_equal_digests_and_every_field_counts() -> None:
    context = samples.confirmation()
    assert compute_digest(context) == compute_digest(samples.confirmation())
    seen = {compute_digest(context)}
    for field in fields(context):
        nothing: dict[str, Any] = {field.name: None}
        changed = replace(context, **nothing)
        seen.add(compute_digest(changed))
    nullable_already = sum(getattr(context, field.name) is None for field in fields(context))
    assert len(seen) == 1 + len(fields(context)) - nullable_already


def test_the_canonical_form_keeps_amounts_as_text() -> None:
    text = write_canonical(samples.confirmation()).decode()
    assert '"benefit":"335.00"' in text
    assert '"birth_date":"1988-03-14"' in text
    assert '"signs_by_guardian":false' in text
    assert "Haarschön" in text


def test_an_archive_depends_on_its_files_only(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_bytes(b"1" * 2000)
    two.write_bytes(b"2")
    files = [("b/Zwei.pdf", two), ("a/Eins.pdf", one)]
    assert write_archive(tmp_path / "x.zip", files) == 2
    for path in (one, two):
        os.utime(path, (1, 1))
        path.chmod(0o600)
    write_archive(tmp_path / "sub" / "y.zip", reversed(files))
    first, second = (tmp_path / "x.zip").read_bytes(), (tmp_path / "sub" / "y.zip").read_bytes()
    assert first == second
    with zipfile.ZipFile(tmp_path / "x.zip") as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["a/Eins.pdf", "b/Zwei.pdf"]
        assert archive.read("a/Eins.pdf") == b"1" * 2000
    assert hashlib.sha256(first).hexdigest() == (
        "c1aa6b7a5bdf5bfd34d5e26f9b3331f1a68ff190ae4080a8250dd1d218ba0e7c"
    )


def test_an_archive_refuses_two_files_of_one_name(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"x")
    with pytest.raises(DuplicateName) as caught:
        write_archive(tmp_path / "x.zip", [("Müller.pdf", source), ("müller.pdf", source)])
    assert caught.value.name == "müller.pdf"
    assert [path.name for path in tmp_path.iterdir()] == ["source"], "no torn archive is left"


def test_processes_are_started_for_many_letters_only() -> None:
    assert count_processes(0) == 1
    assert count_processes(7) == 1
    assert 1 <= count_processes(1000) <= (os.cpu_count() or 1)


def test_a_letterhead_names_what_it_lacks() -> None:
    values = {field.name: "x" for field in fields(samples.INSURER)}
    assert parse_insurer(values | {"bic": " "}).bic == ""
    with pytest.raises(UnableToReadInsurer) as caught:
        parse_insurer({**values, "phone": "", "town": " "})
    assert caught.value.missing == ["town", "phone"]
