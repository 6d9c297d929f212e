"""A broker's clients as a table, and the same table to take along."""

from collections.abc import Iterable, Sequence

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aupolicy.queries import ContractState
from portal.exports.sheet import Cell
from portal.exports.tables import CLIENTS
from portal.queries.broker.clients import (
    Alarm,
    ClientFilter,
    ClientRow,
    filter_clients,
    list_clients,
    sum_clients,
)
from portal.templatetags.broker import ALARMS, describe_right
from portal.views.access import BrokerRequest, broker_room
from portal.views.downloads import send_table
from portal.words import CONTRACT_STATES

PAGE_SIZE = 25


@require_safe
@broker_room
def list_all(request: BrokerRequest) -> HttpResponse:
    """All clients, narrowed by text, state and alarm, with totals over what is left."""
    wanted = _read_filter(request)
    everything = _list_rows(request)
    rows = filter_clients(everything, wanted)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page", 1))
    context = {
        "room": "clients",
        "wanted": wanted,
        "states": [(state.value, word) for state, (_mark, word) in CONTRACT_STATES.items()],
        "alarms": [(alarm.value, word) for alarm, word in ALARMS.items()],
        "page": page,
        "rows": page.object_list,
        "totals": sum_clients(rows),
        "alarm_count": sum(1 for row in rows if row.alarms),
        "is_filtered": wanted != ClientFilter(),
        "has_clients": bool(everything),
    }
    return render(request, "portal/broker/clients.html", context)


@require_safe
@broker_room
def export(request: BrokerRequest) -> HttpResponse:
    """The clients that the filters let through, as CSV."""
    rows = filter_clients(_list_rows(request), _read_filter(request))
    cells: Iterable[Sequence[Cell]] = (
        (
            r.employer,
            r.town,
            r.number,
            str(CONTRACT_STATES[r.state][1]),
            r.insured,
            r.premium,
            r.statement_month,
            r.next_day,
            r.cancel_until,
            describe_right(r.right),
            ", ".join(str(word) for alarm, word in ALARMS.items() if alarm in r.alarms),
        )
        for r in rows
    )
    return send_table(CLIENTS, cells, name=_("Arbeitgeber"))


def _list_rows(request: BrokerRequest) -> list[ClientRow]:
    access = request.access
    return list_clients(access.broker, access.rights, access.today)


def _read_filter(request: BrokerRequest) -> ClientFilter:
    state, alarm = request.GET.get("state", ""), request.GET.get("alarm", "")
    return ClientFilter(
        text=request.GET.get("q", "").strip()[:80],
        state=ContractState(state) if state in ContractState.__members__ else None,
        alarm=Alarm(alarm) if alarm in Alarm.__members__ else None,
    )
