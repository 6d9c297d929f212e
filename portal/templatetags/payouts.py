"""The words of payouts, as tags and filters."""

from typing import Any

from django import template

from billing.facts.recovery import RecoveryMode, ReturnCode
from billing.models import PayoutOrder
from billing.queries.payouts import WaitReason
from billing.words import describe_recovery_mode, describe_return_code, describe_wait
from portal.words import ORDER_STATES, SLICE_STATES, VERIFICATIONS

register = template.Library()
_STATUS = "portal/parts/status.html"


@register.inclusion_tag(_STATUS)
def order_state(order: PayoutOrder) -> dict[str, Any]:
    """Where an order stands."""
    return _marked(ORDER_STATES[_find_order_state(order)])


def describe_order(order: PayoutOrder) -> str:
    """The word of where an order stands, for tables to take along."""
    return str(ORDER_STATES[_find_order_state(order)][1])


def _find_order_state(order: PayoutOrder) -> str:
    if order.released_at is not None:
        return "released"
    return "waiting" if order.discarded_at is None else "discarded"


@register.inclusion_tag(_STATUS)
def slice_state(state: str) -> dict[str, Any]:
    """Where the payment of a month stands."""
    return _marked(SLICE_STATES[state])


@register.inclusion_tag(_STATUS)
def verification(code: str) -> dict[str, Any]:
    """What the bank said about a name and its account."""
    return _marked(VERIFICATIONS[code])


@register.filter
def wait_reason(reason: str) -> str:
    """Why what is due to a claim is not paid."""
    return describe_wait(WaitReason(reason))


@register.filter
def return_code(code: str) -> str:
    """Why a transfer came back, with the bank's code."""
    return f"{describe_return_code(ReturnCode(code))} ({code})"


@register.filter
def recovery_mode(mode: str) -> str:
    """How benefit paid too much comes back."""
    return describe_recovery_mode(RecoveryMode(mode))


def _marked(value: tuple[str, Any]) -> dict[str, Any]:
    return {"mark": value[0], "word": value[1]}
