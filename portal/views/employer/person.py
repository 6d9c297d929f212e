"""One person of an employer: cover, premium, benefit, history, as known on any past day."""

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from members.facts import EndReason, NoticeKind
from members.models import InsuredPay, Membership, Person
from portal.queries.employer.person import (
    explain_price,
    find_benefit_in_kind,
    list_covers_known_on,
    list_history,
)
from portal.queries.person import (
    PersonHead,
    list_person_lines,
    list_person_papers,
    make_person_head,
    read_pays,
)
from portal.views.access import EmployerRequest, employer_room
from portal.views.charts import draw_cover
from portal.views.employer.people import read_day
from portal.views.employer.room import open_room

_ACTIONS = {
    "insured": [
        NoticeKind.PAY_CHANGE,
        NoticeKind.LEAVE,
        NoticeKind.PARENTAL_LEAVE,
        NoticeKind.NAME_CHANGE,
    ],
    "coming": [NoticeKind.PAY_CHANGE, NoticeKind.NAME_CHANGE],
    "left": [NoticeKind.RETURN, NoticeKind.JOIN],
    "none": [NoticeKind.JOIN],
}
"""What is reported about somebody, by where the cover stands; the rest is behind "Meldung"."""


@require_safe
@employer_room()
def show_person(request: EmployerRequest, person_id: int) -> HttpResponse:
    """How long a person is covered, what that costs and pays, and what was reported."""
    head = _find_head(request, person_id)
    today = request.access.today
    state = find_state(head.current, today)
    text = request.GET.get("known", "").strip()[:20]
    known = read_day(text)
    context = {
        "room": "people",
        "head": head,
        "person": head.person,
        "contract": head.contract,
        "state": state,
        "has_early_end": head.current is not None
        and head.current.end_reason not in {"", EndReason.RETIREMENT_AGE},
        "actions": _ACTIONS[state],
        "known_text": text,
        "is_no_day": bool(text) and known is None,
    }
    if known is not None and known < today:
        context |= _describe_known(head, known, today)
    else:
        context |= _describe_now(head, today)
    return render(request, "portal/employer/person.html", context)


def _find_head(request: EmployerRequest, person_id: int) -> PersonHead:
    """A person's cover under the contract of the address, else the last one's; else 404.

    All in one query where there is any cover.
    """
    employer, day = request.access.employer, request.access.today
    found = InsuredPay.objects.filter(membership__person=person_id)
    found = found.filter(membership__person__employer=employer)
    wanted = request.GET.get("contract", "")
    pays = list(read_pays(found))
    mine = [pay for pay in pays if str(pay.membership.contract_id) == wanted] or pays
    if not mine:
        person = get_object_or_404(Person, pk=person_id, employer=employer)
        return make_person_head(person, open_room(request).contract, [], day)
    last = mine[-1].membership
    under = [pay for pay in mine if pay.membership.contract_id == last.contract_id]
    return make_person_head(last.person, last.contract, under, day)


def find_state(current: Membership | None, today: date) -> str:
    """Where a person's cover stands: insured, coming, left or none."""
    if current is None or current.period is None:
        return "none"
    if today < current.period.first_day:
        return "coming"
    ended = current.period.last_day is not None and current.period.last_day < today
    return "left" if ended else "insured"


def _describe_now(head: PersonHead, today: date) -> dict[str, Any]:
    """Cover, premiums, notices and papers as of now."""
    lines = list_person_lines(head.person, head.contract)
    return {
        "timeline": draw_cover(head.memberships, head.pays, today=today),
        "pays": head.pays,
        "lines": lines,
        "benefit": find_benefit_in_kind(lines),
        "notices": list_history(head.person, head.contract),
        "papers": list_person_papers(head.person, head.contract),
    }


def _describe_known(head: PersonHead, known: date, today: date) -> dict[str, Any]:
    """Cover as it was known at the end of a past day; nothing else."""
    covers = list_covers_known_on(head.person, head.contract, known)
    pays = [pay for cover in covers for pay in cover.pays]
    return {
        "timeline": draw_cover(covers, pays, today=today),
        "pays": pays,
        "covers": covers,
        "known": known,
    }


@require_safe
@employer_room()
def explain_premium(request: EmployerRequest, person_id: int) -> HttpResponse:
    """Why a full month of a person's cover costs and pays what it does."""
    head = _find_head(request, person_id)
    language = "en" if (get_language() or "de").startswith("en") else "de"
    why = explain_price(head, language)
    if why is None:
        raise Http404
    context = {"room": "people", "person": head.person, "contract": head.contract, "why": why}
    template = "parts/price_why_panel.html" if request.htmx else "employer/person_why.html"
    return render(request, f"portal/{template}", context)
