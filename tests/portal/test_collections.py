"""Collections from the page: what will be collected, what not and why, the file."""

from datetime import timedelta
from xml.etree import ElementTree as ET

from django.test import Client

from aupolicy.kernel.bank_calendar import is_target_day, next_target_day
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


def test_the_file_has_the_control_sum_of_the_page(insurer: Insurer, clerk: Client) -> None:
    preview = clerk.get("/collections/new/").context["preview"]
    answer = clerk.post("/collections/new/", {"due": preview.wanted.isoformat()}, follow=True)
    collection = Collection.objects.latest("pk")
    assert collection.control_sum == preview.amount
    assert f"/collections/{collection.pk}/" == answer.request["PATH_INFO"]
    assert "liegen zum Herunterladen bereit" in answer.content.decode()
    file = clerk.get(f"/collections/{collection.pk}/file/")
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
