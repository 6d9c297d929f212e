"""Tariffs."""

from django.http import HttpResponse

from api.parsing.cursor import read_cursor
from api.queries.tariffs import write_tariff
from api.serializers.tariffs import TariffSerializer
from api.views.gate.access import ApiRequest
from api.views.gate.description import describe
from api.views.gate.endpoint import Endpoint, operation
from api.views.gate.paging import (
    DEFAULT_LIMIT,
    PAGING,
    answer_page,
    page_of,
    query_parameters,
    read_query,
)
from aupolicy.queries import list_tariffs


class TariffsView(Endpoint):
    """All tariffs."""

    @describe(
        "list_tariffs",
        "Tariffs with their prices, by key",
        answer=page_of(TariffSerializer),
        parameters=query_parameters(PAGING),
        group="Tariffs",
    )
    @operation(None)
    def get(self, request: ApiRequest) -> HttpResponse:
        """One page."""
        wanted = read_query(request, PAGING)
        after = read_cursor(wanted["cursor"], (str,))[0] if "cursor" in wanted else ""
        limit = wanted.get("limit", DEFAULT_LIMIT)
        found = [tariff for tariff in list_tariffs() if tariff.key > after][: limit + 1]
        items, places = [write_tariff(one) for one in found], [[one.key] for one in found]
        return answer_page(request, items, limit=limit, places=places)
