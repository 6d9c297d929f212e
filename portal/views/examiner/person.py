"""What the insured person told, who read its papers, and the link to its own page."""

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.facts import Channel
from claims.models import Claim, Contact, Payee
from claims.operations.claimant import UnableToGiveAccount, check_account, give_account
from claims.operations.links import create_link, is_open, revoke_links
from claims.queries.claimant import get_link, list_declared, list_payees, list_reads
from claims.queries.parameters import list_consents
from claims.words import describe_error
from documents.operations import issue_link_sheet
from documents.queries.mails import page
from portal.forms.examiner_person import AccountForm, LinkForm
from portal.queries.examiner.case import get_claim
from portal.templatetags.portal import day
from portal.views.access import InsurerRequest, claims_room
from portal.views.access import medical_room as examiners_only
from portal.views.downloads import send_file
from portal.views.examiner.frame import claim_page

_MOST_READS = 20


@require_safe
@claims_room
def show(request: InsurerRequest, claim_id: int) -> HttpResponse:
    """Contact, account, declarations, link and reads."""
    return _page(request, get_claim(claim_id), {})


def _page(
    request: InsurerRequest, claim: Claim, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    declared = list_declared([claim])[claim.pk]
    link, contact = get_link(claim), Contact.objects.filter(claim=claim).first()
    reads = list_reads(claim.person)
    shared = {
        "contact": contact,
        "payees": list_payees(claim),
        "consents": [(text, declared.get(text.kind.value)) for text in list_consents()],
        "link": link,
        "link_open": link is not None and is_open(link, timezone.now()),
        "link_form": LinkForm(initial={"email": contact.email if contact else ""}),
        "reads": reads[:_MOST_READS],
        "read_count": len(reads),
    }
    return claim_page(
        request,
        claim,
        "person",
        {**shared, **context},
        template="portal/examiner/person_tab.html",
        status=status,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@examiners_only
def add_account(request: InsurerRequest, claim_id: int) -> HttpResponse:
    """Record an account that was told on paper; a colleague checks it."""
    claim = get_claim(claim_id)
    form = AccountForm(request.POST or None, initial={"first_day": day(request.access.today)})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            give_account(
                claim=claim,
                holder=data["holder"],
                iban=data["iban"],
                first_day=data["first_day"],
                channel=Channel.EXAMINER,
                user=request.user,
                is_person=not data["is_other"],
                reason=data["reason"],
                now=timezone.now(),
            )
        except UnableToGiveAccount as error:
            form.add_error(None, describe_error(error))
        else:
            messages.success(request, _("Das Konto ist erfasst. Eine zweite Person prüft es."))
            return redirect("examiner:person", claim.pk)
    return claim_page(
        request,
        claim,
        "person",
        {"form": form},
        template="portal/examiner/account_form.html",
        status=400 if form.errors else 200,
    )


@require_POST
@examiners_only
def confirm_account(request: InsurerRequest, claim_id: int, payee_id: int) -> HttpResponse:
    """Confirm an account as it was shown."""
    payee = get_object_or_404(Payee, pk=payee_id, claim=claim_id)
    # An account that changed since the page was opened is not confirmed unseen.
    shown = parse_datetime(request.POST.get("given_at", ""))
    payee.given_at = shown or payee.given_at.replace(year=1)
    try:
        check_account(payee=payee, user=request.user, now=timezone.now())
    except UnableToGiveAccount as error:
        messages.error(request, describe_error(error))
    else:
        messages.success(request, _("Das Konto ist geprüft. Es wird auf dieses Konto gezahlt."))
    return redirect("examiner:person", claim_id)


@require_POST
@examiners_only
def send_link(request: InsurerRequest, claim_id: int) -> HttpResponse:
    """Send a link by mail; an earlier one opens nothing any more."""
    claim = get_claim(claim_id)
    form = LinkForm(request.POST)
    if not form.is_valid():
        return _page(request, claim, {"link_form": form}, status=400)
    data = form.cleaned_data
    create_link(
        claim=claim,
        email=data["email"],
        language=data["language"],
        user=request.user,
        now=timezone.now(),
    )
    messages.success(request, _("Der Link ist unterwegs. Ein früherer Link öffnet nichts mehr."))
    return redirect("examiner:person", claim.pk)


@require_POST
@examiners_only
def print_link(request: InsurerRequest, claim_id: int) -> HttpResponseBase:
    """A sheet with a link to hand over; it can be made only now."""
    claim = get_claim(claim_id)
    made = create_link(claim=claim, email="", language="de", user=request.user, now=timezone.now())
    url = page("person:start", made.token)
    sheet = issue_link_sheet(link=made.link, token=made.token, url=url)
    return send_file(BytesIO(sheet.content), sheet.document.file_name, "application/pdf")


@require_POST
@examiners_only
def revoke_link(request: InsurerRequest, claim_id: int) -> HttpResponse:
    """Close the link and every page opened with it."""
    claim = get_claim(claim_id)
    revoke_links(claim=claim, now=timezone.now())
    messages.success(request, _("Der Link öffnet nichts mehr."))
    return redirect("examiner:person", claim.pk)
