"""Reads of applications: the list, and what a clerk looks at before deciding."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.paginator import Page, Paginator
from django.db.models import Q

from aupolicy.facts import Quote as PricedPayroll
from aupolicy.facts import TariffVersion
from aupolicy.models import Application, Employer
from aupolicy.queries import UnknownTariff, get_tariff
from aupolicy.rules import compute_quote
from billing.queries.applications import list_known_employers, list_problems

PAGE_SIZE = 25
_STATUS = Application.Status


@dataclass(frozen=True, slots=True)
class ApplicationFilter:
    """What the list is narrowed to; drafts are the broker's and never shown."""

    text: str = ""
    status: str = _STATUS.HANDED_OVER


def page_of_applications(wanted: ApplicationFilter, page: str | int) -> Page[Application]:
    """One page of applications: those that wait the longest first, decided ones newest first."""
    found = Application.objects.exclude(status=_STATUS.DRAFT).select_related("broker", "contract")
    if wanted.status:
        found = found.filter(status=wanted.status)
    if wanted.text:
        found = found.filter(
            Q(legal_name__icontains=wanted.text)
            | Q(broker__legal_name__icontains=wanted.text)
            | Q(quote__number__iexact=wanted.text)
        )
    waiting = wanted.status == _STATUS.HANDED_OVER
    order = ("handed_over_at", "pk") if waiting else ("-handed_over_at", "-pk")
    return Paginator(found.order_by(*order), PAGE_SIZE).get_page(page)


@dataclass(frozen=True, slots=True)
class QuotedFigures:
    """What the quote promised: people, payroll and premium in EUR a month, percent of payroll."""

    insured: int
    payroll: Decimal
    premium: Decimal
    rate_percent: Decimal


@dataclass(frozen=True, slots=True)
class Review:
    """What a clerk looks at: faults by field, the quote then and now, who the employer may be.

    `same_tariff` tells whether the tariff still says what the quote was computed with; `priced`
    is the payroll by the tariff that is in force on the start, None where there is none.
    """

    problems: dict[str, str]
    quoted: QuotedFigures | None
    priced: PricedPayroll | None
    same_tariff: bool
    known_employers: list[Employer]


def review_application(application: Application, today: date) -> Review:
    """Everything the decision rests on, with one query."""
    quote = application.quote
    version = _find_version(application)
    payroll = {Decimal(pay): people for pay, people in quote.payroll}
    return Review(
        problems=list_problems(application, today),
        quoted=_read_figures(quote.result),
        priced=compute_quote(version, payroll) if version and payroll else None,
        same_tariff=version is not None and version.digest == quote.result.get("tariff_digest"),
        known_employers=list_known_employers(application),
    )


def _find_version(application: Application) -> TariffVersion | None:
    try:
        return get_tariff(application.tariff_key).version_on(application.start)
    except UnknownTariff:
        return None


def _read_figures(result: dict[str, str]) -> QuotedFigures | None:
    if "premium" not in result:
        return None
    return QuotedFigures(
        insured=int(result["insured"]),
        payroll=Decimal(result["payroll"]),
        premium=Decimal(result["premium"]),
        rate_percent=Decimal(result["rate_percent"]),
    )
