"""Arrears of a broker's clients: the figures and where they stand, without letters."""

from collections.abc import Iterable, Sequence

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from billing.models import ArrearsCase
from billing.words.arrears import describe_step
from portal.exports.sheet import Cell
from portal.exports.tables import CLIENT_ARREARS
from portal.queries.arrears import ShownCase, show_cases, sum_open
from portal.views.access import BrokerRequest, broker_room
from portal.views.downloads import send_table

PAGE_SIZE = 25


def _list_cases(request: BrokerRequest) -> list[ShownCase]:
    """Open cases of contracts through the broker, the largest first."""
    cases = ArrearsCase.objects.filter(contract__broker=request.access.broker, closed_on=None)
    shown = show_cases(cases.order_by("pk"), today=request.access.today)
    return sorted(shown, key=lambda each: each.open_amount, reverse=True)


@require_safe
@broker_room
def list_all(request: BrokerRequest) -> HttpResponse:
    """Which clients are behind, and what follows."""
    found = _list_cases(request)
    context = {
        "room": "clients",
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page", 1)),
        "total": sum_open(found),
    }
    return render(request, "portal/broker/arrears.html", context)


@require_safe
@broker_room
def export(request: BrokerRequest) -> HttpResponse:
    """The same as CSV."""
    return send_table(CLIENT_ARREARS, _cells(_list_cases(request)), name="Beitragsrueckstaende")


def _cells(cases: Iterable[ShownCase]) -> Iterable[Sequence[Cell]]:
    for shown in cases:
        letter = shown.last_letter
        yield (
            shown.case.contract.employer.legal_name,
            shown.case.contract.number,
            describe_step(letter.kind) if letter else "",
            shown.pay_until,
            shown.free_from,
            shown.contract_end,
            shown.open_amount,
        )
