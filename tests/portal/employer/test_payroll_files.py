"""The employer's page of files for payroll: settings, preview, making, fetching, taking back."""

from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from aupolicy.kernel.month import Month
from billing.facts.payroll_file import PayrollFormat, PayrollTarget
from billing.models import PayrollFile, PremiumLine
from billing.models import PayrollTarget as PayrollTargetRow
from billing.operations.payroll_files import save_payroll_target
from tests.portal.conftest import Insurer, count_queries

LODAS = {
    "wage_type": "235",
    "consultant_number": "12345",
    "client_number": "678",
    "processing_key": "2",
    "cost_centre": "O77",
}


@pytest.fixture
def room(insurer: Insurer) -> str:
    return f"/employers/{insurer.world.contract.employer_id}/benefits-in-kind"


@pytest.fixture
def month(insurer: Insurer) -> str:
    """The last billed month; corrections of the one before were billed with it."""
    return f"{insurer.world.runs[-1].month:%Y-%m}"


@pytest.fixture
def saved(insurer: Insurer) -> None:
    """Settings of a program that needs the wage type only, from the first month on."""
    save_payroll_target(
        employer=insurer.world.contract.employer,
        target=PayrollTarget(PayrollFormat.LEXWARE, wage_type="100"),
        by=insurer.people["hr"],
        now=timezone.now(),
    )


def test_the_list_leads_to_the_file(hr: Client, room: str, month: str) -> None:
    assert f"{room}/files/?month={month}" in hr.get(f"{room}/?month={month}").content.decode()


def test_first_the_program_is_asked_for_then_what_it_needs(
    insurer: Insurer, hr: Client, room: str, month: str
) -> None:
    assert "Welches Lohnprogramm haben Sie?" in hr.get(f"{room}/files/").content.decode()
    asked = hr.get(f"{room}/files/settings/").content.decode()
    assert all(f'value="{item.value}"' in asked for item in PayrollFormat)
    none = hr.get(f"{room}/files/settings/?asked=1").content.decode()
    assert "Wählen Sie Ihr Lohnprogramm aus." in none
    address = f"{room}/files/settings/?file_format=lodas"
    form = hr.get(address).context["form"]
    assert set(form.fields) == {*LODAS, "first_month"}
    # The newest month is proposed: what came before is on payslips already.
    assert form["first_month"].value() == month
    answer = hr.post(address, {**LODAS, "first_month": month})
    assert answer.status_code == 302
    row = PayrollTargetRow.objects.get(employer=insurer.world.contract.employer)
    assert (row.file_format, row.wage_type, row.changed_by) == (
        "lodas",
        "235",
        insurer.people["hr"],
    )
    html = hr.get(f"{room}/files/").content.decode()
    assert "DATEV LODAS" in html
    assert "Datei erstellen" in html


@pytest.mark.parametrize(
    ("field", "typed", "expected"),
    [
        ("consultant_number", "12345678", "Erwartet wird: Beraternummer, 1 bis 9999999."),
        ("client_number", "", "Geben Sie die Mandantennummer an."),
        ("wage_type", "Geld", "Erwartet wird: Lohnart"),
        ("processing_key", "zwei", "Erwartet wird eine ganze Zahl."),
        ("cost_centre", "A;B", "Erwartet wird: Kostenstelle"),
        ("first_month", "1999-01", "1999-01"),
    ],
)
def test_what_the_program_would_not_take_is_said_at_its_field(
    hr: Client, room: str, field: str, typed: str, expected: str
) -> None:
    sent = {**LODAS, "first_month": "", field: typed}
    form = hr.post(f"{room}/files/settings/?file_format=lodas", sent).context["form"]
    assert list(form.errors) == [field]
    assert expected in str(form.errors[field])
    assert not PayrollTargetRow.objects.exists()


@pytest.mark.usefixtures("saved")
def test_a_file_is_previewed_made_and_fetched_twice(
    insurer: Insurer, hr_editor: Client, hr_reader: Client, room: str, month: str
) -> None:
    preview = hr_editor.get(f"{room}/files/?month={month}").context["preview"]
    charged = PremiumLine.objects.filter(contract=insurer.world.contract)
    assert preview.amount == sum((line.amount for line in charged), start=Decimal(0))
    answer = hr_editor.post(f"{room}/files/new/", {"month": month}, follow=True)
    assert "ist erstellt" in answer.content.decode()
    file = PayrollFile.objects.get()
    assert (file.amount, file.people, file.created_by) == (
        preview.amount, preview.people, insurer.people["hr_editor"],
    )  # fmt: skip
    fetched = [hr_reader.get(f"{room}/files/{file.pk}/").getvalue() for _ in range(2)]
    assert fetched[0] == fetched[1] == preview.get_file().content
    lines = fetched[0].decode("cp1252").splitlines()
    assert lines[0].startswith("Jahr;Monat;Personalnummer;Lohnartennummer;Wert;")
    assert len(lines) == len(preview.new_rows) + 1
    again = hr_editor.post(f"{room}/files/new/", {"month": month}, follow=True)
    assert "alles ist schon übergeben" in again.content.decode()
    assert PayrollFile.objects.count() == 1


@pytest.mark.usefixtures("saved")
def test_a_file_is_taken_back_after_a_question(hr: Client, room: str, month: str) -> None:
    hr.post(f"{room}/files/new/", {"month": month})
    file = PayrollFile.objects.get()
    assert "zurücknehmen?" in hr.get(f"{room}/files/{file.pk}/withdraw/").content.decode()
    html = hr.post(f"{room}/files/{file.pk}/withdraw/", follow=True).content.decode()
    assert "zurückgenommen am" in html
    assert "Datei erstellen" in html
    html = hr.post(f"{room}/files/{file.pk}/withdraw/", follow=True).content.decode()
    assert "schon zurückgenommen" in html


@pytest.mark.usefixtures("saved")
def test_readers_look_and_fetch_but_change_nothing(
    hr: Client, hr_reader: Client, room: str, month: str
) -> None:
    hr.post(f"{room}/files/new/", {"month": month})
    file = PayrollFile.objects.get()
    html = hr_reader.get(f"{room}/files/?month={month}").content.decode()
    assert "Erstellte Dateien" in html
    assert "Datei erstellen" not in html
    assert "settings/" not in html
    assert hr_reader.post(f"{room}/files/new/", {"month": month}).status_code == 403
    assert hr_reader.get(f"{room}/files/settings/").status_code == 403
    assert hr_reader.post(f"{room}/files/{file.pk}/withdraw/").status_code == 403


@pytest.mark.usefixtures("saved")
def test_the_broker_makes_files_with_the_employers_authority(
    insurer: Insurer, broker: Client, hairdresser: Client, room: str, month: str
) -> None:
    broker.post(f"{room}/files/new/", {"month": month})
    file = PayrollFile.objects.get()
    assert file.created_by == insurer.people["broker"]
    own = insurer.world.contracts["Friseursalon Haarschön"].employer_id
    for there in (room, f"/employers/{own}/benefits-in-kind"):
        assert hairdresser.get(f"{there}/files/{file.pk}/").status_code == 404
        assert hairdresser.post(f"{there}/files/{file.pk}/withdraw/").status_code == 404


def test_people_that_datev_does_not_take_are_told_before(
    insurer: Insurer, hr: Client, room: str, month: str
) -> None:
    person = insurer.world.contract.memberships.earliest("pk").person
    person.personnel_number = "A-17"
    person.save()
    hr.post(f"{room}/files/settings/?file_format=lodas", {**LODAS, "first_month": ""})
    html = hr.get(f"{room}/files/?month={month}").content.decode()
    assert f"{person.last_name}, {person.first_name} (A-17)" in html
    assert "Datei erstellen" not in html


@pytest.mark.parametrize("month", ["2026-13", "nonsense"])
@pytest.mark.usefixtures("saved")
def test_a_month_that_is_none_is_not_found(hr: Client, room: str, month: str) -> None:
    assert hr.get(f"{room}/files/?month={month}").status_code == 404
    assert hr.post(f"{room}/files/new/", {"month": month}).status_code == 404


@pytest.mark.usefixtures("saved")
def test_a_month_not_billed_is_said(insurer: Insurer, hr: Client, room: str) -> None:
    later = Month.of(insurer.world.today).plus(9)
    assert "noch nicht abgerechnet" in hr.get(f"{room}/files/?month={later}").content.decode()


@pytest.mark.usefixtures("saved")
def test_the_page_is_light_for_400_people(hr: Client, room: str, month: str) -> None:
    queries, size = count_queries(hr, f"{room}/files/?month={month}")
    assert queries <= 12
    assert size <= 100_000
