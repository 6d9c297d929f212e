"""One person: cover, pay, premium, notices."""

from django.test import Client

from billing.models import PremiumLine
from members.models import Membership, Person
from tests.portal.conftest import Insurer


def _open(client: Client, insurer: Insurer, person: Person) -> str:
    return client.get(
        f"/contracts/{insurer.world.contract.pk}/people/{person.pk}/"
    ).content.decode()


def _people(insurer: Insurer) -> Membership:
    return Membership.objects.filter(contract=insurer.world.contract).earliest("pk")


def test_an_insured_person(insurer: Insurer, clerk: Client) -> None:
    person = Person.objects.get(employer=insurer.world.contract.employer, personnel_number="1300")
    html = _open(clerk, insurer, person)
    assert "ist seit" in html
    assert "bis zur Regelaltersgrenze am" in html
    assert "ab dem 43. Tag" in html
    assert html.count("Warum?") == PremiumLine.objects.filter(person=person).count() == 3
    assert "Zugang" in html


def test_somebody_who_left(insurer: Insurer, clerk: Client) -> None:
    left = Membership.objects.filter(
        contract=insurer.world.contract, end_reason="EMPLOYMENT_ENDED",
        period__fully_lt=(insurer.world.today, None),
    ).earliest("pk")  # fmt: skip
    html = _open(clerk, insurer, left.person)
    assert "war bis" in html
    assert "Arbeitsverhältnis beendet" in html


def test_a_pay_change_shows_two_pays(insurer: Insurer, clerk: Client) -> None:
    changed = Person.objects.get(employer=insurer.world.contract.employer, personnel_number="1008")
    html = _open(clerk, insurer, changed)
    assert "3.450,00" in html
    assert html.count('class="stripe stripe-') == 2


def test_a_person_of_another_employer_is_not_found_here(insurer: Insurer, clerk: Client) -> None:
    salon = insurer.world.contracts["Friseursalon Haarschön"]
    stranger = Membership.objects.filter(contract=salon).earliest("pk").person
    address = f"/contracts/{insurer.world.contract.pk}/people/{stranger.pk}/"
    assert clerk.get(address).status_code == 404
