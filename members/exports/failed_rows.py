"""The rows of a file that could not be taken, with the reason beside each."""

from collections.abc import Mapping, Sequence
from typing import Literal

from members.parsing.table import Table


def write_failed_rows(
    table: Table,
    errors: Mapping[int, Sequence[str]],
    *,
    heading: str,
    file_format: Literal["xlsx", "csv"] = "xlsx",
) -> bytes:
    """The original columns of the rows in `errors` (row number -> sentences) and one more.

    `heading` is the name of that last column ("Fehler"). Text that a spreadsheet would run as a
    formula is written as text. The file can be put right and uploaded as it is: the last column
    is ignored. The same arguments give the same bytes.
    """
    raise NotImplementedError
