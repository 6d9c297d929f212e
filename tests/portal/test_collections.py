"""Collections from the page: what will be collected, what not and why, the file."""

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from aupolicy.kernel.bank_calendar import is_target_day, next_target_day
from aupolicy.models import Role, User
from aupolicy.operations import give_grant
from billing.models import Collection, Mandate, Statement
from portal.queries.insurer.collections import propose_due_date
from tests.portal.conftest import Insurer


def test_the_proposed_day_is_one_the_bank_can_meet(insurer: Insurer, clerk: Client) -> None:
    preview = clerk.get("/collections/new/").context["preview"]
    assert is_target_day(preview.due)
    assert preview.submit_by >= insurer.world.today
    assert preview.debits == 3
    open_statements = Statement.objects.filter(number__isnull=False, open_item__debits=None)
    assert preview.amount == sum(s.total for s in open_statements)


def test_what_is_left_out_is_told_with_its_reason(insurer: Insurer, clerk: Client) -> None:
    mandate = Mandate.objects.get(contract=insurer.world.contract)
    mandate.scheme, mandate.b2b_confirmed_on = "B2B", None
    mandate.save()
    answer = clerk.get("/collections/new/")
    preview = answer.context["preview"]
    assert (preview.debits, preview.left_count) == (2, 1)
    html = answer.content.decode()
    assert "Wird nicht eingezogen" in html
    assert "die Bank hat das Firmenmandat noch nicht bestätigt" in html


def test_a_day_on_which_banks_are_closed_moves(insurer: Insurer, clerk: Client) -> None:
    day = propose_due_date(insurer.world.today)
    while is_target_day(day):
        day += timedelta(days=1)
    answer = clerk.get("/collections/new/", {"due": f"{day:%d.%m.%Y}"})
    assert answer.context["preview"].due == next_target_day(day)
    assert "sind die Banken geschlossen" in answer.content.decode()


def test_a_day_that_is_too_early_cannot_be_sent(insurer: Insurer, clerk: Client) -> None:
    past = insurer.world.today - timedelta(days=1)
    answer = clerk.get("/collections/new/", {"due": past.isoformat()})
    assert "zu spät" in answer.content.decode()
    before = Collection.objects.count()
    answer = clerk.post("/collections/new/", {"due": past.isoformat()}, follow=True)
    assert Collection.objects.count() == before
    assert "zu spät" in answer.content.decode()


def test_what_is_no_day_gets_an_error_and_stays(clerk: Client, insurer: Insurer) -> None:
    html = clerk.get("/collections/new/", {"due": "30.02.2026"}).content.decode()
    assert "Diesen Tag gibt es nicht" in html
    assert 'value="30.02.2026"' in html


@pytest.fixture
def second(insurer: Insurer) -> Client:
    """A browser of another person who may release files."""
    user = User.objects.create_user("second", first_name="Elif", last_name="Arslan")
    give_grant(user=user, role=Role.FINANCE, first_day=insurer.world.today)
    client = Client(headers={"accept-language": "de"})
    client.force_login(user)
    return client


def test_the_file_has_the_control_sum_of_the_page_and_two_people_send_it(
    insurer: Insurer, clerk: Client, second: Client
) -> None:
    preview = clerk.get("/collections/new/").context["preview"]
    answer = clerk.post("/collections/new/", {"due": preview.wanted.isoformat()}, follow=True)
    collection = Collection.objects.latest("pk")
    assert collection.control_sum == preview.amount
    assert f"/collections/{collection.pk}/" == answer.request["PATH_INFO"]
    html = answer.content.decode()
    assert "warten auf die Freigabe durch eine zweite Person" in html
    assert "Freigeben muss sie jemand anderes" in html
    address = f"/collections/{collection.pk}"
    early = clerk.get(f"{address}/file/", follow=True)
    assert "noch nicht freigegeben" in early.content.decode()
    assert (
        "gibt sie nicht selbst frei"
        in clerk.post(f"{address}/release/", follow=True).content.decode()
    )
    answer = second.post(f"{address}/release/", follow=True)
    assert "ist freigegeben" in answer.content.decode()
    file = clerk.get(f"{address}/file/")
    assert file["Content-Disposition"].endswith(f'{collection.message_id}.xml"')
    tree = ET.fromstring(file.getvalue())  # noqa: S314
    namespace = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.008.001.08"}
    assert tree.findtext(".//p:GrpHdr/p:CtrlSum", namespaces=namespace) == str(preview.amount)


def test_collecting_twice_collects_nothing_new(insurer: Insurer, clerk: Client) -> None:
    due = clerk.get("/collections/new/").context["preview"].wanted.isoformat()
    clerk.post("/collections/new/", {"due": due})
    before = Collection.objects.count()
    answer = clerk.post("/collections/new/", {"due": due}, follow=True)
    assert Collection.objects.count() == before
    assert "nichts Neues" in answer.content.decode()
    assert "Alles Fällige ist im Einzug" in clerk.get("/collections/").content.decode()


def test_a_discarded_file_opens_what_was_in_it(insurer: Insurer, clerk: Client) -> None:
    preview = clerk.get("/collections/new/").context["preview"]
    clerk.post("/collections/new/", {"due": preview.wanted.isoformat(), "single": "on"})
    collection = Collection.objects.latest("pk")
    assert not collection.batch_booking
    address = f"/collections/{collection.pk}"
    html = clerk.post(f"{address}/discard/", follow=True).content.decode()
    assert "Was darin war, ist wieder offen" in html
    assert "verworfen" in html
    again = clerk.get("/collections/new/").context["preview"]
    assert (again.debits, again.amount) == (preview.debits, preview.amount)
    refused = clerk.post(f"{address}/release/", follow=True).content.decode()
    assert "Diese Datei ist verworfen" in refused


def test_a_file_is_made_again_from_the_books(insurer: Insurer, clerk: Client) -> None:
    due = clerk.get("/collections/new/").context["preview"].wanted.isoformat()
    clerk.post("/collections/new/", {"due": due})
    collection = Collection.objects.latest("pk")
    html = clerk.post(f"/collections/{collection.pk}/check/", follow=True).content.decode()
    assert "dieselbe Datei, Byte für Byte" in html
    debit = collection.items.earliest("pk")
    Mandate.objects.filter(pk=debit.mandate_id).update(account_holder="Jemand anders")
    html = clerk.post(f"/collections/{collection.pk}/check/", follow=True).content.decode()
    assert "eine andere Datei" in html


def test_the_next_bank_days_say_what_falls_due(insurer: Insurer, clerk: Client) -> None:
    days = clerk.get("/collections/").context["days"]
    assert all(is_target_day(each.day) for each in days)
    assert [each.day for each in days] == sorted({each.day for each in days})
    assert days[0].submit_by.date() >= insurer.world.today
    due = Statement.objects.filter(number__isnull=False, open_item__debits=None)
    shown = sum(each.amount for each in days)
    assert shown == sum(s.total for s in due if s.due_date and s.due_date <= days[-1].day)


def test_an_auditor_neither_releases_nor_downloads(insurer: Insurer, auditor: Client) -> None:
    address = f"/collections/{insurer.world.collections[-1].pk}"
    assert auditor.post(f"{address}/release/").status_code == 403
    html = auditor.get(f"{address}/file/", follow=True).content.decode()
    assert "braucht es die Rolle Finanzen" in html


def test_an_auditor_sees_the_preview_without_the_button(auditor: Client, insurer: Insurer) -> None:
    html = auditor.get("/collections/new/").content.decode()
    assert "Wird eingezogen" in html
    assert '<form method="post" data-once>' not in html


def test_a_collection_lists_its_debits(insurer: Insurer, clerk: Client) -> None:
    collection = insurer.world.collections[-1]
    html = clerk.get(f"/collections/{collection.pk}/").content.decode()
    assert collection.message_id in html
    assert collection.file_sha256 in html
    assert html.count('<th scope="row"><a') == collection.debit_count
