"""The people of an employer: found by name, number or birth date, as of any day."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from aupolicy.facts import TariffVersion
from aupolicy.models import GroupContract
from aupolicy.queries import NoTermsInForce, get_tariff_version
from portal.forms.fields import DAY_FORMATS
from portal.queries.employer.contracts import shown_day
from portal.queries.people import (
    SHOWN_PEOPLE,
    SORTED_BY,
    PeopleFilter,
    filter_people,
    page_of_people,
    sum_people,
)
from portal.views.access import EmployerRequest, employer_room
from portal.views.employer.room import find_room

_LONGEST_SEARCH = 80


@dataclass(frozen=True, slots=True)
class WantedPeople:
    """What the address asks for. `day_text` is kept as typed; `is_no_day` where it is no day."""

    wanted: PeopleFilter
    day: date
    day_text: str
    is_no_day: bool
    tariff: TariffVersion | None


@require_safe
@employer_room()
def list_people(request: EmployerRequest) -> HttpResponse:
    """The people of a contract, narrowed, sorted and paged by the address."""
    room = find_room(request)
    if room is None:
        return render(request, "portal/employer/people.html", {"room": "people"})
    asked = read_people_filter(request, room.contract)
    context = {
        "room": "people",
        "contract": room.contract,
        "contracts": room.contracts,
        "asked": asked,
        "wanted": asked.wanted,
        "is_past": asked.day < request.access.today,
    }
    if asked.tariff is not None:
        context |= _describe_people(request, room.contract, asked, asked.tariff)
    return render(request, "portal/employer/people.html", context)


def _describe_people(
    request: EmployerRequest, contract: GroupContract, asked: WantedPeople, tariff: TariffVersion
) -> dict[str, Any]:
    """One page of people and, where they are insured on the day, the sums over all of them."""
    sums = None
    if asked.wanted.show == "insured":
        sums = sum_people(contract, asked.wanted, day=asked.day, tariff=tariff)
    page, rows = page_of_people(
        filter_people(contract, asked.wanted, asked.day, tariff),
        page=request.GET.get("page", 1),
        day=asked.day,
        tariff=tariff,
        # Whoever is insured has a pay on every day, so the sums count them all.
        counted=sums.insured if sums else None,
    )
    return {"page": page, "rows": rows, "bands": tariff.bands, "sums": sums}


def read_people_filter(request: EmployerRequest, contract: GroupContract) -> WantedPeople:
    """What the address narrows the people to; what it does not know is left out."""
    asked = request.GET
    show, sort, band = asked.get("show", ""), asked.get("sort", ""), asked.get("band", "")
    text = asked.get("day", "").strip()[:20]
    day = read_day(text)
    shown = shown_day(contract, day or request.access.today)
    wanted = PeopleFilter(
        text=asked.get("q", "").strip()[:_LONGEST_SEARCH],
        show=show if show in SHOWN_PEOPLE else "insured",
        band=int(band) if band.isascii() and band.isdigit() else None,
        sort=sort if sort.removeprefix("-") in SORTED_BY else "name",
    )
    return WantedPeople(
        wanted=wanted,
        day=shown,
        day_text=text,
        is_no_day=bool(text) and day is None,
        tariff=_find_tariff(contract, shown),
    )


def read_day(text: str) -> date | None:
    """A day as people type or paste it, None where it is none."""
    for form in DAY_FORMATS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 -- a day has no zone
        except ValueError:
            continue
    return None


def _find_tariff(contract: GroupContract, day: date) -> TariffVersion | None:
    try:
        return get_tariff_version(contract, day)
    except NoTermsInForce:
        return None
