"""The account that premiums are debited from, and its change with a second look."""

from collections.abc import Sequence

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aupolicy.models import Employer, GroupContract, Right, User
from billing.facts.debit import Scheme
from billing.facts.mandate import SignatureProof
from billing.models import Mandate, MandateChange
from billing.operations.mandate_changes import (
    UnableToChangeMandate,
    confirm_mandate_change,
    request_mandate_change,
    withdraw_mandate_change,
)
from billing.queries.creditor import get_creditor
from billing.queries.mandate_state import (
    StandingMandate,
    get_mandate_state,
    needs_new_mandate,
)
from billing.queries.mandate_text import plan_mandate_text
from billing.rules.mandate_wording import build_wording
from portal.forms.mandate import CodeForm, MandateChangeForm, SignatureForm
from portal.views.access import EmployerRequest, employer_room


def _find_contract(employer: Employer) -> GroupContract:
    """The contract that is debited now: the newest one."""
    contracts = GroupContract.objects.filter(employer=employer).order_by("-period")
    return get_object_or_404(contracts[:1])


def _find_open_change(contract: GroupContract) -> MandateChange | None:
    return (
        MandateChange.objects.filter(contract=contract, confirmed_at=None, withdrawn_at=None)
        .select_related("requested_by")
        .first()
    )


@require_safe
@employer_room()
def show(request: EmployerRequest) -> HttpResponse:
    """The mandate and how it stands, the ones before, and a change that waits."""
    contract = _find_contract(request.access.employer)
    mandates = list(
        Mandate.objects.filter(contract=contract).select_related("change").order_by("-period")
    )
    today = request.access.today
    standing = get_mandate_state(contract.pk, today)
    change = _find_open_change(contract)
    context = {
        "contract": contract,
        "standing": standing,
        "current": standing.mandate if standing and not _is_over(standing) else None,
        "needs_new": standing is None or _is_over(standing),
        "mandates": mandates,
        "change": change,
        "is_mine": change is not None and change.requested_by == request.user,
        "has_code": _find_totp(request.user) is not None,
        "code_form": CodeForm(),
    }
    return render(request, "portal/employer/mandate/show.html", context)


def _is_over(standing: StandingMandate) -> bool:
    """Whether only another mandate helps."""
    return needs_new_mandate(standing, Scheme(standing.mandate.scheme))


@require_http_methods(["GET", "HEAD", "POST"])
@employer_room(Right.ADMIN)
def change(request: EmployerRequest) -> HttpResponse:
    """Ask for another account: say which, then read the mandate and sign it."""
    contract = _find_contract(request.access.employer)
    initial = {"account_holder": request.access.employer.legal_name[:70]}
    form = MandateChangeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        wording = build_wording(
            plan_mandate_text(
                contract=contract,
                account_holder=form.cleaned_data["account_holder"],
                iban=form.cleaned_data["iban"],
                scheme=Scheme(form.cleaned_data["scheme"]),
                today=request.access.today,
            )
        )
        is_signed = "sign" in request.POST
        signature = SignatureForm(request.POST if is_signed else None, request.FILES or None)
        if is_signed and signature.is_valid():
            return _request_change(request, contract, form, signature, wording)
        context = {"asked": form, "form": signature, "wording": wording}
        return render(request, "portal/employer/mandate/sign.html", context)
    return render(request, "portal/employer/mandate/change.html", {"form": form})


def _request_change(
    request: EmployerRequest,
    contract: GroupContract,
    form: MandateChangeForm,
    signature: SignatureForm,
    wording: Sequence[str],
) -> HttpResponse:
    try:
        request_mandate_change(
            contract=contract,
            account_holder=form.cleaned_data["account_holder"],
            iban=form.cleaned_data["iban"],
            scheme=Scheme(form.cleaned_data["scheme"]),
            requested_by=request.user,
            now=timezone.now(),
            proof=_proof(request, signature, wording),
        )
    except UnableToChangeMandate as error:
        form.add_error(None, _describe(error))
        return render(request, "portal/employer/mandate/change.html", {"form": form})
    messages.success(
        request, _("Die neue Bankverbindung gilt, sobald eine zweite Person sie bestätigt.")
    )
    return redirect("employer:mandate", request.access.employer.pk)


def _proof(
    request: EmployerRequest, signature: SignatureForm, wording: Sequence[str]
) -> SignatureProof:
    """What proves the signature: the paper, or the name with the text as it was shown."""
    ip_address = get_adapter().get_client_ip(request)
    if signature.cleaned_data["paper"]:
        name, content = signature.cleaned_data["paper"]
        return SignatureProof(ip_address=ip_address, document_name=name, document=content)
    return SignatureProof(
        ip_address=ip_address,
        typed_name=signature.cleaned_data["typed_name"],
        wording="\n\n".join(wording),
    )


@require_POST
@employer_room(Right.ADMIN)
def confirm(request: EmployerRequest) -> HttpResponse:
    """Take the second look: as another person, or with a code of one's own second factor."""
    access = request.access
    contract = _find_contract(access.employer)
    waiting = _find_open_change(contract)
    if waiting is None:
        return redirect("employer:mandate", access.employer.pk)
    form = CodeForm(request.POST)
    code = form.cleaned_data["code"] if form.is_valid() else ""
    try:
        confirm_mandate_change(
            change=waiting,
            confirmed_by=request.user,
            has_code=_is_valid_code(request, code),
            creditor_identifier=get_creditor().identifier,
            now=timezone.now(),
            today=access.today,
        )
    except UnableToChangeMandate as error:
        messages.error(request, _describe(error))
    else:
        messages.success(
            request, _("Die neue Bankverbindung ist bestätigt. Das SEPA-Mandat liegt bereit.")
        )
    return redirect("employer:mandate", access.employer.pk)


@require_POST
@employer_room(Right.ADMIN)
def withdraw(request: EmployerRequest) -> HttpResponse:
    """Take a change back that nobody confirmed yet."""
    waiting = _find_open_change(_find_contract(request.access.employer))
    if waiting is not None:
        withdraw_mandate_change(change=waiting, withdrawn_by=request.user, now=timezone.now())
        messages.success(request, _("Die Änderung ist zurückgezogen; es bleibt alles, wie es war."))
    return redirect("employer:mandate", request.access.employer.pk)


def _find_totp(user: User) -> Authenticator | None:
    found: Authenticator | None = Authenticator.objects.filter(
        user=user, type=Authenticator.Type.TOTP
    ).first()
    return found


def _is_valid_code(request: EmployerRequest, code: str) -> bool:
    """Whether a code is that of the person's app; guessing is slowed down."""
    totp = _find_totp(request.user)
    if totp is None or not code:
        return False
    if not ratelimit.consume(request, action="reauthenticate", user=request.user):
        return False
    return bool(totp.wrap().validate_code(code))


def _describe(error: UnableToChangeMandate) -> str:
    return {
        "CHANGE_WAITS": _("Eine Änderung wartet schon auf ihre Bestätigung."),
        "NOTHING_CHANGES": _("Das ist die Bankverbindung, die schon gilt."),
        "CHANGE_SETTLED": _("Über diese Änderung ist schon entschieden."),
        "SECOND_LOOK_NEEDED": _(
            "Das bestätigt eine zweite Person, oder Sie selbst mit einem gültigen Code Ihrer App."
        ),
    }[error.code]
