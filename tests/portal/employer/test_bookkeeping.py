"""The employer's own bookkeeping: accounts are given, then there is a file of bookings."""

import csv
import io
import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from billing.models import BookkeepingTarget, Statement
from tests.portal.conftest import Insurer

GIVEN = {
    "consultant_number": "29098", "client_number": "55003", "fiscal_year_month": "1",
    "account_length": "4", "expense_account": "4130", "creditor_account": "70001",
    "cost_centre": "VERW",
}  # fmt: skip


def _address(insurer: Insurer, name: str) -> str:
    return reverse(f"employer:{name}", args=[insurer.world.contract.employer_id])


def _statements(insurer: Insurer) -> list[Statement]:
    found = Statement.objects.filter(contract=insurer.world.contract, number__isnull=False)
    return list(found.order_by("issued_on", "number"))


def _months(insurer: Insurer) -> dict[str, str]:
    """The months of the newest fiscal year in which statements were issued."""
    days = [s.issued_on for s in _statements(insurer) if s.issued_on]
    newest = [day for day in days if day.year == days[-1].year]
    return {"first": f"{newest[0]:%Y-%m}", "last": f"{newest[-1]:%Y-%m}"}


@pytest.fixture
def target(insurer: Insurer, hr: Client) -> BookkeepingTarget:
    answer = hr.post(_address(insurer, "change_bookkeeping"), GIVEN)
    assert answer.status_code == 302
    return BookkeepingTarget.objects.get(employer=insurer.world.contract.employer)


def test_without_accounts_there_is_no_file(insurer: Insurer, hr: Client) -> None:
    html = hr.get(_address(insurer, "bookkeeping")).content.decode()
    assert "Noch ohne Konten" in html
    answer = hr.get(_address(insurer, "bookkeeping_batch"), _months(insurer))
    assert "auf welche Konten die Beiträge" in answer.content.decode()


def test_what_was_given_is_kept_with_who_and_before(
    insurer: Insurer, hr: Client, target: BookkeepingTarget
) -> None:
    assert (target.consultant_number, target.cost_centre) == (29098, "VERW")
    hr.post(_address(insurer, "change_bookkeeping"), {**GIVEN, "cost_centre": ""})
    target.refresh_from_db()
    assert (target.cost_centre, target.changed_by) == ("", insurer.people["hr"])
    kept = target.events.order_by("pgh_id").values_list("pgh_label", "cost_centre")  # type: ignore[attr-defined]
    assert list(kept) == [("insert", "VERW"), ("update", "")]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"consultant_number": "1000"}, "von 1001 bis 9999999"),
        ({"client_number": "x"}, "ganze Zahl"),
        ({"expense_account": "41300"}, "zu viele Stellen"),
        ({"creditor_account": "0"}, "Ein Konto besteht aus Ziffern"),
        ({"creditor_account": "4130"}, "nicht dasselbe Konto"),
        ({"cost_centre": "Büro"}, "Eine Kostenstelle"),
        ({"expense_account": ""}, "hat Ihre Steuerberatung"),
        ({"client_number": "0", "cost_centre": "Büro"}, "Eine Kostenstelle"),
    ],
)
def test_what_datev_would_refuse_is_refused_at_the_field(
    insurer: Insurer, hr: Client, change: dict[str, str], words: str
) -> None:
    answer = hr.post(_address(insurer, "change_bookkeeping"), {**GIVEN, **change})
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == list(change)
    assert words in answer.content.decode()
    assert not BookkeepingTarget.objects.exists()


def test_every_statement_is_booked_once(
    insurer: Insurer, hr_reader: Client, target: BookkeepingTarget
) -> None:
    months = _months(insurer)
    answer = hr_reader.get(_address(insurer, "bookkeeping_batch"), months)
    assert "EXTF_Buchungsstapel_55003_" in answer["Content-Disposition"]
    content = b"".join(answer.streaming_content).decode("cp1252")  # type: ignore[attr-defined]
    rows = list(csv.reader(io.StringIO(content, newline=""), delimiter=";"))
    assert rows[0][10:14] == ["29098", "55003", f"{months['first'][:4]}0101", "4"]
    booked = {row[10]: row for row in rows[2:]}
    wanted = [s for s in _statements(insurer) if f"{s.issued_on:%Y-%m}" >= months["first"]]
    assert list(booked) == [s.number for s in wanted]
    for statement in wanted:
        row = booked[statement.number or ""]
        assert (Decimal(row[0].replace(",", ".")), row[1]) == (statement.total, "S")
        assert (row[6], row[7], row[36]) == ("4130", "70001", "VERW")
        assert row[9] == f"{statement.issued_on:%d%m}"
        assert f"{statement.month:%m/%Y}" in row[13]


def test_months_that_nothing_was_issued_in_are_no_choice(
    insurer: Insurer, hr: Client, target: BookkeepingTarget
) -> None:
    address = _address(insurer, "bookkeeping_batch")
    assert hr.get(address, {"first": "1999-01", "last": "x"}).context["form"].errors
    newest = _months(insurer)["last"]
    answer = hr.get(address, {"first": newest, "last": _months(insurer)["first"]})
    assert answer.status_code == 200


def test_only_who_administers_says_where_to_book(insurer: Insurer, hr_editor: Client) -> None:
    assert hr_editor.get(_address(insurer, "change_bookkeeping")).status_code == 403
    assert hr_editor.post(_address(insurer, "change_bookkeeping"), GIVEN).status_code == 403


def test_the_command_writes_the_file_of_one_contract(
    insurer: Insurer, target: BookkeepingTarget, tmp_path: Path
) -> None:
    months, out = _months(insurer), io.StringIO()
    number = insurer.world.contract.number
    arguments = ["--contract", number, "--from", months["first"], "--to", months["last"]]
    path = tmp_path / "new" / "batch.csv"
    call_command("export_bookkeeping", *arguments, "--out", str(path), "--json", stdout=out)
    told = json.loads(out.getvalue())
    wanted = [s for s in _statements(insurer) if f"{s.issued_on:%Y-%m}" >= months["first"]]
    assert (told["bookings"], told["left_out"]) == (len(wanted), [])
    assert Decimal(told["total"]) == sum(s.total for s in wanted)
    assert len(path.read_bytes().splitlines()) == 2 + len(wanted)
    with pytest.raises(CommandError, match="keine Abrechnung zu buchen"):
        call_command("export_bookkeeping", "--contract", number, "--from", "1999-01", "--to",
                     "1999-02", "--out", str(tmp_path / "none.csv"), stdout=out)  # fmt: skip
    assert not (tmp_path / "none.csv").exists()
