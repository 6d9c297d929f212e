"""The words of assistance: what there is, and what it means."""

from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from claims.facts import AssistanceKind
from claims.models import AssistanceCase, AssistanceOrder
from portal.words import ASSISTANCE_KINDS, ASSISTANCE_OUTCOMES

register = template.Library()

_STATUS = "portal/parts/status.html"


@register.filter
def assistance_kind(value: str) -> Any:
    """What a kind of help is called."""
    return ASSISTANCE_KINDS[AssistanceKind(value)][0]


@register.inclusion_tag(_STATUS)
def case_status(case: AssistanceCase) -> dict[str, Any]:
    """Where a case stands: asked for, ordered, or how it ended."""
    if case.closed_at is not None:
        return {
            "mark": "done" if case.outcome == "done" else "off",
            "word": ASSISTANCE_OUTCOMES[case.outcome],
        }
    if any(order.cancelled_at is None for order in case.orders.all()):
        return {"mark": "running", "word": _("in Arbeit")}
    return {"mark": "attention", "word": _("angefragt")}


@register.inclusion_tag(_STATUS)
def order_status(order: AssistanceOrder) -> dict[str, Any]:
    """Where an order stands."""
    if order.cancelled_at is not None:
        return {"mark": "off", "word": _("abgesagt")}
    if order.done_on is not None:
        return {"mark": "done", "word": _("erbracht")}
    return {"mark": "running", "word": _("beauftragt")}
