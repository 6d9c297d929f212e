"""Mandates: how all of them stand, and one with its versions, signature, stops and debits."""

from collections.abc import Callable, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from aupolicy.kernel.file_store import FileStore
from billing.facts.debit import Scheme
from billing.facts.mandate import MandateStanding
from billing.models import Mandate, MandateSignature
from billing.operations.mandate_stops import (
    UnableToStopMandate,
    confirm_b2b,
    lift_suspension,
    revoke_mandate,
    suspend_mandate,
)
from billing.words.mandates import STANDINGS, describe_stop_refusal
from portal.exports.sheet import Cell
from portal.exports.tables import MANDATES
from portal.forms.mandate_stops import ConfirmForm, LiftForm, RevokeForm, SuspendForm
from portal.queries.insurer.mandates import (
    NEEDS_CARE,
    SORTS,
    MandateFilter,
    MandateRow,
    count_states,
    filter_mandates,
    get_mandate,
    list_mandates,
    page_of_mandates,
)
from portal.views.access import InsurerRequest, finance_only
from portal.views.downloads import send_file, send_table
from portal.words import SCHEMES


@require_safe
@finance_only
def list_all(request: InsurerRequest) -> HttpResponse:
    """Every running contract with its mandate as it stands today."""
    rows = list_mandates(request.access.today)
    counts = count_states(rows)
    wanted = _read_filter(request)
    found = filter_mandates(rows, wanted)
    context = {
        "room": "mandates",
        "wanted": wanted,
        "page": page_of_mandates(found, request.GET.get("page", 1)),
        "is_empty": not rows,
        "is_filtered": wanted != MandateFilter(sort=wanted.sort),
        "care": sum(number for state, number in counts.items() if state in NEEDS_CARE)
        + counts[None],
        "standings": [(s.value, word, counts[s]) for s, word in STANDINGS.items() if counts[s]],
        "without": counts[None],
        "schemes": SCHEMES.items(),
    }
    return render(request, "portal/insurer/mandates/list.html", context)


def _read_filter(request: InsurerRequest) -> MandateFilter:
    given = request.GET
    standing, scheme, sort = (given.get(name, "") for name in ("standing", "scheme", "sort"))
    return MandateFilter(
        standing=standing if standing in {*MandateStanding, "care", "none"} else "",
        scheme=scheme if scheme in set(Scheme) else "",
        text=given.get("q", "").strip(),
        sort=sort if sort in SORTS else SORTS[0],
    )


@require_safe
@finance_only
def export(request: InsurerRequest) -> HttpResponse:
    """The mandates that the filters let through."""
    rows = filter_mandates(list_mandates(request.access.today), _read_filter(request))
    return send_table(MANDATES, map(_cells, rows), name="Mandate")


def _cells(row: MandateRow) -> Sequence[Cell]:
    found = row.standing
    if found is None:
        return (row.contract.number, row.contract.employer.legal_name, *[""] * 4, *[None] * 3)
    mandate, decision = found.mandate, found.decision
    return (
        row.contract.number,
        row.contract.employer.legal_name,
        mandate.reference,
        str(mandate.version),
        mandate.scheme,
        str(STANDINGS[decision.standing]),
        mandate.signed_on,
        found.last_due,
        decision.usable_to,
    )


@require_safe
@finance_only
def show(request: InsurerRequest, mandate_id: int) -> HttpResponse:
    """One mandate with everything that happened to it."""
    return _render(request, mandate_id, {})


def _render(request: InsurerRequest, mandate_id: int, given: dict[str, forms.Form]) -> HttpResponse:
    """The page, with a form that could not be taken in place of an empty one."""
    shown = get_mandate(mandate_id, request.access.today)
    context = {
        "room": "mandates",
        "shown": shown,
        "form": next(iter(given.values()), None),
        "forms": {
            "suspend": SuspendForm(auto_id="suspend_%s"),
            "lift": LiftForm(auto_id="lift_%s"),
            "revoke": RevokeForm(auto_id="revoke_%s"),
            "confirm": ConfirmForm(auto_id="confirm_%s"),
            **given,
        },
    }
    return render(request, "portal/insurer/mandates/show.html", context)


@require_POST
@finance_only
def act(request: InsurerRequest, mandate_id: int, action: str) -> HttpResponse:
    """Suspend, lift, revoke or confirm."""
    if action not in _ACTIONS:
        raise Http404
    kind, do, done = _ACTIONS[action]
    form = kind(request.POST, auto_id=f"{action}_%s")
    mandate = get_object_or_404(Mandate, pk=mandate_id)
    if form.is_valid():
        try:
            do(mandate, form.cleaned_data, request, timezone.now())
        except UnableToStopMandate as error:
            form.add_error(None, describe_stop_refusal(error.code))
        else:
            messages.success(request, done)
            return redirect("insurer:mandate", mandate.pk)
    return _render(request, mandate_id, {action: form})


_Do = Callable[[Mandate, dict[str, Any], InsurerRequest, datetime], object]


def _suspend(mandate: Mandate, said: dict[str, Any], by: InsurerRequest, now: datetime) -> None:
    suspend_mandate(
        mandate=mandate, reason=said["reason"], code="", debit=None, user=by.user, now=now
    )


def _lift(mandate: Mandate, said: dict[str, Any], by: InsurerRequest, now: datetime) -> None:
    lift_suspension(mandate=mandate, reason=said["reason"], user=by.user, now=now)


def _revoke(mandate: Mandate, said: dict[str, Any], by: InsurerRequest, now: datetime) -> None:
    revoke_mandate(
        mandate=mandate,
        received_on=said["received_on"],
        reason=said["reason"],
        user=by.user,
        now=now,
    )


def _confirm(mandate: Mandate, said: dict[str, Any], by: InsurerRequest, _now: datetime) -> None:
    confirm_b2b(mandate=mandate, confirmed_on=said["confirmed_on"], today=by.access.today)


_ACTIONS: dict[str, tuple[type[forms.Form], _Do, Any]] = {
    "suspend": (
        SuspendForm,
        _suspend,
        gettext_lazy("Das Mandat ist ausgesetzt; es wird nichts eingezogen."),
    ),
    "lift": (LiftForm, _lift, gettext_lazy("Das Mandat gilt wieder.")),
    "revoke": (
        RevokeForm,
        _revoke,
        gettext_lazy("Der Widerruf ist vermerkt; es wird nichts mehr eingezogen."),
    ),
    "confirm": (ConfirmForm, _confirm, gettext_lazy("Die Bestätigung der Bank ist vermerkt.")),
}


@require_safe
@finance_only
def send_signature(_request: InsurerRequest, mandate_id: int) -> HttpResponseBase:
    """What proves a signature: the signed paper or the wording, as it was kept."""
    signature = get_object_or_404(MandateSignature, mandate_id=mandate_id)
    digest = signature.document_sha256 or signature.wording_sha256
    try:
        content = FileStore(settings.FILES_ROOT).get(digest)
    except (FileNotFoundError, IsADirectoryError) as error:
        raise Http404 from error
    name = signature.document_name or f"Mandat_{mandate_id}.txt"
    return send_file(BytesIO(content), name, "application/octet-stream")
