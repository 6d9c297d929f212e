"""One broker: what is agreed, where it is paid to, statements and entries."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aupolicy.models import Broker
from billing.models import BrokerAccount
from billing.operations.broker_accounts import (
    UnableToKeepAccount,
    confirm_broker_account,
    record_broker_account,
)
from billing.operations.commission import UnableToPayCommission, agree_commission
from billing.words.commission import describe_account_refusal, describe_commission_refusal
from portal.exports.commission_tables import COMMISSION_ENTRIES
from portal.forms.commission import AccountForm, AgreementForm
from portal.queries.insurer.commission import (
    get_broker,
    list_accounts,
    list_agreements,
    list_entries,
    list_statements,
    page_of_entries,
)
from portal.templatetags.portal import day
from portal.views.access import InsurerRequest, finance_only
from portal.views.commission_tables import list_entry_cells
from portal.views.downloads import send_table


@require_http_methods(["GET", "HEAD", "POST"])
@finance_only
def show(request: InsurerRequest, broker_id: int) -> HttpResponse:
    """Everything about a broker's commission; with a form, agree percentages."""
    broker = get_broker(broker_id)
    form = AgreementForm(request.POST or None, broker_id=broker.pk)
    if request.method == "POST" and form.is_valid() and _agree(request, broker, form):
        return redirect("insurer:commission_broker", broker.pk)
    return _render(request, broker, form=form, account_form=AccountForm())


def _agree(request: InsurerRequest, broker: Broker, form: AgreementForm) -> bool:
    try:
        agree_commission(broker=broker, user=request.user, now=timezone.now(), **form.cleaned_data)
    except UnableToPayCommission as error:
        params = {key: day(date.fromisoformat(text)) for key, text in error.params.items()}
        form.add_error(None, describe_commission_refusal(error.code, params))
        return False
    messages.success(request, _("Die Vereinbarung gilt."))
    return True


def _render(
    request: InsurerRequest, broker: Broker, *, form: AgreementForm, account_form: AccountForm
) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:80]
    context: dict[str, Any] = {
        "room": "commission",
        "broker": broker,
        "agreements": list_agreements(broker),
        "statements": list_statements(broker)[:36],
        "accounts": list_accounts(broker),
        "page": page_of_entries(list_entries(broker, text=text), request.GET.get("page", 1)),
        "text": text,
        "form": form,
        "account_form": account_form,
    }
    return render(request, "portal/insurer/commission/broker.html", context)


@require_POST
@finance_only
def record_account(request: InsurerRequest, broker_id: int) -> HttpResponse:
    """Note a broker's account; somebody else has to confirm it."""
    broker = get_broker(broker_id)
    account_form = AccountForm(request.POST)
    if not account_form.is_valid():
        form = AgreementForm(broker_id=broker.pk)
        return _render(request, broker, form=form, account_form=account_form)
    record_broker_account(
        broker=broker, user=request.user, now=timezone.now(), **account_form.cleaned_data
    )
    messages.success(request, _("Das Konto ist erfasst. Eine zweite Person muss es bestätigen."))
    return redirect("insurer:commission_broker", broker.pk)


@require_POST
@finance_only
def confirm_account(request: InsurerRequest, account_id: int) -> HttpResponse:
    """Put an account in force that somebody else has recorded."""
    account = get_object_or_404(BrokerAccount.objects.select_related("broker"), pk=account_id)
    try:
        confirm_broker_account(account=account, user=request.user, now=timezone.now())
    except UnableToKeepAccount as error:
        messages.error(request, describe_account_refusal(error.code))
    else:
        messages.success(request, _("Das Konto ist bestätigt. Courtage wird dorthin überwiesen."))
    return redirect("insurer:commission_broker", account.broker_id)


@require_safe
@finance_only
def export(request: InsurerRequest, broker_id: int) -> HttpResponse:
    """The entries that the search lets through, as CSV."""
    broker = get_broker(broker_id)
    entries = list_entries(broker, text=request.GET.get("q", "").strip()[:80])
    name = f"Courtageposten_{broker.registration_number}"
    return send_table(COMMISSION_ENTRIES, list_entry_cells(entries), name=name)
