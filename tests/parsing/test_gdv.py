"""Reading brokers' files: values, faults with their places, and writing back byte for byte."""

import io
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.exports.gdv import GdvWriter, encode_record, get_table, list_tables
from billing.exports.gdv.latin_text import write_latin
from billing.facts.gdv import (
    RECORD_LENGTH,
    Field,
    FieldKind,
    GdvFaultCode,
    GdvValue,
    RecordTable,
)
from billing.parsing.gdv import GdvReader, GdvRecord, write_back

KINDS = {"0100", "0200", "0210.030", "0220.030", "0400", "0500"}
LINE: Mapping[str, GdvValue] = {"line": 30, "policy_number": "BAU1"}


def write(separator: bytes = b"\n") -> bytes:
    """A small file: one contract, one person, a statement and a credit."""
    file = io.BytesIO()
    writer = GdvWriter(file, insurer_number="9999", agency="4711", separator=separator)
    writer.begin(
        sender="Beispiel Versicherung",
        recipient="Makler",
        period_from=date(2026, 11, 1),
        period_to=date(2026, 11, 30),
        kinds=KINDS,
    )
    writer.add("0100-1", {**LINE, "name_1": "Zoë & Söhne"})
    writer.add("0200-1", {**LINE, "premium_net": Decimal("76.70"), "start": date(2026, 1, 1)})
    writer.add("0220.030-1", {**LINE, "person_number": 300_001, "last_name": "Müller"})
    writer.add("0220.030-3", {**LINE, "person_number": 300_001})
    writer.add("0400-1", {**LINE, "premium_gross": Decimal("76.70")})
    writer.add("0400-1", {**LINE, "premium_gross": Decimal("-6.80")})
    writer.add("0500-1", {**LINE, "amount": Decimal("335.00")})
    writer.end()
    return file.getvalue()


def read(content: bytes, general_line: str = "000") -> tuple[list[GdvRecord], GdvReader]:
    reader = GdvReader(io.BytesIO(content), general_line=general_line)
    return list(reader), reader


def again(records: list[GdvRecord]) -> bytes:
    file = io.BytesIO()
    write_back(records, file)
    return file.getvalue()


def faults(content: bytes) -> list[tuple[int, int, str]]:
    return [(f.record, f.position, f.code.value) for f in read(content)[1].faults]


def damage(record: int, place: int, content: bytes) -> bytes:
    """The small file with some bytes written over, places counted from 1."""
    whole = bytearray(write())
    start = (record - 1) * (RECORD_LENGTH + 1) + place - 1
    whole[start : start + len(content)] = content
    return bytes(whole)


@pytest.mark.parametrize("separator", [b"\n", b"\r\n", b""])
def test_values_and_bytes_come_back(separator: bytes) -> None:
    content = write(separator)
    records, reader = read(content)
    assert reader.faults == []
    assert again(records) == content
    assert [record.table.name for record in records if record.table] == [
        "0001-1", "0100-1", "0200-1", "0220.030-1", "0220.030-3", "0400-1", "0400-1", "0500-1",
        "9999-1",
    ]  # fmt: skip
    assert records[1].values["name_1"] == "Zoë & Söhne"
    assert records[1].values["policy_number"] == "BAU1"
    assert records[2].values["premium_net"] == Decimal("76.70")
    assert records[2].values["start"] == date(2026, 1, 1)
    assert records[2].values["expiry"] is None
    assert records[6].values["premium_gross"] == Decimal("-6.80")
    assert records[8].values["record_count"] == 7
    assert records[8].values["collected_total"] == Decimal("69.90")


def test_totals_are_those_of_the_records() -> None:
    records, reader = read(write())
    trailer = records[-1].values
    # Neither the header nor the trailer counts (the association's sample: 165 records, 162 told).
    assert trailer["record_count"] == len(records) - 2 == reader.totals.record_count
    assert trailer["premium_total"] == Decimal("76.70")
    assert trailer["benefit_total"] == Decimal("335.00")


@pytest.mark.parametrize(
    ("record", "place", "content", "expected"),
    [
        (3, 116, b"00000000X670", [(3, 116, "NOT_A_NUMBER"), (9, 25, "TOTAL")]),
        (3, 44, b"31022026", [(3, 44, "NOT_A_DAY")]),
        (3, 44, b"00002026", []),
        (3, 44, b"        ", []),
        (6, 150, b"?", [(6, 150, "NOT_A_SIGN")]),
        (2, 44, b"\x84", [(2, 44, "CHARACTER")]),
        (1, 102, b"2.3", [(1, 102, "OTHER_RELEASE")]),
        (1, 102, b"   ", [(1, 102, "OTHER_RELEASE")]),
        (9, 5, b"0000000009", [(9, 5, "RECORD_COUNT")]),
        (9, 25, b"000000000007671", [(9, 25, "TOTAL")]),
        (9, 40, b"00000000007670", [(9, 40, "TOTAL")]),
    ],
)
def test_a_fault_is_told_with_its_place(
    record: int, place: int, content: bytes, expected: list[tuple[int, int, str]]
) -> None:
    damaged = damage(record, place, content)
    assert faults(damaged) == expected
    assert again(read(damaged)[0]) == damaged


def test_missing_ends_are_told() -> None:
    lines = write().splitlines(keepends=True)
    assert faults(b"") == [(1, 1, "EMPTY")]
    assert (8, 1, "NO_TRAILER") in faults(b"".join(lines[:-1]))
    assert (1, 1, "NO_HEADER") in faults(b"".join(lines[1:]))
    assert (10, 1, "AFTER_TRAILER") in faults(b"".join([*lines, lines[1]]))
    # Several packages may follow one another, each with header and trailer.
    assert faults(b"".join(lines * 2)) == []


def test_damaged_lengths_are_told_and_kept() -> None:
    lines = write().splitlines(keepends=True)
    for line, place in ((lines[2][:200] + b"\n", 201), (lines[2][:-1] + b"  \r\n", 257)):
        content = b"".join([*lines[:2], line, *lines[3:]])
        records, reader = read(content)
        assert (reader.faults[0].record, reader.faults[0].position) == (3, place)
        assert reader.faults[0].code is GdvFaultCode.LENGTH
        assert again(records) == content
    cut = write(b"")[:-10]
    records, reader = read(cut)
    assert (9, 247, "LENGTH") in [(f.record, f.position, f.code) for f in reader.faults]
    assert again(records) == cut


def test_utf_8_is_told_by_its_length_and_bytes() -> None:
    content = write().decode("latin-1").encode()
    # "Müller" becomes one byte longer, and the second byte of "ü" is no letter of Latin-1.
    told = faults(content.replace("ü".encode(), "Ü".encode()))
    assert (4, 257, "LENGTH") in told
    assert (4, 88, "CHARACTER") in told


def test_unknown_kinds_are_kept_raw() -> None:
    lines = write().splitlines(keepends=True)
    stranger = b"0372" + b"Sonderbar ".ljust(252) + b"\n"
    records, reader = read(b"".join([*lines[:2], stranger, *lines[2:]]))
    assert records[2].table is None
    assert records[2].values == {}
    assert records[2].raw == stranger[:-1]
    assert reader.kinds["0372"] == 1
    assert [f.code for f in reader.faults] == [GdvFaultCode.RECORD_COUNT]
    with pytest.raises(LookupError):
        records[2].with_values({"name_1": "X"})


def test_one_field_is_written_anew_and_no_other_byte() -> None:
    records, _ = read(write())
    changed = records[6].with_values({"premium_gross": Decimal("6.81")})
    assert changed.values["premium_gross"] == Decimal("6.81")
    differences = [n for n in range(RECORD_LENGTH) if changed.raw[n] != records[6].raw[n]]
    # The last digit and the sign behind it (positions 149 and 150).
    assert differences == [148, 149]


def test_the_general_records_serve_the_line_the_insurer_chose() -> None:
    raw = encode_record(get_table("0220.000-1"), {"line": 209, "premium": Decimal("6.80")})
    assert read(raw)[0][0].table is None
    found = read(raw, general_line="209")[0][0]
    assert found.table is get_table("0220.000-1")
    assert found.values["premium"] == Decimal("6.80")


def _values_of(field: Field) -> st.SearchStrategy[GdvValue]:
    largest = 10**field.length - 1
    if field.kind is FieldKind.NUMBER:
        return st.integers(0, largest)
    if field.kind is FieldKind.AMOUNT:
        return st.integers(0, largest).map(lambda n: Decimal(n).scaleb(-field.decimals))
    if field.kind is FieldKind.DATE:
        days = st.dates()
        return days if field.length == 8 else days.map(lambda day: day.replace(day=1))
    text = st.text(max_size=field.length).map(write_latin)
    return text.map(lambda written: written[: field.length].strip() or None)


@st.composite
def filled(draw: st.DrawFn) -> tuple[RecordTable, dict[str, GdvValue]]:
    """A record of any kind with some of its fields filled."""
    table = draw(st.sampled_from(list_tables()))
    open_fields = [f for f in table.fields if not f.constant and f.kind is not FieldKind.SIGN]
    chosen = draw(st.lists(st.sampled_from(open_fields), unique=True, max_size=8))
    values = {field.name: draw(_values_of(field)) for field in chosen}
    signed = [name for name in values if name in table.sign_of]
    for name in signed:
        amount = values[name]
        if isinstance(amount, Decimal) and amount and draw(st.booleans()):
            values[name] = -amount
    return table, values


@given(filled())
def test_what_is_written_is_read(given_record: tuple[RecordTable, dict[str, GdvValue]]) -> None:
    table, values = given_record
    record = GdvRecord(1, encode_record(table, values), table=table)
    assert {name: record.values[name] for name in values} == values
    assert encode_record(table, record.values) == record.raw


@given(st.lists(st.binary(max_size=300), max_size=6), st.sampled_from([b"\n", b"\r\n", b""]))
def test_whatever_is_read_is_written_back(pieces: list[bytes], separator: bytes) -> None:
    content = separator.join(pieces)
    records, reader = read(content)
    assert again(records) == content
    assert all(fault.record >= 1 and fault.position >= 1 for fault in reader.faults)


def test_a_long_file_is_read_in_pieces() -> None:
    one = encode_record(get_table("0100-1"), {"name_1": "Öl"})
    for separator in (b"", b"\n", b"\r\n"):
        content = (one + separator) * 2_000
        records, _ = read(content)
        assert len(records) == 2_000
        assert again(records) == content
    endless = b"\n" + b"x" * 200_000
    records, _ = read(endless)
    assert max(len(record.raw) for record in records) <= 65_536 + 4_096
    assert again(records) == endless
