"""The words of claims, as tags and filters: where a claim stands, with its mark."""

from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from claims.facts import ClaimStatus
from portal.templatetags.portal import count

register = template.Library()

CLAIM_STATUSES = {
    ClaimStatus.REPORTED: ("waiting", _("gemeldet")),
    ClaimStatus.DEFERRAL: ("waiting", _("in der Karenzzeit")),
    ClaimStatus.TO_EXAMINE: ("attention", _("zu prüfen")),
    ClaimStatus.APPROVAL: ("attention", _("wartet auf zweite Freigabe")),
    ClaimStatus.PAYING: ("done", _("in Zahlung")),
    ClaimStatus.EVIDENCE_MISSING: ("attention", _("Nachweis fehlt")),
    ClaimStatus.HELD: ("attention", _("vorläufig angehalten")),
    ClaimStatus.REFUSED: ("off", _("abgelehnt")),
    ClaimStatus.ENDED: ("off", _("beendet")),
    ClaimStatus.JOINED: ("off", _("in anderem Fall aufgegangen")),
}
"""Mark and word of where a claim stands."""


@register.inclusion_tag("portal/parts/status.html")
def claim_status(value: str) -> dict[str, Any]:
    """Where a claim stands."""
    mark, word = CLAIM_STATUSES[ClaimStatus(value)]
    return {"mark": mark, "word": word}


@register.filter
def claim_status_word(value: str) -> Any:
    """Where a claim stands, as a word alone."""
    return CLAIM_STATUSES[ClaimStatus(value)][1]


_NEXT_STEPS = {
    ClaimStatus.REPORTED: _("Bescheinigung erwarten"),
    ClaimStatus.DEFERRAL: _("vor Leistungsbeginn prüfen"),
    ClaimStatus.TO_EXAMINE: _("prüfen und entscheiden"),
    ClaimStatus.APPROVAL: _("zweite Freigabe"),
    ClaimStatus.PAYING: _("Folgebescheinigung oder Nachprüfung"),
    ClaimStatus.EVIDENCE_MISSING: _("Nachweis einholen"),
    ClaimStatus.HELD: _("vorläufige Entscheidung überprüfen"),
}


@register.filter
def next_step(status: str) -> Any:
    """What comes next for a claim that stands so; a dash where nothing does."""
    return _NEXT_STEPS.get(ClaimStatus(status), "–")


@register.filter
def day_count(days: int) -> str:
    """A number of days after "seit" or "in": "1 Tag", "9 Tagen"."""
    return ngettext("%(shown)s Tag", "%(shown)s Tagen", days) % {"shown": count(days)}
