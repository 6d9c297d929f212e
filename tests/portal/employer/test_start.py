"""The employer's dashboard: what comes next, to the cent, and what is to be done."""

import pytest
from django.test import Client
from django.urls import reverse

from aupolicy.kernel.month import Month
from aupolicy.models import Employer, Role
from aupolicy.operations import give_grant
from billing.models import BillingRun, Statement
from billing.queries.expected import compute_expected
from members.facts import NoticeStatus
from members.models import NoticeRecord
from portal.templatetags.portal import count, money
from tests.portal.conftest import Insurer, count_queries
from tests.portal.world import World

MOST_QUERIES = 12


def _start(world: World, name: str = "Luftdruck GmbH") -> str:
    return reverse("employer:start", args=[world.contracts[name].employer_id])


@pytest.mark.parametrize(
    "name", ["Luftdruck GmbH", "Friseursalon Haarschön", "Autohaus Fahrspaß GmbH"]
)
def test_what_is_expected_is_what_the_run_charges(name: str, insurer: Insurer) -> None:
    contract = insurer.world.contracts[name]
    charged = Statement.objects.get(contract=contract, run=insurer.preview)
    last = Statement.objects.filter(contract=contract, number__isnull=False).latest("month")

    expected = compute_expected(contract, last=last, month=Month.of(insurer.preview.month))

    assert expected.total == charged.total
    assert expected.insured == charged.insured_count
    assert expected.payroll == charged.payroll
    # Only the large employer has late joiners and backdated changes.
    assert bool(expected.corrections) == (name == "Luftdruck GmbH")


def test_without_any_statement_all_months_are_expected(insurer: Insurer) -> None:
    contract = insurer.world.contracts["Friseursalon Haarschön"]
    statements = Statement.objects.filter(contract=contract)

    expected = compute_expected(contract, last=None, month=Month.of(insurer.preview.month))

    assert expected.total == sum(statement.total for statement in statements)


def test_the_headline_says_who_is_insured_and_what_the_preview_charges(
    insurer: Insurer, hr: Client
) -> None:
    html = hr.get(_start(insurer.world)).content.decode()
    preview = Statement.objects.get(contract=insurer.world.contract, run=insurer.preview)
    assert f"{money(preview.total)}</h1>" in html
    assert "liegt als Vorschau vor" in html


def test_without_a_preview_the_next_statement_is_computed(insurer: Insurer, hr: Client) -> None:
    preview = Statement.objects.get(contract=insurer.world.contract, run=insurer.preview)
    Statement.objects.filter(run=insurer.preview).delete()

    html = hr.get(_start(insurer.world)).content.decode()

    assert f"{money(preview.total)}</h1>" in html
    assert "Jede Meldung bis zur Abrechnung" in html


def test_what_is_open_is_named(insurer: Insurer, hr: Client) -> None:
    open_notices = NoticeRecord.objects.filter(
        contract=insurer.world.contract, status=NoticeStatus.NEEDS_CLERK.value
    ).count()
    assert open_notices
    html = hr.get(_start(insurer.world)).content.decode()
    assert f"{count(open_notices)} Meldung" in html
    assert "?status=NEEDS_CLERK" in html
    assert "SEPA-Mandat erteilen" not in html


def test_every_months_amount_stands_in_the_table(insurer: Insurer, hr: Client) -> None:
    html = hr.get(_start(insurer.world)).content.decode()
    runs = BillingRun.objects.filter(posted_at__isnull=False)
    for statement in Statement.objects.filter(contract=insurer.world.contract, run__in=runs):
        assert f"{money(statement.total)[:-2]}</td>" in html


def test_the_dashboard_is_light(insurer: Insurer, hr: Client) -> None:
    assert count_queries(hr, _start(insurer.world))[0] <= MOST_QUERIES
    Statement.objects.filter(run=insurer.preview).delete()
    assert count_queries(hr, _start(insurer.world))[0] <= MOST_QUERIES


def test_a_broker_is_told_for_whom_it_acts(insurer: Insurer, broker: Client, hr: Client) -> None:
    words = "Sie handeln für Luftdruck GmbH als Vermittler"
    assert words in broker.get(_start(insurer.world)).content.decode()
    assert words not in hr.get(_start(insurer.world)).content.decode()


def test_the_insurer_is_told_whose_room_it_is(insurer: Insurer, clerk: Client) -> None:
    assert "als Versicherer" in clerk.get(_start(insurer.world)).content.decode()


def test_a_reader_finds_no_button_to_report(
    insurer: Insurer, hr: Client, hr_reader: Client
) -> None:
    address = reverse("employer:new_notice", args=[insurer.world.contract.employer_id])
    assert f'href="{address}"' in hr.get(_start(insurer.world)).content.decode()
    assert f'href="{address}"' not in hr_reader.get(_start(insurer.world)).content.decode()


@pytest.mark.parametrize("client", ["hairdresser", "stranger"])
def test_nobody_else_finds_the_room(
    client: str, insurer: Insurer, request: pytest.FixtureRequest
) -> None:
    browser: Client = request.getfixturevalue(client)
    assert browser.get(_start(insurer.world)).status_code == 404


def test_before_the_first_contract_the_room_says_what_will_be_here(
    insurer: Insurer, hr: Client
) -> None:
    employer = Employer.objects.create(
        legal_name="Neuwerk GmbH", street="Allee", postal_code="10115", town="Berlin"
    )
    give_grant(
        user=insurer.people["hr"],
        role=Role.EMPLOYER_ADMIN,
        employer=employer,
        first_day=insurer.world.today,
    )
    for name, words in (
        ("start", "Noch kein Vertrag"),
        ("people", "Noch ist niemand versichert"),
        ("new_notice", "Noch kein Vertrag"),
    ):
        assert words in hr.get(reverse(f"employer:{name}", args=[employer.pk])).content.decode()
    for name in ("notices", "people_csv"):
        assert hr.get(reverse(f"employer:{name}", args=[employer.pk])).status_code == 404
