"""The steps of an application. Each keeps what was filled in; the summary tells what is missing."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from aupolicy.kernel.identifiers import UnableToReadIdentifier, bank_name, parse_iban
from aupolicy.models import Application
from aupolicy.operations.offers import keep_signature, update_draft
from billing.words import describe_identifier
from portal.forms.application import (
    AuthorityStep,
    ContractStep,
    DraftForm,
    EmployerStep,
    MandateStep,
)
from portal.templatetags.portal import typed_day
from portal.views.access import BrokerRequest, broker_room
from portal.views.broker.application_words import STEP_WORDS
from portal.views.broker.applications import find_application

FORMS: dict[str, type[DraftForm]] = {
    "employer": EmployerStep,
    "contract": ContractStep,
    "mandate": MandateStep,
    "authority": AuthorityStep,
}
STEPS = tuple(FORMS)


@require_http_methods(["GET", "HEAD", "POST"])
@broker_room
def fill_in(request: BrokerRequest, application_id: int, step: str) -> HttpResponse:
    """Show a step, or keep it and go on to the next."""
    application = find_application(request, application_id)
    if step not in FORMS:
        raise Http404
    if application.status != Application.Status.DRAFT:
        messages.info(
            request, _("Dieser Antrag ist übergeben und kann nicht mehr geändert werden.")
        )
        return redirect("broker:application", request.access.broker.pk, application.pk)
    form = _build_form(request, application, step)
    if request.method == "POST" and form.is_valid():
        _keep(application, form)
        return _go_on(request, application, step)
    number = STEPS.index(step)
    context: dict[str, Any] = {
        "room": "applications",
        "application": application,
        "step": step,
        "form": form,
        "steps": list(STEP_WORDS.items()),
        "number": number + 1,
        "previous": STEPS[number - 1] if number else "",
        "is_last": step == STEPS[-1],
    }
    return render(request, f"portal/broker/applications/{step}.html", context)


def _build_form(request: BrokerRequest, application: Application, step: str) -> DraftForm:
    arguments: dict[str, Any] = {"instance": application}
    if step == "mandate":
        signed_on = application.mandate_signed_on
        arguments["today"] = request.access.today
        arguments["initial"] = {"mandate_signed_on": typed_day(signed_on) if signed_on else ""}
    if step == "contract":
        arguments["initial"] = {"start": typed_day(application.start)}
    if request.method == "POST":
        return FORMS[step](request.POST, request.FILES, **arguments)
    return FORMS[step](**arguments)


def _keep(application: Application, form: DraftForm) -> None:
    changes = dict(form.cleaned_data)
    signature = changes.pop("signature", None)
    update_draft(application=application, changes=changes)
    if signature:
        name, content = signature
        keep_signature(application=application, name=name, content=content)


def _go_on(request: BrokerRequest, application: Application, step: str) -> HttpResponse:
    broker = request.access.broker.pk
    if "later" in request.POST or step == STEPS[-1]:
        if "later" in request.POST:
            messages.success(request, _("Der Entwurf ist gespeichert."))
        return redirect("broker:application", broker, application.pk)
    following = STEPS[STEPS.index(step) + 1]
    return redirect("broker:application_step", broker, application.pk, following)


@require_POST
@broker_room
def name_bank(request: BrokerRequest) -> HttpResponse:
    """The bank of an IBAN as it is typed; by POST, for an account does not belong into a log."""
    text = request.POST.get("iban", "").strip()
    context = {"bank": "", "problem": ""}
    if text:
        try:
            iban = parse_iban(text)
            context["bank"] = bank_name(iban) or _("Die Bank ist uns nicht bekannt.")
        except UnableToReadIdentifier as error:
            context["problem"] = describe_identifier(error)
    return render(request, "portal/broker/applications/bank.html", context)
