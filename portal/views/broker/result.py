"""What a priced offer reads as: figures, wage bands, the gap line by line, pictures."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from aupolicy.facts.payroll import Figure, FigureKey, Gap, InputKey, PayrollParameters
from aupolicy.kernel.money import ZERO, round_cent
from aupolicy.queries.offers import NoGap, PricedOffer
from aupolicy.words import describe_figure, describe_gap_note, describe_input, describe_no_gap
from members.words import describe_code
from portal.exports.charts import Bar, Part, Stack, draw_bars, draw_stacks
from portal.templatetags.portal import count, money

_DEDUCTIONS = frozenset(
    {
        FigureKey.WAGE_TAX, FigureKey.SOLIDARITY, FigureKey.CHURCH_TAX, FigureKey.PENSION,
        FigureKey.UNEMPLOYMENT, FigureKey.HEALTH, FigureKey.CARE, FigureKey.SICK_PAY_PENSION,
        FigureKey.SICK_PAY_UNEMPLOYMENT, FigureKey.SICK_PAY_CARE, FigureKey.BENEFIT,
    }
)  # fmt: skip
_GAP_LINES = frozenset({FigureKey.GAP, FigureKey.BENEFIT, FigureKey.REMAINING})
_ANSWER = _GAP_LINES | {FigureKey.NET, FigureKey.SICK_PAY_MONTH}
_NET_LINES = frozenset(
    {
        FigureKey.GROSS, FigureKey.WAGE_TAX, FigureKey.SOLIDARITY, FigureKey.CHURCH_TAX,
        FigureKey.PENSION, FigureKey.UNEMPLOYMENT, FigureKey.HEALTH, FigureKey.CARE, FigureKey.NET,
    }
)  # fmt: skip
_SUMS = frozenset({FigureKey.NET, FigureKey.SICK_PAY_MONTH, FigureKey.GAP, FigureKey.REMAINING})
# Who pays neither is not told about it.
_LEFT_OUT_AT_ZERO = frozenset({FigureKey.SOLIDARITY, FigureKey.CHURCH_TAX})
_COUNTS = frozenset({InputKey.DAYS})
_FEWEST_BARS = 2


@dataclass(frozen=True, slots=True)
class GapLine:
    """A line of the gap calculation: its name, signed EUR, clause, and what went into it."""

    name: str
    amount: Decimal
    clause: str
    inputs: tuple[tuple[str, str], ...]
    is_sum: bool


def describe_offer(priced: PricedOffer, *, hours_week: Decimal) -> dict[str, Any]:
    """Everything the page of a quote shows."""
    return {
        "priced": priced,
        "figures": priced.figures,
        "hours_week": hours_week,
        "bands": priced.figures.bands,
        "bands_chart": _draw_bands(priced),
        "largest_share": max((b.share_percent for b in priced.figures.bands), default=ZERO),
        "left_out": [(row, describe_code(code)) for row, code in priced.offer.left_out],
        **describe_gap(priced.gap, priced.no_gap, priced.parameters),
    }


def describe_gap(
    gap: Gap | None, no_gap: NoGap | None, parameters: PayrollParameters | None
) -> dict[str, Any]:
    """The gap line by line with its picture, or why there is none."""
    if gap is None:
        return {"gap": None, "no_gap": describe_no_gap(no_gap) if no_gap else ""}
    return {
        "gap": gap,
        "no_gap": "",
        "parameters": parameters,
        "lines": _describe_lines(gap, _ANSWER),
        "net_lines": _describe_lines(gap, _NET_LINES),
        "sick_lines": _describe_lines(gap, frozenset(FigureKey) - _NET_LINES - _GAP_LINES),
        "notes": [describe_gap_note(note) for note in gap.notes],
        "gap_chart": draw_gap(gap),
        "surplus": max(gap.benefit - gap.gap, ZERO),
    }


def _describe_lines(gap: Gap, keys: frozenset[FigureKey]) -> list[GapLine]:
    return [
        _describe_line(figure, gap.band)
        for figure in gap.figures
        if figure.key in keys and (figure.amount or figure.key not in _LEFT_OUT_AT_ZERO)
    ]


def _describe_line(figure: Figure, band: int | None) -> GapLine:
    inputs = list(_describe_inputs(figure.inputs))
    if figure.key is FigureKey.BENEFIT and band is not None:
        inputs.append((_("Lohnstufe"), str(band)))
    return GapLine(
        name=describe_figure(figure.key),
        amount=-figure.amount if figure.key in _DEDUCTIONS else figure.amount,
        clause=figure.clause,
        inputs=tuple(inputs),
        is_sum=figure.key in _SUMS,
    )


def _describe_inputs(inputs: Mapping[InputKey, Decimal]) -> Iterable[tuple[str, str]]:
    for key, value in inputs.items():
        yield describe_input(key), _write_input(key, value)


def _write_input(key: InputKey, value: Decimal) -> str:
    if key in _COUNTS:
        return count(int(value))
    if key.value.endswith("PERCENT"):
        bare = value.normalize()
        places = max(0, -int(bare.as_tuple().exponent))
        return number_format(bare, places) + "\u00a0%"
    return money(round_cent(value))


def draw_gap(gap: Gap) -> SafeString:
    """Net pay over what there is of it in sickness: sick pay, benefit, what stays missing."""
    healthy = Stack(
        _("Gesund: Nettoentgelt"),
        money(gap.net_pay.net),
        [Part(gap.net_pay.net, _whole(gap.net_pay.net), "net")],
    )
    parts = [
        Part(gap.sick_pay.month, _("Krankengeld %(amount)s") % _words(gap.sick_pay.month), "sick"),
        Part(gap.benefit, _("bAU %(amount)s") % _words(gap.benefit), "benefit"),
        Part(gap.remaining, _("fehlt %(amount)s") % _words(gap.remaining), "missing"),
    ]
    together = gap.sick_pay.month + gap.benefit
    sick = Stack(
        _("Krank ab der 7. Woche"), money(together), [part for part in parts if part.value]
    )
    title = _("Nettoentgelt, Krankengeld und versicherte Leistung im Monat")
    drawing = draw_stacks([healthy, sick], title=title)
    return mark_safe(drawing)  # noqa: S308 -- the drawing escapes every text itself


def _words(value: Decimal) -> dict[str, str]:
    return {"amount": _whole(value)}


def _whole(value: Decimal) -> str:
    """Whole euros, for pictures; the table beside has the cents."""
    whole = int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return count(whole) + "\u00a0€"


def _draw_bands(priced: PricedOffer) -> SafeString:
    """How many people are in each wage band; nothing for a tariff without bands."""
    rows = [row for row in priced.figures.bands if row.band is not None]
    if len(rows) < _FEWEST_BARS:
        return mark_safe("")
    bars = [
        Bar(
            label=str(row.band),
            words=count(row.insured) if row.insured else "",
            value=Decimal(row.insured),
        )
        for row in rows
    ]
    drawing = draw_bars(bars, title=_("Personen nach Lohnstufe"))
    return mark_safe(drawing)  # noqa: S308 -- the drawing escapes every text itself
