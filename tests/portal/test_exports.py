"""Tables as CSV."""

import csv
import io
from decimal import Decimal

from django.test import Client

from billing.models import Statement
from portal.exports.sheet import write_csv
from tests.portal.conftest import Insurer


def _read(content: bytes) -> list[dict[str, str]]:
    text = content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_all_people_of_a_contract_not_one_page(insurer: Insurer, clerk: Client) -> None:
    contract = insurer.world.contract
    rows = _read(clerk.get(f"/contracts/{contract.pk}/people.csv").content)
    sums = clerk.get(f"/contracts/{contract.pk}/people/").context["sums"]
    assert len(rows) == sums.insured
    premiums = (Decimal(row["Beitrag, €"].replace(",", ".")) for row in rows)
    assert sum(premiums) == sums.premium


def test_a_statement_line_by_line(insurer: Insurer, clerk: Client) -> None:
    statement = Statement.objects.filter(
        contract=insurer.world.contract, number__isnull=False
    ).latest("month")
    answer = clerk.get(f"/statements/{statement.pk}/lines.csv")
    rows = _read(answer.content)
    assert len(rows) == statement.line_count
    assert sum(Decimal(r["Betrag, €"].replace(",", ".")) for r in rows) == statement.total
    assert f"{statement.number}.csv" in answer["Content-Disposition"]


def test_contracts_as_filtered(insurer: Insurer, clerk: Client) -> None:
    rows = _read(clerk.get("/contracts.csv?q=haar").content)
    assert [row["Arbeitgeber"] for row in rows] == ["Friseursalon Haarschön"]


def test_a_name_that_looks_like_a_formula_stays_a_name() -> None:
    content = write_csv(["Name"], [["=HYPERLINK(1)"], ["-1"], [Decimal("-1.50")]])
    assert content.decode("utf-8-sig").split("\r\n")[1:4] == ["'=HYPERLINK(1)", "'-1", "-1,50"]
