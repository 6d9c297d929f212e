"""Which settings a payroll format needs, and what they may look like."""

import re
from collections.abc import Iterator

from billing.facts.payroll_file import DATEV_FORMATS, PayrollFormat, PayrollTarget

LARGEST_CONSULTANT = 9_999_999
LARGEST_CLIENT = 99_999
LARGEST_KEY = 99
LONGEST_NAME = 60
LONGEST_COST_CENTRE = 20
LONGEST_LUG_COST_CENTRE = 8

_NUMBER = re.compile(r"[1-9][0-9]{0,3}")
# Between them lie wage types of the program's own.
_LUG_GAP = range(6000, 8000)
_CODE = re.compile(r"[0-9A-Za-z]{1,10}")
# No semicolons, quotes, comment marks or formulas: it stands unquoted in lines of text.
_COST_CENTRE = re.compile(r"[0-9A-Za-zÄÖÜäöüß][0-9A-Za-zÄÖÜäöüß _./-]*")


def check_payroll_target(target: PayrollTarget) -> tuple[str, ...]:
    """The settings that are missing or out of range, by the names of their fields; () if none.

    LODAS wants consultant, client, wage type and processing key, Lohn und Gehalt the same without
    the key (wage types 1 to 5999 and 8000 to 9999, by the description of its interface); Lexware,
    Sage and Personio a wage type; the plain CSV nothing.
    """
    return tuple(_find_problems(target))


def _find_problems(target: PayrollTarget) -> Iterator[str]:
    if target.file_format in DATEV_FORMATS:
        if not _is_within(target.consultant_number, LARGEST_CONSULTANT):
            yield "consultant_number"
        if not _is_within(target.client_number, LARGEST_CLIENT):
            yield "client_number"
    if not _is_wage_type(target.file_format, target.wage_type):
        yield "wage_type"
    if target.file_format is PayrollFormat.LODAS and not _is_within(
        target.processing_key, LARGEST_KEY
    ):
        yield "processing_key"
    if not _is_cost_centre(target.file_format, target.cost_centre):
        yield "cost_centre"


def _is_within(number: int | None, largest: int) -> bool:
    return number is not None and 1 <= number <= largest


def _is_wage_type(file_format: PayrollFormat, text: str) -> bool:
    match file_format:
        case PayrollFormat.LODAS | PayrollFormat.LEXWARE:
            return _NUMBER.fullmatch(text) is not None
        case PayrollFormat.LUG:
            return _NUMBER.fullmatch(text) is not None and int(text) not in _LUG_GAP
        case PayrollFormat.SAGE:
            return _CODE.fullmatch(text) is not None
        case PayrollFormat.PERSONIO:
            return bool(text) and _is_name(text)
        case PayrollFormat.CSV:
            return _is_name(text)


def _is_name(text: str) -> bool:
    return len(text) <= LONGEST_NAME and text.isprintable() and text == text.strip()


def _is_cost_centre(file_format: PayrollFormat, text: str) -> bool:
    if not text:
        return True
    is_lug = file_format is PayrollFormat.LUG
    longest = LONGEST_LUG_COST_CENTRE if is_lug else LONGEST_COST_CENTRE
    return len(text) <= longest and _COST_CENTRE.fullmatch(text) is not None
