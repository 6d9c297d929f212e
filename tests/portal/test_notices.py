"""The list of notices."""

from django.test import Client

from members.models import NoticeRecord
from tests.portal.conftest import Insurer


def test_at_first_it_shows_what_needs_a_decision(insurer: Insurer, clerk: Client) -> None:
    answer = clerk.get("/notices/")
    assert {n.status for n in answer.context["page"]} == {"NEEDS_CLERK"}
    html = answer.content.decode()
    assert "1 Meldung ist zu klären" in html
    assert "Die Person ist an diesem Tag nicht versichert." in html


def test_all_of_a_contract_newest_first(insurer: Insurer, clerk: Client) -> None:
    number = insurer.world.contract.number
    page = clerk.get("/notices/", {"status": "all", "q": number}).context["page"]
    known = NoticeRecord.objects.filter(contract=insurer.world.contract)
    assert page.paginator.count == known.count()
    assert page[0].pk == known.latest("pk").pk


def test_an_unknown_status_shows_the_open_work(clerk: Client, insurer: Insurer) -> None:
    assert clerk.get("/notices/?status=HACK").context["is_open_work"]
