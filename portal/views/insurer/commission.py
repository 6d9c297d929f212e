"""Commission: all brokers, monthly statements, what is to be paid, and why an entry is so."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aupolicy.kernel.money import total
from aupolicy.kernel.month import Month
from billing.exports.sepa_check import UnableToWriteFile
from billing.operations.commission import (
    UnableToPayCommission,
    accrue_commission,
    issue_commission_statements,
)
from billing.operations.commission_payouts import order_commission
from billing.operations.payouts import UnableToPay
from billing.queries.commission import (
    explain_entry,
    get_carried,
    list_by_contract,
    list_due_commission,
    list_statement_entries,
)
from billing.queries.creditor import get_creditor
from billing.words import describe_pay_refusal, describe_transfer_finding
from billing.words.commission import describe_commission_refusal
from documents.operations.commission import issue_commission_letter
from portal.exports.commission_tables import COMMISSION, COMMISSION_ENTRIES
from portal.forms.payouts import PayDayForm
from portal.queries.insurer.commission import (
    PAGE_SIZE,
    BrokerRow,
    filter_rows,
    get_entry,
    get_statement,
    list_brokers,
    page_of_entries,
)
from portal.queries.insurer.payouts import propose_pay_day
from portal.templatetags.portal import typed_day
from portal.views.access import InsurerRequest, finance_only
from portal.views.commission_tables import list_entry_cells
from portal.views.downloads import send_documents, send_table


@require_safe
@finance_only
def list_all(request: InsurerRequest) -> HttpResponse:
    """All brokers with what they earned and were not paid, and the month to be stated."""
    everything = list_brokers(request.access.today)
    rows = _narrow(request, everything)
    context = {
        "room": "commission",
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page", 1)),
        "text": request.GET.get("q", ""),
        "sort": request.GET.get("sort", "name"),
        "found": {
            "not_stated": total(row.not_stated for row in rows),
            "unpaid": total(row.unpaid for row in rows),
        },
        "not_stated": total(row.not_stated for row in everything),
        "unpaid": total(row.unpaid for row in everything),
        "payable": total(row.payable for row in everything),
        "last_month": Month.of(request.access.today).plus(-1),
    }
    return render(request, "portal/insurer/commission/list.html", context)


def _narrow(request: InsurerRequest, rows: list[BrokerRow]) -> list[BrokerRow]:
    text = request.GET.get("q", "").strip()[:80]
    return filter_rows(rows, text=text, sort=request.GET.get("sort", "name"))


@require_safe
@finance_only
def export(request: InsurerRequest) -> HttpResponse:
    """The brokers that the search lets through, as CSV."""
    cells = (
        (
            row.broker.legal_name,
            row.broker.registration_number,
            row.agreement.first_year_percent if row.agreement else None,
            row.agreement.running_percent if row.agreement else None,
            row.not_stated,
            row.unpaid,
            _("bestätigt") if row.has_account else _("fehlt"),
        )
        for row in _narrow(request, list_brokers(request.access.today))
    )
    return send_table(COMMISSION, cells, name=_("Courtage"))


@require_POST
@finance_only
def issue(request: InsurerRequest) -> HttpResponse:
    """Record what payments brought until now, and state the month before."""
    now = timezone.now()
    accrue_commission(now=now)
    month = Month.of(request.access.today).plus(-1)
    try:
        statements = issue_commission_statements(month=month, now=now)
    except UnableToPayCommission as error:
        messages.error(request, describe_commission_refusal(error.code, error.params))
        return redirect("insurer:commission")
    if statements:
        text = ngettext(
            "%(count)s Courtageabrechnung ist ausgestellt. Die Schreiben folgen in einer Minute.",
            "%(count)s Courtageabrechnungen sind ausgestellt. Die Schreiben folgen in einer"
            " Minute.",
            len(statements),
        )
        messages.success(request, text % {"count": len(statements)})
    else:
        messages.info(request, _("Für diesen Monat ist nichts mehr abzurechnen."))
    return redirect("insurer:commission")


@require_http_methods(["GET", "HEAD", "POST"])
@finance_only
def pay(request: InsurerRequest) -> HttpResponse:
    """Show what an order would pay and what waits; with a form, order it."""
    proposed = {"day": typed_day(propose_pay_day(request.access.today))}
    form = PayDayForm(request.POST if request.method == "POST" else proposed)
    if request.method == "POST" and form.is_valid():
        return _order(request, form)
    due = list_due_commission()
    context = {
        "room": "commission",
        "form": form,
        "due": due,
        "count": sum(each.is_payable for each in due),
        "amount": total(each.amount for each in due if each.is_payable),
    }
    return render(request, "portal/insurer/commission/pay.html", context)


def _order(request: InsurerRequest, form: PayDayForm) -> HttpResponse:
    try:
        order = order_commission(
            execution_date=form.cleaned_data["day"],
            user=request.user,
            now=timezone.now(),
            debtor=get_creditor(),
            ask_verification=form.cleaned_data["ask_verification"],
        )
    except UnableToPay as error:
        messages.error(request, describe_pay_refusal(error.code, error.params))
        return redirect("insurer:pay_commission")
    except UnableToWriteFile as error:
        for finding in error.findings:
            messages.error(request, describe_transfer_finding(finding))
        return redirect("insurer:pay_commission")
    messages.success(
        request, _("Der Auftrag ist angelegt. Er wartet auf die Freigabe durch eine zweite Person.")
    )
    return redirect("insurer:payout_order", order.pk)


@require_safe
@finance_only
def show_statement(request: InsurerRequest, commission_id: int) -> HttpResponse:
    """One statement: its contracts, its entries, and whether it was paid."""
    statement = get_statement(commission_id)
    context: dict[str, Any] = {
        "room": "commission",
        "statement": statement,
        "rows": list_by_contract(statement),
        "carried": get_carried(statement),
        "page": page_of_entries(list_statement_entries(statement), request.GET.get("page", 1)),
    }
    return render(request, "portal/insurer/commission/statement.html", context)


@require_safe
@finance_only
def send_letter(_request: InsurerRequest, commission_id: int) -> HttpResponseBase:
    """The letter of a statement as it was made."""
    return send_documents([issue_commission_letter(statement=get_statement(commission_id))])


@require_safe
@finance_only
def export_statement(_request: InsurerRequest, commission_id: int) -> HttpResponse:
    """The entries of a statement as CSV."""
    statement = get_statement(commission_id)
    cells = list_entry_cells(list_statement_entries(statement))
    return send_table(COMMISSION_ENTRIES, cells, name=f"Courtageposten_{statement.number}")


@require_safe
@finance_only
def explain(request: InsurerRequest, entry_id: int) -> HttpResponse:
    """Why an entry is so: what was paid, by which agreement, and the arithmetic."""
    entry = get_entry(entry_id)
    context = {"room": "commission", "entry": entry, "why": explain_entry(entry)}
    return render(request, "portal/insurer/commission/why.html", context)
