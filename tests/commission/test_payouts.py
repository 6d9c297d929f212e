"""Credits paid back and commission paid out: ordered, released by another, back when returned."""

from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings as django_settings
from lxml import etree

from aupolicy.kernel.file_store import FileStore
from aupolicy.kernel.month import Month
from aupolicy.models import Broker, GroupContract, Role, User, WorkItem
from aupolicy.operations import give_grant
from billing.models import (
    BrokerAccount,
    CommissionStatement,
    LedgerEntry,
    OpenItem,
    Payout,
    PayoutOrder,
)
from billing.operations.broker_accounts import (
    UnableToKeepAccount,
    confirm_broker_account,
    record_broker_account,
)
from billing.operations.commission import issue_commission_statements
from billing.operations.commission_payouts import order_commission
from billing.operations.payout_returns import discard_order, record_return
from billing.operations.payouts import UnableToPay, release_order
from billing.operations.refunds import order_refunds
from billing.queries.audit import audit_ledger
from billing.queries.commission import find_broker_accounts, list_due_commission
from billing.queries.open_items import get_open_amount
from billing.queries.refundable import list_refundable
from tests.claims.paying import balance
from tests.commission.world import (
    IBAN,
    START,
    accrue,
    give_account,
    insure,
    make_broker,
    make_finance,
    pay,
    premium,
    promise,
)
from tests.laws.world import at, bill, creditor, give_mandate, notice, settle, tell

pytestmark = pytest.mark.django_db
D = Decimal
JAN_20, FEB_2, PAY_DAY = date(2026, 1, 20), date(2026, 2, 2), date(2026, 2, 5)
NOW = at(FEB_2)


@pytest.fixture
def finance() -> tuple[User, User]:
    return make_finance("fina"), make_finance("finn")


def give_credit(contract: GroupContract) -> OpenItem:
    """January is paid, then it turns out that nobody was insured after its first day."""
    bill("2026-01")
    pay(premium(contract))
    tell(contract, notice("LEAVE", "1", START), notice("LEAVE", "2", START))
    bill("2026-02")
    return premium(contract)


def refund(items: list[int], user: User) -> PayoutOrder:
    order = order_refunds(
        item_ids=items, execution_date=PAY_DAY, user=user, now=NOW, debtor=creditor()
    )
    settle()
    return order


@pytest.fixture
def owed_back(finance: tuple[User, User]) -> OpenItem:
    """A credit of a contract with a mandate."""
    contract = insure(make_broker())
    give_mandate(contract, signed_on=START)
    return give_credit(contract)


def check_clean() -> None:
    settle()
    assert audit_ledger().differences == ()


def test_a_credit_goes_back_to_the_account_of_the_mandate(
    owed_back: OpenItem, finance: tuple[User, User]
) -> None:
    fina, finn = finance
    (proposed,) = list_refundable()
    assert (proposed.item, proposed.amount, proposed.owed) == (owed_back, -owed_back.amount, D(0))
    order = refund([owed_back.pk], fina)
    payout = order.payouts.get()
    assert (order.kind, order.message_id) == ("refund", "BAU-E-20260205-0001")
    assert (payout.iban, payout.amount) == (IBAN, -owed_back.amount)
    assert payout.end_to_end_id == "BAU-E-20260205-000001"
    assert owed_back.number in payout.remittance
    assert get_open_amount(owed_back) == 0
    assert balance(LedgerEntry.PAYOUTS_IN_TRANSIT) == owed_back.amount
    with pytest.raises(UnableToPay, match="SAME_PERSON"):
        release_order(order=order, user=fina, now=NOW)
    released = release_order(order=order, user=finn, now=NOW)
    file = etree.fromstring(FileStore(django_settings.FILES_ROOT).get(released.file_sha256))
    assert file.xpath("string(//*[local-name()='InstdAmt'])") == str(-owed_back.amount)
    with pytest.raises(UnableToPay, match="NOTHING_DUE"):
        refund([owed_back.pk], fina)
    check_clean()


def test_a_refund_that_comes_back_is_owed_again_and_work_of_finance(
    owed_back: OpenItem, finance: tuple[User, User]
) -> None:
    fina, finn = finance
    order = release_order(order=refund([owed_back.pk], fina), user=finn, now=NOW)
    payout = order.payouts.get()
    # The bank's own file says so: nobody in person.
    record_return(payout=payout, returned_on=PAY_DAY, code="MS03", user=None, now=at(PAY_DAY))
    assert get_open_amount(owed_back) == owed_back.amount
    assert balance(LedgerEntry.PAYOUTS_IN_TRANSIT) == 0
    item = WorkItem.objects.get(kind=WorkItem.Kind.TRANSFER, done_at=None)
    assert (item.subject, item.title) == (payout.pk, payout.end_to_end_id)
    check_clean()
    again = order_refunds(
        item_ids=[owed_back.pk], execution_date=PAY_DAY, user=fina, now=at(PAY_DAY),
        debtor=creditor(),
    )  # fmt: skip
    assert again.payouts.get().end_to_end_id == "BAU-E-20260205-000002"
    assert not WorkItem.objects.filter(kind=WorkItem.Kind.TRANSFER, done_at=None).exists()
    check_clean()


def test_an_account_that_is_closed_gets_no_second_refund(
    owed_back: OpenItem, finance: tuple[User, User]
) -> None:
    order = release_order(order=refund([owed_back.pk], finance[0]), user=finance[1], now=NOW)
    record_return(
        payout=order.payouts.get(), returned_on=PAY_DAY, code="AC04", user=finance[0],
        now=at(PAY_DAY),
    )  # fmt: skip
    assert [each.account for each in list_refundable()] == [None]
    with pytest.raises(UnableToPay, match="NO_ACCOUNT"):
        refund([owed_back.pk], finance[0])


def test_a_discarded_refund_never_was(owed_back: OpenItem, finance: tuple[User, User]) -> None:
    order = refund([owed_back.pk], finance[0])
    discard_order(order=order, user=finance[0], now=NOW)
    assert get_open_amount(owed_back) == owed_back.amount
    check_clean()
    assert refund([owed_back.pk], finance[0]).message_id == "BAU-E-20260205-0002"


def test_a_demand_is_no_refund_and_without_mandate_there_is_no_account(
    finance: tuple[User, User],
) -> None:
    contract = insure(make_broker())
    item = give_credit(contract)
    paid = OpenItem.objects.exclude(pk=item.pk).get()
    with pytest.raises(UnableToPay, match="NO_ACCOUNT"):
        refund([item.pk], finance[0])
    with pytest.raises(UnableToPay, match="NOTHING_DUE"):
        refund([paid.pk], finance[0])
    with pytest.raises(UnableToPay, match="NOT_ALLOWED"):
        refund([item.pk], User.objects.create_user("clara"))
    assert not PayoutOrder.objects.exists()


# Commission


@pytest.fixture
def broker(finance: tuple[User, User]) -> Broker:
    """A broker with a statement of January above zero, and no account yet."""
    broker = make_broker()
    promise(broker, finance[0])
    contract = insure(broker)
    bill("2026-01")
    pay(premium(contract))
    accrue(JAN_20)
    issue_commission_statements(month=Month(2026, 1), now=NOW)
    settle()
    return broker


def order(user: User, day: date = FEB_2) -> PayoutOrder:
    made = order_commission(execution_date=PAY_DAY, user=user, now=at(day), debtor=creditor())
    settle()
    return made


def test_commission_goes_to_the_confirmed_account(
    broker: Broker, finance: tuple[User, User]
) -> None:
    fina, finn = finance
    with pytest.raises(UnableToPay, match="NOTHING_DUE"):
        order(fina)
    give_account(broker, fina, finn)
    statement = CommissionStatement.objects.get()
    (due,) = list_due_commission()
    assert (due.amount, due.is_payable) == (statement.total, True)
    made = order(fina)
    payout = made.payouts.get()
    assert (made.kind, made.message_id) == ("commission", "BAU-C-20260205-0001")
    assert (payout.broker, payout.amount, payout.iban) == (broker, statement.total, IBAN)
    assert payout.remittance == "Courtage CA-2026-00001"
    statement.refresh_from_db()
    assert statement.payout == payout
    assert balance(LedgerEntry.COMMISSION_OWED) == 0
    with pytest.raises(UnableToPay, match="NOTHING_DUE"):
        order(fina)
    check_clean()


def test_commission_that_comes_back_is_owed_again(
    broker: Broker, finance: tuple[User, User]
) -> None:
    fina, finn = finance
    give_account(broker, fina, finn)
    made = release_order(order=order(fina), user=finn, now=NOW)
    record_return(
        payout=made.payouts.get(), returned_on=PAY_DAY, code="AC04", user=fina, now=at(PAY_DAY)
    )
    statement = CommissionStatement.objects.get()
    assert statement.payout is None
    assert balance(LedgerEntry.COMMISSION_OWED) == -statement.total
    assert balance(LedgerEntry.PAYOUTS_IN_TRANSIT) == 0
    assert WorkItem.objects.get(kind=WorkItem.Kind.TRANSFER).subject == made.payouts.get().pk
    # The account is closed: only one that is confirmed afterwards is paid to.
    with pytest.raises(UnableToPay, match="NOTHING_DUE"):
        order(fina, PAY_DAY)
    again = record_broker_account(
        broker=broker, holder="Makler", iban="DE02500105170137075030", user=fina, now=at(PAY_DAY)
    )
    confirm_broker_account(account=again, user=finn, now=at(PAY_DAY))
    assert order(fina, PAY_DAY).payouts.get().iban == "DE02500105170137075030"
    assert not WorkItem.objects.filter(kind=WorkItem.Kind.TRANSFER, done_at=None).exists()
    check_clean()


def test_a_discarded_order_of_commission_never_was(
    broker: Broker, finance: tuple[User, User]
) -> None:
    give_account(broker, *finance)
    discard_order(order=order(finance[0]), user=finance[0], now=NOW)
    assert CommissionStatement.objects.get().payout is None
    check_clean()


def test_what_is_below_zero_is_carried_on(broker: Broker, finance: tuple[User, User]) -> None:
    give_account(broker, *finance)
    before = CommissionStatement.objects.get()
    CommissionStatement.objects.create(
        broker=broker, month=date(2026, 2, 1), number="CA-2026-00002", total=-before.total - 1,
        issued_on=date(2026, 3, 2),
    )  # fmt: skip
    with pytest.raises(UnableToPay, match="NOTHING_DUE"):
        order(finance[0])
    CommissionStatement.objects.create(
        broker=broker, month=date(2026, 3, 1), number="CA-2026-00003", total=5,
        issued_on=date(2026, 4, 1),
    )  # fmt: skip
    (payout,) = Payout.objects.filter(order=order(finance[0]))
    assert payout.amount == 4
    assert payout.commission_statements.count() == 3


def test_an_account_needs_two_people_who_may(broker: Broker, finance: tuple[User, User]) -> None:
    own, stranger = User.objects.create_user("bea"), User.objects.create_user("sam")
    give_grant(user=own, role=Role.BROKER, broker=broker, first_day=START)
    give_grant(user=stranger, role=Role.BROKER, broker=make_broker("Andere KG"), first_day=START)
    with pytest.raises(UnableToKeepAccount, match="NOT_ALLOWED"):
        record_broker_account(broker=broker, holder="X", iban=IBAN, user=stranger, now=NOW)
    with pytest.raises(UnableToKeepAccount, match="HOLDER_MISSING"):
        record_broker_account(broker=broker, holder=" ", iban=IBAN, user=own, now=NOW)
    account = record_broker_account(broker=broker, holder="X", iban=IBAN, user=own, now=NOW)
    assert find_broker_accounts([broker.pk]) == {}
    for user, code in ((own, "SAME_PERSON"), (stranger, "NOT_ALLOWED")):
        with pytest.raises(UnableToKeepAccount, match=code):
            confirm_broker_account(account=account, user=user, now=NOW)
    confirm_broker_account(account=account, user=finance[0], now=NOW)
    assert find_broker_accounts([broker.pk]) == {broker.pk: account}
    with pytest.raises(UnableToKeepAccount, match="CONFIRMED"):
        confirm_broker_account(account=account, user=finance[1], now=NOW)
    assert BrokerAccount.objects.count() == 1
