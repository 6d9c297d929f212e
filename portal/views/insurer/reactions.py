"""What is done when a debit comes back: the rules of today, one code, and changing a rule."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from billing.facts.reactions import MandateEffect, NextStep, Occurrence
from billing.operations.reactions import UnableToChangeReaction, change_reaction
from billing.words.bank_work import describe_reaction_refusal
from portal.forms.bank import ReactionForm
from portal.queries.insurer.bank import RuleRow, list_changes, list_rules, shipped_rules
from portal.templatetags.portal import typed_day
from portal.views.access import InsurerRequest, finance_only


@require_safe
@finance_only
def list_all(request: InsurerRequest) -> HttpResponse:
    """The rules of every code that count today."""
    rules = list_rules(request.access.today)
    context = {
        "room": "bank",
        "rules": rules,
        "own": sum(rule.first.own or rule.repeat.own for rule in rules),
    }
    return render(request, "portal/insurer/bank/reactions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@finance_only
def show(request: InsurerRequest, code: str) -> HttpResponse:
    """The rules of a code, what was changed about them; with a form, another one from a day on."""
    today = request.access.today
    rule = next((each for each in list_rules(today) if each.code == code), None)
    if rule is None:
        raise Http404
    form = ReactionForm(request.POST or None, initial=_propose(rule, request))
    if request.method == "POST" and form.is_valid() and _change(request, code, form):
        messages.success(request, _("Die Regel ist geändert. Was schon entschieden ist, bleibt."))
        return redirect("insurer:reaction", code)
    context = {
        "room": "bank",
        "rule": rule,
        "changes": list_changes(code),
        "shipped": shipped_rules(code),
        "form": form,
    }
    return render(request, "portal/insurer/bank/reaction.html", context)


def _propose(rule: RuleRow, request: InsurerRequest) -> dict[str, object]:
    """The rule as it is, to be changed."""
    now = rule.first
    return {
        "occurrence": now.occurrence.value,
        "mandate_effect": now.mandate_effect.value,
        "next_step": now.next_step.value,
        "retry_after_days": now.retry_after_days,
        "charge_fee": now.charge_fee,
        "valid_from": typed_day(request.access.today),
    }


def _change(request: InsurerRequest, code: str, form: ReactionForm) -> bool:
    data = form.cleaned_data
    try:
        change_reaction(
            code=code,
            occurrence=Occurrence(data["occurrence"]),
            valid_from=data["valid_from"],
            mandate_effect=MandateEffect(data["mandate_effect"]),
            next_step=NextStep(data["next_step"]),
            retry_after_days=data["retry_after_days"],
            charge_fee=data["charge_fee"],
            reason=data["reason"],
            user=request.user,
            now=timezone.now(),
        )
    except UnableToChangeReaction as error:
        form.add_error(None, describe_reaction_refusal(error.code))
        return False
    return True
