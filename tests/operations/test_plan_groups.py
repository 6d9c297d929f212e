"""Plans of a few people at a time say what one plan of all says."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from aupolicy.models import GroupContract
from members.facts import Notice, NoticeKind, NoticeResult, NoticeStatus, PersonPlan, Plan
from members.queries.plan import leave_out_refused, plan_in_groups, plan_notices
from members.queries.plan_groups import split_by_people
from tests.laws import world

pytestmark = pytest.mark.django_db
JANUARY = date(2026, 1, 1)
KINDS = ["PAY_CHANGE", "PAY_CHANGE", "LEAVE", "NAME_CHANGE", "JOIN", "CORRECTION"]


@pytest.fixture
def contract() -> GroupContract:
    """Twelve people, some of whose notices have a reference and some are corrected."""
    contract = world.agree(start=JANUARY)
    joins = [notice("JOIN", str(n), JANUARY, "2400", reference=f"J{n}") for n in range(12)]
    raises = [
        notice("PAY_CHANGE", str(n), date(2026, 2, 1), "2500", reference=f"P{n}") for n in (1, 2, 3)
    ]
    corrections = [
        notice("CORRECTION", str(n), date(2026, 2, 1), corrects=f"P{n}", reference=f"C{n}")
        for n in (2, 3)
    ]
    world.tell(contract, *joins, *raises, *corrections)
    return contract


def notice(
    kind: str, number: str, day: date, pay: str | None = None, **details: str | int
) -> Notice:
    """A notice as it would be accepted, with more about it."""
    said = world.notice(kind, number, day, pay)
    return replace(said, **details)  # type: ignore[arg-type]  # the caller names fields


def draw(random: Random) -> list[Notice]:
    """Notices with few references, so that people share them."""
    said = []
    for row in range(random.randint(8, 40)):
        kind = random.choice(KINDS)
        details: dict[str, Any] = {"row": row}
        if random.random() < 0.3:
            letter, number = random.choice("JPCN"), random.randrange(6)
            details["reference"] = f"{letter}{number}"
        if kind == "CORRECTION":
            details["corrects"] = f"{random.choice('JPCN')}{random.randrange(6)}"
        pay = "2700" if kind in ("PAY_CHANGE", "JOIN") else None
        day = date(2026, 2, 1) + timedelta(days=random.choice([0, 0, 10, 28]))
        said.append(notice(kind, str(random.randrange(15)), day, pay, **details))
    return said


def standings(plan: Plan, places: Sequence[int]) -> dict[int, Any]:
    """Where new notices stand, by their place among all."""
    return {
        places[-key - 1]: (
            one.status,
            one.codes,
            places[-by - 1] if (by := one.withdrawn_by) is not None and by < 0 else f"#{by}",
        )
        for key, one in plan.standings.items()
    }


@pytest.mark.parametrize("seed", range(40))
def test_people_apart_are_planned_as_all_together(contract: GroupContract, seed: int) -> None:
    said = draw(Random(seed))  # noqa: S311 - the same notices each time
    whole = plan_notices(contract=contract, notices=said)
    results: dict[int, NoticeResult] = {}
    found: dict[int, Any] = {}
    persons: dict[str, PersonPlan] = {}
    changed: dict[int, Any] = {}
    for places, part in plan_in_groups(contract=contract, notices=said, people_at_once=1):
        results |= dict(zip(places, part.results, strict=True))
        found |= standings(part, places)
        persons |= part.persons
        changed |= {key: (one.status, one.codes) for key, one in part.changed.items()}
    assert tuple(results[place] for place in range(len(said))) == whole.results
    assert found == standings(whole, range(len(said)))
    assert persons == whole.persons
    assert changed == {key: (one.status, one.codes) for key, one in whole.changed.items()}


def test_people_who_share_nothing_are_apart(contract: GroupContract) -> None:
    march = date(2026, 3, 1)
    said = [notice("PAY_CHANGE", str(n), march, "2700") for n in (5, 6, 5, 7, 8)]
    assert list(split_by_people(contract, said, people_at_once=1)) == [[0, 2], [1], [3], [4]]
    assert list(split_by_people(contract, said, people_at_once=2)) == [[0, 1, 2], [3, 4]]
    # A reference that 8 has on record, one that both 5 and 9 use, and a correction.
    said[3] = notice("PAY_CHANGE", "7", march, "2700", reference="J8")
    said.append(notice("LEAVE", "5", march, reference="X"))
    said.append(notice("LEAVE", "9", march, reference="X"))
    said.append(notice("CORRECTION", "10", march, corrects="J10"))
    said.append(notice("LEAVE", "2", march))
    groups = list(split_by_people(contract, said, people_at_once=1))
    assert groups == [[0, 2, 3, 4, 5, 6, 7, 8], [1]]
    assert list(split_by_people(contract, [])) == []


def test_refused_ones_can_be_left_out(contract: GroupContract) -> None:
    said = [
        notice("PAY_CHANGE", "5", date(2026, 3, 1), "2700"),
        notice("JOIN", "77", date(2025, 1, 1), "2700"),
    ]
    plan = plan_notices(contract=contract, notices=said)
    assert [one.status for one in plan.results] == [NoticeStatus.APPLIED, NoticeStatus.REFUSED]
    assert list(leave_out_refused(plan).standings) == [-1]
    assert said[0].kind is NoticeKind.PAY_CHANGE
