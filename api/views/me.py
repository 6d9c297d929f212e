"""What a program is and may do: the first thing to ask."""

from django.http import HttpResponse

from api.queries.contracts import list_contracts
from api.serializers.me import MeSerializer
from api.views.gate.access import ApiRequest
from api.views.gate.answers import answer
from api.views.gate.description import describe
from api.views.gate.endpoint import Endpoint, operation
from api.views.gate.paging import read_query

_MOST_SHOWN = 1000


class MeView(Endpoint):
    """The program itself."""

    @describe("get_me", "Who you are, and what you may do", answer=MeSerializer, group="Access")
    @operation(None)
    def get(self, request: ApiRequest) -> HttpResponse:
        """The program of the key or token."""
        read_query(request, ())
        access = request.access
        client = access.client
        numbers = list_contracts(access.rights).values_list("number", flat=True)[:_MOST_SHOWN]
        return answer(
            {
                "id": client.public_id,
                "name": client.name,
                "employer": client.employer.legal_name if client.employer else None,
                "broker": client.broker.legal_name if client.broker else None,
                "scopes": sorted(access.scopes),
                "contracts": list(numbers),
                "today": access.today,
            }
        )
