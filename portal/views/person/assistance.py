"""Help from the first day on: asking for it, seeing what is on its way, saying how it was."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from claims.facts import AssistanceKind, Channel
from claims.models import AssistanceCase
from claims.operations.assistance import UnableToAssist, give_feedback, open_case
from claims.queries.assistance import list_cases
from claims.words import describe_error
from portal.forms.person_page import FeedbackForm, HelpForm
from portal.views.person.gate import PersonRequest, person_page
from portal.words import ASSISTANCE_KINDS


@require_http_methods(["GET", "HEAD", "POST"])
@person_page
def show(request: PersonRequest) -> HttpResponse:
    """What there is, the form, and what was asked for before."""
    access = request.access
    form = HelpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            open_case(
                claim=access.claim,
                kind=AssistanceKind(data["kind"]),
                wish=data["wish"],
                channel=Channel.PERSON,
                user=None,
                now=access.now,
                confirmed=data["confirmed"],
            )
        except UnableToAssist as error:
            form.add_error("wish" if error.code == "MEDICAL_TEXT" else None, describe_error(error))
            return _show(request, form, asks_again=error.code == "MEDICAL_TEXT")
        messages.success(request, _("Danke. Wir melden uns spätestens morgen bei Ihnen."))
        return redirect("person:assistance", access.token)
    return _show(request, form, asks_again=False)


def _show(request: PersonRequest, form: HelpForm, *, asks_again: bool) -> HttpResponse:
    rows = [
        (case, FeedbackForm(auto_id=f"case{case.pk}_%s") if _may_judge(case) else None)
        for case in list_cases(request.access.claim)
    ]
    context = {
        "page": "assistance",
        "form": form,
        "rows": rows,
        "kinds": list(ASSISTANCE_KINDS.values()),
        "asks_again": asks_again,
    }
    return render(request, "portal/person/assistance.html", context)


def _may_judge(case: AssistanceCase) -> bool:
    has_result = case.closed_at is not None or any(order.done_on for order in case.orders.all())
    return has_result and not hasattr(case, "feedback")


@require_POST
@person_page
def take_feedback(request: PersonRequest, case_id: int) -> HttpResponse:
    """How good it was, once."""
    cases = AssistanceCase.objects.filter(claim=request.access.claim)
    case = get_object_or_404(cases, pk=case_id)
    form = FeedbackForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            give_feedback(
                case=case,
                score=data["score"],
                comment=data["comment"],
                now=request.access.now,
                confirmed=data["confirmed"],
            )
        except UnableToAssist as error:
            messages.error(request, describe_error(error))
        else:
            messages.success(request, _("Danke für Ihre Rückmeldung."))
    return redirect("person:assistance", request.access.token)
