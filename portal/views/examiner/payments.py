"""What a claim is owed month by month, what of it was paid, and what is owed back."""

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aupolicy.kernel.money import total
from billing.models import Recovery
from billing.operations.recoveries import find_overpaid, record_recoveries
from claims.models import Claim, Payee
from claims.operations.settle import last_month_over, settle_people
from claims.rules import find_medical_text
from portal.forms.payouts import RecoveryForm
from portal.queries.examiner.case import get_claim
from portal.queries.examiner.recompute import find_recompute
from portal.queries.insurer.payouts import list_recoveries, list_slices
from portal.views.access import InsurerRequest, claims_room
from portal.views.examiner.frame import claim_page
from portal.views.insurer.recoveries import change, suggest

# As long as the reason of a cancelled slice may be.
_MOST_REASON = 200


@require_safe
@claims_room
def show(request: InsurerRequest, claim_id: int) -> HttpResponse:
    """Months with what is due and where its payment stands, recoveries, accounts."""
    return _page(request, get_claim(claim_id))


def _page(
    request: InsurerRequest, claim: Claim, *, failed: RecoveryForm | None = None, at: int = 0
) -> HttpResponse:
    today = request.access.today
    rows = list_slices(claim, today=today)
    counted = [row for row in rows if row.state != "cancelled"]
    settled = [row for row in counted if row.state in {"paid", "set_off"}]
    recoveries = list_recoveries(claim)
    overpaid = total(
        each.amount
        for each in find_overpaid(person_ids=[claim.person_id])
        if each.claim_id == claim.pk
    )
    open_amount = total(each.open_amount for each in recoveries)
    forms = [(each, failed if failed and each.pk == at else _form(each)) for each in recoveries]
    context = {
        "rows": rows,
        "owed": total(row.slice.amount for row in counted),
        "paid": total(row.slice.amount for row in settled),
        "recoveries": forms,
        "open_amount": open_amount,
        "overpaid": overpaid,
        "to_recover": open_amount + overpaid,
        "payees": list(Payee.objects.filter(claim=claim).order_by("period")),
        "today": today,
        "failed_at": at,
    }
    status = 200 if failed is None else 422
    return claim_page(request, claim, "payments", context, status=status)


def _form(recovery: Recovery, data: QueryDict | None = None) -> RecoveryForm:
    """The form of one of several recoveries, whose fields have names of their own on the page."""
    return RecoveryForm(data, initial=suggest(recovery), auto_id=f"recovery-{recovery.pk}-%s")


@require_http_methods(["GET", "HEAD", "POST"])
@claims_room
def compute_anew(request: InsurerRequest, claim_id: int) -> HttpResponse:
    """Which months would come out differently now; sent, they are computed anew with a reason."""
    claim = get_claim(claim_id)
    if request.method != "POST":
        context = {"recompute": find_recompute(claim, today=request.access.today)}
        return claim_page(
            request, claim, "payments", context, template="portal/examiner/compute.html"
        )
    reason = request.POST.get("reason", "").strip()[:_MOST_REASON]
    if not reason:
        messages.error(request, _("Schreiben Sie, warum neu gerechnet wird."))
    elif find_medical_text(reason):
        messages.error(request, _("Der Grund sieht nach Gesundheitsdaten aus. Ändern Sie ihn."))
    else:
        now = timezone.now()
        report = settle_people(
            person_ids=[claim.person_id],
            as_of=last_month_over(request.access.today),
            user=request.user,
            reason=reason,
            now=now,
        )
        record_recoveries(person_ids=[claim.person_id], now=now)
        shown = {"created": report.created, "cancelled": report.cancelled}
        messages.success(
            request,
            _("Neu gerechnet: %(cancelled)d Monate storniert, %(created)d berechnet.") % shown,
        )
    return redirect("examiner:payments", claim.pk)


@require_POST
@claims_room
def recover(request: InsurerRequest, claim_id: int) -> HttpResponse:
    """Claim back at once what was paid for months that were cancelled."""
    claim = get_claim(claim_id)
    record_recoveries(person_ids=[claim.person_id], now=timezone.now())
    messages.success(request, _("Die Rückforderung ist angelegt; sie wird verrechnet."))
    return redirect("examiner:payments", claim.pk)


@require_POST
@claims_room
def change_way(request: InsurerRequest, claim_id: int, recovery_id: int) -> HttpResponse:
    """Let a recovery come back another way."""
    claim = get_claim(claim_id)
    found = [each for each in list_recoveries(claim) if each.pk == recovery_id]
    if not found:
        raise Http404
    form = _form(found[0], request.POST)
    if change(form, found[0], request.user):
        messages.success(request, _("Die Rückforderung ist geändert."))
        return redirect("examiner:payments", claim.pk)
    return _page(request, claim, failed=form, at=recovery_id)
