"""One statement with its lines, and why a line is what it is."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from billing.models import Statement
from billing.queries.lines import LineRow
from billing.queries.mandate_state import find_transfer
from billing.queries.open_items import get_live_debit, with_payments
from portal.views.access import InsurerRequest, insurer_only
from portal.views.statement import ShownLine, describe_statement, find_line, show_explanation


def find_statement(statement_id: int) -> Statement:
    """The statement of an address, posted or preview, else 404."""
    statements = with_payments(Statement.objects.select_related("run", "contract__employer"))
    return get_object_or_404(statements, pk=statement_id)


@require_safe
@insurer_only
def show_statement(request: InsurerRequest, statement_id: int) -> HttpResponse:
    """Sums, the people of the month, and what past months cost differently now."""
    statement = find_statement(statement_id)

    def link(line: LineRow) -> ShownLine:
        month = f"{line.covered_month:%Y-%m}"
        return ShownLine(
            line,
            person_url=reverse("insurer:person", args=[statement.contract_id, line.person_id]),
            why_url=reverse("insurer:why", args=[statement.pk, line.person_id, month]),
        )

    shown = describe_statement(statement, page=request.GET.get("page", "1"), link=link)
    context = {
        "room": "contracts",
        "csv_url": reverse("insurer:statement_csv", args=[statement.pk]),
        "debit": get_live_debit(statement),
        "transfer": find_transfer(statement, request.access.today),
        **shown,
    }
    return render(request, "portal/insurer/statement.html", context)


@require_safe
@insurer_only
def explain(request: InsurerRequest, statement_id: int, person_id: int, month: str) -> HttpResponse:
    """What went into a line, the rule and the arithmetic: page, fragment or JSON."""
    statement = find_statement(statement_id)
    line = find_line(statement, person_id, month)
    return show_explanation(
        request,
        statement,
        line,
        template="portal/insurer/why.html",
        link_statement=lambda key: reverse("insurer:statement", args=[key]),
        link_notice=lambda key: reverse("insurer:notice", args=[key]),
        context={"room": "contracts", "contract": statement.contract},
    )
