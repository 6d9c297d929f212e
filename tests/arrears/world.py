"""A contract that pays or does not: billed, debited, paid, and looked after day by day."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from aupolicy.kernel.period import Period
from aupolicy.models import Grant, GroupContract, Role, User
from billing.facts.arrears import StepKind, Wait
from billing.models import (
    ArrearsCase,
    ArrearsStep,
    CollectionItem,
    LedgerEntry,
    OpenItem,
    ReturnedDebit,
)
from billing.models import LedgerTransaction as Booked
from billing.operations import create_collections
from billing.operations.arrears import look_after_arrears
from billing.operations.books import Booking, Cause, Settled, post
from billing.queries.arrears_cases import load_cases
from billing.queries.dunning import get_dunning_parameters
from billing.queries.open_items import get_open_amount
from billing.rules.reminders import decide_next_step
from members.facts import NoticeKind
from tests.laws.world import agree, at, bill, creditor, give_mandate, notice, tell

START = date(2025, 10, 1)
# 40 people in the second band: 520.00 EUR a month.
PEOPLE = 40
PREMIUM = Decimal("520.00")


def insure(*, start: date = START) -> GroupContract:
    """A contract with its people."""
    contract = agree(start=start)
    tell(contract, *(notice(NoticeKind.JOIN, str(n), start, "2400") for n in range(PEOPLE)))
    return contract


def insure_and_pay_first() -> GroupContract:
    """A contract whose first premium is paid, so that later ones go by § 38 VVG."""
    contract = insure()
    bill("2025-10")
    pay(contract, day=date(2025, 10, 10))
    return contract


def pay(contract: GroupContract, *, day: date, amount: Decimal | None = None) -> None:
    """A transfer on a day: of all that is open, or of a part of the oldest demand."""
    items = list(OpenItem.objects.filter(contract=contract).order_by("pk"))
    owed = [(item, get_open_amount(item)) for item in items if get_open_amount(item) > 0]
    if amount is not None:
        owed = [(owed[0][0], amount)]
    for item, open_amount in owed:
        book(contract, Booked.RECEIPT, day, item, open_amount)


def book(contract: GroupContract, kind: str, day: date, item: OpenItem, amount: Decimal) -> None:
    """A booking that settles an item."""
    account = LedgerEntry.WRITTEN_OFF if kind == Booked.WRITE_OFF else LedgerEntry.BANK
    sides = ((account, contract.pk, amount), (LedgerEntry.RECEIVABLE, contract.pk, -amount))
    post([Booking(kind, day, contract.pk, sides, Cause(), settles=[Settled(item.pk, amount)])])


def debit_and_return(
    contract: GroupContract, *, due: date, returned: date, retry: date | None = None
) -> CollectionItem:
    """The open premiums are collected on a day, and come back."""
    create_collections(due=due, now=at(due - timedelta(days=5)), creditor=creditor())
    debit = CollectionItem.objects.filter(open_item__contract=contract).latest("pk")
    sides = (
        (LedgerEntry.RECEIVABLE, contract.pk, debit.amount),
        (LedgerEntry.BANK, contract.pk, -debit.amount),
    )
    back = Settled(debit.open_item_id, -debit.amount, debit.pk)
    post(
        [
            Booking(
                Booked.RETURNED_DEBIT,
                returned,
                contract.pk,
                sides,
                Cause(debit_id=debit.pk),
                [back],
            )
        ]
    )
    debit.ended_on, debit.ended_how = returned, "returned"
    debit.save(update_fields=["ended_on", "ended_how"])
    ReturnedDebit.objects.create(
        debit=debit,
        how="return",
        reason_code="MS03",
        returned_on=returned,
        occurrence=1,
        reaction={},
        retry_on=retry,
        recorded_at=at(returned),
    )
    return debit


def days(first: date, last: date) -> Iterator[date]:
    """Every day, both included."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def live(first: date, last: date) -> list[tuple[str, date]]:
    """Look after arrears from day to day; the steps taken, each with its day.

    Days on which every case waits for a later one are passed over: `test_law.py` asks for these.
    """
    before = ArrearsStep.objects.count()
    day = first
    while day <= last:
        look_after_arrears(today=day, now=at(day))
        day = min(_find_next_day(day), last if day < last else date.max)
    steps = ArrearsStep.objects.order_by("pk")[before:]
    return [(step.kind, step.day) for step in steps]


def _find_next_day(day: date) -> date:
    """The next day on which something can happen by itself."""
    states = load_cases(ArrearsCase.objects.filter(closed_on=None), today=day)
    parameters = get_dunning_parameters(day)
    waits = [decide_next_step(state.facts, today=day, parameters=parameters) for state in states]
    days = [wait.until or date.max for wait in waits if isinstance(wait, Wait)]
    return min(days, default=day + timedelta(days=1))


def find_step(kind: StepKind) -> ArrearsStep:
    """The last step of a kind."""
    return ArrearsStep.objects.filter(kind=kind).latest("pk")


def create_clerk(name: str = "finance", role: Role = Role.FINANCE) -> User:
    """Somebody at the insurer."""
    user = User.objects.create_user(name)
    Grant.objects.create(user=user, role=role, period=Period(START))
    return user


__all__ = [
    "bill",
    "book",
    "create_clerk",
    "days",
    "debit_and_return",
    "find_step",
    "give_mandate",
    "insure",
    "insure_and_pay_first",
    "live",
    "pay",
]
