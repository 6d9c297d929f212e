"""One statement with its lines, and why a line is what it is."""

from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from aupolicy.kernel.month import Month, UnableToReadMonth
from billing.models import Statement
from billing.queries.lines import explain_line, list_lines
from portal.facts import LineSums
from portal.queries.insurer.contract import get_line_sums
from portal.views.access import InsurerRequest, insurer_only

LINES_PAGE_SIZE = 50
MOST_DIFFERENCES = 50


def find_statement(statement_id: int) -> Statement:
    """The statement of an address, posted or preview, else 404."""
    statements = Statement.objects.select_related(
        "run", "contract__employer", "collection_item__collection"
    )
    return get_object_or_404(statements, pk=statement_id)


@require_safe
@insurer_only
def show_statement(request: InsurerRequest, statement_id: int) -> HttpResponse:
    """Sums, the people of the month, and what past months cost differently now."""
    statement = find_statement(statement_id)
    sums = get_line_sums(statement)
    page = _read_page(request, sums)
    pages = max(1, -(-sums.current_count // LINES_PAGE_SIZE))
    context = {
        "room": "contracts",
        "statement": statement,
        "contract": statement.contract,
        "sums": sums,
        "lines": list_lines(
            statement, current=True, limit=LINES_PAGE_SIZE, offset=(page - 1) * LINES_PAGE_SIZE
        ),
        "differences": list_lines(statement, current=False, limit=MOST_DIFFERENCES),
        "number": page,
        "pages": pages,
        "first": (page - 1) * LINES_PAGE_SIZE + 1,
        "last": min(page * LINES_PAGE_SIZE, sums.current_count),
    }
    return render(request, "portal/insurer/statement.html", context)


def _read_page(request: InsurerRequest, sums: LineSums) -> int:
    text = request.GET.get("page", "1")
    wanted = int(text) if text.isascii() and text.isdigit() else 1
    last = max(1, -(-sums.current_count // LINES_PAGE_SIZE))
    return min(max(wanted, 1), last)


@require_safe
@insurer_only
def explain(request: InsurerRequest, statement_id: int, person_id: int, month: str) -> HttpResponse:
    """What went into a line, the rule and the arithmetic; a fragment for htmx, else a page."""
    statement = find_statement(statement_id)
    covered_month = _read_month(month)
    lines = list_lines(statement, person_id=person_id)
    line = next((line for line in lines if line.covered_month == covered_month), None)
    if line is None:
        raise Http404
    context = {
        "room": "contracts",
        "statement": statement,
        "contract": statement.contract,
        "why": explain_line(line),
        "line": line,
    }
    name = "portal/parts/why.html" if request.htmx else "portal/insurer/why.html"
    return render(request, name, context)


def _read_month(text: str) -> date:
    try:
        return Month.parse(text).first_day
    except UnableToReadMonth as error:
        raise Http404 from error
