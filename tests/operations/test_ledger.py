"""Charges, credits set off, demands given up, instalments: each ends with books that are right."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from aupolicy.kernel.money import total
from aupolicy.models import GroupContract, Role, User, WorkItem
from aupolicy.operations import give_grant
from billing.models import InstalmentPlan, LedgerEntry, LedgerTransaction, OpenItem, WriteOff
from billing.operations.charges import Charge, UnableToCharge, charge, charge_all
from billing.operations.instalments import UnableToAgreePlan, agree_plan, end_plan
from billing.operations.offsets import set_off_credits
from billing.operations.write_offs import UnableToWriteOff, decide_write_off, request_write_off
from billing.queries.audit import audit_ledger
from billing.queries.instalments import (
    due_amounts,
    get_instalment_plan,
    is_in_kept_plan,
    list_due_instalments,
    list_kept_items,
)
from billing.queries.open_items import get_open_amount, list_open_items, lock_items
from billing.rules.instalments import Part, propose_parts
from tests.laws.world import agree, at, bill, notice, settle, tell

pytestmark = pytest.mark.django_db
JAN, FEB, MAR = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
TODAY = date(2026, 3, 10)
NOW = at(TODAY)
D = Decimal


@pytest.fixture
def contract() -> GroupContract:
    """Two people; the second turns out to have left before: February has a credit."""
    contract = agree(start=JAN)
    tell(contract, notice("JOIN", "1", JAN, "2400"), notice("JOIN", "2", JAN, "6000"))
    bill("2026-01")
    return contract


@pytest.fixture
def finance() -> list[User]:
    """Two people of finance and one clerk."""
    people = [User.objects.create_user(name) for name in ("fina", "finn", "clara")]
    for user, role in zip(people, (Role.FINANCE, Role.FINANCE, Role.CLERK), strict=True):
        give_grant(user=user, role=role, first_day=JAN)
    return people


@pytest.fixture(autouse=True)
def _books_stay_right(db: None) -> Iterator[None]:
    yield
    settle()
    assert audit_ledger().differences == ()


def premium(contract: GroupContract) -> OpenItem:
    """The contract's first demand."""
    return OpenItem.objects.filter(contract=contract, kind="premium").earliest("pk")


def ask(contract: GroupContract, kind: OpenItem.Kind, amount: str) -> OpenItem:
    """A charge on top of the first premium."""
    return charge(
        contract=contract, kind=kind, amount=D(amount), cause=premium(contract), due_date=MAR,
        text="Verzug", booked_on=MAR,
    )  # fmt: skip


def test_a_charge_is_an_open_item_with_a_number_and_a_booking(contract: GroupContract) -> None:
    interest = ask(contract, OpenItem.Kind.INTEREST, "1.23")
    costs = ask(contract, OpenItem.Kind.COSTS, "5.00")
    assert [interest.number, costs.number] == ["NF-2026-0000001", "NF-2026-0000002"]
    assert interest.cause == premium(contract)
    booked = LedgerEntry.objects.filter(transaction__charge__in=[interest, costs])
    assert list(booked.order_by("pk").values_list("account", "amount")) == [
        ("1400", D("1.23")), ("2650", D("-1.23")), ("1400", D("5.00")), ("2670", D("-5.00")),
    ]  # fmt: skip


def test_what_is_no_charge_is_refused_and_takes_no_number(contract: GroupContract) -> None:
    good = Charge(contract.pk, OpenItem.Kind.COSTS, D(5), None, MAR)
    for bad, code in (
        (Charge(contract.pk, OpenItem.Kind.PREMIUM, D(5), None, MAR), "NO_CHARGE"),
        (Charge(contract.pk, OpenItem.Kind.COSTS, D(0), None, MAR), "NO_AMOUNT"),
    ):
        with pytest.raises(UnableToCharge, match=code):
            charge_all(charges=[good, bad], booked_on=MAR)
    assert charge_all(charges=[], booked_on=MAR) == []
    assert ask(contract, OpenItem.Kind.COSTS, "5").number == "NF-2026-0000001"


def test_a_credit_settles_costs_first_and_then_the_premium(contract: GroupContract) -> None:
    costs = ask(contract, OpenItem.Kind.COSTS, "5.00")
    tell(contract, notice("LEAVE", "2", date(2026, 1, 1), received=TODAY))
    bill("2026-02")
    credit = OpenItem.objects.filter(contract=contract, amount__lt=0).get()
    report = set_off_credits(now=NOW)
    assert (report.contracts, report.amount) == (1, -credit.amount)
    assert get_open_amount(credit) == 0
    assert get_open_amount(costs) == 0
    assert get_open_amount(premium(contract)) == premium(contract).amount + credit.amount + 5
    assert set_off_credits(now=NOW).contracts == 0
    assert LedgerTransaction.objects.filter(kind="OFFSET").count() == 1


def test_credits_of_one_contract_do_not_pay_for_another(contract: GroupContract) -> None:
    other = agree(start=JAN)
    tell(other, notice("JOIN", "1", JAN, "2400"))
    tell(contract, notice("LEAVE", "2", date(2026, 1, 1), received=TODAY))
    bill("2026-02")
    assert set_off_credits(now=NOW, contract_ids=[other.pk]).contracts == 0
    assert set_off_credits(now=NOW, contract_ids=[contract.pk]).contracts == 1
    assert all(not item.allocations.exists() for item in OpenItem.objects.filter(contract=other))


def test_a_write_off_is_booked_when_a_second_person_approves(
    contract: GroupContract, finance: list[User]
) -> None:
    item = premium(contract)
    asked = request_write_off(
        item=item, amount=D("2.50"), reason="Insolvenz", user=finance[0], now=NOW
    )
    assert get_open_amount(item) == item.amount
    work = WorkItem.objects.get(kind="write_off", subject=asked.pk)
    decided = decide_write_off(write_off=asked, approve=True, note="", user=finance[1], now=NOW)
    assert get_open_amount(item) == item.amount - D("2.50")
    assert decided.booking is not None
    assert list(decided.booking.entries.order_by("pk").values_list("account", "amount")) == [
        ("2400", D("2.50")), ("1400", D("-2.50")),
    ]  # fmt: skip
    work.refresh_from_db()
    assert work.done_by == finance[1]
    rest = request_write_off(item=item, amount=None, reason="Rest", user=finance[1], now=NOW)
    decide_write_off(write_off=rest, approve=True, note="", user=finance[0], now=NOW)
    assert get_open_amount(item) == 0


def test_a_write_off_is_refused_to_the_wrong_and_for_wrong_sums(
    contract: GroupContract, finance: list[User]
) -> None:
    item = premium(contract)

    def refused(code: str, user: User, amount: Decimal | None, reason: str = "Grund") -> None:
        with pytest.raises(UnableToWriteOff, match=code):
            request_write_off(item=item, amount=amount, reason=reason, user=user, now=NOW)

    refused("NOT_ALLOWED", finance[2], None)
    refused("NO_REASON", finance[0], None, " ")
    refused("NO_AMOUNT", finance[0], D(0))
    refused("TOO_MUCH", finance[0], item.amount + 1)
    asked = request_write_off(item=item, amount=None, reason="Grund", user=finance[0], now=NOW)
    refused("ALREADY_ASKED", finance[1], D(1))
    for code, user, approve, note in (
        ("SAME_PERSON", finance[0], True, ""),
        ("NOT_ALLOWED", finance[2], True, ""),
        ("NO_REASON", finance[1], False, ""),
    ):
        with pytest.raises(UnableToWriteOff, match=code):
            decide_write_off(write_off=asked, approve=approve, note=note, user=user, now=NOW)
    decide_write_off(write_off=asked, approve=False, note="Kunde zahlt", user=finance[1], now=NOW)
    with pytest.raises(UnableToWriteOff, match="DECIDED"):
        decide_write_off(write_off=asked, approve=True, note="", user=finance[1], now=NOW)
    assert get_open_amount(item) == item.amount


@pytest.mark.parametrize(
    ("change", "because"),
    [
        ("decided_by_id = requested_by_id, decided_at = now(), outcome = 'refused'", "by_another"),
        ("outcome = 'approved', decided_at = now()", "booked_when_approved"),
        ("amount = amount - 1", "Cannot update"),
    ],
)
def test_the_database_refuses_what_two_did_not_decide(
    contract: GroupContract, finance: list[User], change: str, because: str
) -> None:
    request_write_off(item=premium(contract), amount=D(2), reason="Grund", user=finance[0], now=NOW)
    with (
        pytest.raises(DatabaseError, match=because),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE billing_writeoff SET {change}")
    assert WriteOff.objects.get().outcome == ""


def plan(contract: GroupContract, user: User, *, count: int = 3) -> InstalmentPlan:
    """The first premium and what was charged on it, in monthly parts from the first of April."""
    items = lock_items(OpenItem.objects.filter(contract=contract).values_list("pk", flat=True))
    owed = total(item.open_amount for item in items)
    parts = propose_parts(amount=owed, count=count, first=date(2026, 4, 1))
    return agree_plan(
        contract=contract, items=items, parts=parts, reason="Engpass", user=user, now=NOW
    )


def test_of_a_plan_no_more_is_due_than_its_instalments(
    contract: GroupContract, finance: list[User]
) -> None:
    costs = ask(contract, OpenItem.Kind.COSTS, "5.00")
    agreed = plan(contract, finance[0])
    item = premium(contract)
    assert get_instalment_plan(item) == agreed
    items = list(list_open_items())
    first, second = agreed.instalments.order_by("due_date")[:2]
    assert due_amounts(items, date(2026, 3, 31)) == {item.pk: 0, costs.pk: 0}
    due = due_amounts(items, date(2026, 4, 1))
    assert due == {costs.pk: D(5), item.pk: first.amount - 5}
    assert list_due_instalments(date(2026, 3, 31)) == []
    assert [each.open_amount for each in list_due_instalments(first.due_date)] == [first.amount]
    assert is_in_kept_plan(item, first.due_date)
    assert not is_in_kept_plan(item, date(2026, 4, 2))
    # The first instalment and a cent are settled: the plan is kept again.
    for whom, amount in ((costs, D(5)), (item, first.amount - 5 + D("0.01"))):
        asked = request_write_off(
            item=whom, amount=amount, reason="Kulanz", user=finance[0], now=NOW
        )
        decide_write_off(write_off=asked, approve=True, note="", user=finance[1], now=NOW)
    assert list_kept_items([item.pk, costs.pk], date(2026, 4, 2)) == {item.pk, costs.pk}
    items = list(list_open_items())
    assert due_amounts(items, second.due_date) == {item.pk: second.amount - D("0.01")}


def test_what_is_in_no_plan_is_due_from_its_day(contract: GroupContract) -> None:
    items = list(list_open_items())
    (item,) = items
    before = item.due_date.replace(day=item.due_date.day - 1)
    assert due_amounts(items, before) == {item.pk: 0}
    assert due_amounts(items, item.due_date) == {item.pk: item.amount}


def test_a_plan_that_is_ended_leaves_everything_due_as_before(
    contract: GroupContract, finance: list[User]
) -> None:
    agreed = plan(contract, finance[0])
    item = premium(contract)
    with pytest.raises(UnableToAgreePlan, match="IN_PLAN"):
        plan(contract, finance[0])
    end_plan(plan=agreed, reason="Nicht gezahlt", user=finance[0], now=NOW)
    with pytest.raises(UnableToAgreePlan, match="ENDED"):
        end_plan(plan=agreed, reason="Noch einmal", user=finance[0], now=NOW)
    assert get_instalment_plan(item) is None
    assert not is_in_kept_plan(item, TODAY)
    assert due_amounts(list(list_open_items()), TODAY) == {item.pk: item.amount}
    assert plan(contract, finance[0]).pk != agreed.pk


def test_a_plan_needs_finance_a_reason_and_the_whole_sum(
    contract: GroupContract, finance: list[User]
) -> None:
    item = premium(contract)
    day = date(2026, 4, 1)
    whole = [Part(day, item.amount)]

    def refused(code: str, parts: list[Part], user: User = finance[0], why: str = "Grund") -> None:
        with pytest.raises(UnableToAgreePlan, match=code):
            agree_plan(contract=contract, items=[item], parts=parts, reason=why, user=user, now=NOW)

    refused("NOT_ALLOWED", whole, finance[2])
    refused("NO_REASON", whole, why="")
    refused("NO_INSTALMENTS", [])
    refused("NO_AMOUNT", [Part(day, item.amount), Part(date(2026, 5, 1), D(0))])
    refused("NOT_IN_ORDER", [Part(day, D(1)), Part(day, item.amount - 1)])
    refused("IN_PAST", [Part(date(2026, 3, 9), item.amount)])
    refused("SUM_DIFFERS", [Part(day, item.amount - 1)])
    with pytest.raises(UnableToAgreePlan, match="NO_ITEMS"):
        agree_plan(contract=contract, items=[], parts=whole, reason="G", user=finance[0], now=NOW)
    with pytest.raises(UnableToAgreePlan, match="OTHER_CONTRACT"):
        agree_plan(
            contract=agree(start=JAN), items=[item], parts=whole, reason="G", user=finance[0],
            now=NOW,
        )  # fmt: skip
    assert not InstalmentPlan.objects.exists()


def test_the_database_refuses_a_plan_that_does_not_add_up(
    contract: GroupContract, finance: list[User]
) -> None:
    agreed = plan(contract, finance[0])
    settle()
    with pytest.raises(DatabaseError, match="differ"), transaction.atomic():  # noqa: PT012
        agreed.instalments.create(due_date=date(2027, 1, 1), amount=D("0.01"))
        settle()
