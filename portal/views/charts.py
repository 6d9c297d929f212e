"""Pictures with words in the reader's language."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from aupolicy.kernel.month import Month
from members.facts import Cover, PayPeriod
from members.models import InsuredPay, Membership
from portal.exports.charts import Bar, Stripe, Tick, draw_bars, draw_timeline
from portal.facts import MonthAmount
from portal.templatetags.portal import count, day, money

_FEWEST_MONTHS = 2
_MONTHS_AHEAD = 3
# Closer together the words under the line would overlap.
_DAYS_BETWEEN_LABELS = 20


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


def draw_cover(
    memberships: Sequence[Membership | Cover],
    pays: Sequence[InsuredPay | PayPeriod],
    *,
    today: date,
) -> SafeString:
    """Cover from its first day to some months ahead, one stripe a pay; nothing without cover."""
    if not memberships:
        return mark_safe("")
    first_day = memberships[0].period.first_day.replace(day=1)
    last_day = Month.of(max(today, first_day)).plus(_MONTHS_AHEAD).last_day
    stripes = [Stripe(pay.period.first_day, pay.period.last_day, money(pay.amount)) for pay in pays]
    ticks = [Tick(first_day, day(first_day))]
    if (today - first_day).days > _DAYS_BETWEEN_LABELS:
        ticks.append(Tick(today, _("heute")))
    ticks += [
        Tick(last, day(last))
        for m in memberships
        if (last := m.period.last_day)
        and first_day < last < last_day
        and abs((last - today).days) > _DAYS_BETWEEN_LABELS
    ]
    title = _("Versicherung und Entgelt seit %(day)s") % {"day": day(first_day)}
    drawing = draw_timeline(stripes, ticks, first_day=first_day, last_day=last_day, title=title)
    return mark_safe(drawing)  # noqa: S308 -- the drawing escapes every text itself
