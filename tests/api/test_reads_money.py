"""Contracts, statements, papers and values for payroll as programs read them."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from aupolicy.kernel.month import Month
from aupolicy.models import Right, User
from aupolicy.operations import give_authority
from aupolicy.queries import get_tariff_version
from aupolicy.rules import compute_quote
from billing.models import Statement
from billing.queries.benefit_in_kind import list_benefits_in_kind, sum_benefits_in_kind
from billing.queries.lines import list_lines
from billing.queries.payroll_files import preview_payroll_file
from documents.models import Document
from documents.operations import issue_confirmations
from tests.api.conftest import Programs
from tests.api.described import read_as_described
from tests.api.test_reads_members import read_pages


def authorize(programs: Programs, right: Right) -> None:
    """The broker may act for the large employer."""
    contract = programs.world.contract
    assert contract.broker is not None
    give_authority(
        employer=contract.employer,
        broker=contract.broker,
        right=right,
        first_day=programs.today,
        given_by=User.objects.create(username="giver"),
    )


def find_statement(programs: Programs, index: int = -1) -> Statement:
    """A posted statement of the large employer; the last unless said."""
    return list(programs.world.contract.statements.order_by("month"))[index]


def test_a_contract_tells_its_figures_as_of_a_day_also_to_brokers(programs: Programs) -> None:
    contract, today = programs.world.contract, programs.today
    told = read_as_described("list_contracts", programs.employer.get("contracts"))["items"]
    assert [one["number"] for one in told] == [contract.number]
    people = programs.employer.get("members?limit=200").json()["items"]
    tariff = get_tariff_version(contract, today)
    pays = [Decimal(one["pay"]) for one in people]
    assert told[0]["insured"] == len(people)
    expected = compute_quote(tariff, {pay: pays.count(pay) for pay in pays}).premium
    assert told[0]["monthly_premium"] == str(expected)
    assert told[0]["employer"] == {
        "id": str(contract.employer.public_id), "name": "Luftdruck GmbH"
    }  # fmt: skip
    assert (told[0]["state"], told[0]["terms"]["tariff"]) == ("IN_FORCE", "bau-2016")
    assert told[0]["may_report"]
    for name in (contract.number, contract.public_id):
        one = read_as_described("get_contract", programs.employer.get(f"contracts/{name}"))
        assert one == told[0]
        assert programs.other.get(f"contracts/{name}").status_code == 404
    before = contract.period.first_day - timedelta(days=1)
    early = programs.employer.get(f"contracts/{contract.number}?as_of={before}").json()
    assert (early["state"], early["terms"], early["insured"]) == ("AGREED", None, 0)
    assert early["monthly_premium"] == "0.00"
    broker = read_pages(programs.broker, "contracts", 1)
    figures = {"may_see_people": False, "may_report": False}
    assert broker[-1] == told[0] | figures
    assert len(broker) == 2
    assert programs.employer.get("contracts?number=1").status_code == 400


def test_statements_are_told_in_figures_also_to_brokers(programs: Programs) -> None:
    statement = find_statement(programs, 0)
    told = read_pages(programs.employer, "statements", 1)
    assert [one["month"] for one in told] == [f"{run.month:%Y-%m}" for run in programs.world.runs]
    assert told[0] == {
        "id": str(statement.public_id),
        "number": statement.number,
        "contract": programs.number,
        "month": f"{statement.month:%Y-%m}",
        "issued_on": str(statement.issued_on),
        "due_date": str(statement.due_date),
        "total": str(statement.total),
        "tax": "0.00",
        "insured": statement.insured_count,
        "payroll": str(statement.payroll),
        "lines": statement.line_count,
        "payment": "collected",
        "collected_on": str(statement.open_item.debits.get().collection.due_date),
    }
    for name in (statement.number, statement.public_id):
        path = f"statements/{name}"
        for caller in (programs.employer, programs.broker):
            assert read_as_described("get_statement", caller.get(path)) == told[0]
        for part in ("", "/lines", "/pdf"):
            assert programs.other.get(path + part).status_code == 404
        for part in ("/lines", "/pdf"):
            assert programs.broker.get(path + part).status_code == 403
    assert (told[-1]["payment"], told[-1]["collected_on"]) == ("open", None)
    month, number = told[0]["month"], programs.number
    path = f"statements?month={month}&contract={number}"
    page = read_as_described("list_statements", programs.broker.get(path))
    assert page["items"] == told[:1]
    since = told[-1]["issued_on"]
    assert programs.employer.get(f"statements?since={since}").json()["items"] == told[-1:]
    assert programs.other.get(path).status_code == 404
    assert programs.employer.get("statements?month=2026").status_code == 400


def test_lines_of_a_statement_add_up_to_it(programs: Programs) -> None:
    statement = find_statement(programs)
    path = f"statements/{statement.number}/lines"
    page = read_as_described("list_statement_lines", programs.employer.get(f"{path}?limit=3"))
    lines = read_pages(programs.employer, path, 3)
    assert page["items"] == lines[:3]
    assert sum(Decimal(line["amount"]) for line in lines) == statement.total
    assert {
        (line["personnel_number"], line["covered_month"], line["amount"], line["covered_days"],
         line["pay"], line["band"])
        for line in lines
    } == {
        (line.personnel_number, f"{line.covered_month:%Y-%m}", str(line.amount),
         line.covered_days, None if line.pay is None else str(line.pay), line.band)
        for line in list_lines(statement)
    }  # fmt: skip
    assert len(lines) == statement.line_count
    assert len({line["covered_month"] for line in lines}) > 1
    _check_explanations(programs, path, lines)
    for cursor in ("WzEsIngiXQ", "WzFd"):
        assert programs.employer.get(f"{path}?cursor={cursor}").status_code == 400


def _check_explanations(programs: Programs, path: str, lines: list[dict[str, Any]]) -> None:
    """The corrections and some lines of the month explain themselves, to who sees people only."""
    past = [one for one in lines if one["covered_month"] != lines[0]["covered_month"]]
    for line in [*past, *lines[:3]]:
        own = f"{path}/{line['person']}/{line['covered_month']}"
        told = read_as_described("explain_statement_line", programs.employer.get(own))
        assert (told["amount"], told["month"]) == (line["amount"], line["covered_month"])
        assert told["arithmetic"][-1]["result"] == line["amount"]
        before = sum((Decimal(one["amount"]) for one in told["recorded_before"]), Decimal(0))
        assert Decimal(told["owed"]) - before == Decimal(line["amount"])
        assert programs.broker.get(own).status_code == 403
        assert programs.other.get(own).status_code == 404
    assert programs.employer.get(f"{path}/{lines[0]['person']}/1999-01").status_code == 404
    assert programs.employer.get(f"{path}/x/2026-01").status_code == 404


def test_the_letter_of_a_statement_is_the_one_that_was_issued(programs: Programs) -> None:
    statement = find_statement(programs, 0)
    path = f"statements/{statement.public_id}/pdf"
    sent = programs.employer.get(path)
    content = read_as_described("download_statement", sent)
    assert content.startswith(b"%PDF")
    assert sent["Content-Disposition"].startswith("attachment")
    assert Document.objects.get(statement=statement, part=0).byte_count == len(content)
    authorize(programs, Right.READ)
    assert b"".join(programs.broker.get(path)) == content
    assert programs.employer.get(f"{path}?part=7").status_code == 404
    assert programs.employer.get(f"{path}?part=-1").status_code == 400


def test_confirmations_are_listed_and_taken_along(programs: Programs) -> None:
    contract = programs.world.contracts["Friseursalon Haarschön"]
    issued = issue_confirmations(contract=contract, as_of=programs.today, processes=1)
    told = read_pages(programs.other, "confirmations", 5)
    assert len(told) == len(issued.documents)
    assert {one["copy"] for one in told} == {"person", "employer"}
    path = f"confirmations?personnel_number=1001&copy=person&contract={contract.number}"
    (one,) = read_as_described("list_confirmations", programs.other.get(path))["items"]
    paper = Document.objects.get(public_id=one["id"])
    assert (one["contract"], one["byte_count"]) == (contract.number, paper.byte_count)
    address = f"confirmations/{one['id']}/pdf"
    content = read_as_described("download_confirmation", programs.other.get(address))
    assert len(content) == paper.byte_count
    assert content.startswith(b"%PDF")
    tomorrow = programs.today + timedelta(days=2)
    assert programs.other.get(f"confirmations?since={tomorrow}T00:00:00Z").json()["items"] == []
    for caller in (programs.employer, programs.broker):
        assert caller.get(address).status_code == 404
        seen = caller.get("confirmations").json()["items"]
        assert contract.number not in {each["contract"] for each in seen}
    assert programs.employer.get(f"confirmations?contract={contract.number}").status_code == 404
    assert programs.broker.get("confirmations").json()["items"] == []
    assert programs.broker.get(f"confirmations?contract={programs.number}").status_code == 403
    assert programs.other.get("confirmations/x/pdf").status_code == 404
    assert programs.other.get("confirmations?kind=1").status_code == 400


def test_benefits_in_kind_are_those_of_the_portal_with_what_payroll_asks_next(
    programs: Programs,
) -> None:
    employer, month = programs.world.contract.employer, Month.of(programs.world.runs[-1].month)
    path = f"benefit-in-kind?month={month}"
    page = read_as_described("list_benefits_in_kind", programs.employer.get(f"{path}&limit=4"))
    rows = read_pages(programs.employer, path, 4)
    assert page["items"] == rows[:4]
    assert {
        (row["personnel_number"], row["of_month"], row["of_earlier_months"], row["total"])
        for row in rows
    } == {
        (
            row.personnel_number,
            f"{row.of_month:.2f}",
            f"{row.of_earlier_months:.2f}",
            f"{row.total:.2f}",
        )
        for row in list_benefits_in_kind(employer, month)
    }
    sums = sum_benefits_in_kind(employer, month)
    assert page["billed"]
    assert page["sums"] == {
        "people": sums.people, "of_month": str(sums.of_month),
        "of_earlier_months": str(sums.of_earlier_months), "total": str(sums.total),
    }  # fmt: skip
    # As a file for payroll would tell it, which is made of the same lines by another query.
    preview = preview_payroll_file(employer=employer, month=month)
    lines = {row.line.personnel_number: row.line for row in preview.rows
             if row.line.value_month == month}  # fmt: skip
    told = {row["personnel_number"]: row for row in rows if row["month_value"] != "0.00"}
    assert set(told) == set(lines)
    for number, line in lines.items():
        assert told[number]["month_value"] == str(line.month_value)
        assert told[number]["over_limit"] is line.is_over_limit
        if month.year == Month.of(programs.world.runs[0].month).year:
            assert told[number]["year_sum"] == str(line.year_sum)


def test_benefits_in_kind_of_a_month_that_is_not_billed_are_none(programs: Programs) -> None:
    path = f"benefit-in-kind?month={Month.of(programs.today).plus(7)}"
    page = read_as_described("list_benefits_in_kind", programs.employer.get(path))
    assert (page["billed"], page["items"], page["sums"]["people"]) == (False, [], 0)
    assert programs.employer.get("benefit-in-kind").json()["errors"][0]["code"] == "MISSING"
    named = f"{path}&contract={programs.number}"
    assert programs.employer.get(named).status_code == 200
    assert programs.other.get(named).status_code == 404
    assert programs.broker.get(named).status_code == 403
    # It has two clients: which one is meant has to be said.
    assert programs.broker.get(path).json()["code"] == "CONTRACT_MISSING"


def test_a_payroll_file_is_made_once_listed_and_taken_along(programs: Programs) -> None:
    month, own = f"{programs.world.runs[0].month:%Y-%m}", programs.other
    made = own.post("payroll-files", {"month": month}, Idempotency_Key="f1")
    file = read_as_described("make_payroll_file", made)
    assert (file["month"], file["format"], file["number"]) == (month, "csv", 1)
    again = own.post("payroll-files", {"month": month}, Idempotency_Key="f1")
    assert (again.status_code, again.json()) == (201, file)
    for body, code in (
        ({"month": month}, "PAYROLL_NOTHING_NEW"),
        ({"month": "2190-01"}, "PAYROLL_NOTHING_BILLED"),
        ({"month": month, "format": "lodas"}, "PAYROLL_TARGET_MISSING"),
    ):
        (error,) = read_as_described("make_payroll_file", own.post("payroll-files", body))["errors"]
        assert error["code"] == code
        assert "%(" not in error["message_de"] + error["message_en"]
    rows = read_as_described("list_payroll_files", own.get("payroll-files"))
    assert rows["items"] == [file]
    assert own.get(f"payroll-files?month={month}").json() == rows
    path = f"payroll-files/{file['id']}"
    assert made["Location"].endswith(f"/api/v1/{path}")
    assert read_as_described("get_payroll_file", own.get(path)) == file
    content = read_as_described("download_payroll_file", own.get(f"{path}/content"))
    assert len(content) == file["byte_count"]
    for caller in (programs.employer, programs.broker):
        assert caller.get(path).status_code == 404
        assert caller.get(f"{path}/content").status_code == 404


def test_only_who_may_report_makes_payroll_files(programs: Programs) -> None:
    path = f"payroll-files?contract={programs.number}"
    body = {"month": f"{programs.world.runs[0].month:%Y-%m}", "contract": programs.number}
    assert programs.other.get(path).status_code == 404
    assert programs.other.post("payroll-files", body).status_code == 404
    assert programs.broker.get(path).status_code == 403
    assert programs.broker.post("payroll-files", body).status_code == 403
    authorize(programs, Right.READ)
    assert programs.broker.get(path).status_code == 200
    assert programs.broker.post("payroll-files", body).status_code == 403


@pytest.mark.parametrize("path", ["statements", "confirmations", "contracts"])
def test_a_wrong_cursor_is_refused(programs: Programs, path: str) -> None:
    for cursor in ("x", "Wy0xXQ", "WyJhIl0", "W10"):
        assert programs.employer.get(f"{path}?cursor={cursor}").status_code == 400
