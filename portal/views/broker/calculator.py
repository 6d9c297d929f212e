"""The quote calculator: one thing at a time, nothing kept until it is saved.

What was typed travels along in the form, so that every step works without scripts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aupolicy.facts import TariffVersion
from aupolicy.facts.offer import ExampleEmployee, OfferInput
from aupolicy.kernel.money import format_amount, round_cent
from aupolicy.models import Quote
from aupolicy.operations.offers import save_quote
from aupolicy.parsing.typed_payroll import write_typed_payroll
from aupolicy.queries import get_tariff
from aupolicy.queries.offers import (
    compute_hours_month,
    compute_hours_week,
    list_quotes,
    price_gap,
    price_offer,
    read_offer,
)
from aupolicy.rules import compute_quote
from portal.forms.broker import (
    BasicsForm,
    ExampleForm,
    PayrollForm,
    first_of_next_month,
    write_left_out,
)
from portal.templatetags.portal import typed_day
from portal.views.access import BrokerRequest, broker_room
from portal.views.broker.result import describe_gap, describe_offer

STEPS = ("basics", "payroll", "result")
_EXAMPLE = ("gross", "tax_class", "church_tax", "children")
_CARRIED = {
    "basics": ("employer_name", "start", "tariff", "hours_week"),
    "payroll": ("payroll", "left_out"),
    "result": _EXAMPLE,
}
_FULL_TIME_WEEK = "40"
Values = dict[str, str]


@dataclass
class _Answers:
    """What was typed so far, and what it means as far as it is right."""

    basics: BasicsForm
    tariff: TariffVersion | None = None
    payroll: PayrollForm | None = None

    @property
    def start(self) -> date:
        day: date = self.basics.cleaned_data["start"]
        return day


@require_http_methods(["GET", "HEAD", "POST"])
@broker_room
def calculate(request: BrokerRequest) -> HttpResponse:
    """Show the step asked for, or the first one that is not right yet."""
    if request.method != "POST":
        return _show(request, "basics", _first_values(request))
    values = {name: request.POST.get(name, "") for names in _CARRIED.values() for name in names}
    wanted = request.POST.get("go", "")
    if wanted in STEPS[:2]:
        return _show(request, wanted, values)
    answers = _read_basics(values)
    if answers.tariff is None:
        return _show(request, "basics", values, answers.basics)
    if wanted == "gap":
        return _show_gap(request, values, answers.tariff)
    if request.POST.get("step") == "basics":
        return _show(request, "payroll", values)
    return _read_payroll(request, values, answers, answers.tariff)


def _read_basics(values: Values) -> _Answers:
    answers = _Answers(BasicsForm(values))
    if answers.basics.is_valid():
        tariff = get_tariff(answers.basics.cleaned_data["tariff"])
        answers.tariff = tariff.version_on(answers.start)
        if answers.tariff is None:
            text = _("Dieser Tarif gilt erst ab %(day)s.")
            first = typed_day(tariff.versions[0].valid_from)
            answers.basics.add_error("start", text % {"day": first})
    return answers


def _read_payroll(
    request: BrokerRequest, values: Values, answers: _Answers, tariff: TariffVersion
) -> HttpResponse:
    form = PayrollForm(values, request.FILES, priced=(tariff, answers.start))
    is_right = form.is_valid()
    if request.POST.get("go") == "count":
        priced = compute_quote(tariff, form.counts) if is_right else None
        return render(request, "portal/broker/quotes/counted.html", {"priced": priced})
    if not is_right:
        return _show(request, "payroll", values, form)
    values["payroll"] = write_typed_payroll(form.counts)
    values["left_out"] = write_left_out({r: code.value for r, code in form.reasons.items()})
    answers.payroll = form
    return _show_result(request, values, answers, tariff)


def _show_result(
    request: BrokerRequest, values: Values, answers: _Answers, tariff: TariffVersion
) -> HttpResponse:
    assert answers.payroll is not None  # noqa: S101 -- read just before
    if not values["gross"]:
        values |= _default_example(answers.payroll.counts, tariff)
    example = ExampleForm(values)
    is_right = example.is_valid()
    employee = example.to_example() if is_right else ExampleEmployee(min(answers.payroll.counts))
    offer = _build_offer(answers, tariff, employee)
    if request.POST.get("go") == "save" and is_right:
        return _save(request, offer)
    hours_week = answers.basics.cleaned_data["hours_week"]
    context = describe_offer(price_offer(offer, day=request.access.today), hours_week=hours_week)
    if not is_right:
        context["gap"] = context["no_gap"] = None
    return _show(request, "result", values, example, context)


def _default_example(counts: Mapping[Decimal, int], tariff: TariffVersion) -> Values:
    """Somebody with the average pay, single, without children."""
    payroll = compute_quote(tariff, counts)
    average = round_cent(payroll.payroll / payroll.insured)
    gross = format_amount(average)
    return {"gross": gross, "tax_class": "I", "church_tax": "none", "children": "0"}


def _build_offer(answers: _Answers, tariff: TariffVersion, employee: ExampleEmployee) -> OfferInput:
    assert answers.payroll is not None  # noqa: S101 -- the result comes after the payroll
    return OfferInput(
        employer_name=answers.basics.cleaned_data["employer_name"],
        tariff_key=tariff.key,
        start=answers.start,
        hours_month=compute_hours_month(answers.basics.cleaned_data["hours_week"]),
        payroll=answers.payroll.counts,
        example=employee,
        left_out=tuple((row, code.value) for row, code in answers.payroll.reasons.items()),
    )


def _save(request: BrokerRequest, offer: OfferInput) -> HttpResponse:
    broker = request.access.broker
    quote = save_quote(offer=offer, broker=broker, by=request.user, now=timezone.now())
    words = {"number": quote.number}
    messages.success(request, _("Angebot %(number)s ist gespeichert.") % words)
    return redirect("broker:quote", broker.pk, quote.pk)


def _show_gap(request: BrokerRequest, values: Values, tariff: TariffVersion) -> HttpResponse:
    """The gap alone, for the example as it is being typed."""
    example = ExampleForm(values)
    context: dict[str, Any] = {"form": example, "gap": None}
    if example.is_valid():
        gap, no_gap, parameters = price_gap(example.to_example(), tariff, day=request.access.today)
        context |= describe_gap(gap, no_gap, parameters)
    return render(request, "portal/broker/quotes/gap.html", context)


def _show(
    request: BrokerRequest,
    step: str,
    values: Values,
    form: Any = None,
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    shown = _CARRIED[step]
    context = {
        "room": "quotes",
        "step": step,
        "steps": STEPS,
        "number": STEPS.index(step) + 1,
        "form": form or _blank_form(step, values),
        "carried": [
            (name, values.get(name, ""))
            for names in _CARRIED.values()
            for name in names
            if name not in shown
        ],
        "values": values,
        **(more or {}),
    }
    return render(request, f"portal/broker/quotes/{step}.html", context)


def _blank_form(step: str, values: Values) -> Any:
    """The form of a step with what was typed before, without judging it."""
    return {"basics": BasicsForm, "payroll": PayrollForm}[step](initial=values)


def _first_values(request: BrokerRequest) -> Values:
    """The defaults, or what another quote was made of."""
    start = first_of_next_month(request.access.today)
    source = request.GET.get("from", "")
    if not source.isdecimal():
        name = request.GET.get("name", "")[:140]
        return {"employer_name": name, "start": typed_day(start), "hours_week": _FULL_TIME_WEEK}
    quote = get_object_or_404(list_quotes(request.access.broker), pk=int(source))
    return _values_of(quote, start)


def _values_of(quote: Quote, earliest: date) -> Values:
    offer = read_offer(quote)
    church = offer.example.church_tax_percent
    hours = f"{compute_hours_week(offer.hours_month).normalize():f}".replace(".", ",")
    return {
        "employer_name": offer.employer_name,
        "start": typed_day(max(offer.start, earliest)),
        "tariff": offer.tariff_key,
        "hours_week": hours,
        "payroll": write_typed_payroll(offer.payroll),
        "left_out": write_left_out(dict(offer.left_out)),
        "gross": format_amount(offer.example.gross),
        "tax_class": offer.example.tax_class.value,
        "church_tax": "none" if church is None else f"{church.normalize():f}",
        "children": str(offer.example.children),
    }
