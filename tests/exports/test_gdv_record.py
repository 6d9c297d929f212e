"""Records of the broker's file: tables, widths, fillings, what is cut and what is refused."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.exports.gdv import UnableToWriteRecord, encode_record, get_table, list_tables
from billing.exports.gdv.latin_text import is_latin_text, write_latin
from billing.facts.gdv import RECORD_LENGTH, FieldKind, GdvValue, RecordTable

PERSON = get_table("0220.030-1")


def at(record: bytes, first: int, last: int) -> str:
    """What stands in a record from a position to another, as the association counts."""
    return record[first - 1 : last].decode("latin-1")


@pytest.mark.parametrize("table", list_tables(), ids=lambda table: table.name)
def test_a_table_covers_every_byte_once(table: RecordTable) -> None:
    place = 1
    for field in table.fields:
        assert field.at == place, field
        place += field.length
    assert place == RECORD_LENGTH + 1
    assert len(table.by_name) == len(table.fields)
    assert table.fields[0].constant == table.record
    assert get_table("0001-1").by_name[table.version_field].length == len(table.version)
    for field in table.fields:
        assert len(field.constant) in (0, field.length)
        assert field.kind is not FieldKind.DATE or field.length in (6, 8)
        assert not field.cut or field.kind is FieldKind.TEXT


def test_positions_that_programs_rely_on() -> None:
    def place(table: str, name: str) -> tuple[int, int]:
        field = get_table(table).by_name[name]
        return field.at, field.length

    assert place("0200-1", "premium_net") == (116, 12)
    assert place("0200-1", "tax_free") == (158, 1)
    assert place("0200-2", "premium_gross") == (72, 12)
    assert place("0220.030-2", "daily_benefit_1_from") == (91, 3)
    assert place("0220.020-2", "benefit_from") == (91, 4)
    assert place("0400-1", "premium_gross") == (139, 11)
    assert place("0100-5", "mandate_reference") == (195, 35)
    assert place("9999-1", "record_count") == (5, 10)
    assert place("9999-1", "premium_total") == (25, 15)
    # The part's number stands where each table says: not always in the last byte.
    marks = {name: [m for m in get_table(name).marks if m[1] in (b"1", b"3")] for name in (
        "0220.030-1", "0220.030-3", "0200-1")}  # fmt: skip
    assert marks["0220.030-1"][0][0] == slice(48, 49)
    assert marks["0220.030-3"][0][0] == slice(42, 43)
    assert marks["0200-1"][0][0] == slice(255, 256)


def test_fillings() -> None:
    record = encode_record(
        PERSON,
        {
            "insurer_number": "9999",
            "policy_number": "BAU100001",
            "person_number": 42,
            "last_name": "Größl",
            "birth_date": date(1990, 12, 4),
            "premium": Decimal("13.5"),
        },
    )
    assert len(record) == RECORD_LENGTH
    assert at(record, 1, 13) == "02209999  030"
    assert at(record, 14, 30) == "        BAU100001"
    assert at(record, 43, 49) == "0000421"
    assert at(record, 86, 115) == "Größl" + " " * 25
    assert at(record, 146, 153) == "04121990"
    assert at(record, 204, 215) == "000000001350"
    assert at(record, 216, 223) == "00000000"
    assert at(record, 250, 250) == "1"


def test_signs_follow_their_amounts() -> None:
    table = get_table("0400-1")
    record = encode_record(table, {"premium_net": Decimal("-76.70"), "tax": Decimal("0")})
    assert at(record, 110, 121) == "00000007670-"
    assert at(record, 122, 133) == "00000000000+"


def test_short_days_are_month_and_year() -> None:
    record = encode_record(get_table("0200-2"), {"produktform_gueltig_ab": date(2016, 8, 1)})
    assert at(record, 66, 71) == "082016"


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("premium", Decimal("99999999999.99"), "TOO_LONG"),
        ("premium", Decimal("1.005"), "NOT_EXACT"),
        ("premium", Decimal("-1"), "NEGATIVE"),
        ("premium", Decimal("NaN"), "WRONG_KIND"),
        ("person_number", 1_000_000, "TOO_LONG"),
        ("person_number", -1, "NEGATIVE"),
        ("person_number", "1", "WRONG_KIND"),
        ("policy_number", "X" * 18, "TOO_LONG"),
        ("last_name", 5, "WRONG_KIND"),
        ("birth_date", "01.01.1990", "WRONG_KIND"),
    ],
)
def test_what_does_not_fit_is_refused(name: str, value: GdvValue, code: str) -> None:
    with pytest.raises(UnableToWriteRecord) as caught:
        encode_record(PERSON, {name: value})
    assert caught.value.code == code
    assert caught.value.params["field"] == name


def test_a_field_that_does_not_exist_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        encode_record(PERSON, {"diagnosis": "F32"})


def test_names_are_cut() -> None:
    record = encode_record(PERSON, {"last_name": "A" * 29 + "BC"})
    assert at(record, 86, 116) == "A" * 29 + "B "


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Jörg Müller-Lüdenscheidt", "Jörg Müller-Lüdenscheidt"),
        ("Ça Señor Ø Þ", "Ça Señor Ø Þ"),
        ("Čapek Őry Łódź", "Capek Ory Lódz"),
        ("A\u0308nne", "Änne"),
        ("10 € – „Œuvre“", '10 EUR - "OEuvre"'),
        ("a\tb\nc\u00a0d", "a b c d"),
        ("so\u00adft\x00", "soft"),
        ("Иван", "...."),
        ("STRAẞE", "STRASSE"),
    ],
)
def test_what_latin_1_lacks_is_written_otherwise(text: str, written: str) -> None:
    assert write_latin(text) == written


@given(st.text())
def test_any_text_fits_latin_1_and_is_settled(text: str) -> None:
    written = write_latin(text)
    written.encode("iso-8859-1")
    assert is_latin_text(written)
    assert write_latin(written) == written
