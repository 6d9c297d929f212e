"""The words of mandates and collections, as tags and filters."""

from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from billing.facts.mandate import MandateStanding
from billing.models import Collection
from billing.words.mandates import STANDINGS
from portal.words import ORDER_STATES

register = template.Library()
_STATUS = "portal/parts/status.html"
_MARKS = {
    MandateStanding.ACTIVE: "done",
    MandateStanding.PENDING: "waiting",
    MandateStanding.AWAITING_BANK: "waiting",
    MandateStanding.SUSPENDED: "attention",
    MandateStanding.EXPIRED: "bad",
    MandateStanding.REVOKED: "bad",
    MandateStanding.ENDED: "off",
}


@register.inclusion_tag(_STATUS)
def collection_state(collection: Collection) -> dict[str, Any]:
    """Where a file of debits stands."""
    mark, word = ORDER_STATES[_find_state(collection)]
    return {"mark": mark, "word": word}


def describe_collection(collection: Collection) -> str:
    """The word of where a file stands, for tables to take along."""
    return str(ORDER_STATES[_find_state(collection)][1])


def _find_state(collection: Collection) -> str:
    if collection.released_at is not None:
        return "released"
    return "waiting" if collection.discarded_at is None else "discarded"


@register.inclusion_tag(_STATUS)
def mandate_standing(standing: MandateStanding) -> dict[str, Any]:
    """How a mandate stands."""
    return {"mark": _MARKS[standing], "word": STANDINGS[standing]}


_EVENTS = {
    "signed": _("unterschrieben"),
    "version": _("neue Version"),
    "confirmed": _("von der Bank bestätigt"),
    "suspended": _("ausgesetzt"),
    "revoked": _("widerrufen"),
    "lifted": _("Aussetzung aufgehoben"),
}


@register.simple_tag
def mandate_event(kind: str) -> Any:
    """What happened to a mandate."""
    return _EVENTS[kind]
