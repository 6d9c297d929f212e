"""Constructed money in the constructed world: what the bank answered, and what came of it.

For pictures and the crawl. One employer's debit comes back and it is reminded, another one has a
new account and pays in instalments; a clerk finds transfers to place. Days lie relative to the
day the world was built for.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from aupolicy.kernel.bank_calendar import next_target_day
from aupolicy.kernel.month import Month
from aupolicy.models import GroupContract, Role, User
from aupolicy.operations import give_grant
from billing.models import ArrearsCase, CollectionItem, LedgerTransaction, OpenItem
from billing.operations.arrears import look_after_arrears
from billing.operations.arrears.by_hand import stop_case
from billing.operations.commission import agree_commission, settle_commission
from billing.operations.instalments import agree_plan
from billing.operations.mandate_stops import suspend_mandate
from billing.operations.mandates import amend_mandate
from billing.operations.month_close import close_month
from billing.operations.write_offs import request_write_off
from billing.rules.instalments import Part
from config.demonstration_bank import ConstructedBank
from tests.portal.world import PASSWORD, World

_NEW_IBAN = "DE02300209000106531065"
_DAYS_TO_REMINDER = 26


@dataclass(frozen=True, slots=True)
class Money:
    """What pictures are taken of: the employer reminded, and the case about it."""

    contract: GroupContract
    case: ArrearsCase


def build_money(world: World, people: dict[str, User], folder: Path) -> Money:
    """Everything, in the order of its days; what the bank sent is laid into `folder`."""
    cashier = _create_cashier(world)
    people["cashier"] = cashier
    dealer = world.contracts["Autohaus Fahrspaß GmbH"]
    _agree_commission(world, cashier)
    bank = ConstructedBank(folder)
    for collection in world.collections:
        bank.credit(collection)
    before_last = world.collections[-2]
    debit = before_last.items.select_related("mandate", "open_item").get(open_item__contract=dealer)
    case = _send_back(bank, debit, cashier)
    _receive(bank, debit.open_item)
    _plan_instalments(world, people["clerk"])
    for month in (Month.of(world.today).plus(-1), Month.of(world.today)):
        settle_commission(now=_at(min(next_target_day(month.first_day), world.today)))
    first = Month.of(LedgerTransaction.objects.earliest("booked_on").booked_on)
    close_month(month=first, user=cashier, now=_at(world.today))
    return Money(dealer, case)


def _create_cashier(world: World) -> User:
    user = User.objects.create_user(
        "cashier", email="cashier@example.org", password=PASSWORD,
        first_name="Elif", last_name="Arslan",
    )  # fmt: skip
    give_grant(user=user, role=Role.FINANCE, first_day=world.first_month.plus(-1).first_day)
    return user


def _agree_commission(world: World, user: User) -> None:
    assert world.contract.broker is not None
    agree_commission(
        broker=world.contract.broker,
        contract=None,
        first_day=world.first_month.first_day,
        first_year_percent=Decimal(5),
        running_percent=Decimal(3),
        user=user,
        now=_at(world.first_month.first_day),
    )


def _send_back(bank: ConstructedBank, debit: CollectionItem, user: User) -> ArrearsCase:
    """The debit comes back; requested and reminded in vain, a clerk waits all the same."""
    back = next_target_day(debit.collection.due_date + timedelta(days=2))
    bank.send_back(debit, reason="MS03", day=back)
    suspend_mandate(
        mandate=debit.mandate,
        reason="Der Arbeitgeber will überweisen.",
        code="MS03",
        debit=debit,
        user=user,
        now=_at(back),
    )
    reminded = back + timedelta(days=_DAYS_TO_REMINDER)
    for day in (back + timedelta(days=1), reminded):
        look_after_arrears(today=day, now=_at(day))
    case = ArrearsCase.objects.get(closed_on=None)
    stop_case(
        case=case,
        reason="Die Buchhaltung hat die Überweisung angekündigt.",
        until=reminded + timedelta(days=90),
        user=user,
        today=reminded,
        now=_at(reminded),
    )
    fee = OpenItem.objects.get(contract=case.contract, kind=OpenItem.Kind.BANK_FEE)
    request_write_off(
        item=fee, amount=None, reason="Kulanz beim ersten Mal", user=user, now=_at(reminded)
    )
    return case


def _receive(bank: ConstructedBank, item: OpenItem) -> None:
    """A part of what is owed, and a transfer of which nobody knows what it is for."""
    day = next_target_day(item.due_date + timedelta(days=12))
    mandate = item.contract.mandates.latest("period")
    bank.receive(
        Decimal("100.00"),
        name=mandate.account_holder,
        iban=mandate.iban,
        purpose=f"Teilzahlung {item.number}",
        day=day,
    )
    bank.receive(
        Decimal("184.20"),
        name="Hausverwaltung Erker",
        iban="DE27100777770209299700",
        purpose="Abschlag laut Schreiben",
        day=next_target_day(day + timedelta(days=1)),
    )


def _plan_instalments(world: World, user: User) -> None:
    """The hairdresser has another account, and pays this month's premium in two parts."""
    salon = world.contracts["Friseursalon Haarschön"]
    now = _at(world.today)
    amend_mandate(
        mandate=salon.mandates.get(), first_day=world.today, iban=_NEW_IBAN, user=user, now=now
    )
    item = OpenItem.objects.filter(contract=salon).latest("due_date")
    first = item.amount // 2
    parts = [
        Part(world.today + timedelta(days=days), amount)
        for days, amount in ((20, first), (50, item.amount - first))
    ]
    agree_plan(
        contract=salon, items=[item], parts=parts, reason="Umbau des Ladens", user=user, now=now
    )


def _at(day: date) -> datetime:
    return datetime.combine(day, time(9, 30), tzinfo=UTC)
