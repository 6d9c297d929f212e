"""Pictures with words in the reader's language."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from portal.exports.charts import Bar, draw_bars
from portal.facts import MonthAmount
from portal.templatetags.portal import count

_FEWEST_MONTHS = 2


def draw_months(months: Sequence[MonthAmount]) -> SafeString:
    """Amounts by month, oldest first, whole euros above each column; no picture of one month."""
    if len(months) < _FEWEST_MONTHS:
        return mark_safe("")
    bars = [
        Bar(
            label=date_format(month.month, "M"),
            words=count(int(month.amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))),
            value=month.amount,
        )
        for month in months
    ]
    # The drawing escapes every text itself.
    return mark_safe(draw_bars(bars, title=_("Beitrag nach Monat in Euro")))  # noqa: S308
