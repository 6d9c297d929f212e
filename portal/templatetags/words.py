"""The words of the domain's values, as tags: status with its mark, kinds, reasons, tariffs."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.translation import get_language

from aupolicy.facts import Party
from aupolicy.models import Role
from aupolicy.queries import ContractState
from billing.facts.debit import Scheme
from billing.facts.mandate import NoDebitReason
from billing.models import Statement
from billing.queries.open_items import get_payment_state
from billing.words.mandates import NO_DEBIT_REASONS
from documents.facts import DocumentKind
from members.facts import Channel, EndReason, Finding, NoticeKind, NoticeStatus
from members.models import NoticeRecord
from members.queries import get_shown_status
from members.words import describe_code, describe_kind, describe_row_finding
from portal.queries.insurer.contracts import tariff_name as find_tariff_name
from portal.queries.insurer.tariffs import Value, find_source_key
from portal.words import (
    CHANNELS,
    CONTRACT_STATES,
    DOCUMENT_KINDS,
    END_REASONS,
    NOTICE_STATUSES,
    PARAMETER_VALUES,
    PARAMETERS,
    PARTIES,
    PAYMENT_STATES,
    ROLE_WORDS,
    RUN_STATES,
    SCHEMES,
    SHOWN_STATUSES,
    SINGLE_UNITS,
    SOURCES,
    UNITS,
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


@register.inclusion_tag(_STATUS)
def shown_status(notice: NoticeRecord, today: date) -> dict[str, Any]:
    """Where a notice stands on a day: an applied one whose day has not come waits for it."""
    return _marked(SHOWN_STATUSES[get_shown_status(notice, today)])


@register.filter
def finding_words(finding: Finding) -> str:
    """What may be a mistake in a notice."""
    return describe_row_finding(finding.code, finding.params)


@register.filter
def channel(value: str) -> Any:
    """Which way a notice came in."""
    return CHANNELS[Channel(value)]


@register.inclusion_tag(_STATUS)
def run_state(state: str) -> dict[str, Any]:
    """Where a billing run stands."""
    return _marked(RUN_STATES[state])


@register.filter
def run_mark(state: str) -> str:
    """The mark alone of where a billing run stands."""
    return RUN_STATES[state][0]


@register.inclusion_tag(_STATUS)
def payment_state(statement: Statement) -> dict[str, Any]:
    """How a statement is settled; read with `with_payments`."""
    return _marked(PAYMENT_STATES[get_payment_state(statement).value])


def describe_payment(statement: Statement) -> str:
    """The word of how a statement is settled, for tables to take along."""
    return str(PAYMENT_STATES[get_payment_state(statement).value][1])


@register.filter
def notice_kind(value: str) -> str:
    """What a notice reports."""
    return describe_kind(NoticeKind(value))


@register.filter
def notice_code(code: str) -> str:
    """Why a notice has no effect."""
    return describe_code(code)


@register.filter
def end_reason(value: str) -> Any:
    """Why cover ended; empty while it goes on."""
    return END_REASONS[EndReason(value)] if value else ""


@register.filter
def role_word(role: str) -> Any:
    """What a role is called."""
    return ROLE_WORDS[Role(role)]


@register.filter
def party(value: str) -> Any:
    """Who declared something."""
    return PARTIES[Party(value)]


@register.filter
def scheme(value: str) -> Any:
    """What a direct debit scheme is called."""
    return SCHEMES[Scheme(value)]


@register.filter
def no_debit_reason(value: str) -> Any:
    """Why a statement is not collected."""
    return NO_DEBIT_REASONS[NoDebitReason(value)]


@register.filter
def document_kind(value: str) -> Any:
    """What a paper is called."""
    return DOCUMENT_KINDS[DocumentKind(value)]


@register.filter
def tariff_name(key: str) -> str:
    """Name of a tariff in the reader's language."""
    return find_tariff_name(key, (get_language() or "de")[:2])


@register.filter
def source_word(key: str) -> Any:
    """Where a value of a tariff comes from."""
    return SOURCES.get(key, key)


@register.filter
def source_of(text: str, tariff_key: str) -> Any:
    """Where a value comes from, found by the text of its source; the text where it is unknown."""
    return SOURCES.get(find_source_key(tariff_key, text), text)


@register.filter
def parameter_label(key: str) -> Any:
    """What a parameter of a tariff is called."""
    return PARAMETERS.get(key, (key, ""))[0]


@register.filter
def parameter_hint(key: str) -> Any:
    """What a parameter of a tariff means."""
    return PARAMETERS.get(key, (key, ""))[1]


@register.filter
def unit_word(value: Value) -> Any:
    """The unit of a value, in the singular for one."""
    if value.values == ("1",) and value.unit in SINGLE_UNITS:
        return SINGLE_UNITS[value.unit]
    return UNITS.get(value.unit, value.unit)


@register.filter
def value_words(value: Value) -> str:
    """A tariff's value: words for rules, numbers in the reader's format."""
    return ", ".join(_write(part) for part in value.values)


def _write(part: str) -> str:
    if part in PARAMETER_VALUES:
        return str(PARAMETER_VALUES[part])
    try:
        number = Decimal(part)
    except InvalidOperation:
        return part
    places = max(0, -int(number.as_tuple().exponent))
    return number_format(number, places, force_grouping=True)


def _marked(value: tuple[str, Any]) -> dict[str, Any]:
    return {"mark": value[0], "word": value[1]}
