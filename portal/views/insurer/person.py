"""One person: cover, pay, premium and notices."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aupolicy.kernel.month import Month
from members.facts import EndReason
from members.models import Membership, Person
from portal.exports.charts import Stripe, Tick, draw_timeline
from portal.queries.insurer.papers import list_person_papers
from portal.queries.insurer.person import (
    PersonHead,
    get_person_head,
    list_person_lines,
    list_person_notices,
)
from portal.templatetags.portal import day, money
from portal.views.access import InsurerRequest, insurer_only
from portal.views.insurer.contract import find_contract

_MONTHS_AHEAD = 3
# Closer together the words under the line would overlap.
_DAYS_BETWEEN_LABELS = 20


@require_safe
@insurer_only
def show_person(request: InsurerRequest, contract_id: int, person_id: int) -> HttpResponse:
    """How long a person is covered, with which pay, and what that costs."""
    contract = find_contract(contract_id)
    person = get_object_or_404(Person, pk=person_id, employer=contract.employer_id)
    today = request.access.today
    head = get_person_head(person, contract, today)
    context = {
        "room": "contracts",
        "head": head,
        "person": person,
        "contract": contract,
        "state": _state(head.current, today),
        "has_early_end": head.current is not None
        and head.current.end_reason not in {"", EndReason.RETIREMENT_AGE},
        "timeline": _draw_cover(head, today) if head.memberships else "",
        "lines": list_person_lines(person, contract),
        "notices": list_person_notices(person, contract),
        "papers": list_person_papers(person, contract),
    }
    return render(request, "portal/insurer/person.html", context)


def _state(current: Membership | None, today: date) -> str:
    if current is None or current.period is None:
        return "none"
    if today < current.period.first_day:
        return "coming"
    ended = current.period.last_day is not None and current.period.last_day < today
    return "left" if ended else "insured"


def _draw_cover(head: PersonHead, today: date) -> SafeString:
    """Cover from its first day to some months ahead, one stripe a pay."""
    first_day = head.memberships[0].period.first_day.replace(day=1)
    last_day = Month.of(max(today, first_day)).plus(_MONTHS_AHEAD).last_day
    stripes = [
        Stripe(pay.period.first_day, pay.period.last_day, money(pay.amount)) for pay in head.pays
    ]
    ticks = [Tick(first_day, day(first_day)), Tick(today, _("heute"))]
    ticks += [
        Tick(last, day(last))
        for m in head.memberships
        if (last := m.period.last_day)
        and first_day < last < last_day
        and abs((last - today).days) > _DAYS_BETWEEN_LABELS
    ]
    title = _("Versicherung und Entgelt seit %(day)s") % {"day": day(first_day)}
    drawing = draw_timeline(stripes, ticks, first_day=first_day, last_day=last_day, title=title)
    return mark_safe(drawing)  # noqa: S308 -- the drawing escapes every text itself
