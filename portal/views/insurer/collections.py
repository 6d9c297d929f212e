"""Collections: list, preview for a due date, creation, release by a second person, result."""

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.exports.sepa_rules import UnableToWriteDebitFile
from billing.models import Collection
from billing.operations import UnableToCollect, create_collections
from billing.operations.collection_files import is_rebuilt_alike
from billing.operations.collection_release import discard_collection, release_collection
from billing.queries.creditor import get_creditor
from billing.words import describe_finding
from billing.words.mandates import describe_collect_refusal
from portal.forms.insurer import DueForm
from portal.queries.insurer.collections import (
    is_past_cut_off,
    list_due_days,
    page_of_collections,
    page_of_items,
    preview_collection,
    propose_due_date,
    sum_open_items,
)
from portal.templatetags.portal import day, money, typed_day
from portal.views.access import InsurerRequest, finance_only


@require_safe
@finance_only
def list_all(request: InsurerRequest) -> HttpResponse:
    """All collections, what waits for the next one, and the days it falls due on."""
    context = {
        "room": "collections",
        "page": page_of_collections(request.GET.get("page", 1)),
        "open": sum_open_items(),
        "days": list_due_days(request.access.today),
    }
    return render(request, "portal/insurer/collections/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@finance_only
def create(request: InsurerRequest) -> HttpResponse:
    """Show what a due date would collect and what not; with a form, collect it."""
    today = request.access.today
    given = request.POST if request.method == "POST" else request.GET
    form = DueForm(given if "due" in given else {"due": typed_day(propose_due_date(today))})
    if request.method == "POST" and form.is_valid():
        return _create(request, form.cleaned_data["due"])
    preview = preview_collection(form.cleaned_data["due"], today) if form.is_valid() else None
    context = {
        "room": "collections",
        "form": form,
        "preview": preview,
        "is_late": preview is not None and is_past_cut_off(preview.due, timezone.now()),
    }
    return render(request, "portal/insurer/collections/new.html", context)


def _create(request: InsurerRequest, due: date) -> HttpResponse:
    try:
        report = create_collections(
            due=due,
            now=timezone.now(),
            creditor=get_creditor(),
            user=request.user,
            batch_booking="single" not in request.POST,
        )
    except UnableToCollect as error:
        messages.error(request, describe_collect_refusal(error.code, error.params))
        return redirect("insurer:new_collection")
    except UnableToWriteDebitFile as error:
        for finding in error.findings:
            messages.error(request, describe_finding(finding))
        return redirect("insurer:new_collection")
    for collection in report.created:
        messages.success(request, _describe_created(collection))
    if not report.created:
        messages.info(request, _("Zu diesem Tag war nichts Neues einzuziehen."))
    if len(report.created) == 1:
        return redirect("insurer:collection", report.created[0].pk)
    return redirect("insurer:collections")


def _describe_created(collection: Collection) -> str:
    return ngettext(
        "Eine Lastschrift über %(sum)s, fällig am %(due)s, wartet auf die Freigabe durch eine"
        " zweite Person.",
        "%(number)s Lastschriften über %(sum)s, fällig am %(due)s, warten auf die Freigabe durch"
        " eine zweite Person.",
        collection.debit_count,
    ) % {
        "number": collection.debit_count,
        "sum": money(collection.control_sum),
        "due": day(collection.due_date),
    }


@require_safe
@finance_only
def show(request: InsurerRequest, collection_id: int) -> HttpResponse:
    """One collection with its file, control sum and debits; its release."""
    collection = _find(collection_id)
    is_open = collection.released_at is None and collection.discarded_at is None
    context = {
        "room": "collections",
        "collection": collection,
        "page": page_of_items(collection, request.GET.get("page", 1)),
        "is_open": is_open,
        "is_own": collection.created_by_id == request.user.pk,
        "is_late": is_open and is_past_cut_off(collection.due_date, timezone.now()),
    }
    return render(request, "portal/insurer/collections/show.html", context)


@require_POST
@finance_only
def release(request: InsurerRequest, collection_id: int) -> HttpResponse:
    """Let a file go to the bank; somebody else than who made it."""
    done = _("Die Datei ist freigegeben und liegt zum Herunterladen bereit.")
    return _act(request, collection_id, release_collection, done)


@require_POST
@finance_only
def discard(request: InsurerRequest, collection_id: int) -> HttpResponse:
    """Never send a file; what it would have collected is open again."""
    done = _("Die Datei ist verworfen. Was darin war, ist wieder offen.")
    return _act(request, collection_id, discard_collection, done)


def _act(
    request: InsurerRequest, collection_id: int, act: Callable[..., Collection], done: str
) -> HttpResponse:
    collection = _find(collection_id)
    try:
        act(collection=collection, user=request.user, now=timezone.now())
    except UnableToCollect as error:
        messages.error(request, describe_collect_refusal(error.code, error.params))
    else:
        messages.success(request, done)
    return redirect("insurer:collection", collection.pk)


@require_POST
@finance_only
def check(request: InsurerRequest, collection_id: int) -> HttpResponse:
    """Make the file again from its rows and compare it with the one that was made then."""
    collection = _find(collection_id)
    if is_rebuilt_alike(collection):
        text = _("Aus den Buchungen entsteht dieselbe Datei, Byte für Byte: SHA-256 %(sha)s.")
        messages.success(request, text % {"sha": collection.file_sha256})
    else:
        messages.error(request, _("Aus den Buchungen entsteht eine andere Datei."))
    return redirect("insurer:collection", collection.pk)


def _find(collection_id: int) -> Collection:
    people = ("created_by", "released_by", "discarded_by")
    return get_object_or_404(Collection.objects.select_related(*people), pk=collection_id)
