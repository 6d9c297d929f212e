"""What the reasons of a statement's differences read as, in the user's language."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from billing.facts.line_reasons import Reason, ReasonKind
from members.words import describe_kind

REASON_KINDS = {
    ReasonKind.CONTRACT_BEGIN: gettext_lazy("Vertragsbeginn"),
    ReasonKind.CONTRACT_END: gettext_lazy("Vertragsende"),
    ReasonKind.JOIN: gettext_lazy("Zugang"),
    ReasonKind.RETURN: gettext_lazy("Rückkehr"),
    ReasonKind.LEAVE: gettext_lazy("Abgang"),
    ReasonKind.PARENTAL_LEAVE: gettext_lazy("Elternzeit"),
    ReasonKind.DEATH: gettext_lazy("Todesfall"),
    ReasonKind.RETIREMENT_AGE: gettext_lazy("Regelaltersgrenze"),
    ReasonKind.PAY_CHANGE: gettext_lazy("Gehaltsänderung"),
    ReasonKind.TERMS: gettext_lazy("neue Vertragsbedingungen"),
    ReasonKind.TARIFF: gettext_lazy("neuer Tarifstand"),
    ReasonKind.FULL_MONTH: gettext_lazy("voller Monat nach einem Teil"),
    ReasonKind.WITHDRAWN: gettext_lazy("zurückgenommene Meldung"),
    ReasonKind.CAUGHT_UP: gettext_lazy("bisher nicht abgerechneter Monat"),
    ReasonKind.ONE_OFF: gettext_lazy("Nachberechnung der Abrechnung davor entfällt"),
    ReasonKind.TAX: gettext_lazy("Versicherungsteuer"),
    ReasonKind.OTHER: gettext_lazy("Berichtigung"),
}
"""What each kind of reason is called."""

_DATED: Mapping[ReasonKind, Callable[[], str]] = {
    ReasonKind.CONTRACT_BEGIN: lambda: _("Vertragsbeginn am %(day)s"),
    ReasonKind.CONTRACT_END: lambda: _("Vertragsende am %(day)s"),
    ReasonKind.JOIN: lambda: _("Zugang am %(day)s"),
    ReasonKind.RETURN: lambda: _("Rückkehr am %(day)s"),
    ReasonKind.LEAVE: lambda: _("Abgang am %(day)s"),
    ReasonKind.PARENTAL_LEAVE: lambda: _("Elternzeit, versichert bis %(day)s"),
    ReasonKind.DEATH: lambda: _("Todesfall am %(day)s"),
    ReasonKind.RETIREMENT_AGE: lambda: _("Regelaltersgrenze am %(day)s"),
    ReasonKind.PAY_CHANGE: lambda: _("Gehaltsänderung vom %(day)s"),
    ReasonKind.TERMS: lambda: _("neue Vertragsbedingungen ab %(day)s"),
    ReasonKind.TARIFF: lambda: _("neuer Tarifstand ab %(day)s"),
    ReasonKind.FULL_MONTH: lambda: _("voller Monat nach Zugang am %(day)s"),
}


def describe_reason(reason: Reason) -> str:
    """A reason without its amount: "Gehaltsänderung vom 3. März 2026: Lohnstufe 4 auf 5"."""
    words = _describe_cause(reason)
    change = _describe_change(reason)
    if change:
        words = f"{words}: {change}"
    if not reason.months:
        return words
    months = ngettext(
        "%(number)d Monat nachberechnet", "%(number)d Monate nachberechnet", reason.months
    )
    return f"{words}, {months % {'number': reason.months}}"


def _describe_cause(reason: Reason) -> str:
    if reason.kind is ReasonKind.WITHDRAWN and reason.withdrawn and reason.day:
        return _("%(notice)s vom %(day)s zurückgenommen") % {
            "notice": describe_kind(reason.withdrawn),
            "day": write_day(reason.day),
        }
    dated = _DATED.get(reason.kind)
    if dated is None or reason.day is None:
        return str(REASON_KINDS[reason.kind])
    return dated() % {"day": write_day(reason.day)}


def _describe_change(reason: Reason) -> str:
    """From which band or pay to which."""
    if reason.band_before is not None and reason.band is not None:
        return _("Lohnstufe %(before)d auf %(now)d") % {
            "before": reason.band_before,
            "now": reason.band,
        }
    if reason.pay_before is None or reason.pay is None:
        return ""
    values: dict[str, Any] = {"before": _write(reason.pay_before), "now": _write(reason.pay)}
    return _("Entgelt %(before)s € auf %(now)s €") % values


def write_day(day: date) -> str:
    """A day as one says it: "3. März 2026", in English "3 March 2026"."""
    is_english = (get_language() or "").startswith("en")
    return date_format(day, "j F Y" if is_english else "j. F Y")


def _write(amount: Decimal) -> str:
    return number_format(amount, 2, force_grouping=True)
