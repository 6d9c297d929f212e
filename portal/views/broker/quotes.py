"""A broker's quotes: the list, one quote, its PDF, the application it becomes."""

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from aupolicy.models import Application, Quote
from aupolicy.operations.offers import start_application
from aupolicy.queries.offers import compute_hours_week, list_quotes, reprice_quote
from documents.operations.issue import issue_quote
from portal.views.access import BrokerRequest, broker_room
from portal.views.broker.result import describe_offer
from portal.views.downloads import send_documents

PAGE_SIZE = 25


@require_safe
@broker_room
def list_all(request: BrokerRequest) -> HttpResponse:
    """All quotes, newest first."""
    text = request.GET.get("q", "").strip()[:80]
    quotes = list_quotes(request.access.broker, text=text)
    page = Paginator(quotes, PAGE_SIZE).get_page(request.GET.get("page", 1))
    context = {"room": "quotes", "page": page, "rows": page.object_list, "text": text}
    return render(request, "portal/broker/quotes/list.html", context)


@require_safe
@broker_room
def show(request: BrokerRequest, quote_id: int) -> HttpResponse:
    """A quote as it was made, by the tariff that priced it."""
    quote = find_quote(request, quote_id)
    priced = reprice_quote(quote, day=timezone.localdate(quote.created_at))
    context = {
        "room": "quotes",
        "quote": quote,
        "application": Application.objects.filter(quote=quote).first(),
        **describe_offer(priced, hours_week=compute_hours_week(quote.hours_month)),
    }
    return render(request, "portal/broker/quotes/show.html", context)


@require_safe
@broker_room
def send_pdf(request: BrokerRequest, quote_id: int) -> HttpResponseBase:
    """The quote as a letter."""
    return send_documents(issue_quote(quote=find_quote(request, quote_id)).documents)


@require_POST
@broker_room
def apply(request: BrokerRequest, quote_id: int) -> HttpResponse:
    """Begin the application of a quote, or go on with it."""
    quote = find_quote(request, quote_id)
    application = start_application(quote=quote, by=request.user, now=timezone.now())
    return redirect("broker:application", request.access.broker.pk, application.pk)


def find_quote(request: BrokerRequest, quote_id: int) -> Quote:
    """A quote of this broker; those of others are not there."""
    quotes = Quote.objects.select_related("broker", "created_by")
    return get_object_or_404(quotes, pk=quote_id, broker=request.access.broker)
