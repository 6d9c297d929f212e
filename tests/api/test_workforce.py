"""The complete payroll of a day: looked at, confirmed, applied, and found again."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from api.models import Job, JobRow
from documents.models import WebhookMessage
from members.models import NoticeRecord
from tests.api.conftest import Programs
from tests.api.payrolls import Person, change_some, list_people, new_person, put


@pytest.fixture
def people(programs: Programs) -> list[Person]:
    found = list_people(programs.world.contract, programs.today)
    assert len(found) > 30
    return found


def test_an_unchanged_payroll_changes_nothing(programs: Programs, people: list[Person]) -> None:
    done = put(programs, people)
    assert done.status_code == 200, done.content
    job = done.json()
    assert job["state"] == "checked"
    assert job["result"]["counts"] == {
        "apply": 0, "clerk": 0, "known": 0, "none": len(people), "failed": 0,
    }  # fmt: skip
    assert job["result"]["notices"] == []
    assert done["ETag"] == programs.employer.get(f"jobs/{job['id']}")["ETag"]


def test_changes_are_shown_confirmed_and_then_no_changes_any_more(
    programs: Programs, people: list[Person]
) -> None:
    sent, before = change_some(people), NoticeRecord.objects.count()
    looked = put(programs, sent, "?dry_run=true").json()
    assert looked["id"] is None
    assert not Job.objects.exists()

    job = put(programs, sent).json()
    assert looked["result"] == job["result"]
    assert NoticeRecord.objects.count() == before
    rows = {row["personnel_number"]: row for row in job["result"]["notices"]}
    assert job["result"]["kinds"] == {"PAY_CHANGE": 1, "NAME_CHANGE": 1, "JOIN": 1, "LEAVE": 2}
    raised = rows[people[2]["personnel_number"]]
    assert (raised["pay_before"], raised["pay"]) == (people[2]["pay"], "9999.99")
    assert [w["code"] for w in raised["warnings"]] == ["PAY_JUMP"]
    assert "%" not in raised["warnings"][0]["message_en"]
    assert rows["W-1"]["reference"] == "k1"
    assert rows["W-1"]["index"] == len(sent) - 1
    gone = rows[people[0]["personnel_number"]]
    assert gone["index"] is None
    assert gone["effective"] == (programs.today - timedelta(days=1)).isoformat()
    total = sum(Decimal(row["premium_change"]) for row in rows.values())
    assert total == Decimal(job["result"]["effect"]["total"])

    address = f"jobs/{job['id']}"
    tag = programs.employer.get(address)["ETag"]
    done = programs.employer.post(f"{address}/confirm", If_Match=tag)
    assert done.status_code == 200, done.content
    assert done.json()["state"] == "applied"
    assert done.json()["result"] == job["result"]
    assert NoticeRecord.objects.count() == before + 5
    assert set(NoticeRecord.objects.order_by("-pk").values_list("channel", flat=True)[:5]) == {
        "API"
    }
    again = put(programs, sent).json()["result"]
    assert again["counts"]["none"] == len(sent)
    assert again["notices"] == []
    told = WebhookMessage.objects.filter(topic="job.finished")
    assert [one.data["state"] for one in told] == ["applied"]


def test_if_match_confirmed_twice_and_discarded(programs: Programs, people: list[Person]) -> None:
    job = put(programs, change_some(people)).json()
    address = f"jobs/{job['id']}"
    refused = programs.employer.post(f"{address}/confirm", If_Match='"another"')
    assert refused.status_code == 412
    assert programs.employer.post(f"{address}/confirm").status_code == 200
    for verb in ("confirm", "discard"):
        again = programs.employer.post(f"{address}/{verb}")
        assert (again.status_code, again.json()["code"]) == (409, "JOB_NOT_OPEN")

    other = put(programs, people).json()
    gone = programs.employer.post(f"jobs/{other['id']}/discard")
    assert gone.json()["state"] == "discarded"
    assert gone.json()["result"] is None
    assert not JobRow.objects.filter(job=other["id"]).exists()


def test_what_changed_meanwhile_is_shown_anew(programs: Programs, people: list[Person]) -> None:
    job = put(programs, change_some(people)).json()
    notice = {
        "kind": "LEAVE",
        "personnel_number": people[0]["personnel_number"],
        "effective": (programs.today - timedelta(days=3)).isoformat(),
    }
    assert programs.employer.post("notices", {"notices": [notice]}).status_code == 200
    before = NoticeRecord.objects.count()

    late = programs.employer.post(f"jobs/{job['id']}/confirm")
    assert (late.status_code, late.json()["code"]) == (409, "CHANGED_MEANWHILE"), late.content
    assert NoticeRecord.objects.count() == before
    fresh = late.json()["job"]
    assert fresh["state"] == "checked"
    assert fresh["problem"]["code"] == "CHANGED_MEANWHILE"
    assert fresh["result"]["digest"] != job["result"]["digest"]
    assert fresh["result"]["kinds"]["LEAVE"] == 1

    done = programs.employer.post(f"jobs/{job['id']}/confirm")
    assert done.json()["state"] == "applied", done.content
    assert NoticeRecord.objects.count() == before + 4


def test_applied_at_once(programs: Programs, people: list[Person]) -> None:
    before = NoticeRecord.objects.count()
    done = put(programs, change_some(people), "?apply=true", Idempotency_Key="payroll-1")
    assert done.status_code == 200, done.content
    assert done.json()["state"] == "applied"
    again = put(programs, change_some(people), "?apply=true", Idempotency_Key="payroll-1")
    assert again["Idempotency-Replayed"] == "true"
    assert again.json() == done.json()
    assert NoticeRecord.objects.count() == before + 5
    assert Job.objects.count() == 1


WRONG: list[tuple[Any, str, str]] = [
    ({"pay": "3.200,00"}, "NO_AMOUNT", "pay"),
    ({"pay": 3200}, "NO_AMOUNT", "pay"),
    ({"birth_date": "1990-02-30"}, "NO_DAY", "birth_date"),
    ({"birth_date": "2190-02-03"}, "BIRTH_DATE_IN_FUTURE", "birth_date"),
    ({"last_name": "A" * 10_000}, "TOO_LONG", "last_name"),
    ({"last_name": "123"}, "NO_NAME", "last_name"),
    ({"last_name": ""}, "EMPTY", "last_name"),
    ({"employment": None}, "UNKNOWN_CHOICE", "employment"),
    ({"exit_date": None}, "NO_DAY", "exit_date"),
    ({"salary": "1"}, "UNKNOWN_FIELD", "salary"),
    ({"personnel_number": "1;2"}, "NO_PERSONNEL_NUMBER", "personnel_number"),
]


def test_wrong_people_are_named_and_not_missing(programs: Programs, people: list[Person]) -> None:
    sent = [dict(one) for one in people]
    for one, (wrong, _code, _field) in zip(sent, WRONG, strict=False):
        one.update(wrong)
    result = put(programs, sent).json()["result"]
    assert result["counts"]["failed"] == len(WRONG) + 1
    told = [
        (error["code"], error["field"])
        for row in result["notices"]
        if row["index"] is not None
        for error in row["errors"]
    ]
    expected = [(code, f"people/{place}/{field}") for place, (_w, code, field) in enumerate(WRONG)]
    assert told == expected
    # Whose number cannot be read may be anybody, so nobody is said to have left.
    (maybe,) = [row for row in result["notices"] if row["index"] is None]
    assert [error["code"] for error in maybe["errors"]] == ["MAYBE_UNREAD"]
    assert maybe["personnel_number"] == people[len(WRONG) - 1]["personnel_number"]
    assert result["kinds"] == {}
    for row in result["notices"]:
        for error in row["errors"]:
            assert error["message_de"] != error["code"]
            assert error["message_en"] != error["message_de"]
            assert "%(" not in error["message_de"]


@pytest.mark.parametrize("where", ["unchanged first", "changed first", "unreadable first"])
def test_a_number_that_stands_twice(programs: Programs, people: list[Person], where: str) -> None:
    sent = [dict(one) for one in people] + [dict(people[4])]
    if where == "changed first":
        sent[4]["pay"] = "2345.67"
    if where == "unreadable first":
        sent[4]["pay"] = "?"
    result = put(programs, sent).json()["result"]
    twice = result["notices"][-1]
    assert (twice["index"], twice["outcome"]) == (len(people), "failed")
    (error,) = twice["errors"]
    assert (error["code"], error["field"]) == (
        "NUMBER_TWICE",
        f"people/{len(people)}/personnel_number",
    )
    assert "4" in error["message_en"]
    assert "LEAVE" not in result["kinds"]
    assert result["counts"]["failed"] == (2 if where == "unreadable first" else 1)


def test_wrong_rows_are_refused_whole_or_each(programs: Programs, people: list[Person]) -> None:
    sent, before = change_some(people), NoticeRecord.objects.count()
    sent.append(new_person("W-2", pay="viel"))
    refused = put(programs, sent, "?apply=true")
    assert (refused.status_code, refused.json()["code"]) == (422, "ROWS_WRONG"), refused.content
    assert [e["field"] for e in refused.json()["errors"]] == [f"people/{len(sent) - 1}/pay"]
    assert NoticeRecord.objects.count() == before
    job = refused.json()["job"]
    assert job["state"] == "checked"
    whole = programs.employer.post(f"jobs/{job['id']}/confirm")
    assert (whole.status_code, whole.json()["code"]) == (422, "ROWS_WRONG")

    done = put(programs, sent, "?apply=true&mode=each")
    assert done.status_code == 200, done.content
    assert done.json()["state"] == "applied"
    assert NoticeRecord.objects.count() == before + 5
    late = programs.employer.post(f"jobs/{job['id']}/confirm?mode=each")
    assert late.json()["code"] == "CHANGED_MEANWHILE"


def test_a_mass_leave_asks_for_a_second_call(programs: Programs, people: list[Person]) -> None:
    before = NoticeRecord.objects.count()
    held = put(programs, people[:10], "?apply=true")
    assert (held.status_code, held.json()["code"]) == (409, "CONFIRMATION_NEEDED"), held.content
    assert NoticeRecord.objects.count() == before
    job = held.json()["job"]
    assert [note["code"] for note in job["result"]["notes"]] == ["MASS_LEAVE"]
    assert held["Location"] == f"/api/v1/jobs/{job['id']}"
    done = programs.employer.post(f"jobs/{job['id']}/confirm")
    assert done.json()["state"] == "applied", done.content
    assert NoticeRecord.objects.count() == before + len(people) - 10


@pytest.mark.parametrize(
    ("sent", "query", "fault"),
    [
        ({"people": []}, "", ("EMPTY", "people")),
        ({"people": {}}, "", ("NOT_A_LIST", "people")),
        ({}, "", ("MISSING", "people")),
        ({"people": [1], "as_of": None}, "", ("NO_DAY", "as_of")),
        ({"people": [1]}, "", ("MISSING", "as_of")),
        ({"people": [1], "day": "2026-12-01"}, "", ("UNKNOWN_FIELD", "day")),
        ({"people": [1], "as_of": "2026-12-01"}, "?as_of=2026-12-02", ("CONTRADICTION", "as_of")),
        ({"people": [1], "as_of": "1999-12-01"}, "", ("EFFECTIVE_OUTSIDE_CONTRACT", "as_of")),
        ({"people": [1] * 100_001, "as_of": "2026-12-01"}, "", ("TOO_MANY", "people")),
    ],
)
def test_a_body_that_is_none(programs: Programs, sent: Any, query: str, fault: Any) -> None:
    refused = programs.employer.put(f"workforce{query}", sent)
    assert refused.status_code == 422, refused.content
    errors = [(error["code"], error["field"]) for error in refused.json()["errors"]]
    assert errors == [fault]
    assert not Job.objects.exists()


def test_fifty_megabytes_are_refused_at_once(programs: Programs) -> None:
    refused = programs.employer.put("workforce", b" " * (50 * 1024**2))
    assert (refused.status_code, refused.json()["code"]) == (413, "BODY_TOO_LARGE")
    assert "32" in refused.json()["title"]


def test_nobody_elses_payroll(programs: Programs, people: list[Person]) -> None:
    sent = {"as_of": programs.today.isoformat(), "people": people}
    foreign = programs.other.put("workforce", {**sent, "contract": programs.number})
    assert foreign.status_code == 404
    assert programs.reader.put("workforce", sent).status_code == 403
    job = put(programs, people).json()
    for path in ("", "/rows"):
        assert programs.other.get(f"jobs/{job['id']}{path}").status_code == 404
        # The same employer's program, which has no such scope.
        assert programs.reader.get(f"jobs/{job['id']}{path}").status_code == 403
    for verb in ("confirm", "discard"):
        assert programs.other.post(f"jobs/{job['id']}/{verb}").status_code == 404
    assert programs.broker.get(f"jobs/{job['id']}").status_code == 404
    assert programs.other.get("jobs").json()["items"] == []
    assert [one["id"] for one in programs.employer.get("jobs").json()["items"]] == [job["id"]]
