"""Quotes."""

from django.http import HttpResponse

from api.operations.quotes import make_quote
from api.parsing.quotes import read_wanted_quote
from api.queries.quotes import write_quote
from api.serializers.quotes import NewQuote, QuoteSerializer
from api.views.gate.access import ApiRequest
from api.views.gate.answers import answer
from api.views.gate.description import describe
from api.views.gate.endpoint import Endpoint, operation
from api.views.gate.paging import read_query
from aupolicy.facts.machine import ApiScope


class QuotesView(Endpoint):
    """Pricing a payroll."""

    @describe(
        "make_quote",
        "Price a payroll",
        text="A broker's quote is kept under its number and stands in the broker's room of the"
        " portal; send an Idempotency-Key, or asking again makes another. An employer's key gets"
        " the figures, and nothing is kept. Pays and counts only: no names are taken.",
        answer=QuoteSerializer,
        body=NewQuote,
        group="Tariffs",
    )
    @operation(ApiScope.QUOTES_WRITE)
    def post(self, request: ApiRequest) -> HttpResponse:
        """Premium, share of payroll, and the table of bands."""
        read_query(request, ())
        access, wanted = request.access, read_wanted_quote(request.data)
        priced, number = make_quote(
            wanted=wanted, client=access.client, now=access.now, today=access.today
        )
        return answer(write_quote(priced, number))
