"""Files of the bank: what was handed in, handing in another one, what a file said."""

from io import BytesIO

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from aupolicy.kernel.file_store import FileStore
from billing.models import BankDelivery, BankFile, Outcome
from billing.operations.bank_deliveries import deliver_bank_file
from billing.queries.bank_deliveries import get_delivery_progress
from billing.tasks import send_delivery
from portal.forms.bank import BankFileForm
from portal.queries.insurer.bank import (
    ENTRY_SORTS,
    PAGE_SIZE,
    EntryFilter,
    count_outcomes,
    filter_entries,
    get_delivery,
    get_file,
    list_deliveries,
    sum_unclear,
)
from portal.views.access import InsurerRequest, finance_only
from portal.views.downloads import send_file

_MOST_TEXT = 80


@require_safe
@finance_only
def list_all(request: InsurerRequest) -> HttpResponse:
    """What was handed in, and how much waits for a clerk."""
    text, state = request.GET.get("q", "").strip()[:_MOST_TEXT], request.GET.get("state", "")
    found = list_deliveries(text=text, state=state)
    context = {
        "room": "bank",
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page", 1)),
        "unclear": sum_unclear(),
        "text": text,
        "state": state,
        "states": BankDelivery.State.choices,
        "being_read": BankDelivery.objects.filter(state=BankDelivery.State.WAITING).count(),
        "inbox": bool(settings.BANK_INBOX),
    }
    return render(request, "portal/insurer/bank/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@finance_only
def upload(request: InsurerRequest) -> HttpResponse:
    """Take in a file: a small one is read while one waits, a big one by a worker."""
    form = BankFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file, now = form.cleaned_data["file"], timezone.now()
        delivery = deliver_bank_file(
            content=file.read(),
            name=file.name,
            source=BankFile.Source.UPLOAD,
            user=request.user,
            now=now,
        )
        delivery = send_delivery(delivery, now)
        if delivery.state == BankDelivery.State.READ and delivery.file is not None:
            _tell(request, delivery.file)
            return redirect("insurer:bank_file", delivery.file.pk)
        return redirect("insurer:bank_delivery", delivery.pk)
    return render(request, "portal/insurer/bank/upload.html", {"room": "bank", "form": form})


def _tell(request: InsurerRequest, file: BankFile) -> None:
    count = file.entry_count + file.status_count
    text = ngettext(
        "Eingelesen: %(count)s Angabe der Bank.", "Eingelesen: %(count)s Angaben der Bank.", count
    )
    messages.success(request, text % {"count": count})


@require_safe
@finance_only
def show_delivery(request: InsurerRequest, bank_delivery_id: int) -> HttpResponse:
    """What became of something that was handed in."""
    delivery = get_delivery(bank_delivery_id)
    if delivery.state == BankDelivery.State.READ and delivery.file_id:
        return redirect("insurer:bank_file", delivery.file_id)
    context = {
        "room": "bank",
        "delivery": delivery,
        "progress": get_delivery_progress(delivery),
    }
    return render(request, "portal/insurer/bank/delivery.html", context)


@require_safe
@finance_only
def progress(request: InsurerRequest, bank_delivery_id: int) -> HttpResponse:
    """How far the worker is; once it is done the page is loaded anew."""
    delivery = get_delivery(bank_delivery_id)
    context = {"delivery": delivery, "progress": get_delivery_progress(delivery)}
    response = render(request, "portal/insurer/bank/progress.html", context)
    if delivery.state != BankDelivery.State.WAITING:
        response["HX-Refresh"] = "true"
    return response


@require_safe
@finance_only
def show_file(request: InsurerRequest, bank_file_id: int) -> HttpResponse:
    """What a file said and what became of each part of it."""
    file = get_file(bank_file_id)
    wanted = read_entry_filter(request)
    entries = filter_entries(file.entries.all(), wanted)
    statuses = file.statuses.order_by("pk")
    if wanted.outcome:
        statuses = statuses.filter(outcome=wanted.outcome)
    context = {
        "room": "bank",
        "file": file,
        "wanted": wanted,
        "sort": wanted.sort,
        "outcomes": count_outcomes(file),
        "page": Paginator(entries, PAGE_SIZE).get_page(request.GET.get("page", 1)),
        "statuses": Paginator(statuses, PAGE_SIZE).get_page(request.GET.get("status_page", 1)),
    }
    return render(request, "portal/insurer/bank/file.html", context)


def read_entry_filter(request: InsurerRequest) -> EntryFilter:
    """What the address narrows a list of entries to."""
    asked = {name: request.GET.get(name, "") for name in ("direction", "outcome", "sort", "q")}
    sort = asked["sort"] if asked["sort"].lstrip("-") in ENTRY_SORTS else "day"
    return EntryFilter(
        text=asked["q"].strip()[:_MOST_TEXT],
        direction=asked["direction"] if asked["direction"] in {"CRDT", "DBIT"} else "",
        outcome=asked["outcome"] if asked["outcome"] in Outcome.values else "",
        sort=sort,
    )


@require_safe
@finance_only
def send_source(request: InsurerRequest, bank_file_id: int) -> HttpResponseBase:
    """The file as it came, for finance alone: it holds other people's accounts."""
    file = get_file(bank_file_id)
    if not request.access.can_write:
        messages.error(request, _("Dazu fehlt Ihnen das Recht."))
        return redirect("insurer:bank_file", file.pk)
    content = FileStore(settings.FILES_ROOT).get(file.sha256)
    return send_file(BytesIO(content), file.file_name, "application/octet-stream")
