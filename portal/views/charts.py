"""Pictures with words in the reader's language."""

from collections.abc import Iterable

from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from portal.exports.charts import Bar, draw_bars
from portal.facts import MonthAmount
from portal.templatetags.portal import count


def draw_months(months: Iterable[MonthAmount]) -> SafeString:
    """Amounts by month, oldest first, whole euros above each column."""
    bars = [
        Bar(
            label=date_format(month.month, "M"),
            words=count(int(month.amount)),
            value=month.amount,
        )
        for month in months
    ]
    # The drawing escapes every text itself.
    return mark_safe(draw_bars(bars, title=_("Beitrag nach Monat in Euro")))  # noqa: S308
