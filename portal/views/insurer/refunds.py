"""Credits that can be paid back: the proposal, and its order to the bank."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aupolicy.kernel.money import total
from billing.exports.sepa_check import UnableToWriteFile
from billing.operations.payouts import UnableToPay
from billing.operations.refunds import order_refunds
from billing.queries.creditor import get_creditor
from billing.queries.refundable import list_refundable
from billing.words import describe_pay_refusal, describe_transfer_finding
from portal.forms.payouts import PayDayForm
from portal.queries.insurer.payouts import propose_pay_day
from portal.templatetags.portal import typed_day
from portal.views.access import InsurerRequest, finance_only


@require_http_methods(["GET", "HEAD", "POST"])
@finance_only
def propose(request: InsurerRequest) -> HttpResponse:
    """Every open credit, whom it would go back to, and what it could be set off against."""
    proposed = {"day": typed_day(propose_pay_day(request.access.today))}
    form = PayDayForm(request.POST if request.method == "POST" else proposed)
    chosen = {int(key) for key in request.POST.getlist("items") if key.isdecimal()}
    if request.method == "POST" and form.is_valid():
        if not chosen:
            messages.error(request, _("Wählen Sie mindestens ein Guthaben."))
        elif (order_id := _order(request, chosen, form)) is not None:
            return redirect("insurer:payout_order", order_id)
    credits_ = list_refundable()
    context = {
        "room": "payouts",
        "form": form,
        "credits": credits_,
        "chosen": chosen,
        "amount": total(credit.amount for credit in credits_),
        "payable": any(credit.account for credit in credits_),
    }
    return render(request, "portal/insurer/payouts/refunds.html", context)


def _order(request: InsurerRequest, chosen: set[int], form: PayDayForm) -> int | None:
    try:
        order = order_refunds(
            item_ids=chosen,
            execution_date=form.cleaned_data["day"],
            user=request.user,
            now=timezone.now(),
            debtor=get_creditor(),
            ask_verification=form.cleaned_data["ask_verification"],
        )
    except UnableToPay as error:
        messages.error(request, describe_pay_refusal(error.code, error.params))
        return None
    except UnableToWriteFile as error:
        for finding in error.findings:
            messages.error(request, describe_transfer_finding(finding))
        return None
    messages.success(
        request, _("Der Auftrag ist angelegt. Er wartet auf die Freigabe durch eine zweite Person.")
    )
    return order.pk
