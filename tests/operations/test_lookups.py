"""`among` finds what `in` finds."""

from datetime import date

import pytest
from django.db.models import Q

from aupolicy.kernel.period import Period
from aupolicy.models import Employer, GroupContract

pytestmark = pytest.mark.django_db


@pytest.fixture
def contracts() -> list[GroupContract]:
    """Three of two employers; one number would end a list that is not written with care."""
    employers = [Employer.objects.create(legal_name=name) for name in ("A", "B")]
    return [
        GroupContract.objects.create(
            number=number, employer=employer, period=Period(date(2026, 1, 1), None)
        )
        for number, employer in zip(('1"},{', "2", "3"), [*employers, employers[0]], strict=True)
    ]


@pytest.mark.parametrize("field", ["pk", "number", "employer", "employer__legal_name"])
@pytest.mark.parametrize("places", [[], [0], [0, 1]])
def test_among_finds_what_in_finds(
    contracts: list[GroupContract], field: str, places: list[int]
) -> None:
    told = list(GroupContract.objects.order_by("pk").values_list(field, flat=True))
    wanted = [told[place] for place in places]
    found = GroupContract.objects.filter(Q(**{f"{field}__among": wanted}))
    same = GroupContract.objects.filter(Q(**{f"{field}__in": wanted}))
    assert set(found) == set(same)
    assert bool(found) == bool(wanted)
    assert set(GroupContract.objects.exclude(Q(**{f"{field}__among": wanted}))) == set(
        GroupContract.objects.exclude(Q(**{f"{field}__in": wanted}))
    )
