"""The words of commission and of what is paid, as filters."""

from decimal import Decimal
from typing import Any

from django import template
from django.utils.formats import get_format
from django.utils.translation import gettext_lazy as _

from billing.models import CommissionEntry, PayoutKind
from billing.queries.commission import get_month, is_of_first_year

register = template.Library()
_KINDS: dict[str, Any] = {
    PayoutKind.BENEFIT: _("Leistung"),
    PayoutKind.REFUND: _("Beitragserstattung"),
    PayoutKind.COMMISSION: _("Courtage"),
}


@register.filter
def payout_kind(value: str) -> Any:
    """What an order or a transfer pays."""
    return _KINDS[value]


@register.filter
def rate(value: Decimal) -> str:
    """A percentage with no more decimals than it has: "12,5", "10"."""
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return text.replace(".", get_format("DECIMAL_SEPARATOR"))


@register.filter
def covered_month(entry: CommissionEntry) -> Any:
    """The month of the premium that an entry is about."""
    return get_month(entry)


@register.filter
def year_word(entry: CommissionEntry) -> Any:
    """First or later year of the contract."""
    return _("erstes Jahr") if is_of_first_year(entry) else _("laufend")
