"""What brokers earned: entries with their arithmetic, statements, what is to be paid, accounts."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone

from aupolicy.kernel.money import ZERO, total
from aupolicy.models import Broker
from billing.exports.sepa_transfer_rules import check_reach
from billing.facts.recovery import NEEDS_NEW_ACCOUNT
from billing.models import (
    BrokerAccount,
    CommissionEntry,
    CommissionStatement,
    Payout,
    PayoutKind,
)
from billing.rules.commission import is_first_year


@dataclass(frozen=True, slots=True)
class DueCommission:
    """What is to be paid to a broker, in EUR: its unpaid statements together.

    At or below zero it is carried on. `account` is None where none is confirmed or reached.
    """

    broker: Broker
    amount: Decimal
    statements: tuple[CommissionStatement, ...]
    account: BrokerAccount | None

    @property
    def is_payable(self) -> bool:
        """Whether an order would pay it."""
        return self.amount > 0 and self.account is not None


@dataclass(frozen=True, slots=True)
class CommissionOfContract:
    """One row of a statement: a contract's paid premium, percent and commission, in EUR.

    `is_reversed`: payments came back, or credits were paid back.
    """

    contract_number: str
    employer_name: str
    is_first_year: bool
    percent: Decimal
    base: Decimal
    amount: Decimal
    is_reversed: bool


def find_broker_accounts(broker_ids: Iterable[int]) -> dict[int, BrokerAccount]:
    """The last confirmed account of each broker; some have none.

    Not one that no transfer reaches. One that the bank sent a payout back from for good counts
    again only once it is confirmed anew.
    """
    keys = list(broker_ids)
    failed = dict(_list_failed(keys))
    found: dict[int, BrokerAccount] = {}
    confirmed = BrokerAccount.objects.filter(broker__in=keys, confirmed_at__isnull=False)
    for account in confirmed.order_by("confirmed_at", "pk"):
        fails = any(check_reach(name=account.holder, iban=account.iban, bic=account.bic or None))
        failed_on = failed.get((account.broker_id, account.iban))
        if fails or (failed_on is not None and _confirmed_on(account) <= failed_on):
            found.pop(account.broker_id, None)
        else:
            found[account.broker_id] = account
    return found


def _list_failed(broker_ids: Sequence[int]) -> Iterator[tuple[tuple[int | None, str], date]]:
    came_back = Payout.objects.filter(
        kind=PayoutKind.COMMISSION, broker__in=broker_ids, return_code__in=NEEDS_NEW_ACCOUNT
    )
    for payout in came_back.order_by("returned_on"):
        if payout.returned_on is not None:
            yield (payout.broker_id, payout.iban), payout.returned_on


def _confirmed_on(account: BrokerAccount) -> date:
    return timezone.localdate(account.confirmed_at)


def list_due_commission() -> list[DueCommission]:
    """Every broker with unpaid statements, by name."""
    unpaid: dict[int, list[CommissionStatement]] = defaultdict(list)
    statements = CommissionStatement.objects.filter(payout=None).select_related("broker")
    for statement in statements.order_by("broker__legal_name", "broker_id", "month"):
        unpaid[statement.broker_id].append(statement)
    accounts = find_broker_accounts(unpaid)
    return [
        DueCommission(
            found[0].broker,
            total(statement.total for statement in found),
            tuple(found),
            accounts.get(broker_id),
        )
        for broker_id, found in unpaid.items()
    ]


def get_carried(statement: CommissionStatement) -> Decimal:
    """What earlier statements left unpaid when this one was issued, in EUR; mostly below zero."""
    earlier = CommissionStatement.objects.filter(
        broker=statement.broker_id, month__lt=statement.month
    ).select_related("payout")
    return total(
        each.total
        for each in earlier
        if each.payout is None or timezone.localdate(each.payout.created_at) > statement.issued_on
    )


def list_statement_entries(statement: CommissionStatement) -> QuerySet[CommissionEntry]:
    """The entries of a statement in the order of contracts and items."""
    entries = CommissionEntry.objects.filter(statement=statement)
    return with_items(entries).order_by("open_item__contract__number", "open_item_id", "pk")


def with_items(entries: QuerySet[CommissionEntry]) -> QuerySet[CommissionEntry]:
    """Entries with everything that explains them, in one query."""
    return entries.select_related(
        "open_item__contract__employer", "open_item__statement", "agreement", "statement"
    )


def is_of_first_year(entry: CommissionEntry) -> bool:
    """Whether an entry's month lies in its contract's first year."""
    item = entry.open_item
    return is_first_year(get_month(entry), item.contract.period.first_day)


def get_month(entry: CommissionEntry) -> date:
    """The month of the premium that was paid."""
    statement = entry.open_item.statement
    return entry.open_item.due_date.replace(day=1) if statement is None else statement.month


@dataclass(frozen=True, slots=True)
class EntryWhy:
    """The arithmetic of an entry, EUR: owed on all that is paid now, less what was recorded."""

    is_first_year: bool
    month: date
    tax: Decimal
    paid: Decimal
    paid_before: Decimal
    owed: Decimal
    recorded: Decimal


def explain_entry(entry: CommissionEntry) -> EntryWhy:
    """How an entry came to its amount; `entry` as of `with_items`."""
    before = CommissionEntry.objects.filter(
        open_item=entry.open_item_id, broker=entry.broker_id, pk__lt=entry.pk
    )
    earlier = list(before.values_list("base", "amount"))
    paid_before = total(base for base, _ in earlier)
    recorded = total(amount for _, amount in earlier)
    statement = entry.open_item.statement
    return EntryWhy(
        is_first_year=is_of_first_year(entry),
        month=get_month(entry),
        tax=ZERO if statement is None else statement.tax,
        paid=paid_before + entry.base,
        paid_before=paid_before,
        owed=recorded + entry.amount,
        recorded=recorded,
    )


def list_by_contract(statement: CommissionStatement) -> list[CommissionOfContract]:
    """The rows of a statement: entries of a contract, percent and direction added up."""
    groups: dict[tuple[str, str, bool, Decimal, bool], list[CommissionEntry]] = defaultdict(list)
    for entry in list_statement_entries(statement):
        contract = entry.open_item.contract
        key = (
            contract.number,
            contract.employer.legal_name,
            is_of_first_year(entry),
            entry.percent,
            entry.amount < 0,
        )
        groups[key].append(entry)
    return [
        CommissionOfContract(
            contract_number=number,
            employer_name=name,
            is_first_year=first,
            percent=percent,
            base=total(entry.base for entry in entries),
            amount=total(entry.amount for entry in entries),
            is_reversed=reversed_,
        )
        for (number, name, first, percent, reversed_), entries in groups.items()
    ]


def list_commission_payouts(broker: Broker) -> QuerySet[Payout]:
    """What was ordered to a broker, the latest first."""
    return Payout.objects.filter(broker=broker).select_related("order").order_by("-pk")
