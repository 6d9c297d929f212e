"""A whole file at once: notices, or a payroll for a quote; one wrong row refuses the file."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from members.facts import Employment, Notice, UploadKind
from members.parsing.headings import guess_mapping
from members.parsing.problems import Problem, UnableToReadTable
from members.parsing.row_reader import RowReader, require_columns, to_monthly
from members.parsing.row_values import Defaults, read_rows
from members.parsing.table import read_table

__all__ = ["Defaults", "PayrollRow", "parse_notices", "parse_payroll"]


def parse_notices(content: bytes, *, defaults: Defaults) -> list[Notice]:
    """Read a file of notices. Without a column for the kind every row is a joining.

    Raises UnableToReadTable with every problem of the whole file.
    """
    table = read_table(content)
    columns = guess_mapping(table.headings, kind=UploadKind.CHANGES)
    rows = read_rows(table, columns, defaults=defaults)
    problems = [problem for row in rows for problem in row.problems]
    if problems:
        raise UnableToReadTable(problems)
    return [row.value for row in rows if row.value is not None]


@dataclass(frozen=True, slots=True)
class PayrollRow:
    """One person of a payroll that is to be priced; `birth_date` None where it is not told."""

    row: int
    pay: Decimal
    birth_date: date | None
    employment: Employment
    occupation: str


def parse_payroll(content: bytes, *, as_of: date | None = None) -> list[PayrollRow]:
    """Read a payroll for a quote: only the pay is needed. Raises UnableToReadTable.

    `as_of` is the day of the quote: no birth date lies after it, and years of two digits can be
    completed. Without it these are refused.
    """
    table = read_table(content)
    columns = guess_mapping(table.headings, kind=UploadKind.FULL_LIST)
    require_columns(table, columns, ["pay"])
    reader = RowReader(table, columns, kind=UploadKind.FULL_LIST, received=as_of)
    pay, birth_date, interval, employment, occupation = reader.places(
        "pay", "birth_date", "pay_interval", "employment", "occupation"
    )
    rows: list[PayrollRow] = []
    problems: list[Problem] = []
    for row in reader.read(table.rows):
        found = reader.find_empty(row, [pay])
        problems += found
        if not found:
            rows.append(
                PayrollRow(
                    row=row.number,
                    pay=to_monthly(row.values[pay], row.values[interval]),
                    birth_date=row.values[birth_date],
                    employment=row.values[employment] or Employment.REGULAR,
                    occupation=row.values[occupation] or "",
                )
            )
    if problems:
        raise UnableToReadTable(problems)
    return rows
