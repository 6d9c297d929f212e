"""Reads of collections: what can be collected until when."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.paginator import Page, Paginator
from django.db.models import Count, Min, QuerySet, Sum

from aupolicy.kernel.bank_calendar import next_target_day, previous_target_day
from aupolicy.kernel.money import ZERO, total
from aupolicy.kernel.period import ONE_DAY
from billing.facts.debit import Scheme
from billing.models import Collection, CollectionItem, Statement
from billing.queries.collectable import (
    Collectable,
    NoDebitReason,
    list_collectable,
)
from portal.queries.insurer.contracts import posted_statements

PAGE_SIZE = 25
ITEMS_PAGE_SIZE = 50
MOST_SHOWN = 50


def open_statements() -> QuerySet[Statement]:
    """Posted statements with something to collect that no collection has taken yet."""
    return posted_statements().filter(total__gt=0, collection_item=None)


@dataclass(frozen=True, slots=True)
class OpenSum:
    """Statements that wait to be collected: how many, EUR, and the earliest due date."""

    statements: int
    amount: Decimal
    first_due: date | None


def sum_open_statements() -> OpenSum:
    """What waits to be collected."""
    sums = open_statements().aggregate(
        statements=Count("id"), amount=Sum("total", default=ZERO), first_due=Min("due_date")
    )
    return OpenSum(**sums)


def propose_due_date(today: date) -> date:
    """The earliest due date of what is open that the bank can still meet."""
    wanted = sum_open_statements().first_due or today
    due = next_target_day(max(wanted, today + ONE_DAY))
    while previous_target_day(due) < today:
        due = next_target_day(due + ONE_DAY)
    return due


@dataclass(frozen=True, slots=True)
class Share:
    """What one scheme will collect: its debits and EUR."""

    scheme: Scheme
    debits: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Left:
    """A statement that will not be collected, with the reason."""

    statement: Statement
    reason: NoDebitReason


@dataclass(frozen=True, slots=True)
class CollectionPreview:
    """What a collection for a day would take and leave; lists are cut, counts and sums are not.

    `due` is the TARGET day it moves to, `submit_by` the last day to hand the file in.
    """

    wanted: date
    due: date
    submit_by: date
    shares: list[Share]
    ready: list[Collectable]
    left: list[Left]
    left_count: int

    @property
    def debits(self) -> int:
        """Debits of all schemes."""
        return sum(share.debits for share in self.shares)

    @property
    def amount(self) -> Decimal:
        """EUR of all schemes."""
        return total(share.amount for share in self.shares)


def preview_collection(wanted: date) -> CollectionPreview:
    """What collecting for a day would do; nothing is written."""
    due = next_target_day(wanted)
    report = list_collectable(due)
    shares = []
    for scheme in Scheme:
        amounts = [c.statement.total for c in report.ready if c.mandate.scheme == scheme]
        if amounts:
            shares.append(Share(scheme, len(amounts), total(amounts)))
    reasons = {item.number: item.reason for item in report.not_collected[:MOST_SHOWN]}
    left = posted_statements().filter(number__in=reasons).select_related("contract__employer")
    return CollectionPreview(
        wanted=wanted,
        due=due,
        submit_by=previous_target_day(due),
        shares=shares,
        ready=_with_employers(report.ready[:MOST_SHOWN]),
        left=[Left(s, reasons[s.number or ""]) for s in left.order_by("number")],
        left_count=len(report.not_collected),
    )


def _with_employers(ready: list[Collectable]) -> list[Collectable]:
    """The same, with the contract's employer read along in one query."""
    statements = {
        statement.pk: statement
        for statement in Statement.objects.filter(
            pk__in=[item.statement.pk for item in ready]
        ).select_related("contract__employer", "run")
    }
    return [Collectable(statements[item.statement.pk], item.mandate) for item in ready]


def page_of_collections(page: str | int) -> Page[Collection]:
    """One page of collections, the latest due date first."""
    return Paginator(Collection.objects.order_by("-due_date", "-pk"), PAGE_SIZE).get_page(page)


def page_of_items(collection: Collection, page: str | int) -> Page[CollectionItem]:
    """One page of a collection's debits by statement number."""
    items = collection.items.select_related("statement__contract__employer", "mandate")
    return Paginator(items.order_by("statement__number"), ITEMS_PAGE_SIZE).get_page(page)
