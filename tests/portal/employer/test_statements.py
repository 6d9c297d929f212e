"""An employer's statements, what they are made of, and the benefits in kind that follow."""

import csv
import io
from decimal import Decimal

import pytest
from django.test import Client

from billing.models import Statement
from tests.portal.conftest import Insurer


def _room(insurer: Insurer) -> str:
    return f"/employers/{insurer.world.contract.employer_id}"


def _last(insurer: Insurer) -> Statement:
    return Statement.objects.filter(contract=insurer.world.contract, number__isnull=False).latest(
        "month"
    )


def test_the_list_has_posted_statements_only(insurer: Insurer, hr: Client) -> None:
    page = hr.get(f"{_room(insurer)}/statements/").context["page"]
    assert {s.contract_id for s in page} == {insurer.world.contract.pk}
    assert all(s.number for s in page)
    assert len(page) == len(insurer.world.runs)


def test_a_preview_is_not_shown(insurer: Insurer, hr: Client) -> None:
    preview = Statement.objects.get(contract=insurer.world.contract, number=None)
    assert hr.get(f"{_room(insurer)}/statements/{preview.pk}/").status_code == 404


def test_lines_and_total_agree(insurer: Insurer, hr_reader: Client) -> None:
    statement = _last(insurer)
    answer = hr_reader.get(f"{_room(insurer)}/statements/{statement.pk}/")
    sums = answer.context["sums"]
    assert sums.current_amount + sums.past_amount == statement.total
    html = answer.content.decode()
    assert str(statement.number) in html
    assert "/contracts/" not in html


def test_every_amount_can_be_asked_why(insurer: Insurer, hr: Client) -> None:
    statement = _last(insurer)
    page = hr.get(f"{_room(insurer)}/statements/{statement.pk}/")
    shown = page.context["lines"][0]
    answer = hr.get(shown.why_url)
    assert answer.status_code == 200
    assert "Lohnstufe" in answer.content.decode()
    assert "/tariffs/" not in answer.content.decode()
    assert hr.get(f"{shown.why_url}?format=json").json()["amount"] == str(shown.line.amount)


def test_only_who_may_see_a_line_may_ask_why(
    insurer: Insurer, hr_reader: Client, broker: Client, hairdresser: Client, stranger: Client
) -> None:
    shown = hr_reader.get(f"{_room(insurer)}/statements/{_last(insurer).pk}/").context["lines"][0]
    address = f"{shown.why_url}?format=json"
    told = hr_reader.get(address).json()
    assert told["pay"]["notice"]["kind"] == "JOIN"
    # The broker acts for this employer.
    assert broker.get(address).json() == told
    for other in (hairdresser, stranger):
        assert other.get(address).status_code == 404


def test_the_letter_and_the_lines_can_be_taken_along(insurer: Insurer, hr: Client) -> None:
    statement = _last(insurer)
    letter = hr.get(f"{_room(insurer)}/statements/{statement.pk}/file/")
    assert letter.getvalue()[:4] in {b"%PDF", b"PK\x03\x04"}
    lines = hr.get(f"{_room(insurer)}/statements/{statement.pk}/lines.csv").content
    assert lines.count(b"\r\n") == statement.line_count + 1


def test_benefits_in_kind_add_up_to_the_statement(insurer: Insurer, hr: Client) -> None:
    statement = _last(insurer)
    month = f"{statement.month:%Y-%m}"
    sums = hr.get(f"{_room(insurer)}/benefits-in-kind/?month={month}").context["sums"]
    assert sums.total == statement.total
    assert sums.people >= statement.insured_count
    text = hr.get(f"{_room(insurer)}/benefits-in-kind/{month}.csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))[1:]
    assert sum(Decimal(row[-1].replace(",", ".")) for row in rows) == statement.total
    assert len(rows) == sums.people


@pytest.mark.parametrize("month", ["2026-13", "nonsense", "0000-01"])
def test_a_month_that_is_none_is_not_found(month: str, insurer: Insurer, hr: Client) -> None:
    assert hr.get(f"{_room(insurer)}/benefits-in-kind/?month={month}").status_code == 404


def test_another_employer_sees_nothing_of_it(insurer: Insurer, hairdresser: Client) -> None:
    statement = _last(insurer)
    own = insurer.world.contracts["Friseursalon Haarschön"].employer_id
    for room in (_room(insurer), f"/employers/{own}"):
        for rest in ("", "file/", "lines.csv"):
            answer = hairdresser.get(f"{room}/statements/{statement.pk}/{rest}")
            assert answer.status_code == 404
