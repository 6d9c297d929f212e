"""Confirmations of insurance."""

from typing import Final

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from api.parsing.fields import choice, moment, personnel_number, text
from api.queries.confirmations import (
    COPIES,
    find_confirmation,
    list_confirmations,
    write_confirmation,
)
from api.queries.contracts import find_contract
from api.serializers.confirmations import ConfirmationSerializer
from api.views.gate.access import ApiRequest
from api.views.gate.description import describe
from api.views.gate.endpoint import Endpoint, operation
from api.views.gate.paging import (
    PAGING,
    answer_rows,
    page_of,
    query_parameters,
    read_query,
)
from api.views.papers import BINARY, PDF, send_paper
from aupolicy.facts.machine import ApiScope
from aupolicy.models import Right

LISTING: Final = (
    text("contract", "Number or id of the contract.", longest=36),
    personnel_number("Of this person.", required=False),
    choice("copy", "Only these copies.", list(COPIES.values())),
    moment("since", "Made at this moment or later."),
    *PAGING,
)


class ConfirmationsView(Endpoint):
    """The confirmations of people."""

    @describe(
        "list_confirmations",
        "Confirmations of insurance in the order they were made",
        text="Whenever what is insured changes, there is a new one; the last of a person counts.",
        answer=page_of(ConfirmationSerializer),
        parameters=query_parameters(LISTING),
        group="Confirmations",
    )
    @operation(ApiScope.CONFIRMATIONS_READ)
    def get(self, request: ApiRequest) -> HttpResponse:
        """One page."""
        access, wanted = request.access, read_query(request, LISTING)
        contract = None
        if "contract" in wanted:
            contract = find_contract(access.rights, wanted["contract"], needed=Right.READ)
        found = list_confirmations(access.rights, contract, wanted)
        return answer_rows(request, found, wanted, write_confirmation)


class ConfirmationPdfView(Endpoint):
    """The paper itself."""

    @describe(
        "download_confirmation",
        "A confirmation of insurance as PDF",
        answer=BINARY,
        status=(200, PDF),
        group="Confirmations",
    )
    @operation(ApiScope.CONFIRMATIONS_READ)
    def get(self, request: ApiRequest, confirmation_id: str) -> HttpResponseBase:
        """By its id, byte for byte as it was made."""
        read_query(request, ())
        return send_paper(find_confirmation(request.access.rights, confirmation_id))
