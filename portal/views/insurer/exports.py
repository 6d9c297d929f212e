"""Tables to take along: the same rows as the page, all of them, as CSV."""

from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aupolicy.queries import ContractState
from members.facts import EndReason
from portal.exports.sheet import Cell
from portal.exports.tables import CONTRACTS, PEOPLE_OF_CONTRACT
from portal.queries.insurer.contracts import describe_contracts, filter_contracts
from portal.queries.people import describe_people, filter_people
from portal.views.access import InsurerRequest, insurer_only
from portal.views.downloads import send_table
from portal.views.insurer.contract import open_contract, read_people_filter
from portal.views.insurer.contracts import read_filter
from portal.views.insurer.statement import find_statement
from portal.views.statement import send_lines
from portal.words import CONTRACT_STATES, END_REASONS


@require_safe
@insurer_only
def export_contracts(request: InsurerRequest) -> HttpResponse:
    """The contracts that the filters let through."""
    today = request.access.today
    rows = describe_contracts(filter_contracts(read_filter(request), today), today)
    cells: Iterable[Sequence[Cell]] = (
        (
            r.employer,
            r.town,
            r.number,
            str(CONTRACT_STATES[ContractState(r.state)][1]),
            r.insured,
            r.premium,
            r.tariff,
            r.next_day,
        )
        for r in rows
    )
    return send_table(CONTRACTS, cells, name=_("Vertraege"))


@require_safe
@insurer_only
def export_people(request: InsurerRequest, contract_id: int) -> HttpResponse:
    """The people of a contract that the filters let through."""
    head, _context = open_contract(request, contract_id, "people")
    day = max(request.access.today, head.contract.period.first_day)
    people = filter_people(head.contract, read_people_filter(request), day)
    cells: Iterable[Sequence[Cell]] = (
        (
            r.name,
            r.personnel_number,
            r.period.first_day if r.period else None,
            r.period.last_day if r.period else None,
            str(END_REASONS[EndReason(r.end_reason)]) if r.end_reason else "",
            r.pay,
            r.band,
            r.premium,
        )
        for r in describe_people(people, day=day, tariff=head.tariff)
    )
    return send_table(PEOPLE_OF_CONTRACT, cells, name=f"{_('Personen')}_{head.contract.number}")


@require_safe
@insurer_only
def export_statement(_request: InsurerRequest, statement_id: int) -> HttpResponse:
    """All lines of a statement."""
    return send_lines(find_statement(statement_id))
