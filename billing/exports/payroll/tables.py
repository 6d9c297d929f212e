"""Tables for the assistants of Lexware, Sage and Personio, and a plain one for any program.

Each program's import asks which column is what; the columns it needs stand first. The last three
are for people: the whole value of the month, what the year adds up to, and whether the month's
value alone is beyond the limit of § 8 (2) sentence 11 EStG. What is known of each program's
import, and what is assumed, stands in docs/payroll_files.md.

**Earlier months** stand in lines of their own with their own month, as differences.
"""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from aupolicy.kernel.spreadsheet_text import guard_formula
from billing.exports.payroll.values import ANSI, NEW_LINE, SEPARATOR, check_characters, write_amount
from billing.facts.payroll_file import PayrollLine, PayrollTarget

UTF8_WITH_BOM = "utf-8-sig"
OVER_LIMIT = "über der Sachbezugsgrenze"
_Cell = str | int | Decimal
_FOR_PEOPLE = ("Wert des Monats", "Summe des Jahres", "Hinweis")


def write_lexware(target: PayrollTarget, lines: Sequence[PayrollLine]) -> bytes:
    """Lexware lohn+gehalt, import of pay data (Lohndaten); cp1252. May raise CHARACTERS.

    Raises UnableToWritePayrollFile.
    """
    check_characters(lines)
    headings = ("Jahr", "Monat", "Personalnummer", "Lohnartennummer", "Wert")
    return _write(headings, lines, lambda line: _lexware(target, line), ANSI)


def write_sage(target: PayrollTarget, lines: Sequence[PayrollLine]) -> bytes:
    """Sage, import of variable pay data by a profile of one's own; cp1252.

    Raises UnableToWritePayrollFile (CHARACTERS).
    """
    check_characters(lines)
    headings = ("Personalnummer", "Lohnart", "Betrag", "Datum", "Kostenstelle")
    return _write(headings, lines, lambda line: _sage(target, line), ANSI)


def write_personio(target: PayrollTarget, lines: Sequence[PayrollLine]) -> bytes:
    """Personio, import of one-time compensations (einmalige Vergütungen); UTF-8 with BOM."""
    headings = (
        "Personalnummer", "Vorname", "Nachname", "Art der Vergütung", "Betrag", "Monat", "Jahr",
        "Kommentar",
    )  # fmt: skip
    return _write(headings, lines, lambda line: _personio(target, line), UTF8_WITH_BOM)


def write_plain(target: PayrollTarget, lines: Sequence[PayrollLine]) -> bytes:
    """For people and any other program; UTF-8 with BOM."""
    headings = (
        "Personalnummer", "Nachname", "Vorname", "Monat", "Betrag", "Lohnart", "Kostenstelle",
    )  # fmt: skip
    return _write(headings, lines, lambda line: _plain(target, line), UTF8_WITH_BOM)


def _lexware(target: PayrollTarget, line: PayrollLine) -> Iterable[_Cell]:
    month = line.value_month
    return month.year, month.number, line.personnel_number, target.wage_type, line.amount


def _sage(target: PayrollTarget, line: PayrollLine) -> Iterable[_Cell]:
    day = f"{line.value_month.first_day:%d.%m.%Y}"
    return line.personnel_number, target.wage_type, line.amount, day, target.cost_centre


def _personio(target: PayrollTarget, line: PayrollLine) -> Iterable[_Cell]:
    month = line.value_month
    return (
        line.personnel_number, line.first_name, line.last_name, target.wage_type, line.amount,
        month.number, month.year, f"Geldwerter Vorteil bAU {month.number:02d}/{month.year}",
    )  # fmt: skip


def _plain(target: PayrollTarget, line: PayrollLine) -> Iterable[_Cell]:
    return (
        line.personnel_number, line.last_name, line.first_name, str(line.value_month),
        line.amount, target.wage_type, target.cost_centre,
    )  # fmt: skip


def _write(
    headings: Sequence[str],
    lines: Iterable[PayrollLine],
    cells: Callable[[PayrollLine], Iterable[_Cell]],
    encoding: str,
) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=SEPARATOR, lineterminator=NEW_LINE)
    writer.writerow((*headings, *_FOR_PEOPLE))
    for line in lines:
        hint = OVER_LIMIT if line.is_over_limit else ""
        writer.writerow(map(_text, (*cells(line), line.month_value, line.year_sum, hint)))
    return text.getvalue().encode(encoding)


def _text(cell: _Cell) -> str:
    match cell:
        case Decimal():
            return write_amount(cell)
        case str():
            return guard_formula(cell)
    return str(cell)
