"""The work queue: who has what, taking it, giving it back or on, doing it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from aupolicy.models import Role, User, WorkItem
from aupolicy.operations.work import (
    WORKING_ROLES,
    UnableToWork,
    claim_work,
    finish_work,
    hand_back_work,
    hand_over_work,
)
from aupolicy.queries.work import CLAIM_KINDS, find_next_item, kinds_seen_by, list_workers
from portal.queries.insurer.work import (
    DUE_CHOICES,
    SHOWN_WORK,
    WorkFilter,
    find_mandate_change,
    item_address,
    page_of_work,
)
from portal.templatetags.work import open_work
from portal.views.access import InsurerRequest, insurer_room

workers_only = insurer_room(*WORKING_ROLES)
# Others may take an item first; so often another one is tried.
_TRIES = 5
_MOST_TEXT = 80
_MOST_NOTE = 2000


@require_safe
@workers_only
def list_all(request: InsurerRequest) -> HttpResponse:
    """The queue, at first one's own work; for who has none, what nobody has taken."""
    today = request.access.today
    counts = open_work(request)
    wanted = read_work_filter(request, "mine" if counts.mine else "unclaimed")
    page, rows = page_of_work(
        wanted,
        user=request.user,
        roles=request.access.rights.roles,
        today=today,
        page=request.GET.get("page", 1),
    )
    context = {
        "room": "work",
        "counts": counts,
        "wanted": wanted,
        "page": page,
        "rows": rows,
        "is_filtered": wanted != WorkFilter(show=wanted.show),
    }
    return render(request, "portal/insurer/work/list.html", context)


def read_work_filter(request: InsurerRequest, show: str) -> WorkFilter:
    """What the address narrows the list to."""
    asked = {name: request.GET.get(name, "") for name in ("show", "kind", "priority", "due", "q")}
    priorities = {str(value): WorkItem.Priority(value) for value in WorkItem.Priority.values}
    return WorkFilter(
        show=asked["show"] if asked["show"] in SHOWN_WORK else show,
        kind=WorkItem.Kind(asked["kind"]) if asked["kind"] in WorkItem.Kind.values else None,
        priority=priorities.get(asked["priority"]),
        due=asked["due"] if asked["due"] in DUE_CHOICES else "",
        text=asked["q"].strip()[:_MOST_TEXT],
    )


@require_safe
@workers_only
def show(request: InsurerRequest, item_id: int) -> HttpResponse:
    """One item: what it is about, who has it, to whom it can be given."""
    item = _find(request, item_id)
    address = item_address(item)
    context = {
        "room": "work",
        "item": item,
        "address": "" if address == request.path else address,
        "change": find_mandate_change(item),
        "colleagues": list_workers(_roles_for(item), request.access.today),
    }
    return render(request, "portal/insurer/work/item.html", context)


def _roles_for(item: WorkItem) -> frozenset[Role]:
    """Whose work such an item is: claims are for examiners alone."""
    return frozenset({Role.EXAMINER}) if item.kind in CLAIM_KINDS else WORKING_ROLES


def _find(request: InsurerRequest, item_id: int) -> WorkItem:
    items = WorkItem.objects.select_related("employer", "claimed_by", "done_by")
    items = items.filter(kind__in=kinds_seen_by(request.access.rights.roles))
    return get_object_or_404(items, pk=item_id)


@require_POST
@workers_only
def take_next(request: InsurerRequest) -> HttpResponse:
    """Take the most urgent item and open it; one's own come first."""
    for _try in range(_TRIES):
        item = find_next_item(request.user, request.access.rights.roles)
        if item is None:
            break
        try:
            claim_work(item=item, user=request.user, now=timezone.now())
        except UnableToWork:
            continue
        return redirect(item_address(item))
    messages.success(request, _("Für Sie ist nichts offen."))
    return redirect("insurer:work")


@require_POST
@workers_only
def change(request: InsurerRequest, item_id: int) -> HttpResponse:
    """Take an item, give it back or on, or mark it done; then back to where one was."""
    item = _find(request, item_id)
    try:
        messages.success(request, _act(request, item))
    except UnableToWork as error:
        messages.error(request, describe_refusal(error))
    wanted = request.POST.get("next", "")
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, None)
    return redirect(wanted if is_ours else item_address(item))


def _act(request: InsurerRequest, item: WorkItem) -> str:
    action, now = request.POST.get("action", ""), timezone.now()
    if action == "claim":
        claim_work(item=item, user=request.user, now=now)
        return _("Sie haben die Aufgabe übernommen.")
    if action == "hand_back":
        hand_back_work(item=item, user=request.user)
        return _("Die Aufgabe ist zurückgegeben; alle können sie übernehmen.")
    if action == "hand_over":
        hand_over_work(item=item, to=_find_colleague(request, item), now=now)
        return _("Die Aufgabe ist abgegeben.")
    if action == "finish" and item.kind in {WorkItem.Kind.OTHER, WorkItem.Kind.MANDATE}:
        note = request.POST.get("note", "").strip()[:_MOST_NOTE]
        finish_work(item=item, by=request.user, now=now, note=note)
        return _("Die Aufgabe ist erledigt.")
    raise UnableToWork("UNKNOWN_ACTION")


def _find_colleague(request: InsurerRequest, item: WorkItem) -> User:
    key = request.POST.get("to", "")
    people = User.objects.all()
    if item.kind in CLAIM_KINDS:
        people = list_workers(_roles_for(item), request.access.today)
    colleague = people.filter(pk=key).first() if key.isdecimal() else None
    if colleague is None:
        raise UnableToWork("NOBODY_CHOSEN")
    return colleague


def describe_refusal(error: UnableToWork) -> str:
    """Why an item could not be taken, given or finished."""
    params: dict[str, Any] = error.params
    texts = {
        "TAKEN": _("Diese Aufgabe hat %(holder)s. Sprechen Sie sich bitte ab."),
        "NOT_HELD": _("Diese Aufgabe hat niemand übernommen."),
        "DONE": _("Diese Aufgabe ist schon erledigt."),
        "NOT_AN_INSURER": _("%(name)s arbeitet hier nicht und kann keine Aufgabe übernehmen."),
        "NOBODY_CHOSEN": _("Wählen Sie, wem Sie die Aufgabe geben."),
        "UNKNOWN_ACTION": _("Das geht mit dieser Aufgabe nicht."),
    }  # fmt: skip
    return texts[error.code] % params
