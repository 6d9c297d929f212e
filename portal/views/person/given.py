"""What the person gives: an account, declarations, where it is reached."""

from typing import Any

from django.contrib import messages
from django.forms import model_to_dict
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from claims.facts import Channel
from claims.facts.consent import ConsentKind
from claims.models import Contact
from claims.operations.claimant import (
    UnableToDeclare,
    UnableToGiveAccount,
    UnableToSaveContact,
    give_account,
    give_consent,
    save_contact,
    withdraw_consent,
)
from claims.queries.claimant import get_payee, list_declared
from claims.queries.parameters import get_consent, list_consents
from claims.words import describe_error
from portal.forms.person_page import AccountForm, ConsentForm, ContactForm
from portal.views.person.gate import PersonRequest, person_page

_ACCOUNT_FIELDS = {
    "HOLDER_MISSING": "holder",
    "HOLDER_UNREADABLE": "holder",
    "IBAN_WRONG": "iban",
    "NOT_SEPA": "iban",
    "REASON_MISSING": "reason",
    "MEDICAL_TEXT": "reason",
}
_CONTACT_FIELDS = {"POSTAL_CODE_WRONG": "postal_code", "EMAIL_WRONG": "email"}
_FORM_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(_FORM_METHODS)
@person_page
def give_account_data(request: PersonRequest) -> HttpResponse:
    """The account that benefit goes to, from today on."""
    access = request.access
    person = access.claim.person
    initial = {"holder": f"{person.first_name} {person.last_name}", "is_person": True}
    form = AccountForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            give_account(
                claim=access.claim,
                holder=data["holder"],
                iban=data["iban"],
                first_day=access.today,
                channel=Channel.PERSON,
                user=None,
                is_person=data["is_person"],
                reason="" if data["is_person"] else data["reason"],
                now=access.now,
            )
        except UnableToGiveAccount as error:
            form.add_error(_ACCOUNT_FIELDS.get(error.code), describe_error(error))
        else:
            messages.success(request, _("Danke. Wir prüfen das Konto, bevor wir zahlen."))
            return redirect("person:start", access.token)
    context = {"page": "account", "form": form, "payee": get_payee(access.claim, access.today)}
    return render(request, "portal/person/account.html", context)


@require_http_methods(_FORM_METHODS)
@person_page
def declare(request: PersonRequest) -> HttpResponse:
    """The declarations in full, to be given or withdrawn."""
    access = request.access
    texts = {text.kind.value: text for text in list_consents(get_language() or "de")}
    kind = request.POST.get("kind", "")
    form = None
    if request.method == "POST" and kind in texts:
        if "withdraw" in request.POST:
            _withdraw(request, kind)
            return redirect("person:consents", access.token)
        form = ConsentForm(request.POST, auto_id=f"{kind}_%s")
        if form.is_valid() and _declare(request, form):
            return redirect("person:consents", access.token)
    declared = list_declared([access.claim])[access.claim.pk]
    rows = [
        {
            "text": text,
            "paragraphs": text.text.split("\n\n"),
            "declared": declared.get(each),
            "form": form if form is not None and each == kind else _new_form(each, text.version),
        }
        for each, text in texts.items()
    ]
    return render(
        request, "portal/person/consents.html", {"page": "consents", "rows": rows, "form": form}
    )


def _new_form(kind: str, version: str) -> ConsentForm:
    initial: dict[str, Any] = {"kind": kind, "version": version}
    return ConsentForm(initial=initial, auto_id=f"{kind}_%s")


def _declare(request: PersonRequest, form: ConsentForm) -> bool:
    data, access = form.cleaned_data, request.access
    language = get_language() or "de"
    if data["version"] != get_consent(data["kind"], language).version:
        form.add_error(None, _("Der Text hat sich geändert. Bitte lesen Sie die neue Fassung."))
        return False
    try:
        give_consent(
            claim=access.claim,
            kind=ConsentKind(data["kind"]),
            language=language,
            name=data["name"],
            channel=Channel.PERSON,
            user=None,
            now=access.now,
        )
    except UnableToDeclare as error:
        form.add_error("name", describe_error(error))
        return False
    messages.success(request, _("Danke, Ihre Erklärung ist gespeichert."))
    return True


def _withdraw(request: PersonRequest, kind: str) -> None:
    access = request.access
    person = access.claim.person
    withdraw_consent(
        claim=access.claim,
        kind=ConsentKind(kind),
        name=f"{person.first_name} {person.last_name}",
        channel=Channel.PERSON,
        user=None,
        now=access.now,
    )
    messages.success(request, _("Ihre Einwilligung ist widerrufen. Sie gilt ab jetzt nicht mehr."))


@require_http_methods(_FORM_METHODS)
@person_page
def give_contact(request: PersonRequest) -> HttpResponse:
    """Where the person is reached; told by nobody else."""
    access = request.access
    known = Contact.objects.filter(claim=access.claim).first()
    initial = model_to_dict(known) if known else {"country": "DE"}
    form = ContactForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            save_contact(claim=access.claim, user=None, now=access.now, **form.cleaned_data)
        except UnableToSaveContact as error:
            form.add_error(_CONTACT_FIELDS.get(error.code), describe_error(error))
        else:
            messages.success(request, _("Danke, Ihre Angaben sind gespeichert."))
            return redirect("person:start", access.token)
    return render(request, "portal/person/contact.html", {"page": "contact", "form": form})
