"""The words of decisions, as tags and filters."""

from typing import Any

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from claims.facts import DecisionKind, DecisionStatus, ReasonCode
from claims.words import describe_decision, describe_reason

register = template.Library()

DECISION_VERBS = {
    DecisionKind.GRANT: _("Leistung bewilligen"),
    DecisionKind.PARTLY_GRANT: _("Teilweise bewilligen"),
    DecisionKind.REFUSE: _("Leistung ablehnen"),
    DecisionKind.END: _("Leistung beenden"),
    DecisionKind.REOPEN: _("Fall wieder aufnehmen"),
    DecisionKind.EXCLUDE: _("Ausschluss feststellen"),
    DecisionKind.LIFT_EXCLUSION: _("Ausschluss aufheben"),
}
"""What the button of a kind of decision says."""

_STATUSES = {
    DecisionStatus.PROPOSED: ("attention", _("wartet auf zweite Freigabe")),
    DecisionStatus.EFFECTIVE: ("done", _("wirksam")),
    DecisionStatus.RETURNED: ("off", _("zurückgegeben")),
}


@register.filter
def decision_verb(kind: str) -> Any:
    """What the button of a kind of decision says."""
    return DECISION_VERBS[DecisionKind(kind)]


@register.filter
def decision_word(kind: str) -> str:
    """What a kind of decision is called."""
    return describe_decision(DecisionKind(kind))


@register.filter
def reason_word(code: str) -> str:
    """Why, in a few words; "" for none."""
    return describe_reason(ReasonCode(code)) if code else ""


@register.inclusion_tag("portal/parts/status.html")
def decision_status(value: str) -> dict[str, Any]:
    """Whether a decision counts."""
    mark, word = _STATUSES[DecisionStatus(value)]
    return {"mark": mark, "word": word}


@register.filter
def in_language(texts: dict[str, str]) -> str:
    """The text of the reader's language, else the German one."""
    return texts.get((get_language() or "de")[:2]) or texts.get("de", "")
