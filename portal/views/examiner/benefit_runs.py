"""Benefit runs: start the computing of a month, watch it, read what it found."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from kombu.exceptions import OperationalError

from aupolicy.kernel.month import Month
from claims.models import BenefitRun
from claims.operations.runs import start_benefit_run
from claims.tasks import work_benefit_runs
from portal.queries.examiner.decisions import list_runs
from portal.views.access import InsurerRequest, claims_room

_OFFERED = 3


@require_http_methods(["GET", "HEAD", "POST"])
@claims_room
def show(request: InsurerRequest) -> HttpResponse:
    """The runs, and the months that can be computed: those that are over."""
    last = Month.of(request.access.today).plus(-1)
    months = [last.plus(-number) for number in range(_OFFERED)]
    if request.method == "POST":
        chosen = next((each for each in months if str(each) == request.POST.get("month")), None)
        if chosen is not None:
            return _start(request, chosen)
        messages.error(request, _("Wählen Sie einen der angebotenen Monate."))
    runs = list_runs()
    context = {
        "room": "claims",
        "runs": runs,
        "is_done": any(run.month == last.first_day and run.finished_at for run in runs),
        "months": [(str(each), each.first_day) for each in months],
    }
    return render(request, "portal/examiner/runs.html", context)


def _start(request: InsurerRequest, month: Month) -> HttpResponse:
    run = start_benefit_run(month=month, user=request.user, now=timezone.now())

    def tell() -> None:
        try:
            work_benefit_runs.delay()
        except OperationalError:
            messages.warning(
                request,
                _("Der Lauf ist vorgemerkt. Er beginnt, sobald ein Arbeitsprozess erreichbar ist."),
            )

    # The gate's transaction ends after the view; only then is there something to tell of.
    transaction.on_commit(tell)
    return redirect("examiner:benefit_run", run.pk)


@require_safe
@claims_room
def show_run(request: InsurerRequest, run_id: int) -> HttpResponse:
    """Progress while it runs, then the result."""
    run = get_object_or_404(BenefitRun.objects.select_related("started_by"), pk=run_id)
    return render(request, "portal/examiner/runs_show.html", {"room": "claims", "run": run})


@require_safe
@claims_room
def progress(request: InsurerRequest, run_id: int) -> HttpResponse:
    """The progress alone, asked for again and again; once done the whole page is asked for."""
    run = get_object_or_404(BenefitRun, pk=run_id)
    response = render(request, "portal/examiner/runs_progress.html", {"run": run})
    if run.finished_at is not None:
        response["HX-Refresh"] = "true"
    return response
