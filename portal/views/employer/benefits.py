"""The monthly list of benefits in kind, for payroll."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aupolicy.kernel.month import Month, UnableToReadMonth
from billing.queries.benefit_in_kind import (
    MONTHLY_LIMIT,
    list_benefits_in_kind,
    list_billed_months,
    sum_benefits_in_kind,
)
from portal.exports.sheet import Cell
from portal.exports.tables import BENEFITS
from portal.views.access import EmployerRequest, employer_room
from portal.views.downloads import send_table
from portal.views.statement import read_page_number

PAGE_SIZE = 50


@require_safe
@employer_room()
def show(request: EmployerRequest) -> HttpResponse:
    """What cover is worth to each person in a month; the last billed one unless asked."""
    employer = request.access.employer
    months = list_billed_months(employer)
    context: dict[str, Any] = {"room": "statements", "months": months, "limit": MONTHLY_LIMIT}
    if months:
        month = _read_month(request.GET.get("month") or f"{months[0]:%Y-%m}")
        sums = sum_benefits_in_kind(employer, month)
        pages = max(1, -(-sums.people // PAGE_SIZE))
        number = min(max(read_page_number(request.GET.get("page", "1")), 1), pages)
        before = (number - 1) * PAGE_SIZE
        context |= {
            "month": month.first_day,
            "sums": sums,
            "rows": list(list_benefits_in_kind(employer, month, limit=PAGE_SIZE, offset=before)),
            "number": number,
            "pages": pages,
            "first": before + 1,
            "last": min(number * PAGE_SIZE, sums.people),
        }
    return render(request, "portal/employer/benefits/list.html", context)


@require_safe
@employer_room()
def send_list(request: EmployerRequest, month: str) -> HttpResponse:
    """Everybody's benefit in kind of a month as CSV."""
    wanted = _read_month(month)
    cells: Iterable[Sequence[Cell]] = (
        (
            row.personnel_number,
            row.last_name,
            row.first_name,
            str(wanted),
            row.of_month,
            row.of_earlier_months,
            row.total,
        )
        for row in list_benefits_in_kind(request.access.employer, wanted)
    )
    return send_table(BENEFITS, cells, name=f"{_('Geldwerter_Vorteil')}_{wanted}")


def _read_month(text: str) -> Month:
    try:
        return Month.parse(text)
    except UnableToReadMonth as error:
        raise Http404 from error
