"""Lists of a broker's room to take along as CSV: quotes, applications."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from aupolicy.models import Application, Quote
from aupolicy.queries.offers import list_applications, list_quotes
from portal.exports.sheet import Cell
from portal.exports.tables import APPLICATIONS, QUOTES
from portal.templatetags.broker import describe_application
from portal.views.access import BrokerRequest, broker_room
from portal.views.broker.applications import read_application_filter
from portal.views.downloads import send_table

_MOST_TEXT = 80


@require_safe
@broker_room
def send_quotes(request: BrokerRequest) -> HttpResponse:
    """The quotes that the filter lets through, newest first."""
    text = request.GET.get("q", "").strip()[:_MOST_TEXT]
    rows = (_quote_cells(quote) for quote in list_quotes(request.access.broker, text=text))
    return send_table(QUOTES, rows, name="Angebote")


def _quote_cells(quote: Quote) -> Sequence[Cell]:
    application: Application | None = getattr(quote, "application", None)
    return (
        quote.employer_name,
        quote.number,
        timezone.localdate(quote.created_at),
        quote.start,
        quote.tariff_key,
        quote.result["insured"],
        Decimal(quote.result["payroll"]),
        Decimal(quote.result["premium"]),
        describe_application(application.status) if application else "",
    )


@require_safe
@broker_room
def send_applications(request: BrokerRequest) -> HttpResponse:
    """The applications that the filters let through, newest first."""
    text, status = read_application_filter(request)
    found = list_applications(request.access.broker, text=text, status=status)
    return send_table(APPLICATIONS, _application_cells(found), name="Antraege")


def _application_cells(found: Iterable[Application]) -> Iterator[Sequence[Cell]]:
    for row in found:
        yield (
            row.legal_name,
            row.town,
            row.quote.number,
            row.start,
            row.quote.result["insured"],
            Decimal(row.quote.result["premium"]),
            describe_application(row.status),
            _day(row.decided_at or row.handed_over_at or row.created_at),
            row.contract.number if row.contract else "",
        )


def _day(moment: datetime) -> date:
    return timezone.localdate(moment)
