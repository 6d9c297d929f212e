"""How much work waits, for the navigation of the insurer's room, and what it is called."""

from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from aupolicy.models import User, WorkItem
from aupolicy.queries.work import WorkCounts, count_work, kinds_seen_by
from portal.views.access import InsurerRequest

register = template.Library()

_KINDS = {
    WorkItem.Kind.NOTICE: _("Meldung klären"),
    WorkItem.Kind.APPLICATION: _("Antrag entscheiden"),
    WorkItem.Kind.MANDATE: _("Bankverbindung prüfen"),
    WorkItem.Kind.CLAIM: _("Leistungsfall prüfen"),
    WorkItem.Kind.EVIDENCE: _("Nachweis anfordern"),
    WorkItem.Kind.APPROVAL: _("Zweite Freigabe"),
    WorkItem.Kind.REVIEW: _("Nachprüfung"),
    WorkItem.Kind.PAYEE: _("Konto der versicherten Person prüfen"),
    WorkItem.Kind.PAYOUT: _("Auszahlung kam zurück"),
    WorkItem.Kind.ASSISTANCE: _("Assistance vermitteln"),
    WorkItem.Kind.WRITE_OFF: _("Ausbuchung entscheiden"),
    WorkItem.Kind.RETURNED_DEBIT: _("Rücklastschrift klären"),
    WorkItem.Kind.BANK: _("Bankumsätze klären"),
    WorkItem.Kind.TRANSFER: _("Erstattung oder Courtage kam zurück"),
    WorkItem.Kind.ARREARS: _("Ende eines Vertrags wegen Verzugs"),
    WorkItem.Kind.OTHER: _("Sonstiges"),
}
_PRIORITIES = {
    WorkItem.Priority.HIGH: _("hoch"),
    WorkItem.Priority.NORMAL: _("normal"),
    WorkItem.Priority.LOW: _("niedrig"),
}


@register.simple_tag
def open_work(request: InsurerRequest) -> WorkCounts:
    """How much is to be done, looked up once a request."""
    known: WorkCounts | None = getattr(request, "work_counts", None)
    if known is None:
        access = request.access
        known = count_work(request.user, access.rights.roles, access.today)
        request.work_counts = known  # type: ignore[attr-defined]
    return known


@register.filter
def work_kind(value: str) -> Any:
    """What an item asks for."""
    return _KINDS[WorkItem.Kind(value)]


@register.filter
def work_priority(value: int) -> Any:
    """How urgent an item is."""
    return _PRIORITIES[WorkItem.Priority(value)]


@register.simple_tag
def work_kinds(request: InsurerRequest) -> list[tuple[str, Any]]:
    """The kinds of work one may see, with their words, to choose from."""
    seen = kinds_seen_by(request.access.rights.roles)
    return [(kind.value, word) for kind, word in _KINDS.items() if kind in seen]


@register.simple_tag
def work_priorities() -> list[tuple[int, Any]]:
    """All priorities with their words, to choose from."""
    return [(priority.value, word) for priority, word in _PRIORITIES.items()]


@register.filter
def person_name(user: User | None) -> str:
    """Name of somebody who signs in; a dash for nobody."""
    return (user.get_full_name() or user.get_username()) if user else "–"
