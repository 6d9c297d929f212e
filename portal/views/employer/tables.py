"""Lists of an employer's room to take along as CSV: statements, notices."""

from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from portal.exports.sheet import Cell
from portal.exports.tables import STATEMENTS
from portal.queries.employer.notices import filter_notices
from portal.queries.employer.statements import find_statements
from portal.views.access import EmployerRequest, employer_room
from portal.views.downloads import send_table
from portal.views.employer.notices import read_notice_filter
from portal.views.employer.room import open_room
from portal.views.notice_table import send_notices
from portal.views.statement import list_statement_cells


@require_safe
@employer_room()
def send_statements(request: EmployerRequest) -> HttpResponse:
    """All posted statements of all contracts, newest first."""
    employer = request.access.employer
    rows: Iterable[Sequence[Cell]] = list_statement_cells(find_statements(employer))
    return send_table(STATEMENTS, rows, name=f"Abrechnungen_{employer.pk}")


@require_safe
@employer_room()
def send_notice_list(request: EmployerRequest) -> HttpResponse:
    """The notices of a contract that the filters let through, newest first."""
    contract = open_room(request).contract
    status, text = read_notice_filter(request)
    notices = filter_notices(contract, status=status, text=text)
    return send_notices(notices, name=f"Meldungen_{contract.number}")
