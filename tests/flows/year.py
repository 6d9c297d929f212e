"""A year of an insurer and its bank, played day by day; every amount is constructed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from aupolicy.kernel.bank_calendar import next_target_day, previous_target_day
from aupolicy.kernel.month import Month
from aupolicy.kernel.period import Period
from aupolicy.models import Broker, Employer, Grant, GroupContract, Role, User
from aupolicy.operations import Terms, sign_contract
from billing.models import ArrearsCase, BankFile, Collection, OpenItem, ReturnedDebit
from billing.operations import create_collections, request_posting, start_run
from billing.operations.arrears import look_after_arrears
from billing.operations.bank_files import BankFileReport, receive_bank_file
from billing.operations.collection_files import read_file
from billing.operations.collection_release import release_collection
from billing.operations.commission import accrue_commission, issue_commission_statements
from billing.operations.mandates import record_mandate
from billing.operations.month_close import close_month
from billing.queries.open_items import get_open_amount
from members.facts import NoticeKind
from tests.laws.world import at, creditor, fill, notice, settle, tell
from tests.mockbank import MockBank

FIRST_DAY = date(2024, 12, 12)
START = date(2025, 1, 1)
IBANS = {
    "faithful": "DE88100900001234567892",
    "late": "DE02500105170137075030",
    "lost": "DE02100500000054540402",
}
NEW_IBAN = "DE02300209000106531065"
ONE_DAY = timedelta(days=1)


@dataclass
class Year:
    """The insurer's days: what is done by the clock, with the bank's clock beside it.

    `events` is what happened, in order, as (day, what).
    """

    bank: MockBank
    maker: User
    releaser: User
    today: date = FIRST_DAY
    events: list[tuple[date, str]] = field(default_factory=list)
    reports: list[BankFileReport] = field(default_factory=list)
    _bank_day: date = FIRST_DAY
    _read: set[str] = field(default_factory=set)
    _mail_days: set[date] = field(default_factory=set)

    def live_until(self, last: date) -> None:
        """Every day through `last`, each with its morning's work."""
        while self.today < last:
            self.today += ONE_DAY
            if self.today in self._mail_days:
                self.read_mail()
            self.work()

    def read_mail(self) -> None:
        """Whatever the bank sent about our account until today."""
        behind = (self.today - self._bank_day).days
        if behind:
            assert self.bank.advance(days=behind).status < 300
            self._bank_day = self.today
        for kind in ("pain.002", "camt.054", "camt.053"):
            for body in self.bank.messages(kind):
                told = kind == "pain.002" or (creditor().iban in body and "<Ntry>" in body)
                if told and body not in self._read:
                    self._read.add(body)
                    self.receive(body.encode())

    def receive(self, content: bytes) -> BankFileReport:
        """Read a file of the bank."""
        report = receive_bank_file(
            content=content,
            name=f"bank-{len(self.reports):03d}.xml",
            source=BankFile.Source.FOLDER,
            user=None,
            now=at(self.today),
        )
        self.reports.append(report)
        settle()
        return report

    def work(self) -> None:
        """What the clock starts: billing on the 12th, collections in time, reminders, closing."""
        now = at(self.today)
        if self.today.day == 12:
            self.bill()
        self.collect()
        report = look_after_arrears(today=self.today, now=now)
        accrue_commission(now=now)
        if self.today.day == 6:
            before = Month.of(self.today).plus(-1)
            close_month(month=before, user=self.maker, now=now)
            issue_commission_statements(month=before, now=now)
        for step, number in report.steps.items():
            self.tell(f"{step} {number}")
        settle()

    def bill(self) -> None:
        """Bill the next month, from start to posting."""
        run = start_run(month=Month.of(self.today).plus(1), now=at(self.today))
        fill(run)
        run = request_posting(run=run, now=at(self.today))
        self.tell(f"billed {run.month:%Y-%m}")

    def collect(self) -> None:
        """Two banking days before something falls due, or may be collected once more."""
        if not self._is_collection_day():
            return
        due = next_target_day(next_target_day(self.today + ONE_DAY) + ONE_DAY)
        now = at(self.today)
        for collection in create_collections(
            due=due, now=now, creditor=creditor(), user=self.maker
        ).created:
            release_collection(collection=collection, user=self.releaser, now=now)
            self.read_mail()
            reply = self.bank.submit(read_file(collection))
            assert reply.status == 202, reply
            self._mail_days |= {due, due + ONE_DAY}
            self.tell(f"collected {collection.control_sum} due {due}")

    def _is_collection_day(self) -> bool:
        if next_target_day(self.today) != self.today:
            return False
        due = next_target_day(next_target_day(self.today + ONE_DAY) + ONE_DAY)
        falls_due = OpenItem.objects.filter(due_date=due, amount__gt=0).exists()
        retries = ReturnedDebit.objects.filter(
            retry_on__range=(previous_target_day(due) + ONE_DAY, due)
        )
        return falls_due or retries.exists()

    def tell(self, what: str) -> None:
        """Note what happened today."""
        self.events.append((self.today, what))

    def refuse(self, contract: GroupContract, reason: str) -> None:
        """The debtor's bank sends the contract's latest debit back."""
        debit = Collection.objects.latest("pk").items.get(open_item__contract=contract)
        reply = self.bank.refuse(debit.end_to_end_id, reason=reason)
        assert reply.status < 300, reply
        self.tell(f"{reason} {debit.end_to_end_id}")
        self.read_mail()

    def find_case(self, contract: GroupContract) -> ArrearsCase:
        """The contract's latest case of arrears."""
        return ArrearsCase.objects.filter(contract=contract).latest("pk")


def insure(name: str, *, people: int, broker: Broker | None = None) -> GroupContract:
    """A contract with so many people and a signed mandate."""
    employer = Employer.objects.create(
        legal_name=f"Beispiel {name} GmbH", street="Weg", postal_code="12345", town="Ort"
    )
    contract = sign_contract(
        number=f"J-{name}",
        employer=employer,
        broker=broker,
        start=START,
        terms=Terms("bau-2016"),
    )
    tell(contract, *(notice(NoticeKind.JOIN, str(n), START, "2400") for n in range(people)))
    record_mandate(
        contract=contract,
        creditor_identifier=creditor().identifier,
        reference=f"M-{name.upper()}",
        signed_on=FIRST_DAY,
        account_holder=f"Beispiel {name} GmbH",
        iban=IBANS[name],
    )
    return contract


def list_open(contract: GroupContract) -> Iterator[tuple[OpenItem, Decimal]]:
    """What is open of a contract, the oldest first."""
    for item in OpenItem.objects.filter(contract=contract).order_by("due_date", "pk"):
        if open_amount := get_open_amount(item):
            yield item, open_amount


def create_clerk(name: str) -> User:
    """Somebody of the insurer's finance department."""
    user = User.objects.create_user(name)
    Grant.objects.create(user=user, role=Role.FINANCE, period=Period(FIRST_DAY))
    return user
