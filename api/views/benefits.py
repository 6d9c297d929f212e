"""What cover is worth to people in a month, for payroll."""

from typing import Final

from django.http import HttpResponse

from api.parsing.cursor import read_cursor
from api.parsing.fields import month, text
from api.queries.benefits import BilledMonth, write_benefit
from api.queries.contracts import find_contract, find_employer
from api.serializers.benefits import BenefitPageSerializer
from api.views.gate.access import ApiRequest
from api.views.gate.description import describe
from api.views.gate.endpoint import Endpoint, operation
from api.views.gate.paging import (
    DEFAULT_LIMIT,
    PAGING,
    answer_page,
    query_parameters,
    read_query,
)
from aupolicy.facts.machine import ApiScope
from aupolicy.models import Right

LISTING: Final = (
    month("month", "The month of the payslips.", required=True),
    text(
        "contract", "Number or id of the contract; all of the employer's unless said.", longest=36
    ),
    *PAGING,
)


class BenefitsView(Endpoint):
    """The list for payroll."""

    @describe(
        "list_benefits_in_kind",
        "What cover is worth to each person in a month",
        text="What the month's statement charges is the benefit in kind of the month (geldwerter"
        " Vorteil). Whoever reads months once and wants differences afterwards asks for payroll"
        " files instead.",
        answer=BenefitPageSerializer,
        parameters=query_parameters(LISTING),
        group="Payroll",
    )
    @operation(ApiScope.PAYROLL_READ)
    def get(self, request: ApiRequest) -> HttpResponse:
        """One page, with the sums over all."""
        rights, wanted = request.access.rights, read_query(request, LISTING)
        name, contract = wanted.get("contract", ""), None
        if name:
            contract = find_contract(rights, name, needed=Right.READ)
        employer = contract.employer if contract else find_employer(rights, "", needed=Right.READ)
        billed = BilledMonth(rights, employer, contract, wanted["month"])
        after = read_cursor(wanted["cursor"], (int,))[0] if "cursor" in wanted else 0
        limit = wanted.get("limit", DEFAULT_LIMIT)
        rows = billed.list_rows(after=after, limit=limit + 1)
        return answer_page(
            request,
            [write_benefit(row) for row in rows],
            limit=limit,
            places=[[row[0]] for row in rows],
            more={
                "month": str(wanted["month"]),
                "billed": billed.is_billed,
                "sums": billed.write_sums(),
            },
        )
