"""Our own workbook to fill in: headings, drop-down lists, explanations and an example."""

import io
from datetime import date
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from members.exports.failed_rows import CREATED
from members.exports.template_texts import (
    COLUMNS,
    EXPLANATION_HEADINGS,
    LISTS,
    SHEETS,
    WRONG_CELL,
    TemplateColumn,
)
from members.facts import UploadKind

_LAST_ROW = 100_000
_FIRST_DAY = date(1900, 3, 1)
_FORMATS = {
    "de": {"text": "@", "day": "dd.mm.yyyy", "money": "#,##0.00"},
    "en": {"text": "@", "day": "yyyy-mm-dd", "money": "#,##0.00"},
}


def write_template(kind: UploadKind, *, language: str = "de") -> bytes:
    """An XLSX workbook for a file of this kind, headings in "de" or "en".

    The first sheet has the headings (frozen), date and money formats and drop-down lists; the
    second explains every column and shows a constructed example. The same arguments give the
    same bytes. Raises KeyError for another language.
    """
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, {"in_memory": True}) as workbook:
        workbook.set_properties({"created": CREATED})
        first, second = SHEETS[language]
        _write_headings(workbook, workbook.add_worksheet(first), kind, language)
        _write_explanation(workbook, workbook.add_worksheet(second), kind, language)
    return output.getvalue()


def _write_headings(
    workbook: xlsxwriter.Workbook, sheet: Worksheet, kind: UploadKind, language: str
) -> None:
    bold = workbook.add_format({"bold": True, "bottom": 1, "num_format": "@"})
    formats = {
        name: workbook.add_format({"num_format": text}) for name, text in _FORMATS[language].items()
    }
    sheet.freeze_panes(1, 0)
    for index, column in enumerate(COLUMNS[kind]):
        heading = column.texts[language][0]
        width = max(len(heading) + 4, 16)
        sheet.set_column(index, index, width, formats.get(column.holds, formats["text"]))
        sheet.write_string(0, index, heading, bold)
        if rule := _rule(column, language):
            sheet.data_validation(1, index, _LAST_ROW, index, rule)


def _rule(column: TemplateColumn, language: str) -> dict[str, Any]:
    """What a cell may hold; Excel tells when it is something else."""
    messages = WRONG_CELL[language]
    if column.holds == "day":
        return {
            "validate": "date",
            "criteria": ">=",
            "value": _FIRST_DAY,
            "error_message": messages["day"],
        }
    if column.holds == "money":
        return {
            "validate": "decimal",
            "criteria": ">=",
            "value": 0,
            "error_message": messages["money"],
        }
    if column.holds in LISTS:
        words = list(LISTS[column.holds][language].values())
        return {"validate": "list", "source": words, "error_message": messages["list"]}
    return {}


def _write_explanation(
    workbook: xlsxwriter.Workbook, sheet: Worksheet, kind: UploadKind, language: str
) -> None:
    """One line for each column, so that this sheet is never taken for the table itself."""
    bold = workbook.add_format({"bold": True, "bottom": 1})
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
    for index, (heading, width) in enumerate(
        zip(EXPLANATION_HEADINGS[language], (22, 64, 28), strict=True)
    ):
        sheet.set_column(index, index, width)
        sheet.write_string(0, index, heading, bold)
    sheet.freeze_panes(1, 0)
    for number, column in enumerate(COLUMNS[kind], start=1):
        for index, text in enumerate(column.texts[language]):
            sheet.write_string(number, index, text, wrapped)
