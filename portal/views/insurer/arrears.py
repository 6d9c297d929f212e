"""Reminders: cases by what comes next, one as a timeline with what a clerk may do."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from billing.operations.arrears import (
    UnableToRemind,
    extend_deadline,
    record_receipt,
    release_ending,
    resume_case,
    stop_case,
)
from billing.words.arrears import describe_refusal, describe_state, describe_step
from portal.exports.sheet import Cell
from portal.exports.tables import ARREARS
from portal.forms.arrears import DeadlineForm, ReasonForm, ReceiptForm, StopForm
from portal.queries.arrears import ShownCase, sum_open
from portal.queries.insurer.arrears import (
    PAGE_SIZE,
    SHOWN,
    SORTS,
    CaseFilter,
    count_releases,
    get_case,
    list_cases,
    list_events,
)
from portal.templatetags.portal import day
from portal.views.access import InsurerRequest, finance_only
from portal.views.downloads import send_table

_MOST_TEXT = 80
_Action = tuple[type[forms.Form], Callable[..., Any], Any]
_ACTIONS: dict[str, _Action] = {
    "stop": (StopForm, stop_case, gettext_lazy("Der Fall ist angehalten. Es geschieht nichts.")),
    "resume": (ReasonForm, resume_case, gettext_lazy("Der Fall geht weiter.")),
    "extend": (DeadlineForm, extend_deadline, gettext_lazy("Die Frist ist verlängert.")),
    "receipt": (
        ReceiptForm,
        record_receipt,
        gettext_lazy("Der Zugang ist erfasst, die Frist ist neu berechnet."),
    ),
    "release": (
        ReasonForm,
        release_ending,
        gettext_lazy("Das Ende des Vertrags ist erklärt. Der Brief wird geschrieben."),
    ),
}


def _read_filter(request: InsurerRequest) -> CaseFilter:
    show, sort = request.GET.get("show", ""), request.GET.get("sort", "")
    return CaseFilter(
        show=show if show in SHOWN else "open",
        text=request.GET.get("q", "").strip()[:_MOST_TEXT],
        sort=sort if sort in SORTS else "next",
    )


@require_safe
@finance_only
def list_all(request: InsurerRequest) -> HttpResponse:
    """The cases by the day on which something happens."""
    today = request.access.today
    wanted = _read_filter(request)
    found = list_cases(wanted, today=today)
    context = {
        "room": "arrears",
        "wanted": wanted,
        "sort": wanted.sort,
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page", 1)),
        "total": sum_open(found),
        "releases": count_releases(),
        "is_filtered": wanted != CaseFilter(sort=wanted.sort),
    }
    return render(request, "portal/insurer/arrears/list.html", context)


@require_safe
@finance_only
def export(request: InsurerRequest) -> HttpResponse:
    """The cases that the filters let through, in the page's order."""
    found = list_cases(_read_filter(request), today=request.access.today)
    return send_table(ARREARS, _cells(found), name="Mahnwesen")


def _cells(cases: Iterable[ShownCase]) -> Iterable[Sequence[Cell]]:
    for shown in cases:
        premium, interest, costs = shown.sums
        contract, letter = shown.case.contract, shown.last_letter
        yield (
            contract.employer.legal_name,
            contract.number,
            shown.case.opened_on,
            describe_step(letter.kind) if letter else "",
            describe_state(shown.found)[1],
            shown.pay_until,
            describe_step(shown.next_kind) if shown.next_kind else "",
            shown.next_day,
            premium,
            interest,
            costs,
        )


@require_http_methods(["GET", "HEAD", "POST"])
@finance_only
def show(request: InsurerRequest, arrears_id: int) -> HttpResponse:
    """A case from the first debit that came back; with a form, one of the things to do."""
    shown = get_case(arrears_id, today=request.access.today)
    wanted = request.POST.get("action", "")
    built = {name: _build(request, name, wanted) for name in _ACTIONS}
    if request.method == "POST":
        if wanted not in _ACTIONS:
            raise Http404
        if _act(request, shown, wanted, built[wanted]):
            return redirect("insurer:arrears_case", arrears_id)
        shown = get_case(arrears_id, today=request.access.today)
    context = {
        "room": "arrears",
        "shown": shown,
        "events": list_events(shown),
        "forms": built,
        "form": built.get(wanted),
        "is_stopped": shown.waits_for == "STOPPED",
        "may_move": shown.pay_until is not None and not _is_beyond(shown),
    }
    status = 400 if wanted else 200
    return render(request, "portal/insurer/arrears/show.html", context, status=status)


def _is_beyond(shown: ShownCase) -> bool:
    """Whether the consequences of the last letter have begun."""
    letter, free_from = shown.last_letter, shown.free_from
    is_ended = letter is not None and letter.kind == "TERMINATION"
    return free_from is not None and not is_ended


def _build(request: InsurerRequest, name: str, wanted: str) -> forms.Form:
    form, _operation, _said = _ACTIONS[name]
    return form(request.POST if name == wanted else None, prefix=name)


def _act(request: InsurerRequest, shown: ShownCase, wanted: str, form: forms.Form) -> bool:
    """Whether it was done; else the form says why not."""
    _form, operation, said = _ACTIONS[wanted]
    if not form.is_valid():
        return False
    try:
        operation(
            case=shown.case,
            user=request.user,
            today=request.access.today,
            now=timezone.now(),
            **form.cleaned_data,
        )
    except UnableToRemind as error:
        params = {key: day(date.fromisoformat(text)) for key, text in error.params.items()}
        form.add_error(None, describe_refusal(error.code, params))
        return False
    messages.success(request, str(said))
    return True
