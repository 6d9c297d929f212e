"""One person as the employer sees it: cover, price and its reasons, history, any past day."""

from datetime import timedelta
from decimal import Decimal

from django.test import Client
from django.urls import reverse

from members.models import Membership, NoticeRecord, Person
from portal.templatetags.portal import money
from tests.portal.conftest import Insurer, count_queries

MOST_QUERIES = 12


def _changed(insurer: Insurer) -> Person:
    """Somebody whose pay changed."""
    return Person.objects.get(employer=insurer.world.contract.employer_id, personnel_number="1005")


def _address(insurer: Insurer, person: Person, name: str = "person") -> str:
    return reverse(f"employer:{name}", args=[insurer.world.contract.employer_id, person.pk])


def test_cover_price_and_history_stand_on_the_page(insurer: Insurer, hr: Client) -> None:
    person = _changed(insurer)
    html = hr.get(_address(insurer, person)).content.decode()
    assert f"{person.first_name} {person.last_name} ist seit" in html
    assert money(Decimal(3450)) in html
    # The notices with who, which way, which file.
    assert "Befehlszeile: Änderungen.csv" in html
    assert "Gehaltsänderung</a>" in html
    assert "Zugang</a>" in html
    assert 'class="picture timeline"' in html
    assert "Geldwerter Vorteil" in html


def test_as_known_on_a_past_day_leaves_out_what_came_later(insurer: Insurer, hr: Client) -> None:
    person = _changed(insurer)
    change = NoticeRecord.objects.get(
        contract=insurer.world.contract, personnel_number="1005", kind="PAY_CHANGE"
    )
    before = change.received_at.date() - timedelta(days=1)
    html = hr.get(_address(insurer, person), {"known": f"{before:%d.%m.%Y}"}).content.decode()
    assert f"So war es am {before:%d.%m.%Y} bekannt" in html
    assert "3.450,00" not in html
    on_the_day = {"known": f"{change.received_at.date()}"}
    assert "3.450,00" in hr.get(_address(insurer, person), on_the_day).content.decode()


def test_before_the_first_notice_nothing_was_known(insurer: Insurer, hr: Client) -> None:
    person = _changed(insurer)
    html = hr.get(_address(insurer, person), {"known": "01.01.2020"}).content.decode()
    assert "war für diese Person noch keine Versicherung gemeldet" in html
    wrong = hr.get(_address(insurer, person), {"known": "31.02.2026"}).content.decode()
    assert "Diesen Tag gibt es nicht" in wrong


def test_why_tells_the_band_its_source_and_the_rule(insurer: Insurer, hr: Client) -> None:
    address = _address(insurer, _changed(insurer), "price_why")
    html = hr.get(address).content.decode()
    assert "liegt in Lohnstufe 6" in html
    assert "16,60" in html
    assert "Stand 01." in html
    assert "veröffentlicht" in html
    panel = hr.get(address, headers={"hx-request": "true"}).content.decode()
    assert "<html" not in panel
    assert "liegt in Lohnstufe 6" in panel


def test_what_can_be_reported_depends_on_the_cover(
    insurer: Insurer, hr: Client, hr_reader: Client
) -> None:
    insured = _changed(insurer)
    leaver = Membership.objects.filter(
        contract=insurer.world.contract, period__fully_lt=(insurer.world.today, None)
    ).select_related("person")[0]
    html = hr.get(_address(insurer, insured)).content.decode()
    assert f"new/leave/?person={insured.pk}" in html
    assert "new/return/" not in html
    html = hr.get(_address(insurer, leaver.person)).content.decode()
    assert f"new/return/?person={leaver.person_id}" in html
    assert "new/leave/" not in html
    assert "new/leave/" not in hr_reader.get(_address(insurer, insured)).content.decode()


def test_people_of_others_are_not_found(insurer: Insurer, hr: Client) -> None:
    other = Person.objects.filter(
        employer=insurer.world.contracts["Friseursalon Haarschön"].employer_id
    )[0]
    assert hr.get(_address(insurer, other)).status_code == 404
    assert hr.get(_address(insurer, other, "price_why")).status_code == 404


def test_the_page_is_light(insurer: Insurer, hr: Client, broker: Client) -> None:
    address = _address(insurer, _changed(insurer))
    for client in (hr, broker):
        for query in ("", "?known=2026-10-01"):
            assert count_queries(client, address + query)[0] <= MOST_QUERIES
