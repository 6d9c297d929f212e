"""Insurance tax on statements: exempt with its reason, or a dated rate, and never forgotten."""

from datetime import date
from decimal import Decimal

import pytest

from aupolicy.facts.insurance_tax import Beneficiary
from aupolicy.kernel.money import ZERO
from aupolicy.kernel.month import Month
from aupolicy.models import GroupContract
from aupolicy.operations.agreement import Terms, agree_terms
from billing.models import Statement
from billing.queries.expected import compute_expected
from billing.queries.statement_tax import list_taxed_parts
from tests.laws.world import agree, bill, check_books, notice, tell

pytestmark = pytest.mark.django_db
JAN = date(2026, 1, 1)
RATE = Decimal("19.00")


def insure(beneficiary: Beneficiary) -> GroupContract:
    contract = agree(start=JAN, tariff="bau-2016", beneficiary=beneficiary)
    tell(contract, notice("JOIN", "1", JAN, "2400"), notice("JOIN", "2", JAN, "6000"))
    return contract


def last(contract: GroupContract) -> Statement:
    return Statement.objects.filter(contract=contract).latest("month")


def bill_as_expected(contract: GroupContract, month: str) -> Statement:
    """Bill a month; its statement is what was expected before the run, to the cent."""
    before = Statement.objects.filter(contract=contract).order_by("-month").first()
    expected = compute_expected(contract, last=before, month=Month.parse(month))
    bill(month)
    statement = last(contract)
    assert (expected.total, expected.tax) == (statement.total, statement.tax)
    return statement


def net(statement: Statement) -> Decimal:
    return statement.total - statement.tax


def test_what_the_insured_receive_is_exempt_and_says_why() -> None:
    contract = insure(Beneficiary.EMPLOYEE)
    bill("2026-01")
    statement = last(contract)
    (part,) = list_taxed_parts(statement)
    assert (statement.tax, part.tax, part.net) == (ZERO, ZERO, statement.total)
    assert part.rate_percent is None
    assert "§ 4 Abs. 1 Nr. 5" in part.reason["de"]
    check_books()


def test_what_the_employer_receives_is_taxed_beside_contracts_that_are_exempt() -> None:
    exempt, taxed = insure(Beneficiary.EMPLOYEE), insure(Beneficiary.EMPLOYER)
    statement = bill_as_expected(taxed, "2026-01")
    assert net(statement) == last(exempt).total
    (part,) = list_taxed_parts(statement)
    assert (part.net, part.rate_percent, part.tax) == (net(statement), RATE, statement.tax)
    assert statement.tax == round(net(statement) * RATE / 100, 2)
    assert last(exempt).tax == 0
    check_books()


def test_a_pay_change_of_the_past_bears_the_tax_of_its_month() -> None:
    contract = insure(Beneficiary.EMPLOYER)
    bill("2026-01")
    agree_terms(contract=contract, first_day=date(2026, 2, 1), terms=Terms("bau-2016"))
    before = last(contract)
    tell(contract, notice("PAY_CHANGE", "1", JAN, "6000"))
    statement = bill_as_expected(contract, "2026-02")
    told = {part.rate_percent: part for part in list_taxed_parts(statement)}
    assert set(told) == {RATE, None}
    more = told[RATE].net
    assert more > 0
    assert statement.tax == round((net(before) + more) * RATE / 100, 2) - before.tax
    assert sum(part.net + part.tax for part in told.values()) == statement.total
    check_books()


def test_terms_that_change_for_a_billed_month_bring_its_tax_with_the_next_statement() -> None:
    contract = insure(Beneficiary.EMPLOYEE)
    bill("2026-01")
    bill("2026-02")
    february = last(contract)
    agree_terms(
        contract=contract,
        first_day=date(2026, 2, 1),
        terms=Terms("bau-2016", beneficiary=Beneficiary.EMPLOYER),
    )
    statement = bill_as_expected(contract, "2026-03")
    assert statement.tax == 2 * round(february.total * RATE / 100, 2)
    assert net(statement) == february.total
    check_books()
    assert bill_as_expected(contract, "2026-04").tax == round(february.total * RATE / 100, 2)
