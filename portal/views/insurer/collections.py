"""Collections: list, preview for a due date, creation, result."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from billing.exports.sepa_rules import UnableToWriteDebitFile
from billing.models import Collection
from billing.operations import UnableToCollect, create_collections
from billing.queries.creditor import get_creditor
from billing.words import describe_collect_refusal, describe_finding
from portal.forms.insurer import DueForm
from portal.queries.insurer.collections import (
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
    """All collections, and what waits for the next one."""
    context = {
        "page": page_of_collections(request.GET.get("page", 1)),
        "open": sum_open_items(),
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
    preview = preview_collection(form.cleaned_data["due"]) if form.is_valid() else None
    is_late = preview is not None and today > preview.submit_by
    context = {"room": "collections", "form": form, "preview": preview, "is_late": is_late}
    return render(request, "portal/insurer/collections/new.html", context)


def _create(request: InsurerRequest, due: date) -> HttpResponse:
    try:
        report = create_collections(due=due, now=timezone.now(), creditor=get_creditor())
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
        "Eine Lastschrift über %(sum)s liegt zum Herunterladen bereit, fällig am %(due)s.",
        "%(number)s Lastschriften über %(sum)s liegen zum Herunterladen bereit, fällig am %(due)s.",
        collection.debit_count,
    ) % {
        "number": collection.debit_count,
        "sum": money(collection.control_sum),
        "due": day(collection.due_date),
    }


@require_safe
@finance_only
def show(request: InsurerRequest, collection_id: int) -> HttpResponse:
    """One collection with its file, control sum and debits."""
    collection = get_object_or_404(Collection, pk=collection_id)
    context = {
        "room": "collections",
        "collection": collection,
        "page": page_of_items(collection, request.GET.get("page", 1)),
    }
    return render(request, "portal/insurer/collections/show.html", context)
