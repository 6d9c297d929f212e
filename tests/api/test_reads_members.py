"""People as programs read them: as of any day, page by page, and only one's own."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aupolicy.kernel.period import ONE_DAY, Period
from aupolicy.models import GroupContract, Right, User
from aupolicy.operations import give_authority
from aupolicy.queries import get_tariff_version
from members.facts import EndReason, Notice, NoticeKind
from members.models import Membership, Person
from members.operations import apply_notices
from members.queries import coming_after, ended_before, insured_on
from portal.queries.people import PeopleFilter, filter_people, stream_people
from tests.api.conftest import Caller, Programs
from tests.api.described import read_as_described


def read_pages(caller: Caller, path: str, limit: int) -> list[dict[str, Any]]:
    """All items of a list, page by page."""
    joint, found, cursor = "&" if "?" in path else "?", [], ""
    while True:
        page = caller.get(f"{path}{joint}limit={limit}{cursor}").json()
        found += page["items"]
        assert len(page["items"]) <= limit
        if page["next"] is None:
            return found
        cursor = f"&cursor={page['next']}"


def apply(programs: Programs, *notices: Notice) -> None:
    apply_notices(contract=programs.world.contract, notices=notices, source_name="Test")


def notice(programs: Programs, kind: NoticeKind, number: str, day: date, **more: Any) -> Notice:
    moment = programs.world.runs[0].started_at
    return Notice(kind, number, day, moment, **more)


def join(programs: Programs, number: str, day: date) -> Notice:
    return notice(
        programs, NoticeKind.JOIN, number, day, pay=Decimal("2600.00"), first_name="Ada",
        last_name="Probst", birth_date=date(1990, 5, 17),
    )  # fmt: skip


def test_the_insured_are_those_that_the_portal_shows(programs: Programs) -> None:
    contract, today = programs.world.contract, programs.today
    tariff = get_tariff_version(contract, today)
    shown = filter_people(contract, PeopleFilter(), today)
    expected = {
        row.personnel_number: (row.period.first_day.isoformat(), str(row.pay), row.band,
                               str(row.premium))
        for row in stream_people(shown, day=today, tariff=tariff)
        if row.period is not None
    }  # fmt: skip
    page = read_as_described("list_members", programs.employer.get("members?limit=200"))
    assert page["next"] is None
    assert {
        one["personnel_number"]: (one["insured_from"], one["pay"], one["band"], one["premium"])
        for one in page["items"]
    } == expected
    assert {one["contract"] for one in page["items"]} == {contract.number}
    person = Person.objects.get(employer=contract.employer, personnel_number="1001")
    (first,) = (one for one in page["items"] if one["personnel_number"] == "1001")
    assert first["id"] == str(person.public_id)
    assert first["benefit"] == str(tariff.bands[first["band"] - 1].benefit)


@pytest.mark.parametrize("status", ["insured", "coming", "left", "all"])
def test_a_person_is_told_once_and_stands_where_the_day_finds_it(
    programs: Programs, status: str
) -> None:
    today = programs.today
    apply(
        programs,
        notice(programs, NoticeKind.LEAVE, "1002", today, reason=EndReason.OTHER),
        join(programs, "1002", today + timedelta(days=40)),
        notice(programs, NoticeKind.LEAVE, "1003", today - timedelta(days=3),
               reason=EndReason.EMPLOYMENT_ENDED),
        join(programs, "1003", today + timedelta(days=20)),
        notice(programs, NoticeKind.LEAVE, "1004", today - timedelta(days=3),
               reason=EndReason.EMPLOYMENT_ENDED),
        join(programs, "N-1", today + ONE_DAY),
    )  # fmt: skip
    for day, stands in (
        (today, {"1002": "insured", "1003": "coming", "1004": "left", "N-1": "coming"}),
        (today + timedelta(days=1), {"1002": "coming", "1003": "coming", "N-1": "insured"}),
        (today + timedelta(days=50), {"1002": "insured", "1003": "insured", "1004": "left"}),
    ):
        found = read_pages(programs.employer, f"members?as_of={day}&status={status}", 15)
        numbers = [one["personnel_number"] for one in found]
        assert len(set(numbers)) == len(numbers)
        told = {one["personnel_number"]: one["status"] for one in found}
        assert {told.get(number) for number, word in stands.items()} - {None} == (
            set(stands.values()) if status == "all" else set(stands.values()) & {status}
        )
        assert all(told.get(n) == w for n, w in stands.items() if status in {w, "all"})
        # The same as the portal's conditions, of which one person may fulfil several.
        condition = {
            "insured": insured_on(day), "coming": coming_after(day), "left": ended_before(day)
        }.get(status)  # fmt: skip
        if condition is not None:
            people = Membership.objects.filter(condition, contract=programs.world.contract)
            fit = set(people.values_list("person__personnel_number", flat=True))
            assert set(numbers) <= fit
            assert status != "insured" or set(numbers) == fit


def test_pages_have_everybody_once_while_people_join_and_leave(programs: Programs) -> None:
    first = programs.employer.get("members?limit=10").json()
    before = {one["id"] for one in programs.employer.get("members?limit=200").json()["items"]}
    apply(
        programs,
        notice(programs, NoticeKind.LEAVE, first["items"][3]["personnel_number"],
               programs.today - ONE_DAY, reason=EndReason.OTHER),
        join(programs, "0000", programs.today),
    )  # fmt: skip
    found, cursor = list(first["items"]), first["next"]
    while cursor:
        page = programs.employer.get(f"members?limit=10&cursor={cursor}").json()
        found, cursor = found + page["items"], page["next"]
    ids = [one["id"] for one in found]
    assert len(ids) == len(set(ids))
    assert before <= set(ids)
    assert found[-1]["personnel_number"] == "0000"


def test_cover_ends_with_the_contract(programs: Programs) -> None:
    last = programs.today + timedelta(days=10)
    period = Period(programs.world.contract.period.first_day, last)
    GroupContract.objects.filter(pk=programs.world.contract.pk).update(period=period)
    (one, *_) = programs.employer.get("members").json()["items"]
    assert (one["insured_until"], one["end_reason"]) == (last.isoformat(), "CONTRACT_ENDED")
    later = last + timedelta(days=5)
    assert programs.employer.get(f"members?as_of={later}").json()["items"] == []
    gone = programs.employer.get(f"members?as_of={later}&status=left&limit=200").json()["items"]
    assert one["id"] in {each["id"] for each in gone}
    single = programs.employer.get(f"members/{one['personnel_number']}?as_of={later}").json()
    assert {**single, "covers": None} == {
        **next(each for each in gone if each["id"] == one["id"]), "covers": None
    }  # fmt: skip


def test_one_person_is_told_as_in_the_list_with_all_cover(programs: Programs) -> None:
    today = programs.today
    raised = notice(programs, NoticeKind.PAY_CHANGE, "1005", today + ONE_DAY,
                    pay=Decimal("4800.00"))  # fmt: skip
    apply(programs, raised, join(programs, "A/7-x", today))
    for day in (today, today + ONE_DAY):
        page = programs.employer.get(f"members?limit=200&as_of={day}").json()["items"]
        listed = next(one for one in page if one["personnel_number"] == "1005")
        path = f"members/1005?as_of={day}"
        told = read_as_described("get_member", programs.employer.get(path))
        assert {name: told[name] for name in listed} == listed
    assert told["pay"] == "4800.00"
    (cover,) = told["covers"]
    assert [pay["pay"] for pay in cover["pays"]][-1] == "4800.00"
    assert programs.employer.get(f"members/{told['id']}?as_of={day}").json() == told
    assert programs.employer.get("members/A/7-x").json()["personnel_number"] == "A/7-x"


def test_nobody_sees_people_of_others(programs: Programs) -> None:
    number, key = programs.number, programs.world.contract.public_id
    assert programs.other.get("members/1030").status_code == 404
    own = programs.employer.get("members").json()["items"][0]
    assert programs.other.get(f"members/{own['id']}").status_code == 404
    for name in (number, key):
        assert programs.other.get(f"members?contract={name}").status_code == 404
        assert programs.employer.get(f"members?contract={name}").status_code == 200
        refused = programs.broker.get(f"members?contract={name}")
        assert refused.status_code == 403
        assert read_as_described("list_members", refused)["code"] == "NO_AUTHORITY"
    assert programs.broker.get("members").json() == {"items": [], "next": None}
    assert programs.broker.get(f"members/{own['id']}").status_code == 404
    assert programs.broker.get(f"members/1001?contract={number}").status_code == 403


def test_a_broker_with_authority_reads_all_its_clients(programs: Programs) -> None:
    by = User.objects.create(username="giver")
    contracts = programs.world.contracts
    for name in ("Autohaus Fahrspaß GmbH", "Luftdruck GmbH"):
        broker = contracts[name].broker
        assert broker is not None
        give_authority(
            employer=contracts[name].employer, broker=broker, right=Right.READ,
            first_day=programs.today, given_by=by,
        )  # fmt: skip
    found = read_pages(programs.broker, "members?status=all", 7)
    people = Membership.objects.filter(contract__broker__isnull=False).values("contract", "person")
    assert len(found) == people.distinct().count()
    assert len({(one["contract"], one["id"]) for one in found}) == len(found)
    assert {one["contract"] for one in found} == {
        contracts[name].number for name in ("Autohaus Fahrspaß GmbH", "Luftdruck GmbH")
    }
    # Both have a 1001: which one is meant has to be said.
    assert programs.broker.get("members/1001").json()["code"] == "CONTRACT_MISSING"
    assert programs.broker.get(f"members/1001?contract={programs.number}").status_code == 200


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("status=ill", "UNKNOWN_CHOICE"),
        ("as_of=2026-02-30", "NO_DAY"),
        ("limit=201", "NOT_A_WHOLE_NUMBER"),
        ("person=1", "UNKNOWN_FIELD"),
        ("cursor=abc", ""),
        ("cursor=WzFd", ""),
    ],
)
def test_what_the_address_says_wrong_is_named(programs: Programs, query: str, code: str) -> None:
    body = read_as_described("list_members", programs.employer.get(f"members?{query}"))
    assert body["status"] == 400
    assert [error["code"] for error in body["errors"]] == ([code] if code else [])
    assert programs.employer.get("members/1001?foo=1").status_code == 400
    assert programs.reader.get("contracts").status_code == 403


def count_queries(caller: Caller, path: str) -> int:
    """Those that programs outside of tests cause too: no savepoints, nothing put back after."""
    with CaptureQueriesContext(connection) as captured:
        assert caller.get(path).status_code == 200
    nested = ("SAVEPOINT", "RELEASE", "SELECT current_setting")
    asked = [query["sql"] for query in captured if not query["sql"].startswith(nested)]
    scopes = [sql for sql in asked if sql.startswith("SELECT set_config")]
    # Inside of the test's own transaction each scope is put back where it ends.
    assert len(scopes) == 4
    return len(asked) - len(scopes) // 2


def test_a_page_takes_as_many_queries_for_ten_people_as_for_two_hundred(
    programs: Programs,
) -> None:
    # The first use of a key is written down.
    programs.employer.get("me")
    programs.broker.get("me")
    few = count_queries(programs.employer, "members?limit=10")
    everybody = count_queries(programs.employer, "members?limit=200")
    apply(programs, *(join(programs, f"M{n}", programs.today) for n in range(150)))
    assert len(programs.employer.get("members?limit=200").json()["items"]) > 150
    assert few == everybody == count_queries(programs.employer, "members?limit=200")
    assert few <= 6
    assert count_queries(programs.broker, "members?limit=200") <= 6
