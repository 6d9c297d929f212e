"""The files of tables: rows as PostgreSQL's COPY gives them, as CSV or turned into Parquet.

Memory stays flat: rows go through in pieces of a few megabytes.
"""

import hashlib
import io
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq
from psycopg import Cursor, sql
from pyarrow import csv as arrow_csv

from config.data_export.tables import Column, Kind

_PIECE = 4 * 1024 * 1024
_ARROW = {
    Kind.BOOLEAN: pa.bool_(),
    Kind.INT16: pa.int16(),
    Kind.INT32: pa.int32(),
    Kind.INT64: pa.int64(),
    Kind.DATE: pa.date32(),
    Kind.TIMESTAMP: pa.timestamp("us", tz="UTC"),
    Kind.TEXT: pa.string(),
}


class Format(StrEnum):
    """What the files are."""

    CSV = "csv"
    PARQUET = "parquet"


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file as it was written: rows without the heading, bytes, SHA-256 in hexadecimal."""

    name: str
    rows: int
    byte_count: int
    sha256: str

    def as_data(self) -> dict[str, Any]:
        """For the manifest."""
        return {
            "file": self.name,
            "rows": self.rows,
            "bytes": self.byte_count,
            "sha256": self.sha256,
        }


def write_file(
    cursor: Cursor[Any], path: Path, columns: Sequence[Column], source: sql.Composable
) -> WrittenFile:
    """Write the rows of `source` ("table WHERE ...") to a new file, in the format of its suffix."""
    query = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT (FORMAT csv)").format(
        sql.SQL(", ").join(column.source for column in columns), source
    )
    pieces = _read_pieces(cursor, query)
    with path.open("xb") as raw:
        file = _HashedFile(raw)
        if path.suffix == f".{Format.CSV}":
            rows = _write_csv(file, columns, pieces)
        else:
            rows = _write_parquet(file, columns, pieces)
        raw.flush()
        os.fsync(raw.fileno())
    return WrittenFile(path.name, rows, file.byte_count, file.digest.hexdigest())


class _HashedFile(io.RawIOBase):
    """Passes bytes on and keeps their number and digest: the file is read no second time."""

    def __init__(self, file: IO[bytes]) -> None:
        self.digest = hashlib.sha256()
        self.byte_count = 0
        self._file = file

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.byte_count

    def write(self, data: Any) -> int:
        self.digest.update(data)
        self.byte_count += len(data)
        return self._file.write(data)


def _read_pieces(cursor: Cursor[Any], query: sql.Composed) -> Iterator[tuple[int, bytes]]:
    """Whole rows in pieces, with their number: COPY sends each row in a message of its own."""
    rows, piece = 0, bytearray()
    with cursor.copy(query) as copy:
        for row in copy:
            piece += row
            rows += 1
            if len(piece) >= _PIECE:
                yield rows, bytes(piece)
                rows, piece = 0, bytearray()
    if rows:
        yield rows, bytes(piece)


def _write_csv(
    file: _HashedFile, columns: Sequence[Column], pieces: Iterable[tuple[int, bytes]]
) -> int:
    """UTF-8, commas, LF; NULL is empty and the empty text is "" in quotation marks."""
    file.write((",".join(column.name for column in columns) + "\n").encode())
    total = 0
    for rows, piece in pieces:
        file.write(piece)
        total += rows
    return total


def _write_parquet(
    file: _HashedFile, columns: Sequence[Column], pieces: Iterable[tuple[int, bytes]]
) -> int:
    schema = pa.schema([(column.name, _arrow_type(column)) for column in columns])
    total = 0
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for rows, piece in pieces:
            table = _read_piece(piece, schema)
            if table.num_rows != rows:
                raise RuntimeError(f"{table.num_rows} rows were read of {rows}")
            writer.write_table(table)
            total += rows
    return total


def _arrow_type(column: Column) -> Any:
    if column.kind is Kind.DECIMAL:
        return pa.decimal128(column.digits, column.places)
    return _ARROW[column.kind]


def _read_piece(piece: bytes, schema: Any) -> Any:
    """Rows as PostgreSQL wrote them: only an empty cell without quotation marks is NULL."""
    return arrow_csv.read_csv(
        io.BytesIO(piece),
        # One block: a row never straddles two, and the piece is small already.
        read_options=arrow_csv.ReadOptions(
            column_names=schema.names, block_size=len(piece) + 1, use_threads=False
        ),
        parse_options=arrow_csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
        convert_options=arrow_csv.ConvertOptions(
            column_types=schema,
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            true_values=["true"],
            false_values=["false"],
        ),
    )
