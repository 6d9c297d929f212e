"""The money of the demonstration: one more employer, billed and collected for some months.

Its months are billed by the ordinary runs, each on the day on which it would have been, so they
come before the run of the current month. One debit comes back; from then on it pays by transfer.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aupolicy.kernel.bank_calendar import next_target_day, previous_target_day
from aupolicy.kernel.month import Month
from aupolicy.kernel.period import ONE_DAY
from aupolicy.models import Broker, GroupContract, Role, User
from aupolicy.operations import register_broker
from billing.models import (
    ArrearsCase,
    BillingRun,
    ClosedMonth,
    CollectionItem,
    LedgerTransaction,
    OpenItem,
)
from billing.operations import create_collections, fill_slice, post_run, start_run
from billing.operations.arrears import look_after_arrears
from billing.operations.arrears.by_hand import stop_case
from billing.operations.collection_release import release_collection
from billing.operations.commission import agree_commission, settle_commission
from billing.operations.contracts import record_contract
from billing.operations.mandate_stops import suspend_mandate
from billing.operations.mandates import amend_mandate
from billing.operations.month_close import close_month
from billing.operations.write_offs import request_write_off
from billing.parsing.contract_file import parse_contracts
from billing.queries.creditor import get_creditor
from billing.queries.open_items import get_open_amount
from config.demonstration import EXAMPLES, insure
from config.demonstration_bank import ConstructedBank
from config.demonstration_claims import SIGN_INS as _FINANCE_AND_OTHERS
from config.demonstration_rooms import SignIn, provide_sign_ins
from documents.operations.arrears import issue_arrears_letters
from documents.operations.commission import issue_commission_letters
from members.facts import Notice, NoticeKind
from members.operations import apply_notices

_NUMBER = "BAU-100005"
_MONTHS_BILLED = 5
# Whoever works in finance has done so for longer than any employer is insured.
_MONTHS_OF_FINANCE = 14
_NEW_IBAN = "DE02300209000106531065"
_PART = Decimal("60.00")

SIGN_INS = (
    SignIn("schreinerei", "Anke", "Zarge", (Role.EMPLOYER_ADMIN,),
           _("Schreinerei Eckbrett GmbH: Konto mit einer Rücklastschrift, Mandat ausgesetzt"),
           _NUMBER),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Stage:
    """The employer's contract, who acts, the bank, and the months billed, the oldest first."""

    contract: GroupContract
    maker: User
    releaser: User
    bank: ConstructedBank
    months: list[Month] = field(default_factory=list)

    def find_item(self, month: Month) -> OpenItem:
        """What the statement of a month demands."""
        return OpenItem.objects.get(contract=self.contract, statement__month=month.first_day)

    def pay(self, item: OpenItem, amount: Decimal, purpose: str, day: date) -> None:
        """The employer transfers something."""
        mandate = self.contract.mandates.latest("period")
        self.bank.receive(
            amount, name=mandate.account_holder, iban=mandate.iban, purpose=purpose, day=day
        )


def play_months(today: date, folder: Path) -> bool:
    """The months before the current one; False where there is nothing to do.

    Nor is there in a database that was billed before: a month is never billed after a later one.
    The files of the bank go to `folder`.
    """
    known = GroupContract.objects.filter(number=_NUMBER).exists()
    if known or BillingRun.objects.filter(kind=BillingRun.PREMIUM).exists():
        return False
    stage = _set_up(today, folder)
    for month in stage.months[:-2]:
        _bill(stage, month)
        debit = _collect(stage, month)
        stage.bank.credit(debit.collection)
        _settle(month)
        _change_people(stage, month)
    amend_mandate(
        mandate=stage.contract.mandates.get(),
        first_day=_day(stage.months[-3], 12),
        iban=_NEW_IBAN,
        user=stage.maker,
        now=_at(_day(stage.months[-3], 12)),
    )
    _lose_a_debit(stage, stage.months[-2])
    _wait_for_money(stage, stage.months[-1])
    return True


def close_books(today: date) -> bool:
    """Close the oldest month, have the letters written; False where a month is closed."""
    if ClosedMonth.objects.exists():
        return False
    first = LedgerTransaction.objects.earliest("booked_on")
    month = Month.of(first.booked_on)
    if month.last_day >= today:
        return False
    close_month(month=month, user=_find_user("finanzen"), now=timezone.now())
    while issue_arrears_letters() or issue_commission_letters():
        pass
    return True


def _set_up(today: date, folder: Path) -> _Stage:
    """The contract, signed before its first month, its broker's share, and who works on it."""
    current = Month.of(today)
    months = list(current.plus(-_MONTHS_BILLED).through(current.plus(-1)))
    finance = [each for each in _FINANCE_AND_OTHERS if each.name in {"kasse", "finanzen"}]
    provide_sign_ins(finance, {}, current.plus(-_MONTHS_OF_FINANCE).first_day)
    maker, releaser = _find_user("kasse"), _find_user("finanzen")
    broker = _register_broker()
    signed_on = _day(months[0].plus(-1), 3)
    agree_commission(
        broker=broker,
        contract=None,
        first_day=months[0].first_day,
        first_year_percent=Decimal("5.00"),
        running_percent=Decimal("3.00"),
        user=releaser,
        now=_at(signed_on),
    )
    (entry,) = parse_contracts((EXAMPLES / "money.yaml").read_bytes()).entries
    contract = record_contract(
        entry,
        broker=broker,
        start=months[0].first_day,
        signed_on=signed_on,
        creditor_identifier=settings.INSURER["creditor_identifier"],
    )
    insure(contract, entry.payroll, months[0].first_day, received_at=_at(signed_on))
    provide_sign_ins(SIGN_INS, {_NUMBER: contract}, months[0].first_day)
    return _Stage(contract, maker, releaser, ConstructedBank(folder / "bank"), months)


def _register_broker() -> Broker:
    told = parse_contracts((EXAMPLES / "employers.yaml").read_bytes()).broker
    return register_broker(Broker(**(told or {})))


def _find_user(name: str) -> User:
    return User.objects.get(username=name)


def _bill(stage: _Stage, month: Month) -> None:
    """Start, fill and post the run of a month on the twelfth of the month before."""
    now = _at(_day(month.plus(-1), 12))
    run = start_run(month=month, now=now, started_by=stage.maker, post=True)
    while fill_slice(run=run, now=now):
        pass
    post_run(run=run, now=now)


def _collect(stage: _Stage, month: Month) -> CollectionItem:
    """One person makes the file, another one releases it, two banking days before it is due."""
    due = stage.find_item(month).due_date
    now = _at(previous_target_day(previous_target_day(due)))
    (collection,) = create_collections(
        due=due, now=now, creditor=get_creditor(), user=stage.maker
    ).created
    release_collection(collection=collection, user=stage.releaser, now=now)
    found = CollectionItem.objects.select_related("collection", "mandate")
    return found.get(collection=collection)


def _settle(month: Month) -> None:
    """What payments brought the broker, stated on the first working day of the next month."""
    settle_commission(now=_at(next_target_day(month.plus(1).first_day)))


def _change_people(stage: _Stage, month: Month) -> None:
    """After the first month somebody is told of late; after the second somebody earns more."""
    place = stage.months.index(month)
    received = _at(_day(month, 9))
    notices = {
        0: Notice(
            NoticeKind.JOIN, "509", month.first_day, received, pay=Decimal("2750.00"),
            first_name="Jette", last_name="Spanner", birth_date=date(1999, 8, 17),
        ),
        1: Notice(
            NoticeKind.PAY_CHANGE, "503", month.first_day, received, pay=Decimal("3150.00")
        ),
    }  # fmt: skip
    if place in notices:
        apply_notices(
            contract=stage.contract, notices=[notices[place]], source_name="Änderungen.csv"
        )


def _lose_a_debit(stage: _Stage, month: Month) -> None:
    """A debit comes back; asked to pay, the employer transfers what was to be collected."""
    _bill(stage, month)
    debit = _collect(stage, month)
    stage.bank.credit(debit.collection)
    back = next_target_day(debit.collection.due_date + 2 * ONE_DAY)
    stage.bank.send_back(debit, reason="MS03", day=back)
    suspend_mandate(
        mandate=debit.mandate,
        reason="Der Arbeitgeber will bis auf Weiteres überweisen (Anruf der Buchhaltung).",
        code="MS03",
        debit=debit,
        user=stage.maker,
        now=_at(back + ONE_DAY),
    )
    item = stage.find_item(month)
    paid = next_target_day(back + 9 * ONE_DAY)
    _look_after(back + ONE_DAY, paid)
    stage.pay(item, get_open_amount(item), f"Beitrag {item.number}", paid)
    _bill(stage, stage.months[-1])
    _look_after(paid, month.last_day)
    _settle(month)


def _wait_for_money(stage: _Stage, month: Month) -> None:
    """A part is paid, a stranger pays; a clerk waits with the reminder, a fee is to be given up."""
    item = stage.find_item(month)
    part = next_target_day(_day(month, 10))
    _look_after(month.first_day, part)
    stage.pay(item, _PART, f"Teilzahlung {item.number}", part)
    stage.bank.receive(
        Decimal("184.20"),
        name="Hausverwaltung Erker",
        iban="DE27100777770209299700",
        purpose="Abschlag laut Schreiben",
        day=next_target_day(part + ONE_DAY),
    )
    _look_after(part, _day(month, 20))
    _stop_case(stage, _day(month, 21))
    fee = OpenItem.objects.filter(contract=stage.contract, kind=OpenItem.Kind.BANK_FEE).first()
    if fee is not None:
        request_write_off(
            item=fee,
            amount=None,
            reason="Kulanz: erste Rücklastschrift, der Beitrag kam kurz darauf.",
            user=stage.maker,
            now=_at(_day(month, 22)),
        )
    _settle(month)


def _stop_case(stage: _Stage, day: date) -> None:
    stop_case(
        case=ArrearsCase.objects.get(contract=stage.contract, closed_on=None),
        reason="Die Buchhaltung hat den Rest angekündigt; erst danach wieder mahnen.",
        until=day + timedelta(days=60),
        user=stage.maker,
        today=day,
        now=_at(day),
    )


def _look_after(first: date, last: date) -> None:
    """What each morning brings, the first and the last day included."""
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        look_after_arrears(today=day, now=_at(day))


def _day(month: Month, number: int) -> date:
    return month.first_day.replace(day=number)


def _at(day: date) -> datetime:
    """Nine o'clock of a day; nothing happens later than now."""
    return min(timezone.make_aware(datetime.combine(day, time(9))), timezone.now())
