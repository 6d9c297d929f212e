"""Billing runs: list, start, live progress, preview, posting, result."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from kombu.exceptions import OperationalError

from aupolicy.kernel.month import Month
from billing.models import BillingRun
from billing.operations import UnableToStartRun, discard_run, start_run
from billing.operations.posting_request import want_posting
from billing.queries.runs import RunProgress, get_run_progress, get_run_sum
from billing.tasks import send_work
from billing.words import describe_run_refusal
from documents.queries import get_statement_progress, waits_for_storage
from portal.queries.insurer.runs import (
    describe_state,
    get_last_posted_run,
    get_next_month,
    get_open_run,
    has_uncollected_statements,
    list_due_days,
    list_offered_months,
    page_of_runs,
)
from portal.views.access import InsurerRequest, finance_only
from portal.views.insurer.find_run import find_run
from portal.views.insurer.run_preview import describe_preview


@require_safe
@finance_only
def list_all(request: InsurerRequest) -> HttpResponse:
    """All runs, newest first."""
    open_run = get_open_run()
    context = {
        "room": "runs",
        "page": page_of_runs(request.GET.get("page", 1)),
        "open_run": open_run,
        "open_state": describe_state(get_run_progress(open_run)) if open_run else "",
        "next_month": get_next_month(request.access.today).first_day,
    }
    return render(request, "portal/insurer/runs/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@finance_only
def create(request: InsurerRequest) -> HttpResponse:
    """Choose a month and have its preview computed."""
    months = list_offered_months(request.access.today)
    if request.method == "POST":
        chosen = next((m for m in months if str(m) == request.POST.get("month")), None)
        if chosen is not None:
            return _start(request, chosen)
        messages.error(request, _("Wählen Sie einen der angebotenen Monate."))
    context = {
        "room": "runs",
        "months": [(str(month), month.first_day) for month in months],
        "last_run": get_last_posted_run(),
        "open_run": get_open_run(),
    }
    return render(request, "portal/insurer/runs/new.html", context)


def _start(request: InsurerRequest, month: Month) -> HttpResponse:
    try:
        run = start_run(month=month, now=timezone.now(), started_by=request.user)
    except UnableToStartRun as error:
        messages.error(request, describe_run_refusal(error.code, error.params))
        return redirect("insurer:new_run")
    _wake_workers(request, run)
    return _to_run(run)


def _wake_workers(request: InsurerRequest, run: BillingRun) -> None:
    """Tell the workers. Where none can be told the rows stay, and the reconciler tells them."""

    def tell() -> None:
        try:
            send_work(run)
        except OperationalError:
            messages.warning(
                request,
                _("Der Lauf ist vorgemerkt. Er beginnt, sobald ein Arbeitsprozess erreichbar ist."),
            )

    # The gate's transaction ends after the view; only then is there something to tell of.
    transaction.on_commit(tell)


def _to_run(run: BillingRun) -> HttpResponseRedirect:
    return redirect("insurer:run", f"{run.month:%Y-%m}")


@require_safe
@finance_only
def show(request: InsurerRequest, month: str) -> HttpResponse:
    """Progress while it is computed, then the preview by employer, in the end the result."""
    run = find_run(month)
    progress = get_run_progress(run)
    state = describe_state(progress)
    context: dict[str, Any] = {
        "room": "runs",
        "run": run,
        "progress": progress,
        "state": state,
    }
    if run.posting_refusal and state == "preview":
        context["refusal"] = describe_run_refusal(run.posting_refusal, {})
    if state in {"preview", "posted", "posting"}:
        context |= {"sums": get_run_sum(run), **describe_preview(run, request.GET)}
        context["is_collectable"] = has_uncollected_statements(run)
    return render(request, "portal/insurer/runs/show.html", context)


@require_safe
@finance_only
def progress(request: InsurerRequest, month: str) -> HttpResponse:
    """The progress alone, asked for again and again; once done the whole page is asked for."""
    run = find_run(month)
    found = get_run_progress(run)
    context = {"run": run, "progress": found, "state": describe_state(found)}
    response = render(request, "portal/parts/progress.html", context)
    if _is_settled(found):
        response["HX-Refresh"] = "true"
    return response


@require_safe
@finance_only
def letters(request: InsurerRequest, month: str) -> HttpResponse:
    """How many of a posted run's letters are made; asked for again until all are."""
    run = find_run(month)
    context = {
        "run": run,
        "letters": get_statement_progress(run),
        "waits_for_storage": waits_for_storage(run),
    }
    return render(request, "portal/insurer/runs/letters.html", context)


def _is_settled(found: RunProgress) -> bool:
    return describe_state(found) in {"preview", "posted"}


@require_http_methods(["GET", "HEAD", "POST"])
@finance_only
def post(request: InsurerRequest, month: str) -> HttpResponse:
    """Say what posting will do; with a form, have a worker do it."""
    run = find_run(month)
    if request.method == "POST":
        run = want_posting(run=run, now=timezone.now(), requested_by=request.user)
        if run.posted_at is None:
            _wake_workers(request, run)
        return _to_run(run)
    found = get_run_progress(run)
    if found.posted:
        return _to_run(run)
    context = {
        "room": "runs",
        "run": run,
        "progress": found,
        "sums": get_run_sum(run),
        "due_days": list_due_days(run, request.access.today),
    }
    return render(request, "portal/insurer/runs/post.html", context)


@require_POST
@finance_only
def resend(request: InsurerRequest, month: str) -> HttpResponse:
    """Tell the workers once more about a run that does not go on."""
    run = find_run(month)
    _wake_workers(request, run)
    return _to_run(run)


@require_http_methods(["GET", "HEAD", "POST"])
@finance_only
def discard(request: InsurerRequest, month: str) -> HttpResponse:
    """Ask whether a preview is to be thrown away; with a form, do it."""
    run = find_run(month)
    if request.method == "POST":
        try:
            discard_run(run=run)
        except UnableToStartRun as error:
            messages.error(request, describe_run_refusal(error.code, error.params))
            return _to_run(run)
        messages.success(request, _("Die Vorschau ist verworfen. Nichts wurde gebucht."))
        return redirect("insurer:runs")
    if run.posted_at is not None:
        return _to_run(run)
    context = {"room": "runs", "run": run, "sums": get_run_sum(run)}
    return render(request, "portal/insurer/runs/discard.html", context)
