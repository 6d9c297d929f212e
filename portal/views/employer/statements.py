"""An employer's statements: the list, one with its lines, why a line is what it is, files."""

from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from billing.models import Statement
from billing.queries.lines import LineRow
from billing.queries.mandate_state import find_transfer
from documents.operations import issue_statement
from portal.queries.employer.statements import find_statements, page_of_statements, sum_year
from portal.views.access import EmployerRequest, employer_room
from portal.views.downloads import send_documents
from portal.views.statement import (
    ShownLine,
    describe_statement,
    find_line,
    send_lines,
    show_explanation,
)


@require_safe
@employer_room()
def list_all(request: EmployerRequest) -> HttpResponse:
    """The posted statements of all contracts, newest first."""
    employer = request.access.employer
    page = page_of_statements(employer, request.GET.get("page", "1"))
    context = {
        "room": "statements",
        "page": page,
        "last": page.object_list[0] if page.number == 1 and page.object_list else None,
        "year": sum_year(employer, request.access.today.year),
    }
    return render(request, "portal/employer/statements/list.html", context)


def _find(request: EmployerRequest, statement_id: int) -> Statement:
    return get_object_or_404(find_statements(request.access.employer), pk=statement_id)


@require_safe
@employer_room()
def show(request: EmployerRequest, statement_id: int) -> HttpResponse:
    """Sums, the people of the month, and what past months cost differently now."""
    statement = _find(request, statement_id)
    employer_id = request.access.employer.pk

    def link(line: LineRow) -> ShownLine:
        month = f"{line.covered_month:%Y-%m}"
        return ShownLine(
            line,
            person_url=reverse("employer:person", args=[employer_id, line.person_id]),
            why_url=reverse(
                "employer:why", args=[employer_id, statement.pk, line.person_id, month]
            ),
        )

    context = {
        "room": "statements",
        "csv_url": reverse("employer:statement_csv", args=[employer_id, statement.pk]),
        "transfer": find_transfer(statement, request.access.today),
        **describe_statement(statement, page=request.GET.get("page", "1"), link=link),
    }
    return render(request, "portal/employer/statements/show.html", context)


@require_safe
@employer_room()
def explain(
    request: EmployerRequest, statement_id: int, person_id: int, month: str
) -> HttpResponse:
    """What went into a line, the rule and the arithmetic: page, fragment or JSON."""
    statement = _find(request, statement_id)
    line = find_line(statement, person_id, month)
    employer_id = request.access.employer.pk
    return show_explanation(
        request,
        statement,
        line,
        template="portal/employer/statements/why.html",
        link_statement=lambda key: reverse("employer:statement", args=[employer_id, key]),
        link_notice=lambda key: reverse("employer:notice", args=[employer_id, key]),
        context={"room": "statements"},
    )


@require_safe
@employer_room()
def send_pdf(request: EmployerRequest, statement_id: int) -> FileResponse:
    """The letter, with its annexes as a ZIP where it has any."""
    return send_documents(issue_statement(statement=_find(request, statement_id)).documents)


@require_safe
@employer_room()
def send_csv_lines(request: EmployerRequest, statement_id: int) -> HttpResponse:
    """All lines as CSV."""
    return send_lines(_find(request, statement_id))
