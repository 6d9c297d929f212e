"""What an employer has not paid: how much, until when, how to pay, and what follows."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from billing.models import ArrearsCase, OpenItem
from documents.facts import DocumentKind
from documents.models import Document
from portal.queries.arrears import ShownCase, show_cases, sum_open
from portal.views.access import EmployerRequest, employer_room

_LETTERS = [kind.value for kind in DocumentKind if kind.value.startswith("arrears_")]
_MOST_LETTERS = 20


@require_safe
@employer_room()
def show(request: EmployerRequest) -> HttpResponse:
    """The open cases of the employer's contracts, with the letters that were written."""
    employer = request.access.employer
    cases = ArrearsCase.objects.filter(contract__employer=employer, closed_on=None)
    shown = show_cases(cases.order_by("opened_on", "pk"), today=request.access.today)
    letters = Document.objects.filter(contract__employer=employer, kind__in=_LETTERS)
    days = [each.pay_until for each in shown if each.pay_until is not None]
    context = {
        "room": "statements",
        "cases": [(each, list_remittance(each)) for each in shown],
        "total": sum_open(shown),
        "pay_until": min(days, default=None),
        "letters": letters.order_by("-pk")[:_MOST_LETTERS],
        "insurer": settings.INSURER,
    }
    return render(request, "portal/employer/arrears/show.html", context)


def list_remittance(shown: ShownCase) -> str:
    """The numbers by which a transfer is found."""
    open_items = shown.state.list_open(*OpenItem.Kind.values)
    return " ".join(demand.item.number for demand in open_items)
