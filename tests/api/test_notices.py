"""Notices from programs: sent, looked at, read back, withdrawn."""

from typing import Any

from members.models import NoticeRecord
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
