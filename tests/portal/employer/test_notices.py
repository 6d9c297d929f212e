"""Single notices: the form says what a file would say, the preview what will happen."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from aupolicy.kernel.month import Month
from members.facts import Employment, Notice, NoticeKind
from members.models import InsuredPay, Membership, NoticeRecord, Person
from portal.forms.employer import FIELDS, NoticeForm
from tests.portal.conftest import Insurer

_JOIN = {
    "first_name": "Ida",
    "last_name": "Probe",
    "birth_date": "3.4.1990",
    "personnel_number": "77001",
    "pay": "2.950,50",
    "employment": "Arbeitnehmer",
}


def _address(insurer: Insurer, kind: str) -> str:
    return reverse("employer:new_notice_form", args=[insurer.world.contract.employer_id, kind])


def _next_month(insurer: Insurer) -> date:
    return Month.of(insurer.world.today).plus(1).first_day


def _join(insurer: Insurer, **changes: str) -> dict[str, str]:
    return {**_JOIN, "effective": f"{_next_month(insurer):%d.%m.%Y}", **changes}


def _insured(insurer: Insurer) -> Person:
    membership = Membership.objects.filter(
        contract=insurer.world.contract, period__contains=insurer.world.today
    ).earliest("pk")
    return membership.person


def _records(insurer: Insurer, number: str) -> Any:
    return NoticeRecord.objects.filter(
        contract=insurer.world.contract, personnel_number=number
    ).order_by("pk")


def test_a_form_makes_the_notice_of_a_row() -> None:
    now = timezone.now()
    form = NoticeForm(
        NoticeKind.JOIN, received_at=now, data={**_JOIN, "effective": "1.12.2026", "reference": "A"}
    )
    assert form.is_valid()
    assert form.notice == Notice(
        NoticeKind.JOIN, "77001", date(2026, 12, 1), now, pay=Decimal("2950.50"),
        first_name="Ida", last_name="Probe", birth_date=date(1990, 4, 3),
        employment=Employment.REGULAR, reference="A",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("birth_date", "30.02.1990", "Diesen Tag gibt es nicht"),
        ("birth_date", "", "Geben Sie das Geburtsdatum an"),
        ("pay", "viel", "Das ist kein Betrag"),
        ("personnel_number", "??", "Das ist keine Personalnummer"),
        ("effective", "bald", "Das ist kein Datum"),
        ("last_name", "", "Geben Sie den Nachnamen an"),
        ("birth_date", "01.01.2019", "erst, wer 16 Jahre alt ist"),
        ("employment", "Minijob", "Geringfügig Beschäftigte sind nicht versicherbar"),
        ("occupation", "Berufstaucher", "Berufstaucher sind nicht versicherbar"),
        ("effective", "01.01.2015", "außerhalb der Laufzeit"),
    ],
)
def test_an_error_stands_at_its_field_and_on_top(
    field: str, typed: str, words: str, insurer: Insurer, hr_editor: Client
) -> None:
    answer = hr_editor.post(_address(insurer, "join"), _join(insurer, **{field: typed}))
    html = answer.content.decode()
    assert f'<a href="#id_{field}">' in html
    assert f'id="id_{field}_error"' in html
    assert html.count(words) == 2
    # What was typed stays.
    assert 'value="2.950,50"' in html or field == "pay"
    assert not _records(insurer, "77001").exists()


def test_the_preview_tells_the_effect_and_writes_nothing(
    insurer: Insurer, hr_editor: Client
) -> None:
    answer = hr_editor.post(_address(insurer, "join"), _join(insurer))
    html = answer.content.decode()
    effect = answer.context["effect"]
    assert "Das wird geschehen: Zugang Ida Probe" in html
    assert effect.since == _next_month(insurer)
    assert effect.before.cover is None
    assert effect.after.pay == Decimal("2950.50")
    assert effect.amount == effect.after.price.premium * _months_charged(insurer, effect.month)
    assert "nicht versichert" in html
    assert not _records(insurer, "77001").exists()


def _months_charged(insurer: Insurer, month: date) -> int:
    first = Month.of(_next_month(insurer))
    return len(list(first.through(Month.of(month))))


def test_sent_it_is_applied_with_sender_and_channel_and_can_be_taken_back(
    insurer: Insurer, hr_editor: Client
) -> None:
    answer = hr_editor.post(_address(insurer, "join"), _join(insurer, step="send"), follow=True)
    record = _records(insurer, "77001").get()
    assert (record.channel, record.status) == ("FORM", "APPLIED")
    assert record.sender == insurer.people["hr_editor"]
    assert "Ihre Meldung ist eingegangen" in answer.content.decode()
    assert "Meldung zurücknehmen" in answer.content.decode()
    person = Person.objects.get(personnel_number="77001")
    assert InsuredPay.objects.get(membership__person=person).amount == Decimal("2950.50")

    way_back = reverse(
        "employer:withdraw_notice", args=[insurer.world.contract.employer_id, record.pk]
    )
    preview = hr_editor.get(way_back)
    assert preview.context["effect"].after.cover is None
    assert "noch nicht abgerechnet" in preview.content.decode()
    answer = hr_editor.post(way_back, follow=True)
    assert "Die Meldung ist zurückgenommen" in answer.content.decode()
    record.refresh_from_db()
    assert record.status == "WITHDRAWN"
    assert not Membership.objects.filter(person=person, period__isnull=False).exists()


def test_the_same_sent_twice_is_one_notice(insurer: Insurer, hr_editor: Client) -> None:
    for _ in range(2):
        answer = hr_editor.post(_address(insurer, "join"), _join(insurer, step="send"), follow=True)
    assert _records(insurer, "77001").count() == 1
    assert "Diese Meldung kannten wir schon" in answer.content.decode()


def test_back_to_the_form_everything_typed_is_there(insurer: Insurer, hr_editor: Client) -> None:
    html = hr_editor.post(_address(insurer, "join"), _join(insurer, step="edit")).content.decode()
    assert 'value="2.950,50"' in html
    assert 'role="alert"' not in html


def test_a_person_is_searched_without_scripts(insurer: Insurer, hr_editor: Client) -> None:
    person = _insured(insurer)
    html = hr_editor.get(_address(insurer, "leave")).content.decode()
    assert "für wen?" in html
    html = hr_editor.get(
        _address(insurer, "leave"), {"q": person.personnel_number}
    ).content.decode()
    assert f'{_address(insurer, "leave")}?person={person.pk}"' in html
    html = hr_editor.get(_address(insurer, "leave"), {"person": str(person.pk)}).content.decode()
    assert f"Abgang: {person.first_name} {person.last_name}" in html
    assert f'value="{person.personnel_number}"' in html


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        ("leave", {"reason": "Arbeitsverhältnis beendet"}, {"reason": "EMPLOYMENT_ENDED"}),
        ("leave", {"reason": "Tod"}, {"reason": "DEATH"}),
        ("leave", {"reason": "Rente"}, {"reason": "RETIREMENT_AGE"}),
        ("pay_change", {"pay": "3100"}, {"pay": Decimal("3100.00")}),
        ("parental_leave", {}, {"pay": None}),
        ("name_change", {"first_name": "Ina", "last_name": "Neu"}, {"last_name": "Neu"}),
    ],
)
def test_each_kind_reaches_the_records(
    kind: str,
    typed: dict[str, str],
    stored: dict[str, Any],
    insurer: Insurer,
    hr_editor: Client,
) -> None:
    number = _insured(insurer).personnel_number
    values = {"personnel_number": number, "effective": f"{_next_month(insurer)}", **typed}
    assert hr_editor.post(_address(insurer, kind), values).context["effect"]
    hr_editor.post(_address(insurer, kind), {**values, "step": "send"})
    record = _records(insurer, number).last()
    assert record.kind == kind.upper()
    assert {name: getattr(record, name) for name in stored} == stored


def test_a_notice_reaching_too_far_back_is_announced_as_such(
    insurer: Insurer, hr_editor: Client
) -> None:
    start = insurer.world.contract.period.first_day
    number = _insured(insurer).personnel_number
    values = {"personnel_number": number, "effective": f"{start}", "pay": "19000"}
    html = hr_editor.post(_address(insurer, "pay_change"), values).content.decode()
    assert "der Versicherer prüft sie zuerst" in html or "Das wird geschehen" in html
    assert "mehr als die Hälfte" in html


def test_only_editors_report(
    insurer: Insurer, hr_reader: Client, hairdresser: Client, broker: Client, clerk: Client
) -> None:
    address = _address(insurer, "join")
    values = _join(insurer, step="send")
    assert hr_reader.get(address).status_code == 403
    assert hr_reader.post(address, values).status_code == 403
    assert hairdresser.post(address, values).status_code == 404
    assert not _records(insurer, "77001").exists()
    assert broker.post(address, values).status_code == 302
    assert _records(insurer, "77001").get().sender == insurer.people["broker"]
    assert clerk.get(address).status_code == 200


def test_notices_of_others_are_not_found(insurer: Insurer, hr: Client) -> None:
    other = NoticeRecord.objects.filter(contract=insurer.world.contracts["Friseursalon Haarschön"])[
        0
    ]
    employer_id = insurer.world.contract.employer_id
    for name in ("notice", "withdraw_notice"):
        address = reverse(f"employer:{name}", args=[employer_id, other.pk])
        assert hr.get(address).status_code == 404
        assert hr.post(address).status_code in {404, 405}


def test_an_unknown_kind_is_not_found(insurer: Insurer, hr: Client) -> None:
    assert hr.get(_address(insurer, "nonsense")).status_code == 404
    assert hr.get(_address(insurer, "leave"), {"person": "x"}).status_code == 404
    assert {kind.value.lower() for kind in FIELDS} == {
        "join", "leave", "pay_change", "parental_leave", "return", "name_change"
    }  # fmt: skip


def test_the_list_of_notices_is_narrowed(insurer: Insurer, hr: Client) -> None:
    address = reverse("employer:notices", args=[insurer.world.contract.employer_id])
    waiting = hr.get(address, {"status": "NEEDS_CLERK"})
    assert {notice.status for notice in waiting.context["page"]} == {"NEEDS_CLERK"}
    found = hr.get(address, {"q": "1005"}).context["page"]
    assert {notice.personnel_number for notice in found} == {"1005"}
