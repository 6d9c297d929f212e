"""One person: cover, pay, premium and notices."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from members.facts import EndReason
from members.models import Membership, Person
from portal.queries.person import (
    get_person_head,
    list_person_lines,
    list_person_notices,
    list_person_papers,
)
from portal.views.access import InsurerRequest, insurer_only
from portal.views.charts import draw_cover
from portal.views.insurer.contract import find_contract


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
        "timeline": draw_cover(head.memberships, head.pays, today=today),
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
