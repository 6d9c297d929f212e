"""A broker's commission: statements with letter and table, what is not stated yet, the account."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aupolicy.kernel.money import total
from aupolicy.operations.fence import ALL, acting_within
from billing.models import BrokerAccount, CommissionEntry, CommissionStatement
from billing.operations.broker_accounts import (
    UnableToKeepAccount,
    confirm_broker_account,
    record_broker_account,
)
from billing.queries.commission import (
    get_carried,
    list_by_contract,
    list_statement_entries,
    with_items,
)
from billing.words.commission import describe_account_refusal
from documents.operations.commission import issue_commission_letter
from portal.exports.commission_tables import COMMISSION_ENTRIES
from portal.forms.commission import AccountForm
from portal.queries.insurer.commission import list_accounts, page_of_entries
from portal.views.access import BrokerRequest, broker_room
from portal.views.commission_tables import list_entry_cells
from portal.views.downloads import send_documents, send_table

_MOST_STATEMENTS = 60


@require_http_methods(["GET", "HEAD", "POST"])
@broker_room
def show(request: BrokerRequest) -> HttpResponse:
    """All statements, what is earned since, and the account; with a form, record another one."""
    broker = request.access.broker
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        record_broker_account(
            broker=broker, user=request.user, now=timezone.now(), **form.cleaned_data
        )
        messages.success(
            request, _("Das Konto ist erfasst. Eine zweite Person muss es bestätigen.")
        )
        return redirect("broker:commission", broker.pk)
    statements = list(
        CommissionStatement.objects.filter(broker=broker).order_by("-month")[:_MOST_STATEMENTS]
    )
    with acting_within(ALL):
        # An entry is the broker's also where its contract has gone to another one since.
        found = with_items(CommissionEntry.objects.filter(broker=broker, statement=None))
        page = page_of_entries(found.order_by("-pk"), request.GET.get("page", 1))
        page.object_list = list(page.object_list)
        earned = total(found.values_list("amount", flat=True))
    context = {
        "room": "commission",
        "statements": statements,
        "unpaid": total(each.total for each in statements if each.payout_id is None),
        "page": page,
        "earned": earned,
        "accounts": list_accounts(broker),
        "form": form,
        "may_write": broker.pk in request.access.rights.brokers,
    }
    return render(request, "portal/broker/commission/list.html", context)


@require_safe
@broker_room
def show_statement(request: BrokerRequest, commission_id: int) -> HttpResponse:
    """One statement by contract, with its entries."""
    statement = _find(request, commission_id)
    with acting_within(ALL):
        page = page_of_entries(list_statement_entries(statement), request.GET.get("page", 1))
        page.object_list = list(page.object_list)
        context = {
            "room": "commission",
            "statement": statement,
            "rows": list_by_contract(statement),
            "carried": get_carried(statement),
            "page": page,
        }
    return render(request, "portal/broker/commission/statement.html", context)


@require_safe
@broker_room
def send_letter(request: BrokerRequest, commission_id: int) -> HttpResponseBase:
    """The letter of a statement as it was made."""
    return send_documents([issue_commission_letter(statement=_find(request, commission_id))])


@require_safe
@broker_room
def export(request: BrokerRequest, commission_id: int) -> HttpResponse:
    """The entries of a statement as CSV."""
    statement = _find(request, commission_id)
    with acting_within(ALL):
        cells = list(list_entry_cells(list_statement_entries(statement)))
    return send_table(COMMISSION_ENTRIES, cells, name=f"Courtageposten_{statement.number}")


@require_POST
@broker_room
def confirm_account(request: BrokerRequest, account_id: int) -> HttpResponse:
    """Put an account in force that somebody else has recorded."""
    broker = request.access.broker
    account = get_object_or_404(BrokerAccount, pk=account_id, broker=broker)
    try:
        confirm_broker_account(account=account, user=request.user, now=timezone.now())
    except UnableToKeepAccount as error:
        messages.error(request, describe_account_refusal(error.code))
    else:
        messages.success(request, _("Das Konto ist bestätigt. Courtage wird dorthin überwiesen."))
    return redirect("broker:commission", broker.pk)


def _find(request: BrokerRequest, commission_id: int) -> CommissionStatement:
    statements = CommissionStatement.objects.filter(broker=request.access.broker)
    return get_object_or_404(statements, pk=commission_id)
