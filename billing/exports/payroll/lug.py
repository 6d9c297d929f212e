"""DATEV Lohn und Gehalt: data files and the description (INI) that its import profile reads.

After DATEV's description of the time management interface (Zeitwirtschaft, as of 13.07.2022): the
first line names consultant, client and month; the lines follow the description. A monthly line
has no calendar day (Kalendertag) and no absence key, and its EUR stand in the field Wert.

**Earlier months.** The month stands in a file's first line, so each month of the values has a
data file of its own; a month already settled is corrected by the difference to what was delivered
before, as that description asks for. All files lie in one ZIP: they belong together.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from aupolicy.kernel.month import Month
from billing.exports.payroll.values import (
    SEPARATOR,
    check_datev_numbers,
    datev_number,
    encode_lines,
    write_amount,
)
from billing.facts.payroll_file import PayrollLine, PayrollTarget

DESCRIPTION_NAME = "Formatbeschreibung.ini"
_FIELDS = (
    "Personalnummer", "Kalendertag", "Ausfallschlüssel", "Lohnartennummer", "Stundenanzahl",
    "Tagesanzahl", "Wert", "Abweichender Faktor", "Abweichende Lohnveränderung",
    "Kostenstellennummer", "Kostenträger",
)  # fmt: skip


def write_lug(target: PayrollTarget, lines: Sequence[PayrollLine]) -> bytes:
    """The ZIP; `target` has passed `check_payroll_target`.

    Raises UnableToWritePayrollFile (PERSONNEL_NUMBERS, PERSONNEL_NUMBERS_ALIKE).
    """
    check_datev_numbers(lines)
    months: dict[Month, list[PayrollLine]] = defaultdict(list)
    for line in lines:
        months[line.value_month].append(line)
    content = BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as archive:
        for month in sorted(months):
            data = encode_lines(_write_month(target, month, months[month]))
            archive.writestr(_entry(f"Bewegungsdaten_{month}.txt"), data)
        archive.writestr(_entry(DESCRIPTION_NAME), encode_lines(_describe()))
    return content.getvalue()


def _write_month(
    target: PayrollTarget, month: Month, lines: Sequence[PayrollLine]
) -> Iterator[str]:
    head = (target.consultant_number, target.client_number, f"{month.number:02d}/{month.year}")
    yield SEPARATOR.join(map(str, head))
    for line in lines:
        values = dict.fromkeys(_FIELDS, "") | {
            "Personalnummer": datev_number(line),
            "Lohnartennummer": target.wage_type,
            "Wert": write_amount(line.amount),
            "Kostenstellennummer": target.cost_centre,
        }
        yield SEPARATOR.join(values.values())


def _describe() -> Iterator[str]:
    yield "[Allgemein]"
    yield f"Feldanzahl={len(_FIELDS)}"
    yield "Feldtrennzeichen=Strichpunkt"
    yield "Satztrennzeichen=Enter/Return"
    yield "Zahlenkomma=,"
    yield "Datumstrennzeichen=/"
    yield "[Feldinhalt]"
    for number, name in enumerate(_FIELDS, 1):
        yield f"Feld{number}={name}"


def _entry(name: str) -> ZipInfo:
    """A file of the archive: without the clock, so that the same content is the same bytes."""
    entry = ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.compress_type = ZIP_DEFLATED
    return entry
