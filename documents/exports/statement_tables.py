"""The lists of a statement as tables: columns, words and figures."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from documents.exports.german import (
    write_amount,
    write_day,
    write_month,
    write_number,
    write_signed_amount,
)
from documents.exports.lists.table import Cells, Column, ListTable
from documents.facts import BandRow, CorrectionRow, InsuredRow, LeaverRow, StatementContext

SUM = "Summe"
_BANDS = (
    Column("Lohnstufe", 22),
    Column("Monatsentgelt in €", 0),
    Column("je Person in €", 32, is_figure=True),
    Column("Personen", 24, is_figure=True),
    Column("Beitrag in €", 30, is_figure=True),
)
_INSURED = (
    Column("Personal-Nr.", 22),
    Column("Name", 0),
    Column("Lohnstufe", 16, is_figure=True),
    Column("anteilig", 17, is_figure=True),
    Column("Änderung zum Vormonat", 41, indent=5),
    Column("Beitrag in €", 20, is_figure=True),
)
_LEAVERS = (
    Column("Personal-Nr.", 24),
    Column("Name", 0),
    Column("versichert bis", 38),
    Column("Grund", 50),
)
_CORRECTIONS = (
    Column("Monat", 25),
    Column("Personal-Nr.", 22),
    Column("Name", 0),
    Column("Grund", 38),
    Column("bisher €", 17, is_figure=True),
    Column("neu €", 17, is_figure=True),
    Column("Differenz €", 21, is_figure=True),
)


def make_tables(
    letter: StatementContext,
    *,
    insured: Iterable[InsuredRow],
    leavers: Iterable[LeaverRow],
    corrections: Iterable[CorrectionRow],
) -> Iterator[ListTable]:
    """The lists behind a statement in their order; one without rows is left out by who sets it."""
    total = write_amount(letter.month_premium)
    yield ListTable(
        "Beitrag nach Lohnstufen",
        _BANDS,
        map(_band_cells, letter.bands),
        total=(SUM, "", "", write_number(letter.insured_count), total),
    )
    yield ListTable(
        f"Versicherte Personen im {write_month(letter.month)}",
        _INSURED,
        map(_insured_cells, insured),
        total=(SUM, "", "", "", "", total),
        intro="Bitte vergleichen Sie diese Liste. Der Beitrag je Person ist zugleich ihr "
        f"geldwerter Vorteil im {write_month(letter.month)}. Im Portal finden Sie die Liste auch "
        "als Tabelle (CSV).",
    )
    yield ListTable(
        "Seit der letzten Abrechnung ausgeschieden", _LEAVERS, map(_leaver_cells, leavers)
    )
    yield ListTable(
        "Änderungen für zurückliegende Monate",
        _CORRECTIONS,
        map(_correction_cells, corrections),
        total=(SUM, "", "", "", "", "", write_signed_amount(letter.corrections_total)),
        intro="Für diese Monate war der Beitrag schon abgerechnet. Hier steht, was sich durch "
        "spätere Meldungen geändert hat.",
    )


def _band_cells(row: BandRow) -> Cells:
    return (
        str(row.band),
        _write_bounds(row.above, row.up_to),
        write_amount(row.each),
        write_number(row.insured),
        write_amount(row.premium),
    )


def _write_bounds(above: Decimal, up_to: Decimal | None) -> str:
    if up_to is None:
        return f"über {write_amount(above)}"
    end = f"bis {write_amount(up_to)}"
    return f"über {write_amount(above)} {end}" if above else end


def _insured_cells(row: InsuredRow) -> Cells:
    return (
        row.personnel_number,
        row.name,
        "–" if row.band is None else str(row.band),
        "" if row.covered_days is None else f"{row.covered_days} Tage",
        row.change,
        write_amount(row.premium),
    )


def _leaver_cells(row: LeaverRow) -> Cells:
    last_day = write_day(row.last_day) if row.last_day else "nie"
    return (row.personnel_number, row.name, last_day, row.reason)


def _correction_cells(row: CorrectionRow) -> Cells:
    return (
        write_month(row.month),
        row.personnel_number,
        row.name,
        row.reason,
        write_amount(row.before),
        write_amount(row.after),
        write_signed_amount(row.difference),
    )
