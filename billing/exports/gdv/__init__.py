"""The broker's file: GDV-Datensatz "VU-Vermittler", release 2023."""

from billing.exports.gdv.record import UnableToWriteRecord, encode_record
from billing.exports.gdv.tables import find_table, get_table, list_tables
from billing.exports.gdv.writer import GdvWriter

__all__ = [
    "GdvWriter",
    "UnableToWriteRecord",
    "encode_record",
    "find_table",
    "get_table",
    "list_tables",
]
