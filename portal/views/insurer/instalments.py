"""Plans of instalments: those that run, agreeing one with its parts shown first, ending one."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from aupolicy.kernel.money import total
from aupolicy.kernel.month import Month
from aupolicy.models import GroupContract
from billing.models import InstalmentPlan, OpenItem
from billing.operations.instalments import UnableToAgreePlan, agree_plan, end_plan
from billing.queries.instalments import PlanState, list_running_plans, read_plans
from billing.queries.open_items import list_open_items
from billing.words.ledger import describe_item, describe_plan_refusal
from portal.forms.ledger import EndPlanForm, PlanForm
from portal.templatetags.portal import day, money, typed_day
from portal.views.access import InsurerRequest, finance_only
from portal.views.insurer.contract import find_contract

_USUAL_PARTS = 3


def name_state(state: PlanState, request: InsurerRequest) -> str:
    """Where a plan stands: ended, paid, kept or overdue."""
    if state.plan.ended_on is not None:
        return "ended"
    if state.open_amount <= 0:
        return "paid"
    return "kept" if state.is_kept(request.access.today) else "overdue"


@require_safe
@finance_only
def list_all(request: InsurerRequest) -> HttpResponse:
    """The plans that run, with what is due of each."""
    states = list_running_plans()
    today = request.access.today
    context = {
        "room": "open_items",
        "plans": [(each, name_state(each, request), each.sum_due(today)) for each in states],
        "open_amount": total(each.open_amount for each in states),
    }
    return render(request, "portal/insurer/instalments/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@finance_only
def show(request: InsurerRequest, plan_id: int) -> HttpResponse:
    """One plan with its parts and what is paid of them; with a form, end it."""
    states = read_plans(InstalmentPlan.objects.filter(pk=plan_id))
    if not states:
        raise Http404
    (state,) = states
    form = EndPlanForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            end_plan(plan=state.plan, user=request.user, now=timezone.now(), **form.cleaned_data)
        except UnableToAgreePlan as error:
            form.add_error(None, describe_plan_refusal(error.code, error.params))
        else:
            messages.success(request, _("Der Ratenplan ist beendet. Was offen ist, ist fällig."))
            return redirect("insurer:plan", state.plan.pk)
    context = {
        "room": "open_items",
        "state": state,
        "plan": state.plan,
        "parts": state.list_parts(),
        "name": name_state(state, request),
        "today": request.access.today,
        "form": form,
    }
    return render(request, "portal/insurer/instalments/show.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@finance_only
def create(request: InsurerRequest, contract_id: int) -> HttpResponse:
    """Choose items and parts, see what comes of it, agree it."""
    contract = find_contract(contract_id)
    items = _list_items(contract)
    given = request.POST if request.method == "POST" else request.GET
    form = PlanForm(given if "count" in given else None, choices=_choices(items))
    if "count" not in given:
        first = Month.of(request.access.today).plus(1).first_day
        form.initial = {
            "items": [str(item.pk) for item in items],
            "count": _USUAL_PARTS,
            "first": typed_day(first),
        }
    parts, chosen = [], []
    if form.is_bound and form.is_valid():
        chosen = [item for item in items if str(item.pk) in form.cleaned_data["items"]]
        parts = form.list_parts(total(item.open_amount for item in chosen))
        if request.method == "POST" and "agree" in request.POST:
            try:
                plan = agree_plan(
                    contract=contract,
                    items=chosen,
                    parts=parts,
                    reason=form.cleaned_data["reason"],
                    user=request.user,
                    now=timezone.now(),
                )
            except UnableToAgreePlan as error:
                form.add_error(None, describe_plan_refusal(error.code, error.params))
            else:
                messages.success(request, _("Der Ratenplan ist vereinbart."))
                return redirect("insurer:plan", plan.pk)
    context = {
        "room": "open_items",
        "contract": contract,
        "items": items,
        "form": form,
        "parts": parts,
        "amount": total(part.amount for part in parts),
    }
    return render(request, "portal/insurer/instalments/new.html", context)


def _list_items(contract: GroupContract) -> list[OpenItem]:
    """What is open of a contract and in no plan, the oldest first."""
    demands = OpenItem.objects.filter(contract=contract, amount__gt=0)
    busy = demands.filter(planned__released_on=None, planned__isnull=False)
    return list(list_open_items(demands.exclude(pk__in=busy)))


def _choices(items: list[OpenItem]) -> list[tuple[str, str]]:
    text = _("%(kind)s %(number)s, fällig am %(day)s: %(amount)s")
    return [
        (
            str(item.pk),
            text
            % {
                "kind": describe_item(item.kind),
                "number": item.number,
                "day": day(item.due_date),
                "amount": money(item.open_amount),
            },
        )
        for item in items
    ]
