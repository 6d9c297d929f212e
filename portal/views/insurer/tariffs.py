"""Tariffs, read only: what each value is, since when, and where it comes from."""

from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from aupolicy.facts import Tariff, TariffVersion
from aupolicy.queries import UnknownTariff, get_tariff, list_tariffs
from portal.queries.insurer.tariffs import get_version_page
from portal.views.access import InsurerRequest, insurer_only


@require_safe
@insurer_only
def list_all(request: InsurerRequest) -> HttpResponse:
    """All tariffs with the version of today."""
    rows = [(tariff, tariff.version_on(request.access.today)) for tariff in list_tariffs()]
    return render(request, "portal/insurer/tariffs/list.html", {"rows": rows})


@require_safe
@insurer_only
def show(request: InsurerRequest, key: str) -> HttpResponse:
    """One version of a tariff: that of today unless the address asks for another."""
    try:
        tariff = get_tariff(key)
    except UnknownTariff as error:
        raise Http404 from error
    version = _choose(tariff, request.GET.get("from", ""), request.access.today)
    language = (get_language() or "de")[:2]
    context = {
        "room": "tariffs",
        "tariff": tariff,
        "version": get_version_page(tariff, version, language),
    }
    return render(request, "portal/insurer/tariffs/show.html", context)


def _choose(tariff: Tariff, wanted: str, today: date) -> TariffVersion:
    for version in tariff.versions:
        if version.valid_from.isoformat() == wanted:
            return version
    return tariff.version_on(today) or tariff.versions[0]
