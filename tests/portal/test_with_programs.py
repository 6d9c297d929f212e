"""A story: the portal and a payroll program see each other's changes at once."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from aupolicy.kernel.month import Month
from members.models import NoticeRecord, Person
from tests.api.conftest import Caller, make_caller
from tests.portal.conftest import Insurer

_NUMBER = "88001"


@pytest.fixture
def program(insurer: Insurer) -> Caller:
    """The payroll program of the large employer."""
    cache.clear()
    return make_caller(insurer.world.contract.employer, now=timezone.now())


def _join(insurer: Insurer, **more: Any) -> dict[str, Any]:
    return {
        "kind": "JOIN",
        "personnel_number": _NUMBER,
        "effective": Month.of(insurer.world.today).first_day.isoformat(),
        "pay": "2500.00",
        "first_name": "Ida",
        "last_name": "Programm",
        "birth_date": "1990-04-03",
        **more,
    }


def test_what_one_of_them_reports_the_other_shows(
    program: Caller, hr: Client, insurer: Insurer
) -> None:
    employer_id = insurer.world.contract.employer_id
    sent = {"contract": insurer.world.contract.number, "notices": [_join(insurer, reference="p1")]}

    # The program looks, then sends: the portal shows the person and the notice's way.
    announced = program.post("notices?dry_run=true", sent).json()["effect"]
    report = program.post("notices", sent).json()
    assert report["effect"] == announced
    people = hr.get(reverse("employer:people", args=[employer_id]), {"q": "Programm"})
    assert "Programm, Ida" in people.content.decode()
    record = NoticeRecord.objects.get(reference="p1")
    page = hr.get(reverse("employer:notice", args=[employer_id, record.pk])).content.decode()
    assert "Schnittstelle" in page
    assert "Lohnprogramm" in page

    # In the portal the pay is changed: the program reads the new pay and the notice.
    person = Person.objects.get(personnel_number=_NUMBER, employer=employer_id)
    changed = Month.of(insurer.world.today).plus(1).first_day
    typed = {
        "personnel_number": _NUMBER,
        "effective": f"{changed:%d.%m.%Y}",
        "pay": "4.400,00",
        "step": "send",
    }
    form = reverse("employer:new_notice_form", args=[employer_id, "pay_change"])
    assert hr.post(f"{form}?person={person.pk}", typed).status_code == 302
    member = program.get(f"members/{_NUMBER}?as_of={changed.isoformat()}").json()
    assert (member["pay"], member["last_name"]) == ("4400.00", "Programm")
    notices = program.get(f"notices?personnel_number={_NUMBER}").json()["items"]
    assert [(one["kind"], one["channel"]) for one in notices] == [
        ("JOIN", "API"),
        ("PAY_CHANGE", "FORM"),
    ]

    # The program takes it back: the portal shows it as taken back, the pay is the old one.
    taken = program.post(f"notices/{notices[1]['id']}/withdraw").json()
    assert taken["results"][0]["status"] == "APPLIED"
    record = NoticeRecord.objects.get(public_id=notices[1]["id"])
    page = hr.get(reverse("employer:notice", args=[employer_id, record.pk])).content.decode()
    assert "zurückgenommen" in page
    member = program.get(f"members/{_NUMBER}?as_of={changed.isoformat()}").json()
    assert member["pay"] == "2500.00"


def test_a_clerks_decision_is_read_by_the_program(
    program: Caller, clerk: Client, insurer: Insurer
) -> None:
    far = Month.of(insurer.world.today).plus(20).first_day
    early = _join(insurer, reference="far", effective=far.isoformat())
    sent = program.post("notices", {"notices": [early]}).json()
    assert [one["status"] for one in sent["results"]] == ["NEEDS_CLERK"]
    assert sent["results"][0]["errors"][0]["code"] == "TOO_FAR_AHEAD"

    record = NoticeRecord.objects.get(reference="far")
    path = reverse("insurer:decide_notice", args=[record.pk])
    answer = clerk.post(path, {"verdict": "accept", "note": "Der Vertrag ist unterschrieben."})
    assert answer.status_code == 302
    assert program.get("notices/far").json()["status"] == "RECEIVED"
    since = (timezone.now() - timedelta(minutes=5)).isoformat().replace("+", "%2B")
    shown = program.get(f"notices?since={since}&status=RECEIVED").json()["items"]
    assert "far" in [one["reference"] for one in shown]
