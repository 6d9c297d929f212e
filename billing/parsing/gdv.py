"""Reading a broker's file (GDV-Datensatz VU-Vermittler) record by record, and what is wrong in it.

Records stand in lines, or one behind the other without any separator. Every record keeps its
bytes, so that a file that was read is written back exactly as it came, whatever it holds.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import IO

from billing.exports.gdv.record import put_values
from billing.exports.gdv.tables import GENERAL_LINE, find_table, get_table
from billing.facts.gdv import (
    ENCODING,
    RECORD_LENGTH,
    SUMMED,
    Field,
    FieldKind,
    GdvFault,
    GdvFaultCode,
    GdvTotals,
    GdvValue,
    RecordTable,
)

# Lines are looked for in the beginning only; a line is read in pieces no longer than this.
_LOOK_AHEAD = 4_096
_LONGEST_PIECE = 65_536
_BLOCK = 256 * RECORD_LENGTH
_HEADER, _TRAILER = b"0001", b"9999"
# Control characters, and those between ASCII and Latin-1 where other code pages put letters.
_STRANGE = re.compile(rb"[\x00-\x1f\x7f-\x9f]")
_TRAILER_FAULTS = {"record_count": GdvFaultCode.RECORD_COUNT}
_DIGITS = re.compile(r"\d+", re.ASCII)
_SHORT_DATE = 6


@dataclass(frozen=True)
class GdvRecord:
    """One record: its place in the file (from 1), its bytes and those that separate it.

    `table` is None for a record of another length or of a kind we have no table for; its bytes
    are kept all the same.
    """

    number: int
    raw: bytes
    end: bytes = b"\n"
    table: RecordTable | None = None

    @property
    def kind(self) -> str:
        """The Satzart, its first four characters."""
        return self.raw[:4].decode(ENCODING)

    @cached_property
    def values(self) -> Mapping[str, GdvValue]:
        """Content by field name, without constants and signs; empty for a record without table.

        Amounts carry their sign. None where nothing is told (blank, or zeros for a day). What is
        not of its field's kind, such as a day without its month, is the text as it stands.
        """
        if self.table is None:
            return {}
        return {
            field.name: _read(self.raw, field, self.table.sign_of.get(field.name))
            for field in self.table.fields
            if not field.constant and field.kind is not FieldKind.SIGN
        }

    def with_values(self, values: Mapping[str, GdvValue]) -> "GdvRecord":
        """The record with some fields written anew, all other bytes as they are.

        Raises UnableToWriteRecord, KeyError for an unknown field and LookupError for a record
        without table.
        """
        if self.table is None:
            raise LookupError(f"record {self.number} has no table")
        raw = bytearray(self.raw)
        put_values(raw, self.table, values)
        return replace(self, raw=bytes(raw))


@dataclass
class GdvReader:
    """Reads a file while it is iterated over; afterwards `faults` and `kinds` tell of all of it.

    `kinds` counts the records by kind (their table's name, or the Satzart). `general_line` is the
    line of business that uses the general records 0210 and 0220.
    """

    file: IO[bytes]
    general_line: str = GENERAL_LINE
    faults: list[GdvFault] = field(default_factory=list, init=False)
    kinds: dict[str, int] = field(default_factory=dict, init=False)
    totals: GdvTotals = field(default_factory=GdvTotals, init=False)
    _open: bool = field(default=False, init=False)
    _ended: bool = field(default=False, init=False)
    _header: int = field(default=0, init=False)
    _versions: dict[str, str] = field(default_factory=dict, init=False)

    def __iter__(self) -> Iterator[GdvRecord]:
        number = 0
        for number, (raw, end) in enumerate(_split(self.file), start=1):
            record = self._record(number, raw, end)
            self._check(record)
            yield record
        if number == 0:
            self._fault(1, 1, GdvFaultCode.EMPTY)
        elif self._open:
            self._fault(number, 1, GdvFaultCode.NO_TRAILER)

    def _record(self, number: int, raw: bytes, end: bytes) -> GdvRecord:
        if len(raw) != RECORD_LENGTH:
            return GdvRecord(number, raw, end)
        return GdvRecord(number, raw, end, find_table(raw, general_line=self.general_line))

    def _check(self, record: GdvRecord) -> None:
        name = record.table.name if record.table else record.kind
        self.kinds[name] = self.kinds.get(name, 0) + 1
        self._check_bytes(record)
        kind = record.raw[:4]
        if kind == _HEADER:
            self._begin(record)
        elif kind == _TRAILER:
            self._end(record)
        else:
            self._check_place(record.number)
            self.totals.count(record.table, _summed(record))
            self._check_version(record)

    def _check_bytes(self, record: GdvRecord) -> None:
        found = len(record.raw)
        if found != RECORD_LENGTH:
            place = min(found, RECORD_LENGTH) + 1
            self._fault(record.number, place, GdvFaultCode.LENGTH, length=str(found))
        strange = _STRANGE.search(record.raw)
        if strange is not None:
            byte = f"{strange[0][0]:02X}"
            self._fault(record.number, strange.start() + 1, GdvFaultCode.CHARACTER, byte=byte)
        for code, unread in _find_unreadable(record):
            names = {"field": unread.name, "label": unread.label}
            self._fault(record.number, unread.at, code, **names)

    def _begin(self, record: GdvRecord) -> None:
        if not self._open or not self._header:
            self._open, self._header = True, record.number
            self.totals, self._versions = GdvTotals(), {}
        self._versions |= {
            name: str(value).strip()
            for name, value in record.values.items()
            if name.startswith("version_") and value
        }
        self._check_version(record)

    def _check_place(self, number: int) -> None:
        if self._open:
            return
        code = GdvFaultCode.AFTER_TRAILER if self._ended else GdvFaultCode.NO_HEADER
        self._fault(number, 1, code)
        self._open, self._header, self.totals = True, 0, GdvTotals()

    def _check_version(self, record: GdvRecord) -> None:
        """The header names the version that we know, told once for each kind of record."""
        if record.table is None or not self._header:
            return
        name, wanted = record.table.version_field, record.table.version
        told = self._versions.get(name, "")
        if told == wanted:
            return
        self._versions[name] = wanted
        place = get_table("0001-1").by_name[name].at
        params = {"kind": record.table.name, "found": told, "expected": wanted}
        self._fault(self._header, place, GdvFaultCode.OTHER_RELEASE, **params)

    def _end(self, record: GdvRecord) -> None:
        self._check_place(record.number)
        self._check_version(record)
        self._open, self._ended = False, True
        for name, counted in asdict(self.totals).items() if record.table else ():
            found = record.values[name] or 0
            # What is no number at all has been told already.
            if isinstance(found, int | Decimal) and found != counted:
                place = get_table("9999-1").by_name[name]
                params = {"found": str(found), "expected": str(counted), "label": place.label}
                code = _TRAILER_FAULTS.get(name, GdvFaultCode.TOTAL)
                self._fault(record.number, place.at, code, field=name, **params)

    def _fault(self, record: int, position: int, code: GdvFaultCode, **params: str) -> None:
        self.faults.append(GdvFault(record, position, code, params))


def write_back(records: Iterable[GdvRecord], file: IO[bytes]) -> None:
    """Write records with what separates them, byte for byte as they were read."""
    for record in records:
        file.write(record.raw + record.end)


def _split(file: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """The file's records with their separators, read in small pieces."""
    start = file.read(_LOOK_AHEAD)
    if b"\n" not in start:
        yield from _split_blocks(start, file)
        return
    *whole, rest = start.split(b"\n")
    for line in whole:
        yield _part_end(line + b"\n")
    rest += file.readline(_LONGEST_PIECE) if not rest.endswith(b"\n") else b""
    while rest:
        yield _part_end(rest)
        rest = file.readline(_LONGEST_PIECE)


def _part_end(line: bytes) -> tuple[bytes, bytes]:
    bare = line.removesuffix(b"\n")
    bare = bare.removesuffix(b"\r") if bare != line else bare
    return bare, line[len(bare) :]


def _split_blocks(start: bytes, file: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    rest = start
    while rest := rest + file.read(_BLOCK):
        usable = len(rest) - len(rest) % RECORD_LENGTH or len(rest)
        for at in range(0, usable, RECORD_LENGTH):
            yield rest[at : at + RECORD_LENGTH], b""
        rest = rest[usable:]


def _summed(record: GdvRecord) -> Mapping[str, GdvValue]:
    names = SUMMED.get(record.table.name, {}).values() if record.table else ()
    return {name: record.values.get(name) for name in names}


_READABLE = {
    FieldKind.NUMBER: (int, GdvFaultCode.NOT_A_NUMBER),
    FieldKind.AMOUNT: (Decimal, GdvFaultCode.NOT_A_NUMBER),
    FieldKind.DATE: (date, GdvFaultCode.NOT_A_DAY),
}


def _find_unreadable(record: GdvRecord) -> Iterator[tuple[GdvFaultCode, Field]]:
    """Fields that hold something else than their kind allows."""
    for place in record.table.fields if record.table else ():
        if place.kind is FieldKind.SIGN:
            if record.raw[place.slice] not in (b"+", b"-", b" "):
                yield GdvFaultCode.NOT_A_SIGN, place
        elif place.kind in _READABLE and not place.constant:
            wanted, code = _READABLE[place.kind]
            value = record.values[place.name]
            if value is not None and not isinstance(value, wanted):
                if place.kind is FieldKind.DATE and _is_partial_day(str(value)):
                    continue
                yield code, place


def _is_partial_day(text: str) -> bool:
    """A year, or a month of a year: "00" stands for what is not known."""
    known = text[2:] if text[:2] == "00" and len(text) > _SHORT_DATE else text
    return _DIGITS.fullmatch(text) is not None and known[:2] in _MONTHS_OR_NONE


_MONTHS_OR_NONE = frozenset(f"{month:02d}" for month in range(13))


def _read(raw: bytes, place: Field, sign: Field | None) -> GdvValue:
    text = raw[place.slice].decode(ENCODING)
    if place.kind is FieldKind.TEXT:
        return text.strip() or None
    if not text.strip():
        return None
    if _DIGITS.fullmatch(text) is None:
        return text
    if place.kind is FieldKind.DATE:
        return _read_day(text)
    if place.kind is FieldKind.NUMBER:
        return int(text)
    amount = Decimal(text).scaleb(-place.decimals)
    return -amount if sign is not None and raw[sign.slice] == b"-" else amount


def _read_day(text: str) -> date | str | None:
    if not text.strip("0"):
        return None
    # Of a month, the first day stands for all of it.
    full = f"01{text}" if len(text) == _SHORT_DATE else text
    try:
        return date(int(full[4:]), int(full[2:4]), int(full[:2]))
    except ValueError:
        return text
