"""Short words for tests of commission: a broker with contracts, payments that come and go."""

from datetime import date
from decimal import Decimal
from itertools import count

from aupolicy.facts.insurance_tax import Beneficiary
from aupolicy.models import Broker, GroupContract, Role, User
from aupolicy.operations import give_grant
from billing.models import (
    BankEntry,
    BankFile,
    BrokerAccount,
    Collection,
    CollectionItem,
    LedgerEntry,
    LedgerTransaction,
    OpenItem,
    Outcome,
)
from billing.operations.books import Booking, Cause, Settled, post
from billing.operations.broker_accounts import confirm_broker_account, record_broker_account
from billing.operations.commission import accrue_commission, agree_commission
from tests.laws.world import agree, at, notice, settle, tell

START = date(2026, 1, 1)
IBAN = "DE02120300000000202051"
_numbers = count(1)


def make_broker(name: str = "Makler Muster GmbH") -> Broker:
    """A broker with a number of its own in the register."""
    return Broker.objects.create(
        legal_name=name, registration_number=f"D-XXXX-{next(_numbers):05d}-00"
    )


def make_finance(name: str) -> User:
    """Somebody of finance."""
    user = User.objects.create_user(name)
    give_grant(user=user, role=Role.FINANCE, first_day=START)
    return user


def insure(
    broker: Broker, *, start: date = START, beneficiary: Beneficiary = Beneficiary.EMPLOYEE
) -> GroupContract:
    """A contract of the broker with two people of 13.00 and 58.50 EUR in the month or so."""
    contract = agree(start=start, beneficiary=beneficiary)
    contract.broker = broker
    contract.save(update_fields=["broker"])
    tell(contract, notice("JOIN", "1", start, "2400"), notice("JOIN", "2", start, "6000"))
    return contract


def promise(
    broker: Broker,
    user: User,
    first: str = "10",
    running: str = "3",
    *,
    contract: GroupContract | None = None,
    since: date = START,
) -> None:
    """Percentages for months from a day on."""
    agree_commission(
        broker=broker, contract=contract, first_day=since, first_year_percent=Decimal(first),
        running_percent=Decimal(running), user=user, now=at(since),
    )  # fmt: skip


def premium(contract: GroupContract) -> OpenItem:
    """The contract's latest premium."""
    return OpenItem.objects.filter(contract=contract, kind="premium").latest("pk")


def book(kind: str, item: OpenItem, amount: Decimal, day: date) -> None:
    """A booking that settles an item, or takes it back."""
    account, cause = LedgerEntry.WRITTEN_OFF, Cause()
    if kind == LedgerTransaction.RECEIPT:
        account, cause = LedgerEntry.BANK, Cause(bank_entry_id=move(amount, day, Outcome.RECEIPT))
    sides = ((account, None, amount), (LedgerEntry.RECEIVABLE, item.contract_id, -amount))
    post([Booking(kind, day, item.contract_id, sides, cause, [Settled(item.pk, amount)])])


def pay(item: OpenItem, amount: Decimal | None = None, day: date = date(2026, 1, 20)) -> None:
    """A transfer; without amount the whole item."""
    book(LedgerTransaction.RECEIPT, item, item.amount if amount is None else amount, day)


def move(amount: Decimal, day: date, outcome: Outcome, collection: Collection | None = None) -> int:
    """The bank tells of money that came, or went if it is below zero; the entry's key."""
    number = next(_numbers)
    file = BankFile.objects.create(
        file_name="camt.xml", sha256=f"{number:064d}", source="upload", received_at=at(day),
        messages=[], entry_count=1, status_count=0,
    )  # fmt: skip
    entry = BankEntry.objects.create(
        file=file, message_id="M", position=str(number), account_iban=IBAN,
        direction="CRDT" if amount >= 0 else "DBIT", amount=abs(amount), booked_on=day,
        fingerprint=str(number), outcome=outcome, collection=collection,
    )  # fmt: skip
    return entry.pk


def credit(collection: Collection, day: date) -> None:
    """The bank credits a collection."""
    sides = (
        (LedgerEntry.BANK, None, collection.control_sum),
        (LedgerEntry.IN_TRANSIT, None, -collection.control_sum),
    )
    entry_id = move(collection.control_sum, day, Outcome.SETTLEMENT, collection)
    cause = Cause(bank_entry_id=entry_id)
    post([Booking(LedgerTransaction.SETTLEMENT, day, None, sides, cause)])


def send_back(debit: CollectionItem, day: date) -> None:
    """The bank returns a debit it had credited."""
    contract_id = debit.open_item.contract_id
    sides = (
        (LedgerEntry.RECEIVABLE, contract_id, debit.amount),
        (LedgerEntry.BANK, contract_id, -debit.amount),
    )
    settles = [Settled(debit.open_item_id, -debit.amount, debit.pk)]
    entry_id = move(-debit.amount, day, Outcome.RETURNED_DEBIT)
    cause = Cause(debit_id=debit.pk, bank_entry_id=entry_id)
    post([Booking("RETURNED_DEBIT", day, contract_id, sides, cause, settles)])
    debit.ended_on, debit.ended_how = day, "returned"
    debit.save(update_fields=["ended_on", "ended_how"])


def accrue(day: date) -> int:
    """Record what is new, and have the database look at it as at the end of a transaction."""
    found = accrue_commission(now=at(day))
    settle()
    return found


def give_account(broker: Broker, first: User, second: User, *, iban: str = IBAN) -> BrokerAccount:
    """An account that two people of finance have looked at."""
    account = record_broker_account(
        broker=broker, holder=broker.legal_name, iban=iban, user=first, now=at(START)
    )
    return confirm_broker_account(account=account, user=second, now=at(START))
