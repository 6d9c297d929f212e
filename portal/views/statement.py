"""What the page of a statement shows, in whatever room it is opened."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from aupolicy.kernel.month import Month, UnableToReadMonth
from billing.exports.explanation import write_explanation
from billing.models import Statement
from billing.queries.explained_lines import explain_line
from billing.queries.lines import LineRow, list_lines
from billing.queries.statement_tax import list_taxed_parts
from portal.exports.sheet import Cell
from portal.exports.tables import LINES
from portal.facts import LineSums
from portal.queries.statement import get_line_sums
from portal.templatetags.words import describe_payment
from portal.views.access import SignedInRequest
from portal.views.downloads import send_table

LINES_PAGE_SIZE = 50
MOST_DIFFERENCES = 50
_LONGEST_NUMBER = 7


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A premium line with the addresses of its person and its explanation."""

    line: LineRow
    person_url: str
    why_url: str


Link = Callable[[LineRow], ShownLine]


def describe_statement(statement: Statement, *, page: str, link: Link) -> dict[str, Any]:
    """Sums, one page of the people of the month, and what past months cost differently now."""
    sums = get_line_sums(statement)
    number, pages = _read_page(page, sums)
    before = (number - 1) * LINES_PAGE_SIZE
    lines = list_lines(statement, current=True, limit=LINES_PAGE_SIZE, offset=before)
    differences = list_lines(statement, current=False, limit=MOST_DIFFERENCES)
    return {
        "statement": statement,
        "contract": statement.contract,
        "taxes": list_taxed_parts(statement),
        "sums": sums,
        "lines": [link(line) for line in lines],
        "differences": [link(line) for line in differences],
        "number": number,
        "pages": pages,
        "first": before + 1,
        "last": min(number * LINES_PAGE_SIZE, sums.current_count),
    }


def _read_page(text: str, sums: LineSums) -> tuple[int, int]:
    pages = max(1, -(-sums.current_count // LINES_PAGE_SIZE))
    return min(max(read_page_number(text), 1), pages), pages


def read_page_number(text: str) -> int:
    """The page an address asks for; the first where it asks for none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < _LONGEST_NUMBER else 1


def find_line(statement: Statement, person_id: int, month: str) -> LineRow:
    """The line of a person and month (YYYY-MM) in a statement, else 404."""
    try:
        covered_month = Month.parse(month).first_day
    except UnableToReadMonth as error:
        raise Http404 from error
    lines = list_lines(statement, person_id=person_id)
    line = next((line for line in lines if line.covered_month == covered_month), None)
    if line is None:
        raise Http404
    return line


def show_explanation(
    request: SignedInRequest,
    statement: Statement,
    line: LineRow,
    *,
    template: str,
    link_statement: Callable[[int], str],
    link_notice: Callable[[int], str],
    context: dict[str, Any],
) -> HttpResponse:
    """What went into a line, the rule and the arithmetic: a page, for htmx a fragment, or JSON.

    JSON with `?format=json`: the figures of the page as plain values.
    """
    why = explain_line(statement=statement, line=line)
    if request.GET.get("format") == "json":
        return JsonResponse(write_explanation(why), json_dumps_params={"ensure_ascii": False})
    notice = why.pay.notice if why.pay else None
    context |= {
        "statement": statement,
        "line": line,
        "why": why,
        "recorded": [(each, link_statement(each.statement_id)) for each in why.recorded],
        "notice_url": link_notice(notice.notice_id) if notice else "",
        "json_url": f"{request.path}?format=json",
    }
    return render(request, "portal/parts/why.html" if request.htmx else template, context)


def send_lines(statement: Statement) -> HttpResponse:
    """All lines of a statement as CSV."""
    cells: Iterable[Sequence[Cell]] = (
        (
            f"{line.last_name}, {line.first_name}",
            line.personnel_number,
            line.covered_month,
            line.covered_days,
            line.pay,
            line.band,
            line.recorded_before,
            line.owed,
            line.amount,
        )
        for line in list_lines(statement)
    )
    name = statement.number or f"{_('Vorschau')}_{statement.month:%Y-%m}"
    return send_table(LINES, cells, name=name)


def list_statement_cells(statements: Iterable[Statement]) -> Iterator[Sequence[Cell]]:
    """Statements as rows of a table; contract and collection item must have been read along."""
    for statement in statements:
        yield (
            f"{statement.month:%Y-%m}",
            statement.number,
            statement.contract.number,
            statement.insured_count,
            statement.line_count,
            statement.payroll,
            statement.total,
            statement.issued_on,
            statement.due_date,
            describe_payment(statement),
        )
