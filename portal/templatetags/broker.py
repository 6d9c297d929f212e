"""The words of a broker's pages: alarms, rights, applications, figures of a quote."""

from decimal import Decimal
from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from aupolicy.kernel.money import round_cent
from aupolicy.models import Application, Right
from portal.queries.broker.clients import Alarm
from portal.templatetags.portal import amount, money, percent

register = template.Library()

ALARMS = {
    Alarm.UPLOADS: gettext_lazy("Meldedatei freizugeben"),
    Alarm.NOTICES: gettext_lazy("Meldung in Klärung"),
    Alarm.CANCELLATION: gettext_lazy("Kündigungsfrist läuft ab"),
    Alarm.RENEWAL: gettext_lazy("verlängert sich bald"),
    Alarm.AUTHORITY: gettext_lazy("Vollmacht fehlt"),
}
"""What an alarm is called, in the order of urgency."""

_RIGHTS = {
    Right.READ: gettext_lazy("einsehen"),
    Right.EDIT: gettext_lazy("einsehen und melden"),
    Right.ADMIN: gettext_lazy("verwalten"),
}
_STATUSES = {
    Application.Status.DRAFT: ("waiting", pgettext_lazy("Antrag", "in Arbeit")),
    Application.Status.HANDED_OVER: ("running", gettext_lazy("beim Versicherer")),
    Application.Status.ACCEPTED: ("done", pgettext_lazy("Antrag", "angenommen")),
    Application.Status.DECLINED: ("off", pgettext_lazy("Antrag", "abgelehnt")),
}
"""Mark and word of where an application stands."""


def describe_right(right: Right | None) -> str:
    """What an employer lets its broker do."""
    return str(_RIGHTS[right]) if right else _("keine, nur Zahlen")


register.filter("right_word", describe_right)


@register.filter
def alarm_word(alarm: Alarm) -> Any:
    """What an alarm is called."""
    return ALARMS[alarm]


@register.inclusion_tag("portal/parts/status.html")
def application_status(value: str) -> dict[str, Any]:
    """Where an application stands."""
    mark, word = _STATUSES[Application.Status(value)]
    return {"mark": mark, "word": word}


def describe_application(value: str) -> str:
    """The word of where an application stands, for tables to take along."""
    return str(_STATUSES[Application.Status(value)][1])


def list_statuses() -> list[tuple[str, Any]]:
    """All states of an application with their words, for filters."""
    return [(status.value, word) for status, (_mark, word) in _STATUSES.items()]


@register.filter
def rounded(value: Decimal) -> str:
    """An amount with more decimals, half up to the cent: 20.41625 is 20,42 €."""
    return money(round_cent(value))


@register.filter
def decimals(value: Decimal) -> str:
    """A number with all its decimals: 20,41625."""
    places = max(0, -int(value.as_tuple().exponent))
    return number_format(value, places, force_grouping=True)


@register.filter
def kept_amount(text: str) -> str:
    """An amount as a quote's result keeps it, without the currency."""
    return amount(Decimal(text))


@register.filter
def kept_money(text: str) -> str:
    """An amount as a quote's result keeps it, with the currency."""
    return money(Decimal(text))


@register.filter
def kept_percent(text: str) -> str:
    """A percent value as a quote's result keeps it."""
    return percent(Decimal(text))
