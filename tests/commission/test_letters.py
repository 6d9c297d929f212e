"""The letter of a commission statement, and the day that makes it."""

from datetime import date
from decimal import Decimal

import pytest

from aupolicy.models import Broker, User
from aupolicy.operations.fence import Scope, acting_within
from aupolicy.queries import Rights
from billing.models import CommissionStatement
from billing.operations.commission import settle_commission
from documents.models import Document
from documents.operations.commission import issue_commission_letter, issue_commission_letters
from documents.queries.stored import read_document
from tests.commission.world import (
    START,
    book,
    give_account,
    insure,
    make_broker,
    make_finance,
    pay,
    premium,
    promise,
)
from tests.documents.printing import read_text
from tests.laws.world import at, bill, settle

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def finance() -> tuple[User, User]:
    return make_finance("fina"), make_finance("finn")


@pytest.fixture
def broker(finance: tuple[User, User]) -> Broker:
    """January was paid; in February it came back, and one contract's was paid."""
    broker = make_broker()
    promise(broker, finance[0])
    one, other = insure(broker), insure(broker, start=date(2024, 6, 1))
    promise(broker, finance[0], "10", "2.5", contract=other)
    bill("2026-01")
    back = premium(one)
    pay(back)
    settle_commission(now=at(date(2026, 1, 20)))
    # The first of February is a Sunday: the statement waits for the first working day.
    assert not settle_commission(now=at(date(2026, 2, 1))).statements
    assert len(settle_commission(now=at(date(2026, 2, 2))).statements) == 1
    book("RECEIPT", back, -back.amount, date(2026, 2, 10))
    pay(premium(other), D("80.00"), day=date(2026, 2, 10))
    settle_commission(now=at(date(2026, 2, 10)))
    # Nobody called on the first working day: the next day makes up for it.
    assert len(settle_commission(now=at(date(2026, 3, 4))).statements) == 1
    assert not settle_commission(now=at(date(2026, 3, 5))).statements
    settle()
    return broker


def test_the_letter_names_contracts_percent_reversals_and_what_is_carried(
    broker: Broker, finance: tuple[User, User]
) -> None:
    give_account(broker, *finance)
    january, february = CommissionStatement.objects.order_by("month")
    assert issue_commission_letters() == 2
    assert issue_commission_letters() == 0
    text = read_text(read_document(Document.objects.get(commission_statement=january)))
    assert january.number in text
    assert "DE02 xxxx" in text
    assert "GmbH (Storno)" not in text
    later = read_text(read_document(Document.objects.get(commission_statement=february)))
    assert "GmbH (Storno)" in later
    assert "Vortrag" in later
    assert "2,5" in later
    assert later.count("T-") == 2


def test_the_broker_has_its_letter_and_nobody_else(broker: Broker) -> None:
    stranger = make_broker("Andere KG")
    statement = CommissionStatement.objects.earliest("month")
    with acting_within(_scope(broker)):
        paper = issue_commission_letter(statement=statement)
        assert Document.objects.get() == paper
    with acting_within(_scope(stranger)):
        assert not Document.objects.exists()
        assert not CommissionStatement.objects.exists()
    assert issue_commission_letter(statement=statement) == paper
    assert statement.issued_on > START


def _scope(broker: Broker) -> Scope:
    return Scope.of(Rights(frozenset(), {}, frozenset({broker.pk}), {}))
