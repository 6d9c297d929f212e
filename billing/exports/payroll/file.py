"""One file in the format of the payroll program, with its name."""

from collections.abc import Callable, Mapping, Sequence

from aupolicy.kernel.month import Month
from billing.exports.payroll.lodas import write_lodas
from billing.exports.payroll.lug import write_lug
from billing.exports.payroll.tables import write_lexware, write_personio, write_plain, write_sage
from billing.facts.payroll_file import PayrollFormat, PayrollLine, PayrollTarget, WrittenFile

_WRITERS: Mapping[PayrollFormat, Callable[[PayrollTarget, Sequence[PayrollLine]], bytes]] = {
    PayrollFormat.LODAS: write_lodas,
    PayrollFormat.LUG: write_lug,
    PayrollFormat.LEXWARE: write_lexware,
    PayrollFormat.SAGE: write_sage,
    PayrollFormat.PERSONIO: write_personio,
    PayrollFormat.CSV: write_plain,
}
_ENDINGS = {PayrollFormat.LODAS: "txt", PayrollFormat.LUG: "zip"}
_MEDIA_TYPES = {
    PayrollFormat.LODAS: "text/plain; charset=windows-1252",
    PayrollFormat.LUG: "application/zip",
    PayrollFormat.LEXWARE: "text/csv; charset=windows-1252",
    PayrollFormat.SAGE: "text/csv; charset=windows-1252",
    PayrollFormat.PERSONIO: "text/csv; charset=utf-8",
    PayrollFormat.CSV: "text/csv; charset=utf-8",
}


def write_payroll_file(
    *, target: PayrollTarget, month: Month, number: int, lines: Sequence[PayrollLine]
) -> WrittenFile:
    """The file of a month; `number` is the employer's running one. The name tells nobody's name.

    `target` has passed `check_payroll_target`. The same arguments always give the same bytes.
    Raises UnableToWritePayrollFile; then nothing is written.
    """
    file_format = target.file_format
    return WrittenFile(
        name=name_payroll_file(file_format, month, number),
        media_type=media_type(file_format),
        content=_WRITERS[file_format](target, lines),
    )


def name_payroll_file(file_format: PayrollFormat, month: Month, number: int) -> str:
    """The file's name: what it is, month, running number, program."""
    ending = _ENDINGS.get(file_format, "csv")
    return f"Geldwerter_Vorteil_{month}_{number:04d}_{file_format}.{ending}"


def media_type(file_format: PayrollFormat) -> str:
    """What the file is sent as."""
    return _MEDIA_TYPES[file_format]
