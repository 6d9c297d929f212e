"""What nobody could match: the list, one entry with all it says, and clearing it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.models import BankEntry, CollectionItem, Outcome
from billing.operations.clearing import (
    ClearAs,
    UnableToClear,
    clear_as_return,
    clear_entry,
    clear_status,
)
from billing.queries.bank_proposals import list_live_debits, list_proposals, list_proposals_of
from billing.rules.receipt_matching import Proposal
from billing.words.bank_work import describe_clear_refusal
from portal.forms.bank import DebitForm, ItemsForm, OtherForm, StatusForm
from portal.queries.insurer.bank import (
    PAGE_SIZE,
    filter_entries,
    find_original,
    get_entry,
    get_status,
    list_bookings,
    list_unclear_statuses,
    sum_unclear,
)
from portal.queries.insurer.bank import list_unclear as find_unclear
from portal.templatetags.portal import amount as write_amount
from portal.templatetags.portal import day, money
from portal.views.access import InsurerRequest, finance_only
from portal.views.insurer.bank import read_entry_filter

_MOST_TEXT = 80


@require_safe
@finance_only
def list_unclear(request: InsurerRequest) -> HttpResponse:
    """Entries that wait for somebody, each with the item it fits best."""
    wanted = read_entry_filter(request)
    page = Paginator(filter_entries(find_unclear(), wanted), PAGE_SIZE).get_page(
        request.GET.get("page", 1)
    )
    proposals = list_proposals_of(list(page.object_list))
    rows = [(entry, next(iter(proposals.get(entry.pk, [])), None)) for entry in page.object_list]
    context = {
        "room": "bank",
        "wanted": wanted,
        "sort": wanted.sort,
        "page": page,
        "rows": rows,
        "sums": sum_unclear(),
        "statuses": list_unclear_statuses()[:PAGE_SIZE],
        "is_filtered": bool(wanted.text or wanted.direction),
    }
    return render(request, "portal/insurer/bank/unclear.html", context)


@require_safe
@finance_only
def show(request: InsurerRequest, entry_id: int) -> HttpResponse:
    """One entry: all that the bank says, what was done with it, and the forms to clear it."""
    return _show(request, get_entry(entry_id))


def _show(request: InsurerRequest, entry: BankEntry, **forms_: Any) -> HttpResponse:
    is_open = entry.outcome == Outcome.UNCLEAR
    search = request.GET.get("q", "").strip()[:_MOST_TEXT]
    proposals = list_proposals(entry, also=search) if is_open else []
    debits = list_live_debits(entry) if is_open else []
    context = {
        "room": "bank",
        "entry": entry,
        "bookings": list_bookings(entry),
        "original": find_original(entry),
        "returned": getattr(entry, "returned_debit", None),
        "is_open": is_open,
        "search": search,
        "proposals": proposals,
        "items_form": _items_form(proposals),
        "other_form": OtherForm(),
        "debit_form": _debit_form(debits) if debits else None,
        **forms_,
    }
    # What the list of errors at the top is about.
    context["form"] = next(iter(forms_.values()), None)
    context["item_rows"] = [
        (proposal, context["items_form"][f"item-{proposal.item.item_id}"])
        for proposal in proposals
        if f"item-{proposal.item.item_id}" in context["items_form"].fields
    ]
    return render(request, "portal/insurer/bank/entry.html", context)


def _items_form(proposals: list[Proposal], data: Any = None) -> ItemsForm:
    """A field for each proposed item; only the best one, if it is plain, has an amount already."""
    fields = {}
    for place, proposal in enumerate(proposals):
        is_best = place == 0 and proposal.score > 0 and len(proposals) == 1
        proposed = str(write_amount(proposal.amount)) if is_best else ""
        fields[proposal.item.item_id] = (proposal.item.number, proposed)
    return ItemsForm(data, proposals=fields)


def _debit_form(debits: list[CollectionItem], data: Any = None) -> DebitForm:
    choices = [(debit.pk, _describe_debit(debit)) for debit in debits]
    return DebitForm(data, choices=choices)


def _describe_debit(debit: CollectionItem) -> str:
    employer = debit.open_item.contract.employer.legal_name
    parts = (debit.end_to_end_id, employer, money(debit.amount), day(debit.collection.due_date))
    return ", ".join(map(str, parts))


@require_POST
@finance_only
def clear_items(request: InsurerRequest, entry_id: int) -> HttpResponse:
    """Give money to open items."""
    entry = get_entry(entry_id)
    keys = [
        int(name[5:]) for name in request.POST if name.startswith("item-") and name[5:].isdigit()
    ]
    named = list_proposals(entry, also=request.POST.get("search", "").strip()[:_MOST_TEXT])
    form = _items_form([each for each in named if each.item.item_id in keys], request.POST)
    if form.is_valid():
        with _told_in(form):
            clear_entry(
                entry=entry,
                clear_as=ClearAs.ITEMS,
                items=form.list_amounts(),
                note=form.cleaned_data["note"],
                user=request.user,
                now=timezone.now(),
            )
            return _done(request)
    return _show(request, entry, items_form=form)


@require_POST
@finance_only
def clear_other(request: InsurerRequest, entry_id: int) -> HttpResponse:
    """Say that an entry is a fee or something else."""
    entry, form = get_entry(entry_id), OtherForm(request.POST)
    if form.is_valid():
        with _told_in(form):
            clear_entry(
                entry=entry,
                clear_as=ClearAs(form.cleaned_data["what"]),
                items={},
                note=form.cleaned_data["note"],
                user=request.user,
                now=timezone.now(),
            )
            return _done(request)
    return _show(request, entry, other_form=form)


@require_POST
@finance_only
def clear_debit(request: InsurerRequest, entry_id: int) -> HttpResponse:
    """Say which debit came back with an entry."""
    entry = get_entry(entry_id)
    debits = list_live_debits(entry)
    form = _debit_form(debits, request.POST)
    if form.is_valid():
        data = form.cleaned_data
        chosen = next(each for each in debits if str(each.pk) == data["debit"])
        with _told_in(form):
            clear_as_return(
                entry=entry,
                debit=chosen,
                reason_code=data["code"],
                note=data["note"],
                user=request.user,
                now=timezone.now(),
            )
            return _done(request)
    return _show(request, entry, debit_form=form)


@contextmanager
def _told_in(form: forms.Form) -> Iterator[None]:
    """A refusal inside is an error of the form, and what follows it is left out."""
    try:
        yield
    except UnableToClear as error:
        form.add_error(None, describe_clear_refusal(error.code, error.params))


def _done(request: InsurerRequest) -> HttpResponse:
    messages.success(request, _("Geklärt und gebucht."))
    return redirect("insurer:bank_unclear")


@require_http_methods(["GET", "HEAD", "POST"])
@finance_only
def show_status(request: InsurerRequest, status_id: int) -> HttpResponse:
    """One status that the bank told; with a form, say what an unclear one was about."""
    status = get_status(status_id)
    form: forms.Form = StatusForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with _told_in(form):
            clear_status(
                status=status, user=request.user, now=timezone.now(), note=form.cleaned_data["note"]
            )
            messages.success(request, _("Geklärt."))
            return redirect("insurer:bank_unclear")
    returned = status.returned_debits.select_related("debit")[:PAGE_SIZE]
    context = {
        "room": "bank",
        "status": status,
        "form": form,
        "returned": returned,
        "is_open": status.outcome == Outcome.UNCLEAR,
    }
    return render(request, "portal/insurer/bank/status.html", context)
