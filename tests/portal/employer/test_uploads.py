"""Files on screen: handed in, previewed with their effect, put right, released, or refused."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from aupolicy.kernel.month import Month
from members.facts import UploadStatus
from members.models import ColumnMapping, NoticeRecord, Person, Upload
from members.parsing.table import read_table
from tests.portal.conftest import Insurer

HEAD = "Personalnummer;Nachname;Vorname;Geburtsdatum;Meldung;Wirksam ab;Bruttoentgelt"


@pytest.fixture
def room(insurer: Insurer) -> str:
    return f"/employers/{insurer.world.contract.employer_id}"


def _first_day(insurer: Insurer) -> str:
    return f"{Month.of(insurer.world.today).plus(2).first_day:%d.%m.%Y}"


def _lines(insurer: Insurer) -> list[str]:
    day = _first_day(insurer)
    known = Person.objects.filter(employer=insurer.world.contract.employer).earliest("pk")
    return [
        HEAD,
        f"N-1;Neumann;Nora;01.02.1990;Zugang;{day};2.400,00",
        f"{known.personnel_number};;;;Gehaltsänderung;{day};6.100,00",
    ]


def _hand_in(client: Client, room: str, lines: list[str], **said: str) -> Upload:
    file = SimpleUploadedFile("Meldungen Dezember.csv", "\r\n".join(lines).encode())
    answer = client.post(f"{room}/uploads/new/", {"kind": "CHANGES", "file": file, **said})
    assert answer.status_code == 302, answer.content.decode()
    return Upload.objects.latest("pk")


def test_nothing_happens_before_it_is_released(room: str, insurer: Insurer, hr: Client) -> None:
    before = NoticeRecord.objects.count()
    upload = _hand_in(hr, room, _lines(insurer))
    page = hr.get(f"{room}/uploads/{upload.pk}/")
    assert "2 Meldungen können übernommen werden" in page.content.decode()
    assert NoticeRecord.objects.count() == before
    hr.post(f"{room}/uploads/{upload.pk}/release/")
    upload.refresh_from_db()
    assert upload.status == UploadStatus.APPLIED
    assert NoticeRecord.objects.count() == before + 2
    record = NoticeRecord.objects.get(personnel_number="N-1")
    assert (record.channel, record.upload, record.row) == ("FILE", upload, 2)
    assert "2 Meldungen sind übernommen" in hr.get(f"{room}/uploads/{upload.pk}/").content.decode()


def test_the_effect_is_shown_row_by_row(room: str, insurer: Insurer, hr: Client) -> None:
    upload = _hand_in(hr, room, _lines(insurer))
    page = hr.get(f"{room}/uploads/{upload.pk}/")
    rows = page.context["rows"].rows
    assert [row.row for row in rows] == [2, 3]
    assert page.context["effect"].amount == sum((r.premium_change for r in rows), Decimal(0))


def test_a_bad_row_is_put_right_on_screen(room: str, insurer: Insurer, hr: Client) -> None:
    lines = _lines(insurer)
    lines[1] = lines[1].replace("01.02.1990", "30.02.1990")
    upload = _hand_in(hr, room, lines)
    html = hr.get(f"{room}/uploads/{upload.pk}/").content.decode()
    assert "30.02.1990" in html
    assert "Diesen Tag gibt es nicht" in html
    hr.post(f"{room}/uploads/{upload.pk}/release/")
    upload.refresh_from_db()
    assert upload.status == UploadStatus.CHECKED
    form = hr.get(f"{room}/uploads/{upload.pk}/rows/2/")
    assert form.context["form"]["birth_date"].value() == "30.02.1990"
    cells = {name: form.context["form"][name].value() for name in form.context["form"].fields}
    hr.post(f"{room}/uploads/{upload.pk}/rows/2/", {**cells, "birth_date": "28.02.1990"})
    page = hr.get(f"{room}/uploads/{upload.pk}/")
    assert page.context["upload"].summary["outcomes"]["failed"] == 0
    hr.post(f"{room}/uploads/{upload.pk}/release/")
    assert Person.objects.filter(personnel_number="N-1", birth_date="1990-02-28").exists()


def test_only_the_valid_rows_and_the_rest_as_a_file(
    room: str, insurer: Insurer, hr: Client
) -> None:
    lines = _lines(insurer)
    lines[1] = lines[1].replace("2.400,00", "viel")
    upload = _hand_in(hr, room, lines)
    failed = hr.get(f"{room}/uploads/{upload.pk}/failed.csv").content
    table = read_table(failed)
    assert len(table.rows) == 1
    assert "viel" in failed.decode("utf-8-sig")
    hr.post(f"{room}/uploads/{upload.pk}/release/", {"rows": "valid"})
    upload.refresh_from_db()
    assert upload.status == UploadStatus.APPLIED
    assert not Person.objects.filter(personnel_number="N-1").exists()
    assert upload.notices.count() == 1


def test_columns_are_asked_for_and_remembered(room: str, insurer: Insurer, hr: Client) -> None:
    lines = _lines(insurer)
    lines[0] = HEAD.replace("Bruttoentgelt", "Betrag X").replace("Personalnummer", "Schluessel")
    upload = _hand_in(hr, room, lines)
    answer = hr.get(f"{room}/uploads/{upload.pk}/", follow=True)
    assert answer.redirect_chain
    form = answer.context["form"]
    data = {name: form[name].value() or "" for name in form.fields if name != "remember"}
    data |= {"column_0": "personnel_number", "column_6": "pay", "remember": "on"}
    hr.post(f"{room}/uploads/{upload.pk}/columns/", data)
    upload.refresh_from_db()
    assert upload.status == UploadStatus.CHECKED
    assert ColumnMapping.objects.get().mapping["Betrag X"] == "pay"
    lines[1] = lines[1].replace("N-1", "N-2")
    assert _hand_in(hr, room, lines).status == UploadStatus.CHECKED


def test_the_same_file_twice_is_one(room: str, insurer: Insurer, hr: Client) -> None:
    first = _hand_in(hr, room, _lines(insurer))
    assert _hand_in(hr, room, _lines(insurer)).pk == first.pk
    assert Upload.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "content", "text"),
    [
        ({"kind": "FULL_LIST"}, b"x", "fehlt der Stichtag"),
        ({"kind": "CHANGES"}, b"", "Die Datei ist leer"),
        ({"kind": "CHANGES", "effective": "31.02.2027"}, b"x", "Diesen Tag gibt es nicht"),
        ({"kind": "OTHER"}, b"x", "OTHER"),
    ],
)
def test_a_wrong_form_is_explained(
    said: dict[str, str], content: bytes, text: str, room: str, hr: Client
) -> None:
    file = SimpleUploadedFile("x.csv", content)
    answer = hr.post(f"{room}/uploads/new/", {**said, "file": file})
    assert answer.status_code == 200
    assert text in answer.content.decode()
    assert not Upload.objects.exists()


def test_a_file_that_is_no_table_says_what_to_do(room: str, hr: Client) -> None:
    upload = _hand_in(hr, room, ["%PDF-1.7 nothing of a table"])
    assert upload.status == UploadStatus.REFUSED
    html = hr.get(f"{room}/uploads/{upload.pk}/").content.decode()
    assert "PDF" in html
    assert "lässt sich nicht lesen" in html


def test_discarding_leaves_everything_as_it_was(room: str, insurer: Insurer, hr: Client) -> None:
    upload = _hand_in(hr, room, _lines(insurer))
    hr.post(f"{room}/uploads/{upload.pk}/discard/")
    upload.refresh_from_db()
    assert upload.status == UploadStatus.DISCARDED
    assert not upload.notices.exists()


def test_templates_are_workbooks_that_can_be_read_again(room: str, hr: Client) -> None:
    for kind in ("changes", "full-list"):
        content = hr.get(f"{room}/uploads/template-{kind}.xlsx").content
        assert content.startswith(b"PK")


def test_readers_see_but_do_not_touch(
    room: str, insurer: Insurer, hr: Client, hr_reader: Client
) -> None:
    upload = _hand_in(hr, room, _lines(insurer))
    assert hr_reader.get(f"{room}/uploads/{upload.pk}/").status_code == 200
    assert hr_reader.get(f"{room}/uploads/new/").status_code == 403
    for what in ("release", "discard"):
        assert hr_reader.post(f"{room}/uploads/{upload.pk}/{what}/").status_code == 403


def test_the_broker_may_where_it_was_allowed(room: str, insurer: Insurer, broker: Client) -> None:
    upload = _hand_in(broker, room, _lines(insurer))
    broker.post(f"{room}/uploads/{upload.pk}/release/")
    upload.refresh_from_db()
    assert upload.status == UploadStatus.APPLIED
    other = insurer.world.contracts["Autohaus Fahrspaß GmbH"].employer_id
    assert broker.get(f"/employers/{other}/uploads/").status_code == 404


def test_a_full_list_finds_what_changed(room: str, insurer: Insurer, hr: Client) -> None:
    day = Month.of(insurer.world.today).plus(2).first_day
    contract = insurer.world.contract
    rows = ["Personalnummer;Nachname;Vorname;Geburtsdatum;Bruttoentgelt"]
    for m in contract.memberships.filter(period__contains=day).select_related("person"):
        pay = m.pays.filter(period__contains=day).get().amount
        person = m.person
        born = f"{person.birth_date:%d.%m.%Y}"
        name = f"{person.last_name};{person.first_name};{born}"
        rows.append(f"{person.personnel_number};{name};{pay}".replace(".00", ",00"))
    left = rows.pop(5)
    upload = _hand_in(
        hr, room, rows, kind="FULL_LIST", effective=f"{day - timedelta(days=0):%d.%m.%Y}"
    )
    shown = hr.get(f"{room}/uploads/{upload.pk}/").context["rows"].rows
    assert [(row.kind, row.personnel_number) for row in shown] == [("LEAVE", left.split(";")[0])]
