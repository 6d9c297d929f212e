"""The words of a run's differences: reasons of a person, hints of a contract."""

from decimal import Decimal
from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.facts.explanation import Step, StepKind
from billing.facts.line_reasons import Reason, ReasonKind
from billing.words.line_reasons import REASON_KINDS, describe_reason
from members.facts import NoticeKind
from members.words import describe_kind
from portal.queries.insurer.run_preview import HintedRow
from portal.templatetags.portal import money
from portal.words import UNITS

register = template.Library()

_HINTS = {
    "terms": ReasonKind.TERMS,
    "tariff": ReasonKind.TARIFF,
    "end": ReasonKind.CONTRACT_END,
    "one_off": ReasonKind.ONE_OFF,
}


@register.filter
def reason_words(reason: Reason) -> str:
    """A reason without its amount."""
    return describe_reason(reason)


@register.filter
def reason_kind(kind: ReasonKind) -> Any:
    """What a kind of reason is called."""
    return REASON_KINDS[kind]


@register.filter
def decimal_number(value: Decimal) -> str:
    """A number with the places it has, in the reader's format."""
    return number_format(value, max(0, -int(value.as_tuple().exponent)), force_grouping=True)


@register.filter
def unit_text(unit: str) -> Any:
    """The unit of a tariff's value, in words."""
    return UNITS.get(unit, unit)


@register.filter
def step_words(step: Step) -> str:
    """A step of the arithmetic: "12,40 € × 17 / 30 = 7,03 €, kaufmännisch gerundet"."""
    match step.kind:
        case StepKind.VALUE:
            return _("voller Monat: %(result)s") % {"result": money(step.result)}
        case StepKind.PERCENT:
            percent = decimal_number(step.right)
            sum_ = f"{money(step.left)} × {percent} %"
        case StepKind.DAYS:
            sum_ = f"{money(step.left)} × {step.right} / {step.divisor}"
        case StepKind.DIFFERENCE:
            sum_ = f"{money(step.left)} − {money(step.right)}"
    sum_ = f"{sum_} = {money(step.result)}"
    return _("%(sum)s, kaufmännisch gerundet") % {"sum": sum_} if step.is_rounded else sum_


@register.filter
def hint_words(hinted: HintedRow) -> str:
    """What may make a contract's total differ: "2 Zugang, 1 Abgang, 3 Zeilen Vormonate"."""
    row, counts = hinted.row, hinted.hints
    if row.is_new:
        return _("erste Abrechnung")
    words = [
        f"{number} {describe_kind(NoticeKind(kind))}"
        for kind, number in counts.items()
        if kind in NoticeKind.__members__
    ]
    past = counts.get("past", 0)
    if past:
        words.append(
            ngettext("%(number)d Zeile Vormonate", "%(number)d Zeilen Vormonate", past)
            % {"number": past}
        )
    words += [str(REASON_KINDS[kind]) for hint, kind in _HINTS.items() if hint in counts]
    if row.statement_id is None:
        words.append(_("keine Abrechnung mehr"))
    return ", ".join(words) or "–"
