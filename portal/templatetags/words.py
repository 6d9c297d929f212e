"""The words of the domain's values, as tags: status with its mark, kinds, reasons, tariffs."""

from typing import Any

from django import template
from django.utils.translation import get_language

from aupolicy.models import Role
from aupolicy.queries import ContractState
from members.facts import EndReason, NoticeKind, NoticeStatus
from portal.queries.contracts import tariff_name as find_tariff_name
from portal.words import (
    CONTRACT_STATES,
    END_REASONS,
    NOTICE_KINDS,
    NOTICE_STATUSES,
    ROLE_WORDS,
)

register = template.Library()

_STATUS = "portal/parts/status.html"


@register.inclusion_tag(_STATUS)
def status(mark: str, word: Any) -> dict[str, Any]:
    """A status as a word with a small mark; `mark` is done, running, waiting, attention or off."""
    return {"mark": mark, "word": word}


@register.inclusion_tag(_STATUS)
def contract_state(state: str) -> dict[str, Any]:
    """Where a contract stands."""
    return _marked(CONTRACT_STATES[ContractState(state)])


@register.inclusion_tag(_STATUS)
def notice_status(value: str) -> dict[str, Any]:
    """Where a notice stands."""
    return _marked(NOTICE_STATUSES[NoticeStatus(value)])


@register.filter
def notice_kind(value: str) -> Any:
    """What a notice reports."""
    return NOTICE_KINDS[NoticeKind(value)]


@register.filter
def end_reason(value: str) -> Any:
    """Why cover ended; empty while it goes on."""
    return END_REASONS[EndReason(value)] if value else ""


@register.filter
def role_word(role: str) -> Any:
    """What a role is called."""
    return ROLE_WORDS[Role(role)]


@register.filter
def tariff_name(key: str) -> str:
    """Name of a tariff in the reader's language."""
    return find_tariff_name(key, (get_language() or "de")[:2])


def _marked(value: tuple[str, Any]) -> dict[str, Any]:
    return {"mark": value[0], "word": value[1]}
