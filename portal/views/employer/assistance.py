"""What an employer may know of sickness and help among its people: counts, never names."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from aupolicy.kernel.month import Month
from aupolicy.operations.fence import ALL, acting_within
from claims.queries.assistance import count_by_kind, count_quarters
from claims.queries.parameters import get_claims_parameters
from portal.views.access import EmployerRequest, employer_room

_YEARS = 4
_QUARTERS = 4
_MONTHS_OF_QUARTER = 3


@require_safe
@employer_room()
def show(request: EmployerRequest) -> HttpResponse:
    """Assistance by kind in a year, and people with a benefit by quarter, large groups only."""
    access = request.access
    years = [access.today.year - back for back in range(_YEARS)]
    asked = request.GET.get("year", "")
    year = int(asked) if asked in map(str, years) else access.today.year
    smallest = get_claims_parameters(access.today).smallest_group
    quarters = list_quarters(access.today)
    # Counted over what the employer may not see one by one; small groups stay hidden.
    with acting_within(ALL):
        counts = count_by_kind(employer=access.employer, year=year, smallest=smallest)
        benefits = count_quarters(employer=access.employer, quarters=quarters, smallest=smallest)
    context = {
        "room": "sick_leaves",
        "years": years,
        "year": year,
        "smallest": smallest,
        "counts": counts,
        "benefits": benefits,
        "most": max((each.cases or 0 for each in counts.kinds), default=0) or 1,
    }
    return render(request, "portal/employer/assistance/show.html", context)


def list_quarters(today: date) -> list[date]:
    """First days of the last quarters that are over, the newest first."""
    current = Month.of(today)
    first = current.plus(-((current.number - 1) % _MONTHS_OF_QUARTER))
    return [first.plus(-_MONTHS_OF_QUARTER * back).first_day for back in range(1, _QUARTERS + 1)]
