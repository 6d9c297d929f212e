"""Mandates of the insurer's room: their standing, and what a clerk does to one."""

from datetime import timedelta

import pytest
from django.test import Client

from billing.models import Mandate, MandateStop
from billing.operations.mandates import amend_mandate
from tests.portal.conftest import Insurer

NEW_IBAN = "DE02500105170137075030"


@pytest.fixture
def mandate(insurer: Insurer) -> Mandate:
    """The mandate of the large employer."""
    return Mandate.objects.get(contract=insurer.world.contract)


def _act(clerk: Client, mandate: Mandate, action: str, **said: str) -> str:
    address = f"/mandates/{mandate.pk}/actions/{action}/"
    return clerk.post(address, said, follow=True).content.decode()


def test_the_list_counts_what_cannot_be_collected(clerk: Client, mandate: Mandate) -> None:
    html = clerk.get("/mandates/").content.decode()
    assert "Jeder Vertrag hat ein gültiges SEPA-Mandat" in html
    assert mandate.reference in html
    _act(clerk, mandate, "suspend", reason="Rückfrage beim Arbeitgeber")
    answer = clerk.get("/mandates/", {"standing": "care"})
    assert "1 Vertrag kann nicht eingezogen werden" in answer.content.decode()
    rows = answer.context["page"].object_list
    assert [row.standing.mandate for row in rows] == [mandate]
    assert clerk.get("/mandates/", {"q": "gibt es nicht"}).context["page"].paginator.count == 0
    table = clerk.get("/mandates.csv", {"standing": "suspended"}).content.decode("utf-8-sig")
    assert len(table.splitlines()) == 2
    assert mandate.reference in table


def test_the_list_is_sorted_by_expiry(clerk: Client, insurer: Insurer) -> None:
    rows = clerk.get("/mandates/", {"sort": "usable_to"}).context["page"].object_list
    ends = [row.standing.decision.usable_to for row in rows]
    assert len(ends) == len(insurer.world.contracts)
    assert ends == sorted(ends)


def test_suspended_and_lifted(clerk: Client, mandate: Mandate) -> None:
    html = _act(clerk, mandate, "suspend", reason="")
    assert "Nennen Sie den Grund" in html
    assert not MandateStop.objects.exists()
    html = _act(clerk, mandate, "suspend", reason="Rückfrage beim Arbeitgeber")
    assert "Das Mandat ist ausgesetzt" in html
    assert "Rückfrage beim Arbeitgeber" in html
    left = clerk.get("/collections/new/").context["preview"].left
    assert [each.item.contract_id for each in left] == [mandate.contract_id]
    assert "das Mandat ist ausgesetzt" in clerk.get("/collections/new/").content.decode()
    html = _act(clerk, mandate, "lift", reason="Geklärt")
    assert "Das Mandat gilt wieder" in html
    assert clerk.get("/collections/new/").context["preview"].left_count == 0
    assert "nicht ausgesetzt" in _act(clerk, mandate, "lift", reason="Noch einmal")


def test_a_revocation_is_final(clerk: Client, insurer: Insurer, mandate: Mandate) -> None:
    today = insurer.world.today
    later = f"{today + timedelta(days=1):%d.%m.%Y}"
    said = {"reason": "Brief vom Arbeitgeber"}
    assert "in der Zukunft" in _act(clerk, mandate, "revoke", received_on=later, **said)
    html = _act(clerk, mandate, "revoke", received_on=f"{today:%d.%m.%Y}", **said)
    assert "Der Widerruf ist vermerkt" in html
    assert "Was ist zu tun?" not in html
    again = _act(clerk, mandate, "revoke", received_on=f"{today:%d.%m.%Y}", **said)
    assert "schon widerrufen" in again


def test_a_b2b_mandate_waits_for_the_bank(
    clerk: Client, insurer: Insurer, mandate: Mandate
) -> None:
    today = f"{insurer.world.today:%d.%m.%Y}"
    assert "Nur ein Firmenmandat" in _act(clerk, mandate, "confirm", confirmed_on=today)
    mandate.scheme = "B2B"
    mandate.save()
    assert "wartet auf die Bank" in clerk.get(f"/mandates/{mandate.pk}/").content.decode()
    html = _act(clerk, mandate, "confirm", confirmed_on=today)
    assert f"von der Bank bestätigt am {today}" in html


def test_versions_and_what_happened_are_shown(
    clerk: Client, insurer: Insurer, mandate: Mandate
) -> None:
    version = amend_mandate(
        mandate=mandate,
        first_day=insurer.world.today,
        user=insurer.people["hr"],
        now=insurer.world.runs[-1].started_at,
        iban=NEW_IBAN,
    )
    for asked in (mandate, version):
        shown = clerk.get(f"/mandates/{asked.pk}/").context["shown"]
        assert [each.version for each in shown.versions] == [2, 1]
        assert shown.mandate == version
        assert [event.kind for event in shown.events] == ["version", "signed"]
        assert shown.debits


def test_nobody_but_finance_acts(auditor: Client, examiner: Client, mandate: Mandate) -> None:
    address = f"/mandates/{mandate.pk}/"
    html = auditor.get(address).content.decode()
    assert "Was ist zu tun?" not in html
    assert auditor.post(f"{address}actions/suspend/", {"reason": "x"}).status_code == 403
    assert examiner.post(f"{address}actions/suspend/", {"reason": "x"}).status_code == 403
    assert auditor.get(f"{address}proof/file/").status_code == 404
    assert not MandateStop.objects.exists()


def test_an_action_that_does_not_exist(clerk: Client, mandate: Mandate) -> None:
    assert clerk.post(f"/mandates/{mandate.pk}/actions/delete/").status_code == 404
