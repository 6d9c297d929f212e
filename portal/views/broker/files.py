"""Files that a broker's own programs read."""

import tempfile

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from aupolicy.kernel.month import Month
from billing.queries.broker_portfolio import UnableToWritePortfolio, write_portfolio
from billing.queries.broker_portfolio.words import describe_portfolio_refusal
from portal.forms.broker_files import PortfolioForm
from portal.queries.broker.files import count_contracts
from portal.views.access import BrokerRequest, broker_room

# Small files stay in memory, others go to the disk.
_IN_MEMORY = 1024 * 1024


@require_safe
@broker_room
def show(request: BrokerRequest) -> HttpResponse:
    """Day and period to choose, with what is in the file and what is not."""
    today = request.access.today
    initial = {"as_of": today, "since": Month.of(today).plus(-1).first_day}
    return _show(request, PortfolioForm(initial=initial, today=today))


@require_safe
@broker_room
def send_portfolio(request: BrokerRequest) -> HttpResponse | FileResponse:
    """The portfolio of the day asked for; the page again, with the reason, where there is none."""
    access = request.access
    form = PortfolioForm(request.GET, today=access.today)
    if not form.is_valid():
        return _show(request, form)
    as_of = form.cleaned_data["as_of"]
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed once sent
    try:
        write_portfolio(
            broker=access.broker,
            as_of=as_of,
            since=form.cleaned_data["since"],
            today=access.today,
            file=file,
        )
    except UnableToWritePortfolio as error:
        file.close()
        form.add_error(None, describe_portfolio_refusal(error.code, error.params))
        return _show(request, form)
    file.seek(0)
    return FileResponse(
        file,
        as_attachment=True,
        filename=f"Bestand-{as_of.isoformat()}.gdv",
        content_type="application/octet-stream",
    )


def _show(request: BrokerRequest, form: PortfolioForm) -> HttpResponse:
    counts = count_contracts(request.access.broker, request.access.today)
    context = {"room": "files", "form": form, "counts": counts}
    return render(request, "portal/broker/files.html", context)
