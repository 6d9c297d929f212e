"""Files for payroll programs, byte by byte against golden files written by hand."""

from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from aupolicy.kernel.month import Month
from billing.exports.payroll.file import write_payroll_file
from billing.exports.payroll.values import UnableToWritePayrollFile
from billing.facts.payroll_file import PayrollFormat, PayrollLine, PayrollTarget
from billing.rules.payroll_target import check_payroll_target

pytestmark = pytest.mark.fast

_GOLDEN = Path(__file__).parent / "golden" / "payroll"
_MONTH = Month(2026, 12)
_TARGET = PayrollTarget(
    file_format=PayrollFormat.LODAS,
    wage_type="235",
    consultant_number=12345,
    client_number=678,
    processing_key=2,
    cost_centre="O77",
)


def _line(number: str, month: Month, amount: str, value: str, year_sum: str) -> PayrollLine:
    last, first = ("Groß", "Jörg") if number == "1001" else ("=SUMME(A1)", "Tarık")
    money = (Decimal(value), Decimal(year_sum), Decimal(value) > 50)
    return PayrollLine(number, month, Decimal(amount), last, first, *money)


_LINES = (
    _line("1001", _MONTH, "13.00", "13.00", "152.80"),
    _line("1001", _MONTH.plus(-1), "-3.20", "9.80", "139.80"),
    _line("0012", _MONTH, "1234.50", "1234.50", "1234.50"),
)


def _write(target: PayrollTarget, lines: tuple[PayrollLine, ...] = _LINES) -> bytes:
    file = write_payroll_file(target=target, month=_MONTH, number=7, lines=lines)
    return file.content


@pytest.mark.parametrize(
    ("file_format", "golden"),
    [
        (PayrollFormat.LODAS, "lodas.txt"),
        (PayrollFormat.LEXWARE, "lexware.csv"),
        (PayrollFormat.SAGE, "sage.csv"),
        (PayrollFormat.PERSONIO, "personio.csv"),
        (PayrollFormat.CSV, "plain.csv"),
    ],
)
def test_each_format_is_its_golden_file(file_format: PayrollFormat, golden: str) -> None:
    assert _write(replace(_TARGET, file_format=file_format)) == (_GOLDEN / golden).read_bytes()


def test_lodas_keeps_the_rules_of_its_manual() -> None:
    content = _write(_TARGET)
    assert content.count(b"\n") == content.count(b"\r\n")
    text = content.decode("cp1252")
    sections = [line for line in text.split("\r\n") if line.startswith("[")]
    assert sections == ["[Allgemein]", "[Satzbeschreibung]", "[Bewegungsdaten]"]
    described = text.split("[Satzbeschreibung]\r\n1;")[1].split("\r\n")[0].split(";")
    data = text.split("[Bewegungsdaten]\r\n")[1].rstrip("\r\n").split("\r\n")
    # The number of the description stands where the table's name does.
    assert {len(line.split(";")) for line in data} == {len(described)}


def test_lodas_has_a_cost_centre_only_where_one_is_set() -> None:
    text = _write(replace(_TARGET, cost_centre="")).decode("cp1252")
    assert "kostenstelle" not in text
    assert "\r\n1;01.12.2026;13,00;2;235;1001;\r\n" in text


def test_lohn_und_gehalt_has_a_file_for_each_month_and_one_description() -> None:
    target = replace(_TARGET, file_format=PayrollFormat.LUG)
    content = _write(target)
    assert content == _write(target), "the same lines are not the same bytes"
    with ZipFile(BytesIO(content)) as archive:
        names = archive.namelist()
        assert names == [
            "Bewegungsdaten_2026-11.txt",
            "Bewegungsdaten_2026-12.txt",
            "Formatbeschreibung.ini",
        ]
        golden = ("lug_2026-11.txt", "lug_2026-12.txt", "lug.ini")
        for name, expected in zip(names, golden, strict=True):
            assert archive.read(name) == (_GOLDEN / expected).read_bytes()


def test_the_name_tells_month_number_and_program() -> None:
    lug = replace(_TARGET, file_format=PayrollFormat.LUG)
    file = write_payroll_file(target=lug, month=_MONTH, number=7, lines=_LINES)
    assert (file.name, file.media_type) == (
        "Geldwerter_Vorteil_2026-12_0007_lug.zip",
        "application/zip",
    )


@pytest.mark.parametrize("file_format", [PayrollFormat.LODAS, PayrollFormat.LUG])
@pytest.mark.parametrize("number", ["A-17", "0", "100000", "", "12 3", "-5", "٣٤", "1.5"])
def test_datev_takes_whole_numbers_only(file_format: PayrollFormat, number: str) -> None:
    lines = (*_LINES, replace(_LINES[0], personnel_number=number, last_name="Ohnezahl"))
    with pytest.raises(UnableToWritePayrollFile) as refused:
        _write(replace(_TARGET, file_format=file_format), lines)
    assert refused.value.code == "PERSONNEL_NUMBERS"
    assert [person.last_name for person in refused.value.people] == ["Ohnezahl"]
    assert "Ohnezahl" not in str(refused.value)


def test_two_people_with_one_number_to_datev_are_not_added_up() -> None:
    lines = (*_LINES, replace(_LINES[2], personnel_number="12", last_name="Zwölf"))
    with pytest.raises(UnableToWritePayrollFile) as refused:
        _write(_TARGET, lines)
    assert refused.value.code == "PERSONNEL_NUMBERS_ALIKE"
    assert {person.personnel_number for person in refused.value.people} == {"12", "0012"}


@pytest.mark.parametrize("file_format", [PayrollFormat.LEXWARE, PayrollFormat.SAGE])
def test_numbers_that_the_character_set_lacks_are_named(file_format: PayrollFormat) -> None:
    lines = (replace(_LINES[0], personnel_number="Ł-17"),)
    with pytest.raises(UnableToWritePayrollFile) as refused:
        _write(replace(_TARGET, file_format=file_format), lines)
    assert refused.value.code == "CHARACTERS"


def test_settings_are_asked_for_by_the_format() -> None:
    bare = PayrollTarget(PayrollFormat.LODAS)
    datev = ("consultant_number", "client_number", "wage_type")
    assert check_payroll_target(bare) == (*datev, "processing_key")
    assert check_payroll_target(replace(bare, file_format=PayrollFormat.LUG)) == datev
    for file_format in (PayrollFormat.LEXWARE, PayrollFormat.SAGE, PayrollFormat.PERSONIO):
        assert check_payroll_target(replace(bare, file_format=file_format)) == ("wage_type",)
    assert check_payroll_target(replace(bare, file_format=PayrollFormat.CSV)) == ()
    for file_format in PayrollFormat:
        assert check_payroll_target(replace(_TARGET, file_format=file_format)) == ()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("consultant_number", 0), ("consultant_number", 10_000_000), ("client_number", 100_000),
        ("wage_type", "23a"), ("wage_type", "0235"), ("wage_type", "10000"),
        ("processing_key", 100), ("cost_centre", "O;77"), ("cost_centre", "=1+1"),
    ],
)  # fmt: skip
def test_settings_out_of_range_are_named(field: str, value: object) -> None:
    wrong = replace(_TARGET, **{field: value})  # type: ignore[arg-type]
    assert check_payroll_target(wrong) == (field,)


def test_lohn_und_gehalt_keeps_wage_types_for_itself() -> None:
    target = replace(_TARGET, file_format=PayrollFormat.LUG)
    ok = [number for number in ("5999", "6000", "7999", "8000", "9999")
          if not check_payroll_target(replace(target, wage_type=number))]  # fmt: skip
    assert ok == ["5999", "8000", "9999"]
