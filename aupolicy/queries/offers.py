"""Pricing an offer, and reading offers and applications that are kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Q, QuerySet

from aupolicy.facts import Quote as PricedPayroll
from aupolicy.facts import TariffVersion
from aupolicy.facts.offer import ExampleEmployee, OfferInput
from aupolicy.facts.payroll import Gap, PayProfile, PayrollParameters, TaxClass
from aupolicy.facts.quote import QuoteFigures
from aupolicy.models import Application, Broker, Quote, TariffSnapshot
from aupolicy.parsing.tariffs import parse_kept_version
from aupolicy.queries.agreement import get_tariff
from aupolicy.queries.payroll import NoPayrollParameters, get_payroll_parameters
from aupolicy.rules import (
    NotSubjectToInsurance,
    compute_gap,
    compute_quote,
    compute_quote_figures,
)

MONTHS_OF_YEAR = 12
_WEEKS_OF_YEAR = 52
_HUNDREDTH = Decimal("0.01")
# What a child counts on the wage tax card: both halves in class III, one half each otherwise
# (§ 38b (2) EStG).
_WHOLE_CHILD, _HALF_CHILD = Decimal(1), Decimal("0.5")

NoGap = NotSubjectToInsurance | NoPayrollParameters


class UnableToOffer(ValueError):
    """An offer that cannot be priced: NO_TARIFF_YET (key, day) or NOBODY (no pay at all)."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(f"{code}: {params}")
        self.code, self.params = code, params


@dataclass(frozen=True, slots=True)
class PricedOffer:
    """An offer with everything that was computed for it.

    Either `gap` is there, with the tax and social insurance it was computed with, or `no_gap`
    says why not.
    """

    offer: OfferInput
    tariff: TariffVersion
    payroll: PricedPayroll
    figures: QuoteFigures
    gap: Gap | None
    no_gap: NoGap | None
    parameters: PayrollParameters | None

    @property
    def yearly_premium(self) -> Decimal:
        """The premium of twelve months in EUR."""
        return self.payroll.premium * MONTHS_OF_YEAR


def compute_hours_month(hours_week: Decimal) -> Decimal:
    """Hours of a month from those of a week, two decimals half up: 40 are 173.33."""
    hours = hours_week * _WEEKS_OF_YEAR / MONTHS_OF_YEAR
    return hours.quantize(_HUNDREDTH, rounding=ROUND_HALF_UP)


def compute_hours_week(hours_month: Decimal) -> Decimal:
    """Hours of a week from those of a month as `compute_hours_month` made them."""
    hours = hours_month * MONTHS_OF_YEAR / _WEEKS_OF_YEAR
    return hours.quantize(_HUNDREDTH, rounding=ROUND_HALF_UP)


def price_offer(
    offer: OfferInput, *, day: date, tariff: TariffVersion | None = None
) -> PricedOffer:
    """Price an offer with the tariff of its start, and the taxes and social insurance of `day`.

    `tariff` is a version that was applied before. Raises UnknownTariff and UnableToOffer.
    """
    version = tariff or get_tariff(offer.tariff_key).version_on(offer.start)
    if version is None:
        raise UnableToOffer("NO_TARIFF_YET", key=offer.tariff_key, day=offer.start.isoformat())
    if not offer.payroll:
        raise UnableToOffer("NOBODY")
    payroll = compute_quote(version, offer.payroll)
    gap, no_gap, parameters = price_gap(offer.example, version, day=day)
    return PricedOffer(
        offer=offer,
        tariff=version,
        payroll=payroll,
        figures=compute_quote_figures(version, payroll, hours_per_month=offer.hours_month),
        gap=gap,
        no_gap=no_gap,
        parameters=parameters,
    )


def price_gap(
    example: ExampleEmployee, tariff: TariffVersion, *, day: date
) -> tuple[Gap | None, NoGap | None, PayrollParameters | None]:
    """The gap of an example employee by the values of a day, or why there is none."""
    try:
        parameters = get_payroll_parameters(day)
        gap = compute_gap(
            example.gross, profile=build_profile(example), tariff=tariff, parameters=parameters
        )
    except (NotSubjectToInsurance, NoPayrollParameters) as error:
        return None, error, None
    return gap, None, parameters


def build_profile(example: ExampleEmployee) -> PayProfile:
    """What decides an example employee's deductions; the average fund, outside Saxony."""
    child = _WHOLE_CHILD if example.tax_class is TaxClass.THREE else _HALF_CHILD
    return PayProfile(
        tax_class=example.tax_class,
        church_tax_percent=example.church_tax_percent,
        children=example.children,
        child_allowances=child * example.children,
    )


def write_payroll(payroll: Mapping[Decimal, int]) -> list[list[Any]]:
    """A payroll as the table keeps it: [["2400.00", 4], ...], lowest pay first."""
    return [[str(pay), people] for pay, people in sorted(payroll.items())]


def write_example(example: ExampleEmployee) -> dict[str, Any]:
    """An example employee as the table keeps it."""
    church = example.church_tax_percent
    return {
        "gross": str(example.gross),
        "tax_class": example.tax_class.value,
        "church_tax_percent": None if church is None else str(church),
        "children": example.children,
    }


def write_result(priced: PricedOffer) -> dict[str, Any]:
    """What was computed, as the table keeps it: EUR as text, and which tariff did it."""
    gap = priced.gap
    return {
        "tariff_valid_from": priced.tariff.valid_from.isoformat(),
        "tariff_digest": priced.tariff.digest,
        "insured": priced.payroll.insured,
        "payroll": str(priced.payroll.payroll),
        "premium": str(priced.payroll.premium),
        "rate_percent": str(priced.payroll.rate_percent),
        "left_out": [list(row) for row in priced.offer.left_out],
        "gap": {
            "values_of": priced.parameters.key if priced.parameters else "",
            "net": str(gap.net_pay.net),
            "sick_pay": str(gap.sick_pay.month),
            "gap": str(gap.gap),
            "benefit": str(gap.benefit),
            "remaining": str(gap.remaining),
        }
        if gap
        else None,
    }


def read_offer(quote: Quote) -> OfferInput:
    """What a kept quote was computed from."""
    example = quote.example
    church = example.get("church_tax_percent")
    return OfferInput(
        employer_name=quote.employer_name,
        tariff_key=quote.tariff_key,
        start=quote.start,
        hours_month=quote.hours_month,
        payroll={Decimal(pay): people for pay, people in quote.payroll},
        example=ExampleEmployee(
            gross=Decimal(example["gross"]),
            tax_class=TaxClass(example["tax_class"]),
            church_tax_percent=None if church is None else Decimal(church),
            children=example["children"],
        ),
        left_out=tuple((row, code) for row, code in quote.result.get("left_out", [])),
    )


def reprice_quote(quote: Quote, *, day: date) -> PricedOffer:
    """A kept quote with all its figures, by the very tariff that priced it.

    `day` is the day it was made. Raises UnableToOffer where that tariff was not kept.
    """
    return price_offer(read_offer(quote), day=day, tariff=_find_tariff(quote))


def _find_tariff(quote: Quote) -> TariffVersion:
    digest = quote.result["tariff_digest"]
    current = get_tariff(quote.tariff_key).version_on(quote.start)
    if current is not None and current.digest == digest:
        return current
    kept = TariffSnapshot.objects.filter(key=quote.tariff_key, digest=digest).first()
    if kept is None:
        raise UnableToOffer("NO_TARIFF_YET", key=quote.tariff_key, day=quote.start.isoformat())
    return parse_kept_version(kept.key, kept.content)


def list_quotes(broker: Broker, *, text: str = "") -> QuerySet[Quote]:
    """A broker's quotes, newest first; `text` is searched for in employer and number."""
    quotes = Quote.objects.filter(broker=broker).select_related("application", "created_by")
    if text:
        quotes = quotes.filter(Q(employer_name__icontains=text) | Q(number__icontains=text))
    return quotes.order_by("-created_at", "-pk")


def list_applications(broker: Broker, *, text: str = "", status: str = "") -> QuerySet[Application]:
    """A broker's applications, newest first; `text` is searched for in employer and quote."""
    found = Application.objects.filter(broker=broker).select_related("quote", "contract")
    if text:
        found = found.filter(Q(legal_name__icontains=text) | Q(quote__number__icontains=text))
    if status:
        found = found.filter(status=status)
    return found.order_by("-created_at", "-pk")
