"""Tables as bodies: the same as the file handed in in the portal, and as JSON."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from api.models import Job
from api.tasks import list_waiting, work_job
from api.views.gate.parsers import XLSX
from billing.operations.uploads import check_upload
from members.facts import UploadKind
from members.models import NoticeRecord, Upload
from members.operations.uploads import receive_upload
from portal.queries.employer.uploads import find_uploads
from tests.api.conftest import Programs
from tests.api.payrolls import Person, change_some, list_people, put
from tests.corpus.workbooks import xlsx

CSV = "text/csv"
HEAD = ["Personalnummer", "Vorname", "Nachname", "Geburtsdatum", "Bruttoentgelt"]
NOTICES = "Meldung;Personalnummer;Nachname;Vorname;Geburtsdatum;Bruttoentgelt;Wirksam ab"


@pytest.fixture
def people(programs: Programs) -> list[Person]:
    return list_people(programs.world.contract, programs.today)


def as_csv(people: list[Person]) -> bytes:
    """As a German payroll program writes it."""
    lines = [";".join(HEAD)]
    for one in people:
        year, month, day = one["birth_date"].split("-")
        pay = one["pay"].replace(".", ",")
        cells = [one["personnel_number"], one["first_name"], one["last_name"]]
        lines.append(";".join([*cells, f"{day}.{month}.{year}", pay]))
    return "\r\n".join(lines).encode()


def send(programs: Programs, content: bytes, query: str = "", kind: str = CSV) -> Any:
    address = f"workforce?as_of={programs.today}{query}"
    return programs.employer.put(address, content, content_type=kind)


def what_changes(job: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The notices of a preview, without where they stand."""
    told = ("personnel_number", "outcome", "kind", "effective", "pay_before", "pay")
    rows = [
        (*(row[name] for name in told), row["premium_change"], codes(row["warnings"]))
        for row in job["result"]["notices"]
    ]
    return sorted(rows, key=str)


def codes(findings: list[dict[str, str]]) -> tuple[str, ...]:
    return tuple(sorted(one["code"] for one in findings))


def test_json_csv_and_the_portal_say_the_same(programs: Programs, people: list[Person]) -> None:
    changed = change_some(people)
    by_json = put(programs, changed, "?dry_run=true").json()
    looked = send(programs, as_csv(changed), "&dry_run=true")
    assert looked.status_code == 200, looked.content
    assert not Upload.objects.exists()
    now = timezone.now()
    by_hand = receive_upload(
        contract=programs.world.contract,
        kind=UploadKind.FULL_LIST,
        file_name="lohnliste.csv",
        content=as_csv(changed),
        effective=programs.today,
        sender=None,
        now=now,
    )
    check_upload(upload_id=by_hand.pk, now=now)
    by_hand.refresh_from_db()
    # The same file is the one that is there already: the program goes on with it.
    answer = send(programs, as_csv(changed))
    assert answer.status_code == 202, answer.content
    by_csv = answer.json()
    assert Upload.objects.get() == by_hand
    assert what_changes(by_csv) == what_changes(by_json) == what_changes(looked.json())
    assert len(what_changes(by_csv)) == 5
    assert by_csv["result"]["effect"] == by_json["result"]["effect"]
    assert by_csv["result"]["effect"]["total"] == by_hand.summary["effect"]

    before = NoticeRecord.objects.count()
    done = programs.employer.post(f"jobs/{by_csv['id']}/confirm")
    assert (done.status_code, done.json()["state"]) == (200, "applied"), done.content
    assert NoticeRecord.objects.count() == before + 5
    assert put(programs, changed).json()["result"]["notices"] == []


def test_the_portal_sees_the_file_at_once(programs: Programs, people: list[Person]) -> None:
    answer = send(programs, as_csv(people), "&file_name=November.csv")
    job = answer.json()
    assert (job["state"], job["file_name"], job["kind"]) == ("checked", "November.csv", "file")
    (upload,) = find_uploads(programs.world.contract.employer)
    assert (upload.file_name, upload.channel, upload.status) == ("November.csv", "API", "CHECKED")
    gone = programs.employer.post(f"jobs/{job['id']}/discard").json()
    assert (gone["state"], gone["result"]) == ("discarded", None)
    upload.refresh_from_db()
    assert upload.status == "DISCARDED"
    late = programs.employer.post(f"jobs/{job['id']}/confirm")
    assert (late.status_code, late.json()["code"]) == (409, "JOB_NOT_OPEN")


def test_a_file_in_which_nothing_changes(programs: Programs, people: list[Person]) -> None:
    answer = send(programs, as_csv(people), "&apply=true")
    job = answer.json()
    assert (answer.status_code, job["state"], job["problem"]) == (202, "checked", None)
    assert job["result"]["counts"]["none"] == len(people)
    asked = programs.employer.post(f"jobs/{job['id']}/confirm")
    assert (asked.status_code, asked.json()["code"]) == (409, "NOTHING_TO_DO")
    assert asked.json()["title"] != "NOTHING_TO_DO"


def test_a_workbook(programs: Programs, people: list[Person]) -> None:
    rows = [[one[name] for name in NAMES] for one in change_some(people)]
    answer = send(programs, xlsx(HEAD, *rows)(), kind=XLSX)
    assert answer.status_code == 202, answer.content
    by_json = put(programs, change_some(people), "?dry_run=true").json()
    assert what_changes(answer.json()) == what_changes(by_json)


NAMES = ("personnel_number", "first_name", "last_name", "birth_date", "pay")


def test_notices_as_a_table_with_wrong_rows(programs: Programs) -> None:
    lines = [
        NOTICES,
        f"Zugang;W-1;Probst;Ada;17.05.1990;3200,00;{programs.today:%d.%m.%Y}",
        f"Zugang;W-2;Probst;Eva;30.02.1990;3200,00;{programs.today:%d.%m.%Y}",
    ]
    before = NoticeRecord.objects.count()
    content = "\n".join(lines).encode()
    refused = programs.employer.post("notices?apply=true", content, content_type=CSV)
    assert (refused.status_code, refused.json()["code"]) == (422, "ROWS_WRONG"), refused.content
    assert [(e["code"], e["field"]) for e in refused.json()["errors"]] == [
        ("NO_SUCH_DAY", "Geburtsdatum")
    ]
    assert "30.02.1990" in refused.json()["errors"][0]["message_en"]
    job = refused.json()["job"]
    assert [row["row"] for row in job["result"]["notices"]] == [2, 3]
    again = programs.employer.post(f"jobs/{job['id']}/confirm")
    assert (again.status_code, again.json()["code"]) == (422, "ROWS_WRONG")
    done = programs.employer.post(f"jobs/{job['id']}/confirm?mode=each")
    assert done.json()["state"] == "applied", done.content
    assert NoticeRecord.objects.count() == before + 1


def test_a_mass_leave_in_a_file_asks_for_a_second_call(
    programs: Programs, people: list[Person]
) -> None:
    held = send(programs, as_csv(people[:10]), "&apply=true")
    assert (held.status_code, held.json()["code"]) == (409, "CONFIRMATION_NEEDED"), held.content
    done = programs.employer.post(f"jobs/{held.json()['job']['id']}/confirm")
    assert done.json()["state"] == "applied"


def test_a_large_file_is_worked_by_a_worker(
    programs: Programs,
    people: list[Person],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    monkeypatch.setattr("members.queries.uploads._SMALL_BYTES", 100)
    told: list[str] = []
    monkeypatch.setattr(work_job, "delay", told.append)
    with django_capture_on_commit_callbacks(execute=True):
        answer = send(programs, as_csv(change_some(people)), "&apply=true")
    job = answer.json()
    assert (answer.status_code, job["state"], told) == (202, "received", [job["id"]])
    assert list(map(str, list_waiting())) == told
    before = NoticeRecord.objects.count()
    work_job(job["id"])
    done = programs.employer.get(f"jobs/{job['id']}").json()
    assert done["state"] == "applied"
    assert NoticeRecord.objects.count() == before + 5
    assert list_waiting() == []
    assert Job.objects.get().state == "applied"


@pytest.mark.parametrize(
    ("content", "query", "status", "code"),
    [
        (b"%PDF-1.7 no table", "", 202, "FILE_NOT_READABLE"),
        (b"Personalnummer;Vorname;Nachname\n1;Ada;Probst\n", "", 202, "COLUMNS_UNCLEAR"),
        (b"%PDF-1.7 no table", "&apply=true", 422, "FILE_NOT_READABLE"),
        (b" " * (21 * 1024**2), "", 413, "BODY_TOO_LARGE"),
    ],
)
def test_what_is_no_table(
    programs: Programs, content: bytes, query: str, status: int, code: str
) -> None:
    answer = send(programs, content, query)
    assert answer.status_code == status, answer.content
    found = answer.json()
    if status == 202:
        assert found["state"] == "failed"
        found = found["problem"]
        assert found["errors"][0]["message_de"] != found["errors"][0]["code"]
    assert found["code"] == code


def test_a_payroll_needs_its_day(programs: Programs, people: list[Person]) -> None:
    missing = programs.employer.put("workforce", as_csv(people), content_type=CSV)
    assert missing.status_code == 422
    assert [(e["code"], e["field"]) for e in missing.json()["errors"]] == [
        ("EFFECTIVE_MISSING", "as_of")
    ]


def test_a_table_without_a_byte(programs: Programs) -> None:
    key = {"authorization": f"Bearer {programs.employer.key}"}
    empty = programs.employer.http.generic(
        "PUT", "/api/v1/workforce", headers=key, CONTENT_TYPE=CSV
    )
    assert (empty.status_code, empty.json()["code"]) == (422, "EMPTY_FILE")
