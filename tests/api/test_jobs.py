"""Jobs that workers do: checked, confirmed, applied; killed, ended, changed meanwhile."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from api.models import Job
from api.operations.workforce import apply_workforce, check_workforce
from api.queries.workforce import PeopleReader
from api.tasks import list_waiting, work_job
from aupolicy.models import ApiClient, Right
from aupolicy.operations import give_authority
from documents.models import WebhookMessage
from members.models import NoticeRecord
from members.operations.save_plan import save_plan
from members.parsing.row_values import PayrollEntry
from members.queries.full_list import compare_payroll, list_on_record
from members.queries.upload_reading import Said, describe_day
from members.queries.workforce import compare_workforce
from tests.api.conftest import Programs
from tests.api.payrolls import Person, change_some, list_people, new_person, put


@pytest.fixture
def people(programs: Programs) -> list[Person]:
    return list_people(programs.world.contract, programs.today)


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a sender waits for is little; messages to workers are kept."""
    told: list[str] = []
    monkeypatch.setattr("api.views.workforce.MOST_AT_ONCE", 5)
    monkeypatch.setattr("api.views.jobs.MOST_AT_ONCE", 5)
    monkeypatch.setattr(work_job, "delay", told.append)
    return told


def receive(programs: Programs, people: list[Any], query: str = "") -> str:
    answer = put(programs, people, query)
    assert answer.status_code == 202, answer.content
    job: dict[str, Any] = answer.json()
    assert answer["Location"] == f"/api/v1/jobs/{job['id']}"
    assert (job["state"], job["result"]) == ("received", None)
    return str(job["id"])


def read(programs: Programs, job_id: str) -> dict[str, Any]:
    found: dict[str, Any] = programs.employer.get(f"jobs/{job_id}").json()
    return found


def read_end(job_id: str) -> tuple[str, str]:
    """State and problem, of which its program can no longer ask."""
    job = Job.objects.get(pk=job_id)
    return job.state, (job.problem or {})["code"]


def test_a_worker_checks_and_applies(
    programs: Programs,
    people: list[Person],
    sent: list[str],
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    before = NoticeRecord.objects.count()
    with django_capture_on_commit_callbacks(execute=True):
        job_id = receive(programs, change_some(people))
    assert sent == [job_id]
    work_job(job_id)
    checked = read(programs, job_id)
    assert checked["state"] == "checked"
    assert checked["people"] == len(people) - 1
    looked = put(programs, change_some(people), "?dry_run=true").json()
    assert checked["result"] == looked["result"]
    assert NoticeRecord.objects.count() == before

    first = programs.employer.get(f"jobs/{job_id}/rows?limit=3").json()
    rest = programs.employer.get(f"jobs/{job_id}/rows?cursor={first['next']}").json()
    assert first["items"] + rest["items"] == checked["result"]["notices"]
    joins = programs.employer.get(f"jobs/{job_id}/rows?outcome=failed").json()
    assert joins == {"items": [], "next": None}

    confirmed = programs.employer.post(f"jobs/{job_id}/confirm")
    assert (confirmed.status_code, confirmed.json()["state"]) == (202, "confirmed")
    assert NoticeRecord.objects.count() == before
    work_job(job_id)
    assert read(programs, job_id)["state"] == "applied"
    assert NoticeRecord.objects.count() == before + 5
    # A message that comes twice does nothing.
    work_job(job_id)
    assert not check_workforce(job_id=job_id, now=timezone.now())
    assert not apply_workforce(job_id=job_id, now=timezone.now())
    assert NoticeRecord.objects.count() == before + 5
    told = WebhookMessage.objects.filter(topic="job.finished").order_by("pk")
    assert [one.data["state"] for one in told] == ["checked", "applied"]


def test_a_killed_worker_leaves_nothing_half_done(
    programs: Programs, people: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = NoticeRecord.objects.count()
    job_id = receive(programs, change_some(people), "?apply=true")

    def save_and_die(*args: Any, **named: Any) -> Any:
        save_plan(*args, **named)
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr("api.operations.workforce.save_plan", save_and_die)
        with pytest.raises(SystemExit):
            work_job(job_id)
    assert read(programs, job_id)["state"] == "confirmed"
    assert NoticeRecord.objects.count() == before
    (waiting,) = list_waiting()
    work_job(str(waiting))
    assert read(programs, job_id)["state"] == "applied"
    assert NoticeRecord.objects.count() == before + 5
    assert list_waiting() == []


@pytest.mark.parametrize("step", ["before the check", "before it is applied"])
def test_who_may_no_longer_do_it_changes_nothing(
    programs: Programs, people: list[Person], step: str
) -> None:
    before = NoticeRecord.objects.count()
    job_id = receive(programs, change_some(people))
    if step == "before it is applied":
        work_job(job_id)
        programs.employer.post(f"jobs/{job_id}/confirm")
    ApiClient.objects.filter(jobs__id=job_id).update(ended_at=timezone.now())
    work_job(job_id)
    assert read_end(job_id) == ("failed", "CLIENT_ENDED")
    assert NoticeRecord.objects.count() == before


def test_a_brokers_job_ends_with_its_authority(programs: Programs, people: list[Person]) -> None:
    contract, today = programs.world.contract, programs.today
    assert contract.broker is not None
    employer, broker, since = contract.employer, contract.broker, today - timedelta(days=10)
    give_authority(employer=employer, broker=broker, right=Right.EDIT, first_day=since)
    sent = {
        "as_of": programs.today.isoformat(),
        "contract": programs.number,
        "people": change_some(people),
    }
    answer = programs.broker.put("workforce", sent)
    assert answer.status_code == 202, answer.content
    job_id = answer.json()["id"]
    assert programs.employer.get(f"jobs/{job_id}").status_code == 404
    give_authority(employer=employer, broker=broker, right=None, first_day=today)
    work_job(job_id)
    assert read_end(job_id) == ("failed", "NO_AUTHORITY")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda people: people[:10], "CONFIRMATION_NEEDED"),
        (lambda people: [*people, new_person("W-2", pay="viel")], "ROWS_WRONG"),
    ],
)
def test_what_stands_against_applying_at_once(
    programs: Programs, people: list[Person], change: Callable[[list[Person]], Any], code: str
) -> None:
    before = NoticeRecord.objects.count()
    job_id = receive(programs, change(people), "?apply=true")
    work_job(job_id)
    job = read(programs, job_id)
    assert (job["state"], job["problem"]["code"]) == ("checked", code)
    assert job["problem"]["message_de"] != code
    assert NoticeRecord.objects.count() == before
    assert programs.employer.post(f"jobs/{job_id}/confirm?mode=each").status_code == 202
    work_job(job_id)
    assert read(programs, job_id)["state"] == "applied"


def test_changed_between_confirming_and_applying(programs: Programs, people: list[Person]) -> None:
    job_id = receive(programs, change_some(people))
    work_job(job_id)
    programs.employer.post(f"jobs/{job_id}/confirm")
    notice = {
        "kind": "PAY_CHANGE",
        "personnel_number": people[2]["personnel_number"],
        "effective": programs.today.isoformat(),
        "pay": "9999.99",
    }
    assert programs.employer.post("notices", {"notices": [notice]}).status_code == 200
    before = NoticeRecord.objects.count()
    work_job(job_id)
    job = read(programs, job_id)
    assert (job["state"], job["problem"]["code"]) == ("checked", "CHANGED_MEANWHILE")
    assert "PAY_CHANGE" not in job["result"]["kinds"]
    assert NoticeRecord.objects.count() == before


def test_jobs_are_listed_newest_first(programs: Programs, people: list[Person]) -> None:
    ids = [receive(programs, people[place:]) for place in range(3)]
    first = programs.employer.get("jobs?limit=2").json()
    rest = programs.employer.get(f"jobs?limit=2&cursor={first['next']}").json()
    assert [one["id"] for one in first["items"] + rest["items"]] == ids[::-1]
    assert rest["next"] is None
    assert "result" not in first["items"][0]
    assert programs.employer.get("jobs?cursor=WzFd").status_code == 400
    assert programs.employer.get(f"jobs/{ids[0]}x").status_code == 404


# What may be otherwise about somebody; half of it cannot be read.
CHANGES: list[tuple[str, list[Any]]] = [
    ("pay", ["1.00", "2500.5", "2500.50", "x", 3, "99999999"]),
    ("last_name", ["Neu", "", "1", "e\N{COMBINING ACUTE ACCENT}"]),
    ("birth_date", ["1980-01-01", "2190-01-01", "", None]),
    ("employment", ["regular", "marginal", "owner", "x", []]),
    ("exit_date", ["2026-11-30", "2099-01-31", "", {}]),
    ("entry_date", ["2020-01-01", "x"]),
    ("reference", ["a", "", 1]),
    ("personnel_number", [";", "N-1", 5]),
    ("occupation", ["Berufssoldat", "Maler", ["x"]]),
    ("y", [1]),
]


def mutate(people: list[Person], others: list[str], chance: random.Random) -> list[Any]:
    """A payroll with all kinds of changes, and with people nobody can read."""
    found: list[Any] = []
    for one in people:
        person: Any = dict(one)
        what = chance.random()
        if what < 0.3:
            field, values = chance.choice(CHANGES)
            person[field] = chance.choice(values)
        elif what < 0.36:
            name = person["last_name"]
            person["last_name"] = chance.choice([name.upper(), name.casefold(), f" {name} "])
        elif what < 0.4:
            del person[chance.choice(list(person))]
        elif what < 0.44:
            person["personnel_number"] = chance.choice(others)
        elif what < 0.5:
            person = chance.choice([None, [], {}, "x"])
        # Most stand once in it, some twice, some not at all.
        found += [person] * chance.choices([0, 1, 2], [2, 30, 1])[0]
    chance.shuffle(found)
    return found


def compare_everybody(
    sent: list[Any], programs: Programs, reader: PeopleReader, day: Any
) -> list[Said]:
    """The same without any short cut."""
    first: dict[str, int] = {}
    failed: list[Said] = []

    def read_all() -> Any:
        for place, person in enumerate(sent):
            found = reader.read(place, person)
            number = person.get("personnel_number") if isinstance(person, dict) else None
            known = first.setdefault(number, place) if isinstance(number, str) else place
            if known != place:
                own = found.number if isinstance(found, Said) else found.personnel_number
                twice = reader.tell_twice(place, known, own)
                before = found.findings if isinstance(found, Said) else ()
                found = twice._replace(findings=(*before, *twice.findings))
            if isinstance(found, Said):
                failed.append(found)
            else:
                assert isinstance(found, PayrollEntry)
                yield found

    entries = list(read_all())
    on_record = list_on_record(programs.world.contract, programs.today)
    unread = [one.number for one in failed]
    differences = compare_payroll(entries, on_record, day, unread=unread)
    said = [Said(d.row, d.personnel_number, d.name, d.notices, d.findings) for d in differences]
    return [*said, *failed]


def test_what_is_not_looked_at_would_have_changed_nothing(programs: Programs) -> None:
    contract, today = programs.world.contract, programs.today
    everybody = list_on_record(contract, today)
    others = [number for number, one in everybody.items() if one.pay is None] or ["N-2"]
    people = list_people(contract, today)
    day = describe_day(contract, today, timezone.now())
    reader = PeopleReader(today)
    for seed in range(120):
        sent = mutate(people, others, random.Random(seed))  # noqa: S311 - the same each time
        quick = compare_workforce(sent, contract=contract, day=day, reader=reader)
        slow = compare_everybody(sent, programs, reader, day)
        assert sorted(map(repr, quick.said)) == sorted(map(repr, slow)), seed
        told = sum(one.row is not None for one in slow)
        assert quick.unchanged == len(sent) - told
        assert quick.insured == len(people)
