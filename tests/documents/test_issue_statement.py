"""Statements from booked lines to stored letters."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import pytest
from celery import current_app

from billing.facts.debit import Scheme
from billing.models import BillingRun, Statement
from billing.operations import fill_slice, start_run
from documents.facts import (
    CorrectionRow,
    DocumentKind,
    InsuredRow,
    LeaverRow,
    Settlement,
    StatementContext,
)
from documents.models import Document
from documents.operations import (
    RoundReport,
    count_rounds,
    issue_mandate_form,
    issue_statement,
    issue_statements,
)
from documents.operations import statements as operations
from documents.queries import (
    Progress,
    build_mandate_form,
    get_statement_progress,
    read_document,
)
from documents.queries.statement import UnableToBuildStatement, build_statement
from documents.queries.statement_lists import LineSum, StatementLists
from documents.tasks import issue_statement_letters, send_open_letters
from tests.documents import world
from tests.documents.printing import find_faults, read_pages, read_text, squeeze

pytestmark = pytest.mark.django_db


class _Said(NamedTuple):
    """What a statement's letter says, with its lists."""

    letter: StatementContext
    insured: list[InsuredRow]
    leavers: list[LeaverRow]
    corrections: list[CorrectionRow]


def _build(statement: Statement) -> _Said:
    with StatementLists(statement.run, [statement]) as lists:
        return _Said(
            build_statement(statement, lists.sums(statement)),
            list(lists.insured(statement)),
            list(lists.leavers(statement)),
            list(lists.corrections(statement)),
        )


def _change_by_number(statement: Statement) -> dict[str, str]:
    return {row.personnel_number: row.change for row in _build(statement).insured}


def test_a_first_statement_says_what_everything_costs() -> None:
    contract = world.sign()
    world.join_everybody(contract)
    world.add_mandate(contract)
    statement = world.bill(contract, world.OCTOBER)
    report = issue_statement(statement=statement)
    assert report.created == 1
    [document] = report.documents
    assert document.kind == DocumentKind.STATEMENT
    number = statement.number or ""
    assert document.file_name == f"Beitragsabrechnung_2026-10_Friseursalon_Haarschoen_{number}.pdf"
    pdf = read_document(document)
    assert len(pdf) == document.byte_count
    assert find_faults(pdf) == []
    text = read_text(pdf)
    assert "im Oktober 2026 sind 6 Personen versichert. Der Beitrag beträgt 76,70 €" in text
    assert f"Wir ziehen 76,70 € am {statement.due_date:%d.%m.%Y} von Ihrem Konto ein" in text
    assert "GV-10001-1" in text
    assert f"Verwendungszweck {number}" in text
    assert "4 über 2.000,00 bis 2.500,00 13,00 4 52,00" in text
    assert "1 bis 1.000,00 6,80 1 6,80" in text
    assert "0,54 % der Lohnsumme von 171.600,00 €" in text
    assert "1001 Müller, Anna 4 Zugang 01.10.2026 13,00" in text


def test_the_next_statement_tells_what_changed() -> None:
    contract = world.sign()
    world.join_everybody(contract)
    first = world.bill(contract, world.OCTOBER)
    assert set(_change_by_number(first).values()) == {"Zugang 01.10.2026"}
    world.change_pay(contract, "1001", date(2026, 11, 1), "2600")
    world.change_pay(contract, "1002", date(2026, 11, 1), "2450")
    world.leave(contract, "1003", date(2026, 10, 31))
    world.leave(contract, "1004", date(2026, 11, 15))
    world.join(contract, "1010", effective=date(2026, 11, 16))
    letter = _build(world.bill(contract, world.NOVEMBER))
    assert {row.personnel_number: row.change for row in letter.insured} == {
        "1001": "Lohnstufe 4 → 5",
        "1002": "Entgelt geändert",
        "1004": "Abgang 15.11.2026",
        "1005": "",
        "1006": "",
        "1010": "Zugang 16.11.2026",
    }
    days = {row.personnel_number: row.covered_days for row in letter.insured}
    assert days == {"1001": None, "1002": None, "1004": 15, "1005": None, "1006": None, "1010": 15}
    assert letter.leavers == [
        LeaverRow("1003", "Öztürk, Çiğdem", date(2026, 10, 31), "Arbeitsverhältnis beendet"),
    ]
    assert letter.corrections == []


def test_late_notices_stand_month_by_month_in_a_list_of_their_own() -> None:
    contract = world.sign()
    world.join_everybody(contract)
    world.bill(contract, world.OCTOBER)
    world.bill(contract, world.NOVEMBER)
    world.leave(contract, "1001", date(2026, 10, 15))
    world.join(contract, "1010", effective=date(2026, 11, 16))
    world.change_pay(contract, "1002", date(2026, 11, 1), "2600")
    statement = world.bill(contract, world.DECEMBER)
    letter, _, _, corrections = _build(statement)
    row = CorrectionRow(
        month=date(2026, 11, 1),
        personnel_number="1001",
        name="Müller, Anna",
        reason="Abgang 15.10.2026",
        before=Decimal("13.00"),
        after=Decimal("0.00"),
        difference=Decimal("-13.00"),
    )
    assert set(corrections) == {
        row,
        replace(
            row,
            month=date(2026, 10, 1),
            after=Decimal("6.50"),
            difference=Decimal("-6.50"),
        ),
        CorrectionRow(
            month=date(2026, 11, 1),
            personnel_number="1010",
            name="Neumann, Neu",
            reason="Zugang 16.11.2026",
            before=Decimal("0.00"),
            after=Decimal("6.50"),
            difference=Decimal("6.50"),
        ),
        CorrectionRow(
            month=date(2026, 11, 1),
            personnel_number="1002",
            name="Weiß, Björn",
            reason="Lohnstufe 4 → 5",
            before=Decimal("13.00"),
            after=Decimal("14.80"),
            difference=Decimal("1.80"),
        ),
    }
    assert letter.corrections_total == Decimal("-11.20")
    assert letter.month_premium + letter.corrections_total == letter.total == statement.total
    text = squeeze(read_text(read_document(issue_statement(statement=statement).documents[0])))
    assert "Oktober20261001Müller,AnnaAbgang15.10.202613,006,50−6,50" in text
    assert "Summe−11,20" in text


def test_a_negative_total_is_a_credit() -> None:
    contract = world.sign()
    world.join_everybody(contract)
    world.add_mandate(contract)
    world.bill(contract, world.OCTOBER)
    world.bill(contract, world.NOVEMBER)
    for number in range(1001, 1007):
        world.leave(contract, str(number), date(2026, 9, 30) if number == 0 else date(2026, 10, 1))
    statement = world.bill(contract, world.DECEMBER)
    assert statement.total < 0
    payment = _build(statement).letter.payment
    assert (payment.settlement, payment.amount) == (Settlement.CREDIT, -statement.total)
    text = read_text(read_document(issue_statement(statement=statement).documents[0]))
    assert "schreiben wir Ihrem Beitragskonto gut" in text
    assert "Vorabankündigung" not in text


def test_without_a_mandate_that_the_bank_knows_a_transfer_is_asked_for() -> None:
    contract = world.sign()
    world.join_everybody(contract)
    assert (
        _build(world.bill(contract, world.OCTOBER)).letter.payment.settlement is Settlement.TRANSFER
    )
    mandate = world.add_mandate(contract, Scheme.B2B)
    statement = world.bill(contract, world.NOVEMBER)
    assert _build(statement).letter.payment.settlement is Settlement.TRANSFER
    mandate.b2b_confirmed_on = date(2026, 10, 2)
    mandate.save()
    payment = _build(statement).letter.payment
    assert (payment.settlement, payment.scheme) == (Settlement.DEBIT, Scheme.B2B)


def test_a_percent_tariff_is_told_without_bands() -> None:
    contract = world.sign(tariff_key="percent-2026")
    world.join_everybody(contract)
    letter, insured, _, _ = _build(world.bill(contract, world.OCTOBER))
    assert letter.bands == ()
    assert letter.premium_percent is not None
    assert {row.band for row in insured} == {None}
    assert letter.total == sum(row.premium for row in insured)


def test_a_statement_is_issued_once_and_stays_as_it_was() -> None:
    contract = world.sign()
    world.join_everybody(contract)
    statement = world.bill(contract, world.OCTOBER)
    first = issue_statement(statement=statement)
    contract.employer.legal_name = "Anders GmbH"
    contract.employer.save()
    statement.refresh_from_db()
    again = issue_statement(statement=statement)
    assert again.created == 0
    assert again.documents == first.documents
    assert Document.objects.count() == 1


def test_a_preview_has_no_letter() -> None:
    contract = world.sign()
    world.join_everybody(contract)
    now = world.at(date(2026, 9, 24))
    run: BillingRun = start_run(month=world.OCTOBER, now=now)
    while fill_slice(run=run, now=now):
        pass
    with pytest.raises(UnableToBuildStatement):
        issue_statement(statement=Statement.objects.get(contract=contract))
    assert not Document.objects.exists()


def test_everybody_of_a_long_list_stands_in_the_one_paper() -> None:
    contract = world.sign()
    world.join_many(contract, 301)
    statement = world.bill(contract, world.OCTOBER)
    [document] = issue_statement(statement=statement).documents
    pdf = read_document(document)
    assert find_faults(pdf) == []
    pages = read_pages(pdf)
    assert len(pages) == 9
    assert "im Oktober 2026 sind 301 Personen versichert" in pages[0]
    text = squeeze(" ".join(pages))
    for index in range(301):
        assert text.count(f"{2000 + index}{world.NAMES[index % 6][1]}-{index},") == 1
    assert "Summe 3.913,00" in pages[-1]


def test_many_statements_are_read_at_once_and_each_says_its_own() -> None:
    contracts = [world.sign(number=f"GV-1000{index}") for index in range(1, 4)]
    for index, contract in enumerate(contracts, start=1):
        for number in range(index):
            world.join(contract, f"{index}{number}")
    world.bill(contracts[0], world.OCTOBER)
    run = BillingRun.objects.get()
    assert count_rounds(run) == 1
    assert get_statement_progress(run) == Progress(0, 3)
    assert issue_statements(run=run) == RoundReport(issued=3, failed=())
    assert get_statement_progress(run) == Progress(3, 3)
    for index, contract in enumerate(contracts, start=1):
        text = read_text(read_document(Document.objects.get(contract=contract)))
        assert f"Summe {index} {13 * index},00" in text
        for number in range(index):
            assert f"{index}{number} Neumann, Neu 4" in text
    assert issue_statements(run=run).is_empty
    assert count_rounds(run) == 0


def test_a_statement_that_has_no_letter_to_be_stays_open_and_keeps_nobody_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    contracts = [world.sign(number=f"GV-1000{index}") for index in range(1, 3)]
    for contract in contracts:
        world.join_everybody(contract)
    wrong = world.bill(contracts[0], world.OCTOBER)

    def refuse(statement: Statement, sums: Sequence[LineSum]) -> StatementContext:
        lines = () if statement == wrong else sums
        return build_statement(statement, lines)

    monkeypatch.setattr(operations, "build_statement", refuse)
    report = issue_statements(run=wrong.run)
    assert report == RoundReport(issued=1, failed=(wrong.pk,))
    assert Document.objects.get().contract == contracts[1]
    assert issue_statements(run=wrong.run, leave_out=report.failed).is_empty
    with pytest.raises(UnableToBuildStatement):
        issue_statement(statement=wrong)


@pytest.fixture
def eager_tasks() -> Iterator[None]:
    """Tasks run where they are sent from."""
    current_app.conf.task_always_eager = True
    yield
    current_app.conf.task_always_eager = False


@pytest.mark.usefixtures("eager_tasks")
def test_workers_issue_each_open_letter_once() -> None:
    contract = world.sign()
    world.join_everybody(contract)
    statement = world.bill(contract, world.OCTOBER)
    for _ in range(2):
        send_open_letters()
        assert Document.objects.get().statement == statement
    issue_statement_letters(statement.run_id)
    issue_statement_letters(-1)
    assert Document.objects.count() == 1


def test_the_mandate_form_is_filled_in() -> None:
    contract = world.sign()
    mandate = world.add_mandate(contract)
    report = issue_mandate_form(mandate=mandate)
    assert report.created == 1
    [document] = report.documents
    assert document.file_name == "SEPA-Mandat_GV-10001-1.pdf"
    assert build_mandate_form(mandate).bank_name
    pdf = read_document(document)
    assert find_faults(pdf) == []
    text = read_text(pdf)
    assert "DE02 1203 0000 0000 2020 51" in text
    assert "Lockengasse 3" in text
    again = issue_mandate_form(mandate=mandate)
    assert (again.created, again.documents) == (0, report.documents)
