"""Commission accrues when premium is paid, and goes when the payment does."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.db.models import Sum

from aupolicy.facts.insurance_tax import Beneficiary
from aupolicy.kernel.money import round_cent
from aupolicy.kernel.month import Month
from aupolicy.models import Broker, User
from billing.models import (
    CollectionItem,
    CommissionAgreement,
    CommissionEntry,
    CommissionStatement,
    LedgerEntry,
    OpenItem,
)
from billing.operations import create_collections
from billing.operations.commission import (
    UnableToPayCommission,
    agree_commission,
    issue_commission_statements,
)
from billing.operations.offsets import set_off_credits
from billing.queries.audit import audit_ledger
from tests.broken_books import find, one
from tests.commission.world import (
    START,
    accrue,
    book,
    credit,
    insure,
    make_broker,
    make_finance,
    pay,
    premium,
    promise,
    send_back,
)
from tests.laws.world import at, bill, creditor, give_mandate, notice, settle, tell

pytestmark = pytest.mark.django_db
D = Decimal
JAN_20, FEB_1, FEB_5 = date(2026, 1, 20), date(2026, 2, 1), date(2026, 2, 5)


@pytest.fixture
def fina() -> User:
    return make_finance("fina")


@pytest.fixture
def broker(fina: User) -> Broker:
    """Earns ten percent in the first year, three later."""
    broker = make_broker()
    promise(broker, fina)
    return broker


def earned(broker: Broker) -> Decimal:
    """What all entries add up to, which is what the ledger says."""
    settle()
    entries = CommissionEntry.objects.filter(broker=broker).aggregate(
        sum=Sum("amount", default=D(0))
    )
    return Decimal(entries["sum"])


def booked() -> Decimal:
    found = LedgerEntry.objects.filter(account=LedgerEntry.COMMISSION_OWED)
    return -Decimal(found.aggregate(sum=Sum("amount", default=D(0)))["sum"])


def share(amount: Decimal, percent: str = "10") -> Decimal:
    return round_cent(amount * D(percent) / 100)


def premium_of(broker: Broker) -> OpenItem:
    """The first premium of a new contract of the broker."""
    contract = insure(broker)
    bill("2026-01")
    return premium(contract)


def test_what_is_paid_earns_and_what_comes_back_takes_it_away(broker: Broker) -> None:
    contract = insure(broker)
    bill("2026-01")
    item = premium(contract)
    assert accrue(START) == 0
    pay(item, D("30.00"))
    assert accrue(JAN_20) == 1
    assert earned(broker) == D("3.00")
    pay(item, item.amount - 30)
    assert accrue(JAN_20) == 1
    assert accrue(JAN_20) == 0
    assert earned(broker) == booked() == share(item.amount)
    book("RECEIPT", item, -item.amount, FEB_1)
    assert accrue(FEB_1) == 1
    last = CommissionEntry.objects.latest("pk")
    assert (last.base, last.amount) == (-item.amount, -share(item.amount))
    assert earned(broker) == booked() == 0
    assert audit_ledger().differences == ()


def test_the_audit_finds_commission_that_is_not_what_is_booked(broker: Broker) -> None:
    pay(premium_of(broker))
    accrue(JAN_20)
    more = one("billing_commissionentry", "amount = amount + 1")
    assert set(find(more).broken) == {"COMMISSION", "COMMISSION_OWED"}
    gone_elsewhere = one("billing_ledgerentry", "account = '4970'", "account = '4760'")
    assert set(find(gone_elsewhere).broken) == {"COMMISSION"}


def test_a_debit_earns_once_the_bank_has_credited_it(broker: Broker) -> None:
    contract = insure(broker)
    give_mandate(contract, signed_on=START)
    bill("2026-01")
    create_collections(due=FEB_1, now=at(START), creditor=creditor())
    debit = CollectionItem.objects.get()
    assert accrue(JAN_20) == 0
    credit(debit.collection, FEB_1)
    assert accrue(FEB_1) == 1
    assert earned(broker) == share(debit.amount)
    send_back(debit, FEB_5)
    assert accrue(FEB_5) == 1
    assert earned(broker) == booked() == 0


def test_a_debit_that_came_back_before_anybody_looked_earns_nothing(broker: Broker) -> None:
    contract = insure(broker)
    give_mandate(contract, signed_on=START)
    bill("2026-01")
    create_collections(due=FEB_1, now=at(START), creditor=creditor())
    debit = CollectionItem.objects.get()
    credit(debit.collection, FEB_1)
    send_back(debit, FEB_5)
    assert accrue(FEB_5) == 0


def test_what_is_given_up_earns_nothing(broker: Broker) -> None:
    item = premium_of(broker)
    book("WRITE_OFF", item, item.amount - 10, JAN_20)
    pay(item, D("10.00"))
    accrue(JAN_20)
    assert earned(broker) == D("1.00")


def test_tax_earns_nothing(broker: Broker) -> None:
    contract = insure(broker, beneficiary=Beneficiary.EMPLOYER)
    bill("2026-01")
    item = premium(contract)
    assert item.statement is not None
    net = item.amount - item.statement.tax
    assert net < item.amount
    pay(item)
    accrue(JAN_20)
    entry = CommissionEntry.objects.get()
    assert (entry.base, entry.amount) == (net, share(net))


def test_a_credit_takes_commission_away_once_it_is_set_off(broker: Broker) -> None:
    contract = insure(broker)
    bill("2026-01")
    january = premium(contract)
    pay(january)
    accrue(JAN_20)
    tell(contract, notice("LEAVE", "1", START), notice("LEAVE", "2", START))
    bill("2026-02")
    refund = premium(contract)
    assert refund.amount < 0
    assert accrue(FEB_1) == 0
    tell(contract, notice("JOIN", "3", FEB_1, "6000"))
    bill("2026-03")
    demand = premium(contract)
    set_off_credits(now=at(date(2026, 3, 10)))
    accrue(date(2026, 3, 10))
    used = min(demand.amount, -refund.amount)
    assert earned(broker) == share(january.amount) + share(used) - share(used)
    by_item = {entry.open_item_id: entry.amount for entry in CommissionEntry.objects.all()}
    assert by_item[refund.pk] == -by_item[demand.pk] == -share(used)


def test_the_contract_s_own_agreement_goes_first(broker: Broker, fina: User) -> None:
    own, other = insure(broker), insure(broker)
    promise(broker, fina, "20", "5", contract=own)
    bill("2026-01")
    pay(premium(own))
    pay(premium(other))
    accrue(JAN_20)
    percents = dict(CommissionEntry.objects.values_list("open_item__contract", "percent"))
    assert percents == {own.pk: 20, other.pk: 10}


def test_what_a_broker_earned_on_stays_with_it(broker: Broker, fina: User) -> None:
    contract = insure(broker)
    bill("2026-01")
    january = premium(contract)
    pay(january)
    accrue(JAN_20)
    other = make_broker("Neue Makler KG")
    promise(other, fina)
    contract.broker = other
    contract.save(update_fields=["broker"])
    bill("2026-02")
    pay(premium(contract), day=FEB_1)
    book("RECEIPT", january, -january.amount, FEB_1)
    accrue(FEB_1)
    assert earned(broker) == 0
    assert earned(other) == share(premium(contract).amount)


def test_agreements_follow_each_other_and_are_refused_with_the_reason(
    broker: Broker, fina: User
) -> None:
    promise(broker, fina, "15", "5", since=date(2026, 7, 1))
    first, second = CommissionAgreement.objects.order_by("pk")
    assert (first.period.last_day, second.period.first_day) == (
        date(2026, 6, 30),
        date(2026, 7, 1),
    )
    stranger = insure(make_broker("Andere KG"))
    clerk = User.objects.create_user("clara")
    refusals: dict[str, dict[str, Any]] = {
        "NOT_ALLOWED": {"user": clerk},
        "PERCENT_RANGE": {"running_percent": D("100.001")},
        "OTHER_BROKER": {"contract": stranger},
        "NOT_LATER": {"first_day": date(2026, 7, 1)},
    }
    for code, changes in refusals.items():
        given: dict[str, Any] = {
            "broker": broker, "contract": None, "first_day": date(2026, 8, 1),
            "first_year_percent": D(1), "running_percent": D(1), "user": fina, "now": at(START),
        }  # fmt: skip
        with pytest.raises(UnableToPayCommission) as refusal:
            agree_commission(**{**given, **changes})
        assert refusal.value.code == code
    assert CommissionAgreement.objects.count() == 2


def test_a_month_is_stated_once_and_what_comes_later_on_the_next(broker: Broker) -> None:
    contract = insure(broker)
    bill("2026-01")
    january = premium(contract)
    pay(january)
    accrue(JAN_20)
    with pytest.raises(UnableToPayCommission) as refusal:
        issue_commission_statements(month=Month(2026, 1), now=at(date(2026, 1, 31)))
    assert refusal.value.code == "MONTH_NOT_OVER"
    (statement,) = issue_commission_statements(month=Month(2026, 1), now=at(FEB_1))
    settle()
    assert (statement.number, statement.total) == ("CA-2026-00001", share(january.amount))
    assert issue_commission_statements(month=Month(2026, 1), now=at(FEB_1)) == []
    book("RECEIPT", january, -january.amount, FEB_1)
    accrue(FEB_1)
    assert issue_commission_statements(month=Month(2026, 1), now=at(FEB_5)) == []
    (february,) = issue_commission_statements(month=Month(2026, 2), now=at(date(2026, 3, 2)))
    settle()
    assert (february.number, february.total) == ("CA-2026-00002", -share(january.amount))


def test_a_statement_that_its_entries_do_not_add_up_to_is_refused(broker: Broker) -> None:
    pay(premium_of(broker))
    accrue(JAN_20)
    wrong = CommissionStatement.objects.create(
        broker=broker, month=START, number="CA-X", total=1, issued_on=FEB_1
    )
    CommissionEntry.objects.update(statement=wrong)
    with pytest.raises(DatabaseError, match="differ from its total"), transaction.atomic():
        settle()
    transaction.set_rollback(True)
