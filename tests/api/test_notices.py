"""Notices from programs: sent, looked at, read back, withdrawn."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from aupolicy.models import Broker, Right
from aupolicy.operations import give_authority
from members.facts import Channel, Notice, NoticeKind, ShownStatus
from members.models import NoticeRecord
from members.operations import apply_notices
from members.queries import get_shown_status
from tests.api.conftest import Programs


def join(number: str, today: Any, **more: Any) -> dict[str, Any]:
    return {
        "kind": "JOIN",
        "personnel_number": number,
        "effective": today.isoformat(),
        "pay": "3200.00",
        "first_name": "Ada",
        "last_name": "Probst",
        "birth_date": "1990-05-17",
        **more,
    }


def test_a_joining_is_looked_at_sent_and_read_back(programs: Programs) -> None:
    body = {"contract": programs.number, "notices": [join("N-1", programs.today, reference="a1")]}
    before = NoticeRecord.objects.count()

    looked = programs.employer.post("notices?dry_run=true", body)
    assert looked.status_code == 200, looked.content
    assert NoticeRecord.objects.count() == before
    sent = programs.employer.post("notices", body)
    assert sent.status_code == 200, sent.content
    report = sent.json()
    assert report["effect"] == looked.json()["effect"]
    (result,) = report["results"]
    assert result["status"] == "APPLIED"
    assert result["errors"] == []

    by_id = programs.employer.get(f"notices/{result['id']}").json()
    assert by_id == programs.employer.get("notices/a1").json()
    assert by_id["personnel_number"] == "N-1"
    assert by_id["channel"] == "API"


def test_of_many_notices_the_bad_ones_are_explained_and_the_others_taken(
    programs: Programs,
) -> None:
    notices = [join(f"N-{place}", programs.today) for place in range(100)]
    notices[7]["pay"] = 3200
    notices[8] = join("N-8", programs.today, birth_date="2026-13-01")
    del notices[9]["first_name"]
    body = {"contract": programs.number, "notices": notices}
    before = NoticeRecord.objects.count()

    refused = programs.employer.post("notices", body)
    assert refused.status_code == 422
    problem = refused.json()
    assert problem["code"] == "NOTICES_NOT_TAKEN"
    assert {(e["field"], e["code"]) for e in problem["errors"]} == {
        ("notices/7/pay", "NO_AMOUNT"),
        ("notices/8/birth_date", "NO_DAY"),
        ("notices/9/last_name", "MISSING_NAME"),
    }
    assert all(e["message_de"] != e["message_en"] for e in problem["errors"])
    assert NoticeRecord.objects.count() == before

    taken = programs.employer.post("notices?mode=each", body).json()
    assert taken["counts"] == {
        "APPLIED": 97, "NEEDS_CLERK": 0, "REFUSED": 3, "WITHDRAWN": 0, "known": 0,
    }  # fmt: skip
    assert NoticeRecord.objects.count() == before + 97
    ids = [one["id"] for one in taken["results"]]
    assert [place for place, key in enumerate(ids) if key is None] == [7, 8, 9]
    assert len(set(ids)) == 98

    again = programs.employer.post("notices?mode=each", body).json()
    assert again["counts"]["known"] == 97
    assert [one["id"] for one in again["results"]] == ids
    assert again["effect"]["total"] == "0.00"
    assert NoticeRecord.objects.count() == before + 97


def test_what_is_announced_is_told_by_person_and_in_sum(programs: Programs) -> None:
    body = {
        "contract": programs.number,
        "notices": [
            join("N-1", programs.today.replace(day=1)),
            join("N-2", programs.today.replace(day=1), pay="700.00"),
            {
                "kind": "PAY_CHANGE",
                "personnel_number": "N-1",
                "effective": programs.today.replace(day=1).isoformat(),
                "pay": "6000.00",
            },
        ],
    }
    report = programs.employer.post("notices?dry_run=true", body).json()
    changes = [one["premium_change"] for one in report["results"]]
    assert changes[2] == "0.00"
    assert sum(map(Decimal, changes)) == Decimal(report["effect"]["total"]) > 0
    assert report["effect"]["people"] == 2


def test_pages_go_on_where_the_last_one_ended_though_notices_come_in(programs: Programs) -> None:
    found: list[str] = []
    address = f"notices?limit=7&contract={programs.number}"
    while address:
        page = programs.employer.get(address).json()
        assert len(page["items"]) <= 7
        found += [one["id"] for one in page["items"]]
        if len(found) == 7:
            body = {"contract": programs.number, "notices": [join("N-9", programs.today)]}
            assert programs.employer.post("notices", body).status_code == 200
        cursor = page["next"]
        address = f"notices?limit=7&cursor={cursor}&contract={programs.number}" if cursor else ""
    own = NoticeRecord.objects.filter(contract=programs.world.contract).order_by("pk")
    assert found == [str(key) for key in own.values_list("public_id", flat=True)]


@pytest.mark.parametrize("status", list(ShownStatus))
def test_the_filter_by_status_says_what_is_shown(status: ShownStatus, programs: Programs) -> None:
    today, later = programs.today, programs.today + timedelta(days=20)
    last_day = {"kind": "LEAVE", "personnel_number": "N-3", "effective": today.isoformat()}
    body = {
        "contract": programs.number,
        "notices": [
            join("N-1", today),
            join("N-2", later),
            join("N-3", today.replace(day=1)),
            {**last_day, "reason": "EMPLOYMENT_ENDED", "reference": "bye"},
            join("N-4", today - timedelta(days=400), reference="old"),
        ],
    }
    assert programs.employer.post("notices?mode=each", body).status_code == 200
    taken = programs.employer.post("notices/bye/withdraw")
    assert taken.status_code == 200, taken.content
    page = programs.employer.get(f"notices?limit=200&status={status}").json()
    records = NoticeRecord.objects.filter(contract=programs.world.contract).order_by("pk")
    expected = [str(r.public_id) for r in records if get_shown_status(r, today) is status]
    assert [one["id"] for one in page["items"]] == expected
    assert {one["status"] for one in page["items"]} <= {status.value}


def test_a_notice_is_withdrawn_once_and_only_as_it_was_read(programs: Programs) -> None:
    body = {"contract": programs.number, "notices": [join("N-1", programs.today, reference="a")]}
    (result,) = programs.employer.post("notices", body).json()["results"]
    path = f"notices/{result['id']}"
    tag = programs.employer.get(path)["ETag"]

    assert programs.employer.post(f"{path}/withdraw", if_match='"other"').status_code == 412
    looked = programs.employer.post(f"{path}/withdraw?dry_run=true", if_match=tag).json()
    assert looked["dry_run"]
    taken = programs.employer.post(f"{path}/withdraw", if_match=tag).json()
    assert taken["effect"] == looked["effect"]
    assert programs.employer.get(path).json()["status"] == "WITHDRAWN"
    again = programs.employer.post(f"{path}/withdraw")
    assert (again.status_code, again.json()["code"]) == (409, "CANNOT_BE_WITHDRAWN")


def test_a_correction_may_name_our_key_or_the_reference(programs: Programs) -> None:
    for corrects in ("id", "reference"):
        number = f"N-{corrects}"
        sent = {"notices": [join(number, programs.today, reference=f"r-{corrects}")]}
        (result,) = programs.employer.post("notices", sent).json()["results"]
        correction = {
            "kind": "CORRECTION",
            "personnel_number": number,
            "effective": programs.today.isoformat(),
            "corrects": result[corrects],
        }
        answer = programs.employer.post("notices", {"notices": [correction]}).json()
        assert answer["results"][0]["status"] == "APPLIED", answer
        assert programs.employer.get(f"notices/{result['id']}").json()["status"] == "WITHDRAWN"


def test_what_the_portal_reports_is_read_by_programs_at_once(programs: Programs) -> None:
    contract = programs.world.contract
    notice = Notice(
        kind=NoticeKind.JOIN,
        personnel_number="P-1",
        effective=programs.today,
        received_at=timezone.now(),
        pay=Decimal(3000),
        first_name="Ada",
        last_name="Probst",
        birth_date=date(1990, 5, 17),
    )
    apply_notices(contract=contract, notices=[notice], channel=Channel.FORM)
    page = programs.employer.get("notices?personnel_number=P-1").json()
    assert [(one["kind"], one["channel"]) for one in page["items"]] == [("JOIN", "FORM")]


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "notices", "MISSING"),
        ([], "notices", "MISSING"),
        ({"notices": []}, "notices", "EMPTY"),
        ({"notices": {}}, "notices", "NOT_A_LIST"),
        ({"notices": [{}] * 1001}, "notices", "TOO_MANY"),
        ({"notices": [{}], "other": 1}, "other", "UNKNOWN_FIELD"),
        ({"notices": ["x"]}, "notices/0", "NOT_AN_OBJECT"),
        ({"notices": [{"kind": "HIRE"}]}, "notices/0/kind", "UNKNOWN_CHOICE"),
        ({"notices": [{"kind": ["JOIN"]}]}, "notices/0/kind", "UNKNOWN_CHOICE"),
        ({"notices": [{"pay": "1e9"}]}, "notices/0/pay", "NO_AMOUNT"),
        ({"notices": [{"pay": "-1"}]}, "notices/0/pay", "NO_AMOUNT"),
        ({"notices": [{"pay": "123456789012"}]}, "notices/0/pay", "AMOUNT_TOO_LARGE"),
        ({"notices": [{"pay": "٣٢٠٠"}]}, "notices/0/pay", "NO_AMOUNT"),
        ({"notices": [{"first_name": "x" * 10_000}]}, "notices/0/first_name", "TOO_LONG"),
        ({"notices": [{"first_name": "a\u202eb"}]}, "notices/0/first_name", "UNSEEN_CHARACTERS"),
        ({"notices": [{"first_name": None}]}, "notices/0/first_name", "NOT_TEXT"),
        ({"notices": [{"effective": "2026-02-30"}]}, "notices/0/effective", "NO_DAY"),
        ({"notices": [{"effective": "9999-12-31"}]}, "notices/0/effective", "DAY_OUT_OF_RANGE"),
        ({"notices": [{"personnel_number": "1 2"}]}, "notices/0/personnel_number",
         "NO_PERSONNEL_NUMBER"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named_where_it_stands(
    body: Any, field: str, code: str, programs: Programs
) -> None:
    answer = programs.employer.post("notices", body)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert {"field": field, "code": code}.items() <= next(
        error.items() for error in answer.json()["errors"] if error["field"] == field
    )


def test_other_contracts_and_missing_rights(programs: Programs) -> None:
    body = {"contract": programs.number, "notices": [join("N-1", programs.today)]}
    assert programs.other.post("notices", body).status_code == 404
    assert programs.reader.post("notices", body).json()["code"] == "SCOPE_MISSING"
    without = programs.broker.post("notices", body)
    assert (without.status_code, without.json()["code"]) == (403, "NO_AUTHORITY")
    unnamed = programs.broker.post("notices", {"notices": body["notices"]})
    assert unnamed.json()["code"] == "CONTRACT_MISSING"
    give_authority(
        employer=programs.world.contract.employer,
        broker=Broker.objects.get(),
        right=Right.EDIT,
        first_day=programs.today,
    )
    assert programs.broker.post("notices", body).status_code == 200
