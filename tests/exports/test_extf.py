"""DATEV-Format, Buchungsstapel: as DATEV describes it and as its own sample file looks."""

import csv
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from billing.exports.extf import (
    COLUMNS,
    TEXTS,
    BatchHead,
    Booking,
    UnableToWriteBatch,
    write_batch,
)

GOLDEN = Path(__file__).parent / "golden" / "EXTF_Buchungsstapel.csv"
HEAD = BatchHead(
    consultant=29098,
    client=55003,
    fiscal_year_start=date(2026, 1, 1),
    account_length=4,
    first_day=date(2026, 11, 1),
    last_day=date(2026, 12, 31),
    name="bAU 11/2026 bis 12/2026",
    created_at=datetime(2026, 12, 3, 14, 4, 40, 439_000, tzinfo=UTC),
)
BOOKING = Booking(
    amount=Decimal("5920.00"),
    account="4130",
    contra_account="70001",
    day=date(2026, 12, 2),
    document_number="R-2026-000017",
    text="bAU-Beitrag 12/2026, Vertrag GV-2026-0003",
    cost_centre="VERW 10",
    due_date=date(2026, 12, 15),
)
# What DATEV's page says of the columns that we fill, anchored as there.
EXPRESSIONS = {
    "Umsatz (ohne Soll/Haben-Kz)": r"(?!0{1,10},00)\d{1,10},\d{2}",
    "Soll/Haben-Kennzeichen": r'"(S|H)"',
    "WKZ Umsatz": r'"[A-Z]{3}"',
    "Konto": r"(?!0{1,9}$)\d{1,9}",
    "Gegenkonto (ohne BU-Schlüssel)": r"(?!0{1,9}$)\d{1,9}",
    "BU-Schlüssel": r'""',
    "Belegdatum": r"\d{4}",
    "Belegfeld 1": r'"[\w$%\-/]{0,36}"',
    "Buchungstext": r'".{0,60}"',
    "KOST1 - Kostenstelle": r'"[\w ]{0,36}"',
    "Festschreibung": r"0|1",
    "Fälligkeit": r"((0[1-9]|[1-2]\d|3[0-1])(0[1-9]|1[0-2])20\d{2})?",
}


def lines(content: bytes) -> list[str]:
    """The lines as they stand; every one ends with CRLF."""
    text = content.decode("cp1252")
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    return text[:-2].split("\r\n")


def cells(row: str) -> dict[str, str]:
    """Heading -> what stands between the semicolons, quotation marks included."""
    found = re.findall(r'(?:^|;)("(?:[^"]|"")*"|[^;]*)', row)
    assert len(found) == 125
    return dict(zip(COLUMNS, found, strict=True))


def test_the_header_is_datevs_own_but_for_what_is_ours() -> None:
    sample = (
        '"EXTF";700;21;"Buchungsstapel";13;20240130140440439;;"RE";"";"";29098;55003;20240101;4;'
        '20240101;20240831;"Buchungsstapel";"WD";1;0;0;"EUR";;"";;;"03";;;"";""'
    )
    head = replace(
        HEAD,
        fiscal_year_start=date(2024, 1, 1),
        first_day=date(2024, 1, 1),
        last_day=date(2024, 8, 31),
        name="Buchungsstapel",
        created_at=datetime(2024, 1, 30, 14, 4, 40, 439_000, tzinfo=UTC),
    )
    written = lines(write_batch(head, [replace(BOOKING, day=date(2024, 2, 29))]))[0].split(";")
    # Its origin, dictation mark and chart of accounts are DATEV's to say: ours are empty texts.
    expected = ['""' if value in {'"RE"', '"WD"', '"03"'} else value for value in sample.split(";")]
    assert written == expected


def test_the_heading_has_datevs_columns() -> None:
    heading = lines(write_batch(HEAD, [BOOKING]))[1].split(";")
    assert heading == list(COLUMNS)
    assert len(heading) == len(set(heading)) == 125
    places = {1: "Umsatz (ohne Soll/Haben-Kz)", 14: "Buchungstext", 37: "KOST1 - Kostenstelle",
              48: "Zusatzinformation - Art 1", 87: "Zusatzinformation- Inhalt 20", 88: "Stück",
              114: "Festschreibung", 117: "Fälligkeit", 125: "Abw. Skontokonto"}  # fmt: skip
    assert {place: heading[place - 1] for place in places} == places


def test_a_booking_is_as_described() -> None:
    found = cells(lines(write_batch(HEAD, [BOOKING]))[2])
    for column, expression in EXPRESSIONS.items():
        assert re.fullmatch(expression, found[column]), column
    empty = {found[column] for column in COLUMNS if column not in EXPRESSIONS and column in TEXTS}
    assert empty == {'""'}
    assert {found[c] for c in COLUMNS if c not in EXPRESSIONS and c not in TEXTS} == {""}
    assert found["Belegdatum"] == "0212"
    assert found["Fälligkeit"] == "15122026"


def test_a_credit_goes_the_other_way_with_a_positive_amount() -> None:
    credit = replace(BOOKING, amount=Decimal("-12.50"))
    found = cells(lines(write_batch(HEAD, [credit]))[2])
    assert (found["Umsatz (ohne Soll/Haben-Kz)"], found["Soll/Haben-Kennzeichen"]) == (
        "12,50",
        '"H"',
    )
    assert (found["Konto"], found["Gegenkonto (ohne BU-Schlüssel)"]) == ("4130", "70001")


def test_texts_are_quoted_cut_and_in_windows_letters() -> None:
    text = 'Beitrag "Ağı Ł €"; \n' + "ü" * 80
    row = lines(write_batch(replace(HEAD, name="a;b|c" + "x" * 40), [replace(BOOKING, text=text)]))
    found = next(csv.reader([row[2]], delimiter=";"))[13]
    assert len(found) == 60
    assert found.startswith('Beitrag "Agi L €";  ü')
    assert '"Beitrag ""Agi L €"";' in row[2]
    assert next(csv.reader([row[0]], delimiter=";"))[16] == "a b c" + "x" * 25


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ({"consultant": 1000}, "OUT_OF_RANGE"),
        ({"client": 100_000}, "OUT_OF_RANGE"),
        ({"account_length": 9}, "OUT_OF_RANGE"),
        ({"last_day": date(2027, 1, 1)}, "TWO_FISCAL_YEARS"),
        ({"first_day": date(2025, 12, 31)}, "TWO_FISCAL_YEARS"),
        ({"fiscal_year_start": date(2026, 12, 1)}, "TWO_FISCAL_YEARS"),
    ],
)
def test_a_header_that_datev_would_refuse(head: dict[str, object], code: str) -> None:
    with pytest.raises(UnableToWriteBatch) as caught:
        write_batch(replace(HEAD, **head), [BOOKING])  # type: ignore[arg-type]
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amount": Decimal(0)}, "NO_AMOUNT"),
        ({"amount": Decimal("10000000000")}, "NO_AMOUNT"),
        ({"account": "41300"}, "ACCOUNT_TOO_LONG"),
        ({"account": "0000"}, "NO_ACCOUNT"),
        ({"account": "41a0"}, "NO_ACCOUNT"),
        ({"account": ""}, "NO_ACCOUNT"),
        ({"contra_account": "700011"}, "ACCOUNT_TOO_LONG"),
        ({"document_number": "R 1"}, "NO_DOCUMENT_NUMBER"),
        ({"document_number": "Rä"}, "NO_DOCUMENT_NUMBER"),
        ({"document_number": "1" * 37}, "NO_DOCUMENT_NUMBER"),
        ({"cost_centre": "K" * 37}, "NO_COST_CENTRE"),
        ({"cost_centre": "K;1"}, "NO_COST_CENTRE"),
        ({"day": date(2026, 10, 31)}, "DAY_OUTSIDE"),
    ],
)
def test_a_booking_that_datev_would_refuse(change: dict[str, object], code: str) -> None:
    with pytest.raises(UnableToWriteBatch) as caught:
        write_batch(HEAD, [replace(BOOKING, **change)])  # type: ignore[arg-type]
    assert caught.value.code == code


def test_a_batch_without_bookings_or_with_too_many() -> None:
    with pytest.raises(UnableToWriteBatch, match="NOTHING_TO_BOOK"):
        write_batch(HEAD, [])
    with pytest.raises(UnableToWriteBatch, match="TOO_MANY_BOOKINGS"):
        write_batch(HEAD, [BOOKING] * 100_000)


def test_a_fiscal_year_may_begin_in_july() -> None:
    head = replace(HEAD, fiscal_year_start=date(2026, 7, 1), last_day=date(2027, 6, 30))
    rows = lines(write_batch(head, [replace(BOOKING, day=date(2027, 2, 28))]))
    assert ";20260701;4;20261101;20270630;" in rows[0]
    assert cells(rows[2])["Belegdatum"] == "2802"


def test_the_golden_file() -> None:
    credit = replace(
        BOOKING,
        amount=Decimal("-14.80"),
        day=date(2026, 11, 3),
        document_number="R-2026-000012",
        text="bAU-Beitrag 11/2026, Vertrag GV-2026-0003",
        cost_centre="",
        due_date=None,
    )
    assert write_batch(HEAD, [credit, BOOKING]) == GOLDEN.read_bytes()
