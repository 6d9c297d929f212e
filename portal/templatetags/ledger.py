"""The ledger in words: kinds of bookings and items, accounts, ages, where a decision stands."""

from decimal import Decimal
from typing import Any, Final

from django import template
from django.utils.translation import gettext_lazy as _

from billing.rules.ages import Age
from billing.words.audit import describe_check, describe_difference
from billing.words.ledger import (
    describe_account,
    describe_age,
    describe_booking,
    describe_item,
)

register = template.Library()
_STATUS = "portal/parts/status.html"

register.filter("booking_kind", describe_booking)
register.filter("account_name", describe_account)
register.filter("item_kind", describe_item)
register.filter("audit_check", describe_check)
register.filter("audit_difference", describe_difference)

_DECISIONS: Final = {
    "": ("waiting", _("wartet auf die Entscheidung")),
    "approved": ("done", _("ausgebucht")),
    "refused": ("off", _("abgelehnt")),
}
_PLANS: Final = {
    "kept": ("done", _("wird eingehalten")),
    "overdue": ("attention", _("Rate überfällig")),
    "paid": ("done", _("bezahlt")),
    "ended": ("off", _("beendet")),
}


@register.filter
def absolute(value: Decimal) -> Decimal:
    """An amount without its sign, for a column that says which side it is on."""
    return abs(value)


@register.filter
def age_word(age: Age) -> str:
    """How long a demand has been overdue, in words."""
    return describe_age(Age(age))


@register.inclusion_tag(_STATUS)
def age_status(age: Age | None) -> dict[str, Any]:
    """Mark and word of how old a demand is, and of a credit."""
    if age is None:
        return {"mark": "done", "word": _("Guthaben")}
    mark = "waiting" if age is Age.NOT_DUE else "attention"
    return {"mark": mark, "word": describe_age(age)}


@register.inclusion_tag(_STATUS)
def write_off_state(outcome: str) -> dict[str, Any]:
    """Where a write-off stands."""
    mark, word = _DECISIONS[outcome]
    return {"mark": mark, "word": word}


@register.inclusion_tag(_STATUS)
def plan_state(state: str) -> dict[str, Any]:
    """Where a plan of instalments stands."""
    mark, word = _PLANS[state]
    return {"mark": mark, "word": word}
