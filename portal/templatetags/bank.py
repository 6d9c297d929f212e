"""The bank's answers in words: outcomes, states, reasons and rules."""

from typing import Any, Final

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.models import BankDelivery
from billing.words.bank import describe_outcome, describe_problem
from billing.words.bank_work import (
    describe_mandate_effect,
    describe_next_step,
    describe_occurrence,
    describe_proposal_reason,
    describe_return_reason,
)

register = template.Library()
_STATUS = "portal/parts/status.html"

register.filter("outcome_word", describe_outcome)
register.filter("bank_problem", describe_problem)
register.filter("mandate_effect", describe_mandate_effect)
register.filter("next_step", describe_next_step)
register.filter("occurrence", describe_occurrence)
register.filter("proposal_reason", describe_proposal_reason)
register.filter("debit_reason", describe_return_reason)

_STATES: Final[dict[str, tuple[str, Promise]]] = {
    BankDelivery.State.WAITING: ("waiting", _("wird eingelesen")),
    BankDelivery.State.READ: ("done", _("eingelesen")),
    BankDelivery.State.KNOWN: ("off", _("schon bekannt")),
    BankDelivery.State.REFUSED: ("attention", _("abgewiesen")),
}
_MARKS: Final = {
    "unclear": "attention",
    "returned_debit": "attention",
    "rejected_debit": "attention",
    "payout_returned": "attention",
    "known": "off",
}


@register.filter
def delivery_word(state: str) -> Promise:
    """Where something handed in stands."""
    return _STATES[state][1]


@register.inclusion_tag(_STATUS)
def delivery_state(state: str) -> dict[str, Any]:
    """Mark and word of where something handed in stands."""
    mark, word = _STATES[state]
    return {"mark": mark, "word": word}


@register.inclusion_tag(_STATUS)
def entry_outcome(outcome: str) -> dict[str, Any]:
    """Mark and word of what became of something that the bank said."""
    return {"mark": _MARKS.get(outcome, "done"), "word": describe_outcome(outcome)}
