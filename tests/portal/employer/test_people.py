"""The list of people: found, narrowed, sorted, as of a day, taken along; quick when it is long."""

import io
from datetime import timedelta
from time import perf_counter

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from aupolicy.kernel.period import Period
from aupolicy.models import Employer, GroupContract, Role
from aupolicy.operations import Terms, give_grant, sign_contract
from members.models import InsuredPay, Membership, Person
from portal.templatetags.portal import count
from tests.portal.conftest import Insurer, count_queries

MOST_QUERIES = 12


def _people(insurer: Insurer, query: str = "", name: str = "people") -> str:
    return reverse(f"employer:{name}", args=[insurer.world.contract.employer_id]) + query


def _names(html: str) -> list[str]:
    """Names in the order of the table."""
    rows = html.split('<th scope="row"><a href="')[1:]
    return [row.split(">", 1)[1].split("</a>")[0] for row in rows]


def _covered(insurer: Insurer) -> list[Membership]:
    return list(
        Membership.objects.filter(
            contract=insurer.world.contract, period__contains=insurer.world.today
        ).select_related("person")
    )


def test_everybody_insured_today_is_counted(insurer: Insurer, hr: Client) -> None:
    html = hr.get(_people(insurer)).content.decode()
    assert f"<h1>{count(len(_covered(insurer)))} Personen versichert</h1>" in html


def test_a_person_is_found_by_name_number_and_birth_date(insurer: Insurer, hr: Client) -> None:
    person = _covered(insurer)[7].person
    for text in (
        f"{person.first_name} {person.last_name}",
        person.personnel_number,
        f"{person.birth_date:%d.%m.%Y}",
        f"{person.birth_date}",
    ):
        html = hr.get(_people(insurer), {"q": text}).content.decode()
        assert str(person) in _names(html), text
    assert "Niemand gefunden" in hr.get(_people(insurer), {"q": "Rumpelstilz"}).content.decode()


def test_a_band_and_a_sorting_narrow_and_order(insurer: Insurer, hr: Client) -> None:
    html = hr.get(_people(insurer), {"band": "6", "sort": "-pay"}).content.decode()
    shown = set(_names(html))
    assert shown
    pays = InsuredPay.objects.filter(
        membership__contract=insurer.world.contract,
        membership__period__contains=insurer.world.today,
        period__contains=insurer.world.today,
    ).select_related("membership__person")
    amounts = {str(pay.membership.person): pay.amount for pay in pays}
    in_order = [amounts[name] for name in _names(html)]
    assert in_order == sorted(in_order, reverse=True)
    assert 'aria-sort="descending"' in html
    others = set(_names(hr.get(_people(insurer), {"band": "1"}).content.decode()))
    assert not shown & others


def test_the_filters_stay_in_the_address_of_pages_and_files(insurer: Insurer, hr: Client) -> None:
    html = hr.get(
        _people(insurer), {"show": "all", "sort": "-number", "page": "2"}
    ).content.decode()
    assert "?show=all&amp;sort=-number&amp;page=3" in html
    assert "people.xlsx?show=all&amp;sort=-number" in html


def test_as_of_a_past_day_shows_who_was_insured_then(insurer: Insurer, hr: Client) -> None:
    leaver = (
        Membership.objects.filter(
            contract=insurer.world.contract, period__fully_lt=(insurer.world.today, None)
        )
        .select_related("person")
        .first()
    )
    assert leaver is not None
    day = leaver.period.last_day
    found = {"q": leaver.person.personnel_number}
    assert str(leaver.person) not in _names(hr.get(_people(insurer), found).content.decode())
    html = hr.get(_people(insurer), {**found, "day": f"{day:%d.%m.%Y}"}).content.decode()
    assert str(leaver.person) in _names(html)
    assert f"Am {day:%d.%m.%Y}: 1 Person versichert" in html


def test_a_day_that_does_not_exist_is_told(insurer: Insurer, hr: Client) -> None:
    html = hr.get(_people(insurer), {"day": "30.02.2026"}).content.decode()
    assert "Stand am „30.02.2026“: diesen Tag gibt es nicht" in html
    assert 'value="30.02.2026"' in html


def test_the_csv_has_what_the_filters_let_through(insurer: Insurer, hr: Client) -> None:
    person = _covered(insurer)[0].person
    Person.objects.filter(pk=person.pk).update(last_name="=1+1", first_name="Ada")
    answer = hr.get(_people(insurer, name="people_csv"), {"q": person.personnel_number})
    lines = b"".join(answer).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Name;Personalnummer;Geburtsdatum")
    # Apostrophe before what a spreadsheet would run.
    assert lines[1].startswith(f"'=1+1, Ada;{person.personnel_number};")


def test_the_workbook_has_everybody_as_text_days_and_numbers(insurer: Insurer, hr: Client) -> None:
    person = _covered(insurer)[0].person
    Person.objects.filter(pk=person.pk).update(last_name="=1+1", first_name="Ada")
    answer = hr.get(_people(insurer, name="people_xlsx"))
    content = io.BytesIO(b"".join(answer))
    rows = CalamineWorkbook.from_filelike(content).get_sheet_by_index(0).to_python()
    assert len(rows) == len(_covered(insurer)) + 1
    by_number = {row[1]: row for row in rows[1:]}
    row = by_number[person.personnel_number]
    assert row[0] == "=1+1, Ada"
    assert row[2] == person.birth_date
    assert isinstance(row[6], float)


def test_a_stranger_cannot_take_the_list_along(insurer: Insurer, hairdresser: Client) -> None:
    for name in ("people_csv", "people_xlsx"):
        assert hairdresser.get(_people(insurer, name=name)).status_code == 404


def test_every_way_to_look_is_light(insurer: Insurer, hr: Client, broker: Client) -> None:
    for query in ("", "?show=all&sort=-pay&band=4", "?q=a&day=01.10.2026&sort=end"):
        for client in (hr, broker):
            queries, size = count_queries(client, _people(insurer, query))
            assert queries <= MOST_QUERIES
            assert size <= 100_000


@pytest.fixture
def giant(insurer: Insurer) -> GroupContract:
    """A contract of 50,000 people."""
    employer = Employer.objects.create(
        legal_name="Riesenwerk AG", street="Am Tor", postal_code="44135", town="Dortmund"
    )
    first_day = insurer.world.first_month.first_day
    contract = sign_contract(
        number="GV-R", employer=employer, broker=None, start=first_day, terms=Terms("bau-2016")
    )
    with connection.cursor() as cursor:
        # Half a minute for a history that nobody reads here; the test's end brings them back.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for model in (Person, Membership, InsuredPay):
            cursor.execute(f"ALTER TABLE {model._meta.db_table} DISABLE TRIGGER USER")
    people = Person.objects.bulk_create(
        [
            Person(
                employer=employer,
                personnel_number=f"{number:06d}",
                first_name="Alex",
                last_name=f"Muster{number * 7919 % 50_000:05d}",
                birth_date=first_day - timedelta(days=9_000 + number % 12_000),
            )
            for number in range(50_000)
        ],
        batch_size=10_000,
    )
    period = Period(first_day, None)
    memberships = Membership.objects.bulk_create(
        [Membership(contract=contract, person=person, period=period) for person in people],
        batch_size=10_000,
    )
    InsuredPay.objects.bulk_create(
        [
            InsuredPay(membership=membership, period=period, amount=2_000 + number % 2_500)
            for number, membership in enumerate(memberships)
        ],
        batch_size=10_000,
    )
    with connection.cursor() as cursor:
        # As autovacuum does in earnest.
        cursor.execute("ANALYZE members_person, members_membership, members_insuredpay")
    give_grant(
        user=insurer.people["hr"],
        role=Role.EMPLOYER_ADMIN,
        employer=employer,
        first_day=insurer.world.today,
    )
    return contract


def test_fifty_thousand_people_are_listed_quickly_with_few_queries(
    giant: GroupContract, hr: Client
) -> None:
    address = reverse("employer:people", args=[giant.employer_id])
    for query in ("", "?q=muster0042", "?sort=-pay&band=4", "?show=all&page=1250"):
        started = perf_counter()
        queries, size = count_queries(hr, address + query)
        assert perf_counter() - started < 5
        assert queries <= MOST_QUERIES
        assert size <= 100_000
    export = reverse("employer:people_csv", args=[giant.employer_id])
    assert b"".join(hr.get(export)).count(b"\r\n") == 50_001
