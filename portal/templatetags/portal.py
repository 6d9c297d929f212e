"""How values are written: by the reader's language, with spaces that never break."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, gettext

from aupolicy.kernel.identifiers import bank_name
from aupolicy.rules import compute_rate_percent

register = template.Library()

_NO_BREAK_SPACE = "\u00a0"
_MINUS = "\u2212"
_DASH = "–"
_CENT_PLACES = 2
_IBAN_GROUP = 4


def _is_english() -> bool:
    return (get_language() or "").startswith("en")


@register.filter
def money(amount: Decimal | None) -> str:
    """EUR amount: "1.234,56 €" in German, "€1,234.56" in English, a dash for None."""
    if amount is None:
        return _DASH
    digits = number_format(abs(amount), _CENT_PLACES, force_grouping=True)
    sign = _MINUS if amount < 0 else ""
    return f"{sign}€{digits}" if _is_english() else f"{sign}{digits}{_NO_BREAK_SPACE}€"


@register.filter
def signed_money(amount: Decimal | None) -> str:
    """A difference in EUR with its sign; no difference is "±0,00 €"."""
    if amount is None:
        return _DASH
    if amount == 0:
        return "±" + money(amount)
    return ("+" if amount > 0 else "") + money(amount)


@register.filter
def amount(value: Decimal | None) -> str:
    """Money without the currency, for columns that have it in their heading."""
    if value is None:
        return _DASH
    sign = _MINUS if value < 0 else ""
    return sign + number_format(abs(value), _CENT_PLACES, force_grouping=True)


@register.filter
def signed_amount(value: Decimal | None) -> str:
    """A difference without the currency; zero is a dash."""
    if not value:
        return _DASH
    return ("+" if value > 0 else "") + amount(value)


@register.filter
def count(number: int | None) -> str:
    """Whole number with thousands: "3.120"."""
    return _DASH if number is None else number_format(number, force_grouping=True)


@register.filter
def signed_count(number: int | None) -> str:
    """A difference of whole numbers with its sign; zero and None are a dash."""
    if not number:
        return _DASH
    return ("+" if number > 0 else _MINUS) + number_format(abs(number), force_grouping=True)


@register.filter
def percent(value: Decimal | None, places: int = 2) -> str:
    """Percent value as it is, rounded half up: "0,49 %"."""
    if value is None:
        return _DASH
    rounded = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    space = "" if _is_english() else _NO_BREAK_SPACE
    return f"{number_format(rounded, places, force_grouping=True)}{space}%"


@register.filter
def day(value: date | None) -> str:
    """Day: "01.12.2026", in English "1 Dec 2026", a dash for None."""
    if value is None:
        return _DASH
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    if _is_english():
        return date_format(value, "j M Y").replace(" ", _NO_BREAK_SPACE)
    return f"{value:%d.%m.%Y}"


@register.filter
def typed_day(value: date) -> str:
    """Day as one types it: "01.12.2026", in English "2026-12-01"."""
    return value.isoformat() if _is_english() else f"{value:%d.%m.%Y}"


@register.filter
def moment(value: datetime | None) -> str:
    """Day and time of day in local time: "21.11.2026, 14:05 Uhr"."""
    if value is None:
        return _DASH
    local = timezone.localtime(value)
    return gettext("%(day)s, %(time)s Uhr") % {"day": day(local), "time": f"{local:%H:%M}"}


@register.filter
def grouped_iban(value: str) -> str:
    """IBAN in groups of four."""
    groups = [value[i : i + _IBAN_GROUP] for i in range(0, len(value), _IBAN_GROUP)]
    return _NO_BREAK_SPACE.join(groups)


@register.filter
def masked_iban(value: str) -> str:
    """IBAN with all but its beginning and end hidden: "DE02 … 2051"."""
    return f"{value[:4]}{_NO_BREAK_SPACE}…{_NO_BREAK_SPACE}{value[-4:]}"


@register.filter
def bank(iban: str) -> str:
    """Name of the bank that keeps an account; empty where it is unknown."""
    return bank_name(iban) or ""


@register.simple_tag
def rate_percent(premium: Decimal, payroll: Decimal) -> str:
    """A premium as percent of a payroll: "0,49 %"."""
    return percent(compute_rate_percent(premium, payroll))


@register.filter
def svg_number(value: Decimal) -> str:
    """A number as drawings want it, whatever the language."""
    return f"{value:.2f}"
