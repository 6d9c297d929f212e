"""A broker's start page: what do I have to do now?"""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from aupolicy.queries.machine import SOON, list_last_keys
from portal.queries.broker.clients import list_clients, sum_clients
from portal.queries.broker.start import group_alarms, list_unsettled
from portal.views.access import BrokerRequest, broker_room


@require_safe
@broker_room
def show_start(request: BrokerRequest) -> HttpResponse:
    """What asks for something to be done, then the clients in four figures."""
    access = request.access
    now = timezone.now()
    rows = list_clients(access.broker, access.rights, access.today)
    context = {
        "room": "start",
        "groups": group_alarms(rows),
        "applications": list_unsettled(access.broker),
        "totals": sum_clients(rows),
        "has_clients": bool(rows),
        "expiring_keys": list_last_keys(now, until=now + SOON)
        .filter(client__broker=access.broker)
        .count(),
    }
    return render(request, "portal/broker/start.html", context)
