"""One statement with its lines, and why a line is what it is."""

from decimal import Decimal

from django.test import Client

from billing.models import Statement
from billing.queries.explained_lines import explain_line
from billing.queries.lines import list_lines
from tests.portal.conftest import Insurer


def _statement(insurer: Insurer, *, posted: bool) -> Statement:
    return Statement.objects.filter(
        contract=insurer.world.contract, number__isnull=not posted
    ).latest("month")


def test_lines_and_sums_agree(insurer: Insurer, clerk: Client) -> None:
    statement = _statement(insurer, posted=True)
    answer = clerk.get(f"/statements/{statement.pk}/")
    sums = answer.context["sums"]
    assert sums.current_amount + sums.past_amount == statement.total
    assert sums.current_count + sums.past_count == statement.line_count
    assert sums.past_count == 2
    assert len(answer.context["differences"]) == 2
    assert str(statement.number) in answer.content.decode()


def test_every_line_is_on_exactly_one_page(insurer: Insurer, clerk: Client) -> None:
    statement = _statement(insurer, posted=True)
    seen: list[int] = []
    first = clerk.get(f"/statements/{statement.pk}/")
    for page in range(1, first.context["pages"] + 1):
        lines = clerk.get(f"/statements/{statement.pk}/?page={page}").context["lines"]
        seen += [shown.line.person_id for shown in lines]
    assert len(seen) == len(set(seen)) == statement.insured_count


def test_a_preview_says_that_it_is_one(insurer: Insurer, clerk: Client) -> None:
    statement = _statement(insurer, posted=False)
    html = clerk.get(f"/statements/{statement.pk}/").content.decode()
    assert "Noch nicht gebucht" in html
    assert "als PDF" not in html


def test_why_a_part_of_a_month_costs_what_it_does(insurer: Insurer, clerk: Client) -> None:
    statement = _statement(insurer, posted=True)
    line = next(li for li in list_lines(statement, current=False) if not li.recorded_before)
    assert 0 < line.covered_days < 30
    address = f"/statements/{statement.pk}/people/{line.person_id}/{line.covered_month:%Y-%m}/"
    page = clerk.get(address).content.decode()
    assert "<h1" in page
    assert f"14,80\u00a0€ × {line.covered_days} / 30 = " in page
    assert f"{_money(line.owed)}, kaufmännisch gerundet" in page
    assert "Meldung: Zugang zum 15." in page
    assert "aus veröffentlichten Beispielen abgeleitet" in page
    assert "§\u00a039\u00a0VVG" in page
    fragment = clerk.get(address, headers={"hx-request": "true"}).content.decode()
    assert "<html" not in fragment
    assert f"14,80\u00a0€ × {line.covered_days} / 30 = " in fragment


def test_why_a_changed_pay_costs_the_difference(insurer: Insurer, clerk: Client) -> None:
    statement = _statement(insurer, posted=True)
    line = next(li for li in list_lines(statement, current=False) if li.recorded_before)
    assert line.owed == Decimal("16.60")
    address = f"/statements/{statement.pk}/people/{line.person_id}/{line.covered_month:%Y-%m}/"
    html = clerk.get(address).content.decode()
    before = _money(line.recorded_before)
    assert f"16,60\u00a0€ − {before} = {_money(line.amount)}" in html
    earlier = Statement.objects.filter(contract=statement.contract, month=line.covered_month).get()
    assert f'<a href="/statements/{earlier.pk}/">{earlier.number}</a>' in html
    assert "1 Monat nachberechnet" in html


def _money(amount: Decimal) -> str:
    return f"{amount}\u00a0€".replace(".", ",")


def test_json_has_the_figures_of_the_page(insurer: Insurer, clerk: Client) -> None:
    statement = _statement(insurer, posted=True)
    for line in list_lines(statement, current=False):
        address = f"/statements/{statement.pk}/people/{line.person_id}/{line.covered_month:%Y-%m}/"
        answer = clerk.get(f"{address}?format=json")
        assert answer["Content-Type"] == "application/json"
        told = answer.json()
        page = clerk.get(address)
        why, html = page.context["why"], page.content.decode()
        assert told["amount"] == str(line.amount)
        assert told["owed"] == str(line.owed) == str(why.owed)
        assert sum(Decimal(r["amount"]) for r in told["recorded_before"]) == line.recorded_before
        last = told["arithmetic"][-1]
        assert last["result"] == told["amount"]
        assert f"= {_money(Decimal(last['result']))}" in html
        assert told["pay"]["notice"]["effective"] == told["pay"]["since"]
        assert told["tariff"]["valid_from"] == "2016-08-01"
        assert told["tariff"]["band"]["number"] == line.band
        assert told["statement"]["number"] == statement.number


def test_every_line_of_a_statement_adds_up_in_its_explanation(insurer: Insurer) -> None:
    for posted in (True, False):
        statement = _statement(insurer, posted=posted)
        for line in [*list_lines(statement, current=False), *list_lines(statement, limit=15)]:
            why = explain_line(statement=statement, line=line)
            assert why.steps[-1].result == line.amount
            assert sum((r.amount for r in why.recorded), Decimal(0)) == why.recorded_before


def test_a_line_that_is_not_there_has_no_explanation(insurer: Insurer, clerk: Client) -> None:
    statement = _statement(insurer, posted=True)
    for rest in ("1/2001-01/", "1/2001-13/", "1/x/"):
        assert clerk.get(f"/statements/{statement.pk}/people/{rest}").status_code == 404
    assert clerk.get("/statements/999999/").status_code == 404
