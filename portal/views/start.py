"""The start: everybody lands in the room where their work is."""

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from aupolicy.models import Broker, Employer, User
from aupolicy.operations.fence import Scope, acting_within
from portal.views.access import find_rights
from portal.views.insurer.start import show_start as show_insurer_start


@require_safe
def show_start(request: HttpRequest) -> HttpResponseBase:
    """The insurer's start, the one room somebody has, or the choice between several."""
    if not isinstance(request.user, User):
        return redirect_to_login(request.get_full_path())
    rights = find_rights(request, timezone.localdate())
    if rights.is_insurer:
        return show_insurer_start(request)
    if len(rights.brokers) == 1 and not rights.employers:
        return redirect("broker:start", min(rights.brokers))
    if len(rights.employers) == 1 and not rights.brokers:
        return redirect("employer:start", min(rights.employers))
    with acting_within(Scope.of(rights)):
        rooms = {
            "employers": list(
                Employer.objects.filter(pk__in=rights.employers).order_by("legal_name")
            ),
            "brokers": list(Broker.objects.filter(pk__in=rights.brokers).order_by("legal_name")),
        }
    # Whoever has no room is told so, as kindly as a page that is not there can.
    has_rooms = bool(rights.employers or rights.brokers)
    return render(request, "portal/rooms.html", rooms, status=200 if has_rooms else 404)
