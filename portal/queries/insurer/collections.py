"""Reads of collections: what can be collected until when."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Count, Min, Sum

from aupolicy.kernel.bank_calendar import next_target_day, previous_target_day
from aupolicy.kernel.money import ZERO, total
from aupolicy.kernel.period import ONE_DAY
from billing.facts.debit import Scheme
from billing.facts.mandate import NoDebitReason
from billing.models import Collection, CollectionItem, OpenItem
from billing.queries.collectable import Collectable, list_collectable
from billing.queries.open_items import list_open_items
from billing.rules.due_date import decide_submission

PAGE_SIZE = 25
ITEMS_PAGE_SIZE = 50
MOST_SHOWN = 50
DAYS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class OpenSum:
    """Demands that are not settled: how many, EUR, and the earliest due date."""

    items: int
    amount: Decimal
    first_due: date | None


def sum_open_items() -> OpenSum:
    """What waits to be collected."""
    demands = list_open_items(OpenItem.objects.filter(amount__gt=0)).order_by()
    sums = demands.aggregate(
        items=Count("pk"), amount=Sum("open_amount", default=ZERO), first_due=Min("due_date")
    )
    return OpenSum(**sums)


def propose_due_date(today: date) -> date:
    """The earliest due date of what is open that the bank can still meet."""
    wanted = sum_open_items().first_due or today
    due = next_target_day(max(wanted, today + ONE_DAY))
    while previous_target_day(due) < today:
        due = next_target_day(due + ONE_DAY)
    return due


def is_past_cut_off(due: date, now: datetime) -> bool:
    """Whether the bank no longer takes files for a due day."""
    return now > decide_submission(due=due, cut_off=settings.BANK_CUT_OFF)


@dataclass(frozen=True, slots=True)
class DueDay:
    """A TARGET day, until when its file must be with the bank, and what falls due by then (EUR).

    `items` and `amount` are of demands due since the TARGET day before; the first day also has
    what is overdue.
    """

    day: date
    submit_by: datetime
    items: int
    amount: Decimal


def list_due_days(today: date) -> list[DueDay]:
    """The next TARGET days that the bank can meet, with what falls due; two queries."""
    first = propose_first_day(today)
    days = [first]
    while len(days) < DAYS_SHOWN:
        days.append(next_target_day(days[-1] + ONE_DAY))
    demands = list_open_items(OpenItem.objects.filter(amount__gt=0, due_date__lte=days[-1]))
    sums: dict[date, tuple[int, Decimal]] = dict.fromkeys(days, (0, ZERO))
    by_day = demands.order_by().values_list("due_date")
    for due, count, amount in by_day.annotate(items=Count("pk"), sum=Sum("open_amount")):
        meets = next(each for each in days if each >= due)
        sums[meets] = (sums[meets][0] + count, sums[meets][1] + amount)
    return [
        DueDay(each, decide_submission(due=each, cut_off=settings.BANK_CUT_OFF), *sums[each])
        for each in days
    ]


def propose_first_day(today: date) -> date:
    """The first TARGET day whose file the bank takes today."""
    due = next_target_day(today + ONE_DAY)
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
    """An open item that will not be collected, with the reason and what is open, in EUR."""

    item: OpenItem
    amount: Decimal
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


def preview_collection(wanted: date, today: date) -> CollectionPreview:
    """What collecting for a day would do, credits set off today; nothing is written."""
    due = next_target_day(wanted)
    report = list_collectable(due, set_off_on=today)
    shares = []
    for scheme in Scheme:
        amounts = [c.amount for c in report.ready if c.mandate.scheme == scheme]
        if amounts:
            shares.append(Share(scheme, len(amounts), total(amounts)))
    told = {each.number: each for each in report.not_collected[:MOST_SHOWN]}
    left = OpenItem.objects.filter(number__in=told).select_related("contract__employer")
    return CollectionPreview(
        wanted=wanted,
        due=due,
        submit_by=previous_target_day(due),
        shares=shares,
        ready=_with_employers(report.ready[:MOST_SHOWN]),
        left=[
            Left(item, told[item.number].amount, told[item.number].reason)
            for item in left.order_by("number")
        ],
        left_count=len(report.not_collected),
    )


def _with_employers(ready: list[Collectable]) -> list[Collectable]:
    """The same, with the contract's employer read along in one query."""
    items = OpenItem.objects.select_related("contract__employer", "statement").in_bulk(
        [each.item.pk for each in ready]
    )
    return [replace(each, item=items[each.item.pk]) for each in ready]


def page_of_collections(page: str | int) -> Page[Collection]:
    """One page of collections, the latest due date first."""
    return Paginator(Collection.objects.order_by("-due_date", "-pk"), PAGE_SIZE).get_page(page)


def page_of_items(collection: Collection, page: str | int) -> Page[CollectionItem]:
    """One page of a collection's debits by number."""
    items = collection.items.select_related("open_item__contract__employer", "mandate")
    return Paginator(items.order_by("end_to_end_id"), ITEMS_PAGE_SIZE).get_page(page)
