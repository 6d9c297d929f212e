"""Quotes for programs: figures for everybody; a broker's is kept under a number."""

from datetime import date, datetime
from decimal import Decimal

from api.facts import Fault, Problem
from api.parsing.quotes import WantedQuote
from aupolicy.facts import TariffVersion
from aupolicy.facts.offer import ExampleEmployee, OfferInput
from aupolicy.kernel.money import round_cent
from aupolicy.kernel.month import Month
from aupolicy.models import ApiClient
from aupolicy.operations.offers import save_quote
from aupolicy.queries import UnknownTariff, get_tariff
from aupolicy.queries.offers import PricedOffer, compute_hours_month, price_offer
from aupolicy.rules import compute_quote


def make_quote(
    *, wanted: WantedQuote, client: ApiClient, now: datetime, today: date
) -> tuple[PricedOffer, str | None]:
    """The priced payroll, and for a broker's program the number it is kept under.

    Its example is an employee with the average pay, single and without children, as in the
    portal. Raises Problem (422).
    """
    offer = _build_offer(wanted, today)
    priced = price_offer(offer, day=today)
    if client.broker is None:
        return priced, None
    if not offer.employer_name:
        raise _refuse("MISSING", "employer_name")
    kept = save_quote(offer=offer, broker=client.broker, by=None, program_name=client.name, now=now)
    return priced, kept.number


def _build_offer(wanted: WantedQuote, today: date) -> OfferInput:
    start = wanted.start or Month.of(today).plus(1).first_day
    tariff = _find_tariff(wanted.tariff, start)
    payroll = compute_quote(tariff, wanted.payroll)
    return OfferInput(
        employer_name=wanted.employer_name,
        tariff_key=tariff.key,
        start=start,
        hours_month=compute_hours_month(wanted.hours_week),
        payroll=wanted.payroll,
        example=ExampleEmployee(_average(payroll.payroll, payroll.insured)),
    )


def _average(payroll: Decimal, people: int) -> Decimal:
    return round_cent(payroll / people)


def _find_tariff(key: str, start: date) -> TariffVersion:
    try:
        tariff = get_tariff(key)
    except UnknownTariff as error:
        raise _refuse("UNKNOWN_TARIFF", "tariff", known=error.params["known"]) from None
    version = tariff.version_on(start)
    if version is None:
        first = tariff.versions[0].valid_from.isoformat()
        raise _refuse("NO_TARIFF_YET", "start", first=first)
    return version


def _refuse(code: str, field: str, **params: str) -> Problem:
    return Problem(422, "INVALID_BODY", faults=(Fault(code, field, params),))
