"""Lists of the insurer's room to take along as CSV: what a page narrows, all of it."""

from collections.abc import Iterable, Iterator, Sequence

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from aupolicy.models import WorkItem
from billing.models import Collection
from portal.exports.sheet import Cell
from portal.exports.tables import COLLECTIONS, PAYOUT_ORDERS, RECOVERIES, STATEMENTS, WORK
from portal.queries.insurer.contract import list_statements
from portal.queries.insurer.notices import filter_notices
from portal.queries.insurer.payouts import list_orders, list_shown_recoveries
from portal.queries.insurer.work import filter_work
from portal.templatetags.commission import payout_kind
from portal.templatetags.mandates import describe_collection
from portal.templatetags.payouts import describe_order, recovery_mode
from portal.templatetags.work import open_work, person_name, work_kind, work_priority
from portal.views.access import InsurerRequest, finance_only, insurer_only, payouts_room
from portal.views.downloads import send_table
from portal.views.insurer.contract import open_contract
from portal.views.insurer.notices import read_notice_filter
from portal.views.insurer.work import read_work_filter, workers_only
from portal.views.notice_table import send_notices
from portal.views.statement import list_statement_cells


@require_safe
@insurer_only
def export_contract_statements(request: InsurerRequest, contract_id: int) -> HttpResponse:
    """The posted statements of a contract, newest first."""
    contract = open_contract(request, contract_id, "statements")[0].contract
    rows = list_statement_cells(list_statements(contract).select_related("contract"))
    return send_table(STATEMENTS, rows, name=f"Abrechnungen_{contract.number}")


@require_safe
@insurer_only
def export_notices(request: InsurerRequest) -> HttpResponse:
    """The notices that the filters let through, newest first."""
    return send_notices(filter_notices(read_notice_filter(request)), name="Meldungen")


@require_safe
@workers_only
def export_work(request: InsurerRequest) -> HttpResponse:
    """The items of the queue that the filters let through, in its order."""
    access = request.access
    wanted = read_work_filter(request, "mine" if open_work(request).mine else "unclaimed")
    items = filter_work(wanted, user=request.user, roles=access.rights.roles, today=access.today)
    return send_table(WORK, _work_cells(items), name="Aufgaben")


def _work_cells(items: Iterable[WorkItem]) -> Iterator[Sequence[Cell]]:
    for item in items:
        yield (
            item.title,
            str(work_kind(item.kind)),
            item.employer.legal_name if item.employer else "",
            str(work_priority(item.priority)),
            item.due,
            person_name(item.claimed_by) if item.claimed_by else "",
            timezone.localdate(item.done_at) if item.done_at else None,
            person_name(item.done_by) if item.done_by else "",
        )


@require_safe
@finance_only
def export_collections(_request: InsurerRequest) -> HttpResponse:
    """All collections, the latest due date first."""
    rows: Iterable[Sequence[Cell]] = (
        (
            c.due_date,
            c.scheme,
            c.debit_count,
            c.control_sum,
            c.submit_by,
            timezone.localdate(c.created_at),
            describe_collection(c),
            c.message_id,
            c.file_sha256,
        )
        for c in Collection.objects.order_by("-due_date", "-pk")
    )
    return send_table(COLLECTIONS, rows, name="Einzuege")


@require_safe
@payouts_room
def export_payout_orders(_request: InsurerRequest) -> HttpResponse:
    """All orders to the bank, the latest execution day first."""
    rows: Iterable[Sequence[Cell]] = (
        (
            order.execution_date,
            str(payout_kind(order.kind)),
            describe_order(order),
            order.transfer_count,
            order.control_sum,
            timezone.localdate(order.created_at),
            timezone.localdate(order.released_at) if order.released_at else None,
            order.returned_count,
            order.message_id,
        )
        for order in list_orders()
    )
    return send_table(PAYOUT_ORDERS, rows, name="Auszahlungen")


@require_safe
@payouts_room
def export_recoveries(request: InsurerRequest) -> HttpResponse:
    """The recoveries that the page shows, the oldest first."""
    rows: Iterable[Sequence[Cell]] = (
        (
            f"{recovery.person.last_name}, {recovery.person.first_name}",
            recovery.claim.number,
            f"{recovery.slice.month:%Y-%m}",
            recovery_mode(recovery.mode),
            timezone.localdate(recovery.decided_at),
            recovery.amount,
            recovery.open_amount,
        )
        for recovery in list_shown_recoveries(settled="settled" in request.GET)
    )
    return send_table(RECOVERIES, rows, name="Rueckforderungen")
