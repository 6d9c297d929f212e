"""The words of insurance tax, as filters."""

from django import template
from django.utils.translation import get_language

from billing.queries.statement_tax import TaxedPart

register = template.Library()


@register.filter
def tax_reason(part: TaxedPart) -> str:
    """Why a part of the premium bears no tax, in the reader's language."""
    language = (get_language() or "de")[:2]
    return part.reason.get(language) or part.reason["de"]


@register.filter
def tax_law(part: TaxedPart) -> str:
    """The law alone, without what the table of treatments says about it in English."""
    return part.source.partition(" (")[0]
