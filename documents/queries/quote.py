"""The letter of a quote. Letters are German, whatever language the broker works in."""

from collections import Counter
from decimal import Decimal

from django.utils import timezone, translation

from aupolicy.facts import TariffVersion
from aupolicy.kernel.money import ZERO, round_cent
from aupolicy.models import Quote
from aupolicy.queries.offers import PricedOffer, compute_hours_week, reprice_quote
from aupolicy.words import describe_gap_note
from documents.facts import Address, QuoteBand, QuoteContext, QuoteExample
from documents.queries.parties import broker_contact, get_insurer, tariff_name
from members.words import describe_code

_LANGUAGE = "de"


def build_quote(quote: Quote) -> QuoteContext:
    """What the letter of a quote says, by the very tariff that priced it. Raises UnableToOffer."""
    day = timezone.localdate(quote.created_at)
    priced = reprice_quote(quote, day=day)
    figures, parameters = priced.figures, priced.tariff.parameters
    hourly = figures.hourly
    with translation.override(_LANGUAGE):
        return QuoteContext(
            insurer=get_insurer(),
            recipient=Address((quote.employer_name,)),
            broker=broker_contact(quote.broker),
            employer_name=quote.employer_name,
            number=quote.number,
            issued_on=day,
            start=quote.start,
            tariff_name=tariff_name(quote.tariff_key),
            tariff_valid_from=priced.tariff.valid_from,
            insured_count=priced.payroll.insured,
            payroll=priced.payroll.payroll,
            premium=priced.payroll.premium,
            yearly_premium=priced.yearly_premium,
            rate_percent=round_cent(priced.payroll.rate_percent),
            average_premium=figures.average_premium,
            hours_week=compute_hours_week(quote.hours_month),
            hour_before=round_cent(hourly.pay) if hourly else ZERO,
            hour_after=round_cent(hourly.pay_and_premium) if hourly else ZERO,
            percents=_percents(priced.tariff),
            bands=_bands(priced),
            example=_example(priced),
            deferral_days=parameters.deferral_days,
            benefit_until_day=parameters.benefit_until_day,
            cancellation_months=parameters.cancellation_months,
            left_out=_left_out(priced),
            exclusions=tuple(e.text[_LANGUAGE] for e in priced.tariff.exclusions),
        )


def _percents(tariff: TariffVersion) -> tuple[Decimal, Decimal] | None:
    rate = tariff.rate
    if rate is None:
        return None
    return _bare(rate.premium_percent), _bare(rate.benefit_percent)


def _bare(percent: Decimal) -> Decimal:
    """0.5000 as 0.50: at least two decimals, no zeros after them."""
    places = max(2, -int(percent.normalize().as_tuple().exponent))
    return percent.quantize(Decimal(1).scaleb(-places))


def _bands(priced: PricedOffer) -> tuple[QuoteBand, ...]:
    return tuple(
        QuoteBand(
            band=row.band,
            above=row.above,
            up_to=row.up_to,
            each=row.premium,
            benefit=row.benefit,
            insured=row.insured,
            premium=row.total_premium,
            share_percent=row.share_percent,
        )
        for row in priced.figures.bands
    )


def _example(priced: PricedOffer) -> QuoteExample | None:
    gap, example = priced.gap, priced.offer.example
    if gap is None or priced.parameters is None:
        return None
    return QuoteExample(
        gross=gap.gross,
        tax_class=example.tax_class.value,
        church_tax_percent=example.church_tax_percent,
        children=example.children,
        values_of=priced.parameters.valid_from.year,
        net=gap.net_pay.net,
        sick_pay=gap.sick_pay.month,
        gap=gap.gap,
        benefit=gap.benefit,
        remaining=gap.remaining,
        notes=tuple(describe_gap_note(note) for note in gap.notes),
    )


def _left_out(priced: PricedOffer) -> tuple[tuple[str, int], ...]:
    counted = Counter(describe_code(code) for _row, code in priced.offer.left_out)
    return tuple(sorted(counted.items()))
