"""Decisions: their history, one to be made with its effect, the second person's approval, holds."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aupolicy.facts import BenefitExclusion
from billing.queries.arrears import get_arrears
from claims.facts import DecisionKind, DecisionStatus
from claims.models import Claim, Decision, Hold
from claims.operations.decisions import (
    UnableToDecide,
    approve_decision,
    decide,
    preview_approval,
    preview_decision,
    return_decision,
)
from claims.operations.holds import UnableToHold, hold_benefit, lift_hold
from claims.queries.claimant import missing_consents
from claims.queries.drafts import list_choices, list_exclusions_of
from claims.words import describe_error, describe_exclusion
from portal.forms.examiner_decisions import DecisionForm, HoldForm
from portal.queries.examiner.case import get_claim
from portal.queries.examiner.decisions import (
    list_changes,
    list_decisions,
    list_frozen_changes,
    list_holds,
    sum_owed,
)
from portal.queries.examiner.evidence import list_leaves
from portal.queries.examiner.examination import check_premium
from portal.templatetags.claims import leave_choices
from portal.templatetags.decisions import DECISION_VERBS
from portal.templatetags.portal import signed_money
from portal.views.access import InsurerRequest, claims_room
from portal.views.access import medical_room as examiners_only
from portal.views.examiner.frame import claim_page

_FORM = "portal/examiner/decide.html"
_PREVIEW = "portal/examiner/decide_preview.html"
_HOLD = "portal/examiner/decide_hold.html"
_APPROVAL = "portal/examiner/decisions_approval.html"
_TAB = "decisions"
_MOST_NOTE = 4000


@require_safe
@claims_room
def show(request: InsurerRequest, claim_id: int) -> HttpResponse:
    """What was decided, by whom, on which terms; what can be decided next."""
    claim = get_claim(claim_id)
    rows = list_decisions(claim)
    waiting = [row for row in rows if row.decision.status == DecisionStatus.PROPOSED]
    choices = list_choices(claim=claim) if request.access.can_write else ()
    context = {
        "rows": rows,
        "proposed": waiting[0].decision if waiting else None,
        "choices": [(kind.value, DECISION_VERBS[kind]) for kind in choices],
        "holds": list_holds(claim),
    }
    return claim_page(request, claim, _TAB, context)


@require_http_methods(["GET", "HEAD", "POST"])
@examiners_only
def make(request: InsurerRequest, claim_id: int, kind: str) -> HttpResponse:
    """The form of a kind of decision, then its effect, then the decision."""
    claim = get_claim(claim_id)
    if kind not in DecisionKind.__members__:
        raise Http404
    form = _make_form(request, claim, DecisionKind(kind))
    context: dict[str, Any] = {"form": form, "kind": kind, "is_warned": False}
    if request.method == "POST" and form.is_valid():
        try:
            return _go_on(request, claim, form)
        except UnableToDecide as error:
            form.add_error(None, describe_error(error))
            context["is_warned"] = error.code == "MEDICAL_TEXT"
    status = 400 if form.errors else 200
    return claim_page(request, claim, _TAB, context, template=_FORM, status=status)


def _make_form(request: InsurerRequest, claim: Claim, kind: DecisionKind) -> DecisionForm:
    known = list_exclusions_of(claim, claim.first_day or claim.registered_on)
    texts = [(each.code, _describe(each)) for each in known]
    return DecisionForm(
        request.POST or None,
        kind=kind,
        leaves=leave_choices(list_leaves(claim)),
        exclusions=texts,
    )


def _describe(exclusion: BenefitExclusion) -> str:
    """The wording of an exclusion, and what proves it."""
    text, evidence = describe_exclusion(exclusion)
    return _("%(exclusion)s Nachweis: %(evidence)s") % {"exclusion": text, "evidence": evidence}


def _go_on(request: InsurerRequest, claim: Claim, form: DecisionForm) -> HttpResponse:
    """The preview of a form that was filled in, or the decision where that was seen."""
    today = request.access.today
    arrears = get_arrears(claim.contract, today=today)
    checks = [check_premium(arrears, claim.first_day or today)]
    confirmed = request.POST.get("confirmed") == "1"
    if request.POST.get("step") != "save":
        effect = preview_decision(
            claim=claim, draft=form.draft, today=today, checks=checks, confirmed=confirmed
        )
        context = {
            "form": form,
            "kind": form.kind.value,
            "draft": form.draft,
            "effect": effect,
            "changes": list_changes(effect),
            "has_consents": not missing_consents(claim),
            "confirmed": confirmed,
        }
        return claim_page(request, claim, _TAB, context, template=_PREVIEW)
    decision = decide(
        claim=claim,
        draft=form.draft,
        user=request.user,
        now=timezone.now(),
        confirmed=confirmed,
        checks=checks,
    )
    if decision.status == DecisionStatus.PROPOSED:
        messages.success(
            request, _("Die Entscheidung ist vorgeschlagen. Eine zweite Person gibt sie frei.")
        )
    else:
        messages.success(request, _("Die Entscheidung ist wirksam. Der Brief wird geschrieben."))
    return redirect("examiner:decisions", claim.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@claims_room
def approval(request: InsurerRequest, decision_id: int) -> HttpResponse:
    """What was decided and does, for the second person: approve it or give it back."""
    decision = get_object_or_404(
        Decision.objects.select_related("decided_by", "second_by", "sick_leave"), pk=decision_id
    )
    claim = get_claim(decision.claim_id)
    note, error = request.POST.get("note", "").strip()[:_MOST_NOTE], ""
    if request.method == "POST":
        try:
            return _close(request, decision, note)
        except UnableToDecide as refused:
            error = describe_error(refused)
            decision.refresh_from_db()
    context = _describe_approval(request, decision) | {"note": note, "error": error}
    status = 400 if error else 200
    return claim_page(request, claim, _TAB, context, template=_APPROVAL, status=status)


def _close(request: InsurerRequest, decision: Decision, note: str) -> HttpResponse:
    now = timezone.now()
    if request.POST.get("verdict") == "approve":
        try:
            seen = Decimal(request.POST.get("amount_seen", ""))
        except InvalidOperation:
            raise Http404 from None
        approve_decision(decision=decision, user=request.user, note=note, now=now, amount_seen=seen)
        messages.success(
            request, _("Die Entscheidung ist freigegeben und wirksam. Der Brief wird geschrieben.")
        )
    else:
        return_decision(decision=decision, user=request.user, note=note, now=now)
        messages.success(request, _("Die Entscheidung ist zurückgegeben. Sie wirkt nicht."))
    return redirect("examiner:decisions", decision.claim_id)


def _describe_approval(request: InsurerRequest, decision: Decision) -> dict[str, Any]:
    """What the decision does today, which may be more than when it was proposed."""
    is_open = decision.status == DecisionStatus.PROPOSED
    context: dict[str, Any] = {
        "decision": decision,
        "is_open": is_open,
        "is_own": decision.decided_by_id == request.user.pk,
        "changes": list_frozen_changes(decision),
        "effect": None,
        "obstacle": "",
    }
    if not is_open:
        return context
    try:
        effect = preview_approval(decision=decision, today=request.access.today)
    except UnableToDecide as error:
        return context | {"obstacle": describe_error(error)}
    return context | {"effect": effect, "changes": list_changes(effect)}


@require_http_methods(["GET", "HEAD", "POST"])
@examiners_only
def hold(request: InsurerRequest, claim_id: int) -> HttpResponse:
    """Pay nothing or a part only from a day on, until somebody looks again."""
    claim = get_claim(claim_id)
    form = HoldForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "is_warned": False}
    if request.method == "POST" and form.is_valid():
        before = sum_owed(claim)
        try:
            hold_benefit(
                claim=claim,
                **form.cleaned_data,
                user=request.user,
                now=timezone.now(),
                confirmed=request.POST.get("confirmed") == "1",
            )
        except UnableToHold as error:
            form.add_error(None, describe_error(error))
            context["is_warned"] = error.code == "MEDICAL_TEXT"
        else:
            said = _("Die vorläufige Entscheidung gilt.")
            messages.success(request, f"{said} {_describe_change(claim, before)}")
            return redirect("examiner:decisions", claim.pk)
    status = 400 if form.errors else 200
    return claim_page(request, claim, _TAB, context, template=_HOLD, status=status)


@require_POST
@examiners_only
def lift(request: InsurerRequest, claim_id: int, hold_id: int) -> HttpResponse:
    """Take a provisional decision back for all its days."""
    claim = get_claim(claim_id)
    found = get_object_or_404(Hold, pk=hold_id, claim=claim)
    before = sum_owed(claim)
    try:
        lift_hold(hold=found, user=request.user, now=timezone.now())
    except UnableToHold as error:
        messages.error(request, describe_error(error))
    else:
        said = _("Die vorläufige Entscheidung ist aufgehoben.")
        messages.success(request, f"{said} {_describe_change(claim, before)}")
    return redirect("examiner:decisions", claim.pk)


def _describe_change(claim: Claim, before: tuple[int, Decimal]) -> str:
    difference = sum_owed(claim)[1] - before[1]
    if not difference:
        return _("An den berechneten Monaten ändert sich nichts.")
    return _("Berechnete Monate ändern sich um %(amount)s.") % {"amount": signed_money(difference)}
