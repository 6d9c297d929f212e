"""One record: values into 256 bytes."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache

from billing.exports.gdv.latin_text import write_latin
from billing.facts.gdv import ENCODING, RECORD_LENGTH, Field, FieldKind, GdvValue, RecordTable

_SHORT_DATE = 6


class UnableToWriteRecord(ValueError):
    """A value does not fit its field; `params` names table and field, never the value."""

    def __init__(self, code: str, table: str, field: Field) -> None:
        self.code = code
        self.params = {
            "table": table,
            "field": field.name,
            "label": field.label,
            "position": str(field.at),
            "length": str(field.length),
        }
        super().__init__(f"{code}: {table} {field.name} at {field.at}")


def encode_record(table: RecordTable, values: Mapping[str, GdvValue]) -> bytes:
    """Write the named fields; all others stay empty (blanks, zeros, the table's constants).

    Text stands left, numbers right and filled with zeros, days as TTMMJJJJ or MMJJJJ, amounts
    without their point. A sign follows its amount. None leaves a field empty. Raises
    UnableToWriteRecord with code TOO_LONG (a text that may not be cut, or too many digits),
    NOT_EXACT (more decimals than the field has), NEGATIVE (no sign field), WRONG_KIND; KeyError
    for a field that the table does not have.
    """
    record = bytearray(empty_record(table))
    put_values(record, table, values)
    return bytes(record)


def put_values(record: bytearray, table: RecordTable, values: Mapping[str, GdvValue]) -> None:
    """Write some fields over a record, the others stay as they are. Raises UnableToWriteRecord."""
    for name, value in values.items():
        field, written = table.by_name[name], value
        sign = table.sign_of.get(name)
        if sign is not None and isinstance(value, Decimal):
            record[sign.slice] = b"-" if value < 0 else b"+"
            written = abs(value)
        try:
            record[field.slice] = _encode(field, written)
        except _Unfit as unfit:
            raise UnableToWriteRecord(unfit.code, table.name, field) from None


@cache
def empty_record(table: RecordTable) -> bytes:
    """A record of the table in which only the constants stand."""
    record = bytearray(RECORD_LENGTH)
    for field in table.fields:
        record[field.slice] = _empty(field)
    return bytes(record)


class _Unfit(Exception):
    def __init__(self, code: str) -> None:
        self.code = code


def _encode(field: Field, value: GdvValue) -> bytes:
    return _empty(field) if value is None else _ENCODERS[field.kind](field, value).encode(ENCODING)


def _empty(field: Field) -> bytes:
    if field.constant:
        return field.constant.encode(ENCODING)
    if field.kind is FieldKind.TEXT:
        return b" " * field.length
    return b"+" if field.kind is FieldKind.SIGN else b"0" * field.length


def _text(field: Field, value: object) -> str:
    if not isinstance(value, str):
        raise _Unfit("WRONG_KIND")
    text = write_latin(value)
    if len(text) > field.length:
        if not field.cut:
            raise _Unfit("TOO_LONG")
        text = text[: field.length]
    return text.rjust(field.length) if field.right else text.ljust(field.length)


def _number(field: Field, value: object) -> str:
    # True is a number to Python, and nobody means it.
    if not isinstance(value, int) or value is True or value is False:
        raise _Unfit("WRONG_KIND")
    return _digits(field, value)


def _amount(field: Field, value: object) -> str:
    if not isinstance(value, Decimal) or not value.is_finite():
        raise _Unfit("WRONG_KIND")
    scaled = value.scaleb(field.decimals)
    whole = int(scaled)
    if whole != scaled:
        raise _Unfit("NOT_EXACT")
    return _digits(field, whole)


def _digits(field: Field, value: int) -> str:
    if value < 0:
        raise _Unfit("NEGATIVE")
    digits = str(value).rjust(field.length, "0")
    if len(digits) > field.length:
        raise _Unfit("TOO_LONG")
    return digits


def _date(field: Field, value: object) -> str:
    if not isinstance(value, date):
        raise _Unfit("WRONG_KIND")
    # Not strftime: it writes years before 1000 without zeros on some systems.
    month = f"{value.month:02d}{value.year:04d}"
    return month if field.length == _SHORT_DATE else f"{value.day:02d}{month}"


def _sign(_field: Field, value: object) -> str:
    if value not in ("+", "-"):
        raise _Unfit("WRONG_KIND")
    return str(value)


_ENCODERS: Mapping[FieldKind, Callable[[Field, object], str]] = {
    FieldKind.TEXT: _text,
    FieldKind.NUMBER: _number,
    FieldKind.AMOUNT: _amount,
    FieldKind.DATE: _date,
    FieldKind.SIGN: _sign,
}
