"""Short words for tests of payouts: accounts, people of finance, orders, and books that agree."""

from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import Sum

from aupolicy.kernel.money import ZERO
from aupolicy.kernel.period import Period
from aupolicy.models import Role, User
from billing.facts.debit import Creditor
from billing.models import LedgerEntry, Payout, PayoutOrder, Recovery
from billing.operations.payouts import PayoutReport, create_order, release_order
from billing.queries.recoveries import get_open_amount
from claims.facts import DecisionKind
from claims.models import BenefitSlice, Claim, Payee
from claims.operations.settle import SettleReport, settle_people
from tests.claims.granting import rule
from tests.claims.world import START, Day, at, day_after, make_user, to_day

IBAN = "DE02120300000000202051"
OTHER_IBAN = "DE02500105170137075030"
INSURER = Creditor(
    "Musterleben Versicherung AG", "DE98ZZZ09999999999", "DE89370400440532013000", "COBADEFFXXX"
)
# A Tuesday; the money moves on the Thursday after.
TODAY, PAY_DAY = date(2025, 6, 3), date(2025, 6, 5)


def make_finance(name: str = "fred") -> User:
    """Somebody of finance."""
    return make_user(name, Role.FINANCE)


def give_payee(
    claim: Claim,
    *,
    iban: str = IBAN,
    holder: str = "Zoë Müller",
    since: Day = START,
    checked: Day | None = START,
    bic: str = "",
) -> Payee:
    """The account of a claim from a day on, checked on a day (None: not checked)."""
    for before in Payee.objects.filter(claim=claim, period__contains=to_day(since)):
        before.period = Period(before.period.first_day, day_after(since, -1))
        before.save()
    return Payee.objects.create(
        claim=claim,
        period=Period(to_day(since)),
        holder=holder,
        iban=iban,
        bic=bic,
        channel="PERSON",
        given_at=at(since),
        checked_at=None if checked is None else at(checked),
    )


def settle(claim: Claim, through: Day, *, on: Day = TODAY) -> SettleReport:
    """Compute what is owed for the months through a day."""
    return settle_people(
        person_ids=[claim.person_id],
        as_of=to_day(through),
        user=None,
        reason="Ende der Leistung",
        now=at(on),
    )


def end_benefit(claim: Claim, first: Day, *, by: User) -> None:
    """Nothing is owed from a day on; what was computed beyond is corrected."""
    rule(claim, DecisionKind.END, first, by=by)
    settle(claim, "2025-04-30")


def pay(user: User, *, day: date = PAY_DAY, on: Day = TODAY) -> PayoutReport:
    """Order everything due, and have the database look at it as at the end of a transaction."""
    report = create_order(execution_date=day, user=user, now=at(on), debtor=INSURER)
    check_now()
    return report


def send(user: User, releaser: User, *, day: date = PAY_DAY, on: Day = TODAY) -> PayoutOrder:
    """Order everything due and release it."""
    order = pay(user, day=day, on=on).order
    assert order is not None
    return release_order(order=order, user=releaser, now=at(on))


def check_now() -> None:
    """Check now what the database checks at the end of a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def balance(account: str) -> Decimal:
    """EUR of an account of the ledger."""
    entries = LedgerEntry.objects.filter(account=account)
    return Decimal(entries.aggregate(sum=Sum("amount", default=ZERO))["sum"])


def check_books() -> None:
    """The ledger says of benefit what the tables say."""
    check_now()
    sent = Payout.objects.filter(returned_on=None, order__discarded_at=None)
    sent_sum = sum((payout.amount for payout in sent), start=ZERO)
    assert balance(LedgerEntry.PAYOUTS_IN_TRANSIT) == -sent_sum
    recoverable = sum(map(get_open_amount, Recovery.objects.all()), start=ZERO)
    assert balance(LedgerEntry.RECOVERABLE) == recoverable
    # What ever became due and still is, was either paid or came back and waits.
    waiting = BenefitSlice.objects.filter(cancelled_at=None, payments__returned=True).exclude(
        payments__returned=False
    )
    unpaid = sum((item.amount for item in waiting.distinct()), start=ZERO)
    assert balance(LedgerEntry.UNPAID_BENEFIT) == -unpaid
    paid = BenefitSlice.objects.filter(cancelled_at=None, payments__returned=False)
    expense = sum((item.amount for item in paid), start=unpaid)
    assert balance(LedgerEntry.BENEFIT) == expense
