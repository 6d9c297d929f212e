"""A year of money: runs with changes, a bank that answers, reminders by the law, closed months."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from lxml import etree
from pytest_django import DjangoDbBlocker, Settings

from aupolicy.kernel.money import total
from aupolicy.kernel.month import Month
from aupolicy.models import Broker, GroupContract, PremiumDefault, WorkItem
from billing.facts.arrears import StepKind
from billing.models import (
    ArrearsStep,
    BankEntry,
    ClosedMonth,
    CollectionItem,
    CommissionStatement,
    LedgerEntry,
    MandateStop,
    OpenItem,
    Outcome,
    ReturnedDebit,
)
from billing.operations.arrears import release_ending
from billing.operations.collection_files import read_file
from billing.operations.commission import agree_commission
from billing.operations.mandates import amend_mandate
from billing.operations.write_offs import decide_write_off, request_write_off
from billing.queries.account_statement import list_movements
from billing.queries.audit import audit_ledger
from billing.queries.trial_balance import get_trial_balance
from members.facts import NoticeKind
from tests.bank.world import notification, transfer
from tests.flows.year import (
    FIRST_DAY,
    NEW_IBAN,
    ONE_DAY,
    START,
    Year,
    create_clerk,
    insure,
    list_open,
)
from tests.laws.world import at, creditor, notice, tell
from tests.mockbank import running_mock_bank

GOLDEN = Path(__file__).parent / "golden"
LAST_MONTH = Month(2025, 12)


@dataclass
class Story:
    """The year as it was played, with its three contracts."""

    year: Year
    faithful: GroupContract
    late: GroupContract
    lost: GroupContract


@pytest.fixture(scope="module")
def played(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Story, Path]]:
    """The whole year, played once; each test works in a savepoint of its own."""
    files = tmp_path_factory.mktemp("year")
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        patch.setattr(settings, "FILES_ROOT", files)
        with transaction.atomic(), running_mock_bank(files, bank_time=f"{FIRST_DAY}T06:00") as bank:
            bank.open_account(iban=creditor().iban, name=creditor().name)
            yield _play(Year(bank, create_clerk("maker"), create_clerk("releaser"))), files
            transaction.set_rollback(True)


@pytest.fixture
def story(played: tuple[Story, Path], db: None, settings: Settings) -> Story:
    """The year that was played, with the files it wrote."""
    found, settings.FILES_ROOT = played
    return found


def _play(year: Year) -> Story:
    broker = Broker.objects.create(legal_name="Maklerhaus Beispiel", registration_number="D-J-1")
    agree_commission(
        broker=broker,
        contract=None,
        first_day=START,
        first_year_percent=Decimal(5),
        running_percent=Decimal(3),
        user=year.maker,
        now=at(FIRST_DAY),
    )
    story = Story(
        year,
        faithful=insure("faithful", people=40, broker=broker),
        late=insure("late", people=30),
        lost=insure("lost", people=50),
    )
    year.bill()
    _play_winter(story)
    _play_spring(story)
    _play_rest(story)
    return story


def _play_winter(story: Story) -> None:
    """Somebody joins late; one account has no money, twice; another debit has no mandate."""
    year = story.year
    year.live_until(date(2025, 2, 4))
    year.refuse(story.lost, "MS03")
    year.live_until(date(2025, 2, 17))
    year.refuse(story.lost, "MS03")
    tell(story.faithful, notice(NoticeKind.JOIN, "100", date(2025, 2, 1), "6000"))
    year.live_until(date(2025, 3, 4))
    year.refuse(story.late, "MD01")
    tell(story.faithful, notice(NoticeKind.PAY_CHANGE, "1", date(2025, 3, 1), "6000"))


def _play_spring(story: Story) -> None:
    """One employer pays what a reminder asks for, and gives another account; one does not."""
    year = story.year
    _live_until_step(story, story.late, StepKind.REMINDER)
    owed = total(amount for _, amount in list_open(story.late))
    year.receive(
        notification(
            *(
                transfer(amount, f"Beitrag {item.number}", reference=item.number, day=year.today)
                for item, amount in list_open(story.late)
            )
        )
    )
    year.tell(f"paid {owed}")
    mandate = story.late.mandates.get()
    amend_mandate(
        mandate=mandate, first_day=year.today, iban=NEW_IBAN, user=year.maker, now=at(year.today)
    )
    _live_until_step(story, story.lost, StepKind.BENEFIT_FREEDOM)
    release_until = date(2025, 7, 31)
    while not _is_waiting_for_release(story) and year.today < release_until:
        year.live_until(year.today + ONE_DAY)
    case = year.find_case(story.lost)
    steps = release_ending(
        case=case, reason="zahlt nicht", user=year.releaser, today=year.today, now=at(year.today)
    )
    year.tell(f"released {', '.join(steps)}")


def _play_rest(story: Story) -> None:
    """What is lost is given up by two people; somebody leaves; the year is closed."""
    year = story.year
    year.live_until(date(2025, 9, 15))
    for item, amount in list(list_open(story.lost)):
        if amount > 0:
            asked = request_write_off(
                item=item, amount=None, reason="uneinbringlich", user=year.maker, now=at(year.today)
            )
            decide_write_off(
                write_off=asked, approve=True, note="", user=year.releaser, now=at(year.today)
            )
    tell(story.faithful, notice(NoticeKind.LEAVE, "2", date(2025, 7, 31)))
    year.live_until(date(2026, 1, 6))


def _live_until_step(story: Story, contract: GroupContract, kind: StepKind) -> None:
    while not ArrearsStep.objects.filter(case__contract=contract, kind=kind).exists():
        assert story.year.today < date(2025, 8, 1), kind
        story.year.live_until(story.year.today + ONE_DAY)


def _is_waiting_for_release(story: Story) -> bool:
    case = story.year.find_case(story.lost)
    return WorkItem.objects.filter(kind="arrears", subject=case.pk, done_at=None).exists()


def test_the_books_are_right_to_the_cent(story: Story) -> None:
    audit = audit_ledger()
    assert audit.is_clean, audit.differences
    assert (audit.runs, ClosedMonth.objects.count()) == (13, 13)
    balance = get_trial_balance(LAST_MONTH)
    assert not balance.sums.closing
    closed = ClosedMonth.objects.get(month=LAST_MONTH.first_day).balance
    assert {account: Decimal(amount) for account, amount in closed.items()} == balance.closing()


def test_every_movement_of_the_bank_counts_once_and_none_is_left(story: Story) -> None:
    outcomes = set(BankEntry.objects.values_list("outcome", flat=True))
    assert outcomes == {
        Outcome.SETTLEMENT, Outcome.RETURNED_DEBIT, Outcome.RECEIPT, Outcome.KNOWN
    }  # fmt: skip
    moved = {"CRDT": Decimal(0), "DBIT": Decimal(0)}
    for entry in BankEntry.objects.exclude(outcome=Outcome.KNOWN):
        moved[entry.direction] += entry.amount
    bank = get_trial_balance(Month(2026, 1)).closing()["1200"]
    assert bank == moved["CRDT"] - moved["DBIT"]


def test_each_returned_debit_had_its_consequence(story: Story) -> None:
    returned = ReturnedDebit.objects.order_by("pk").values_list(
        "debit__open_item__contract__number", "reason_code", "occurrence"
    )
    assert list(returned) == [
        ("J-lost", "MS03", 1), ("J-lost", "MS03", 2), ("J-late", "MD01", 1)
    ]  # fmt: skip
    retried = CollectionItem.objects.filter(attempt=2)
    assert [debit.open_item.contract for debit in retried] == [story.lost]
    stopped = MandateStop.objects.order_by("pk").values_list("mandate__contract__number", flat=True)
    assert list(stopped) == ["J-lost", "J-late"]


def test_who_pays_in_time_stays_insured_and_who_does_not_is_not(story: Story) -> None:
    for contract in (story.late, story.lost, story.faithful):
        contract.refresh_from_db()
    assert story.late.period.last_day is None
    assert not PremiumDefault.objects.filter(contract=story.late).exists()
    reminder = ArrearsStep.objects.get(case__contract=story.lost, kind=StepKind.REMINDER)
    default = PremiumDefault.objects.get(contract=story.lost)
    assert reminder.deadline is not None
    assert default.period.first_day == reminder.deadline + ONE_DAY
    ended = ArrearsStep.objects.get(case__contract=story.lost, kind=StepKind.TERMINATION)
    assert ended.day <= story.lost.period.last_day <= ended.day + 7 * ONE_DAY
    assert not list(list_open(story.lost))


def test_a_new_account_is_told_to_the_bank_once(story: Story) -> None:
    told = CollectionItem.objects.filter(amendment__isnull=False)
    assert [debit.open_item.contract for debit in told] == [story.late]
    file = etree.fromstring(read_file(told.get().collection))
    ibans = [each.text for each in file.iterfind(".//{*}DbtrAcct//{*}IBAN")]
    assert NEW_IBAN in ibans
    assert [each.text for each in file.iterfind(".//{*}AmdmntInd")] == ["true"]


def test_commission_follows_what_was_paid(story: Story) -> None:
    stated = CommissionStatement.objects.order_by("month")
    paid = OpenItem.objects.filter(contract=story.faithful, due_date__lt=date(2026, 1, 1))
    expected = total(
        (item.amount * Decimal("0.05")).quantize(Decimal("0.01"), ROUND_HALF_UP) for item in paid
    )
    assert total(statement.total for statement in stated) == expected
    assert (
        LedgerEntry.objects.filter(account=LedgerEntry.COMMISSION_OWED).aggregate(
            sum=Sum("amount")
        )["sum"]
        <= -expected
    )


@pytest.mark.parametrize("name", ["events", "accounts", "balance", "commission", "arrears"])
def test_the_year_reads_as_it_did(story: Story, name: str) -> None:
    """Golden files; after a wanted change write them anew with WRITE_GOLDEN=1 and read them."""
    file, found = GOLDEN / f"year-{name}.txt", "\n".join(_WRITTEN[name](story)) + "\n"
    if os.environ.get("WRITE_GOLDEN"):
        file.write_text(found, encoding="utf-8")
    assert found == file.read_text(encoding="utf-8")


def _write_events(story: Story) -> Iterator[str]:
    yield from (f"{day} {what}" for day, what in story.year.events)


def _write_accounts(story: Story) -> Iterator[str]:
    for contract in (story.faithful, story.late, story.lost):
        yield contract.number
        for moved in reversed(list_movements(contract)):
            yield (
                f"{moved.booked_on} {moved.kind:15} {moved.document:17}"
                f" {moved.amount:9} {moved.balance:9}"
            )


def _write_balance(_story: Story) -> Iterator[str]:
    for row in get_trial_balance(LAST_MONTH).rows:
        yield f"{row.account} {row.opening:10} {row.debit:9} {row.credit:9} {row.closing:10}"


def _write_commission(_story: Story) -> Iterator[str]:
    for statement in CommissionStatement.objects.order_by("month"):
        yield f"{statement.number} {statement.month:%Y-%m} {statement.total}"


def _write_arrears(_story: Story) -> Iterator[str]:
    for step in ArrearsStep.objects.select_related("case__contract").order_by("pk"):
        yield f"{step.day} {step.case.contract.number} {step.kind} {step.deadline or ''}".rstrip()


_WRITTEN: dict[str, Callable[[Story], Iterator[str]]] = {
    "events": _write_events,
    "accounts": _write_accounts,
    "balance": _write_balance,
    "commission": _write_commission,
    "arrears": _write_arrears,
}
