"""One person of an employer: cover, premium, benefit, history, as known on any past day."""

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from aupolicy.models import GroupContract
from documents.facts import DocumentKind
from members.facts import EndReason, NoticeKind
from members.models import Membership, Person
from portal.queries.employer.person import (
    explain_price,
    find_benefit_in_kind,
    list_covers_known_on,
    list_history,
)
from portal.queries.person import get_person_head, list_person_lines, list_person_papers
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
    person, contract = find_person(request, person_id)
    today = request.access.today
    head = get_person_head(person, contract, today)
    state = find_state(head.current, today)
    lines = list_person_lines(person, contract)
    papers = list_person_papers(person, contract)
    confirmation = next((p for p in papers if p.kind == DocumentKind.CONFIRMATION), None)
    context = {
        "room": "people",
        "head": head,
        "person": person,
        "contract": contract,
        "state": state,
        "has_early_end": head.current is not None
        and head.current.end_reason not in {"", EndReason.RETIREMENT_AGE},
        "actions": _ACTIONS[state],
        "lines": lines,
        "benefit": find_benefit_in_kind(lines),
        "notices": list_history(person, contract),
        "papers": papers,
        "confirmation": confirmation,
        **_describe_cover(request, person, contract, head.memberships, head.pays),
    }
    return render(request, "portal/employer/person.html", context)


def find_person(request: EmployerRequest, person_id: int) -> tuple[Person, GroupContract]:
    """A person of the employer and the contract the page is about, else 404.

    Without a contract in the address it is the one of the person's last cover.
    """
    employer = request.access.employer
    person = get_object_or_404(Person, pk=person_id, employer=employer)
    if "contract" not in request.GET:
        last = (
            Membership.objects.filter(person=person, period__isnull=False)
            .select_related("contract__employer", "contract__broker")
            .order_by("-period")
            .first()
        )
        if last is not None:
            return person, last.contract
    return person, open_room(request).contract


def find_state(current: Membership | None, today: date) -> str:
    """Where a person's cover stands: insured, coming, left or none."""
    if current is None or current.period is None:
        return "none"
    if today < current.period.first_day:
        return "coming"
    ended = current.period.last_day is not None and current.period.last_day < today
    return "left" if ended else "insured"


def _describe_cover(
    request: EmployerRequest,
    person: Person,
    contract: GroupContract,
    memberships: list[Membership],
    pays: list[Any],
) -> dict[str, Any]:
    """Picture and table of the cover: as known now, or on the day the address asks for."""
    today = request.access.today
    text = request.GET.get("known", "").strip()[:20]
    known = read_day(text)
    if known is None or known >= today:
        return {
            "timeline": draw_cover(memberships, pays, today=today),
            "pays": pays,
            "known_text": text,
            "is_no_day": bool(text) and known is None,
        }
    covers = list_covers_known_on(person, contract, known)
    pays = [pay for cover in covers for pay in cover.pays]
    return {
        "timeline": draw_cover(covers, pays, today=today),
        "pays": pays,
        "covers": covers,
        "known": known,
        "known_text": text,
    }


@require_safe
@employer_room()
def explain_premium(request: EmployerRequest, person_id: int) -> HttpResponse:
    """Why a full month of a person's cover costs and pays what it does."""
    person, contract = find_person(request, person_id)
    head = get_person_head(person, contract, request.access.today)
    language = "en" if (get_language() or "de").startswith("en") else "de"
    why = explain_price(head, language)
    if why is None:
        raise Http404
    context = {"room": "people", "person": person, "contract": contract, "why": why}
    template = "parts/price_why_panel.html" if request.htmx else "employer/person_why.html"
    return render(request, f"portal/{template}", context)
