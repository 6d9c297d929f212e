"""DATEV LODAS: movement data for the ASCII import (Bewegungsdaten).

After the manual of the import, 94th edition, June 2026: sections in brackets, fields described
by names of the program's own database, each data line begun by the number of its description.

**Earlier months.** A line's `abrechnung_zeitraum` is the first day of the month that the value
belongs to, not of the month in which the file is made. The limit of § 8 (2) sentence 11 EStG is
counted by calendar month: a difference put into the current month would be measured against the
wrong month's limit, and a payroll month already settled would stay wrong. LODAS takes a value for
an earlier month as a correction of that month and settles it anew, and because it adds what comes
to what is there, a difference is exactly what it needs.
"""

from collections.abc import Iterator, Sequence

from billing.exports.payroll.values import (
    SEPARATOR,
    check_datev_numbers,
    datev_number,
    encode_lines,
    write_amount,
)
from billing.facts.payroll_file import PayrollLine, PayrollTarget

_RECORD = "1"
_TABLE = "u_lod_bwd_buchung_standard"
_FIELDS = (
    "abrechnung_zeitraum#bwd", "bs_wert_butab#bwd", "bs_nr#bwd", "la_eigene#bwd", "pnr#bwd",
)  # fmt: skip
_COST_CENTRE = "kostenstelle#bwd"


def write_lodas(target: PayrollTarget, lines: Sequence[PayrollLine]) -> bytes:
    """The file; `target` has passed `check_payroll_target`.

    Raises UnableToWritePayrollFile (PERSONNEL_NUMBERS, PERSONNEL_NUMBERS_ALIKE).
    """
    check_datev_numbers(lines)
    return encode_lines(_write(target, lines))


def _write(target: PayrollTarget, lines: Sequence[PayrollLine]) -> Iterator[str]:
    yield "[Allgemein]"
    yield "Ziel=LODAS"
    yield "Version_SST=1.0"
    yield f"BeraterNr={target.consultant_number}"
    yield f"MandantenNr={target.client_number}"
    yield "Datumsformat=TT.MM.JJJJ"
    yield f"Feldtrennzeichen={SEPARATOR}"
    yield "Zahlenkomma=,"
    yield "Kommentarzeichen=*"
    yield ""
    yield "[Satzbeschreibung]"
    fields = (*_FIELDS, _COST_CENTRE) if target.cost_centre else _FIELDS
    yield _join(_RECORD, _TABLE, *fields)
    yield ""
    yield "[Bewegungsdaten]"
    for line in lines:
        yield _join(_RECORD, *_values(target, line))


def _values(target: PayrollTarget, line: PayrollLine) -> Iterator[str]:
    yield f"{line.value_month.first_day:%d.%m.%Y}"
    yield write_amount(line.amount)
    yield str(target.processing_key)
    yield target.wage_type
    yield datev_number(line)
    if target.cost_centre:
        yield target.cost_centre


def _join(*fields: str) -> str:
    """Every field is ended, the last one too."""
    return "".join(f"{field}{SEPARATOR}" for field in fields)
