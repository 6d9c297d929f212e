"""Reads of open items: what of everything open a page shows, and one item with its history."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.shortcuts import get_object_or_404

from billing.models import Allocation, OpenItem, WriteOff
from billing.queries.open_item_list import BookItem
from billing.queries.open_items import with_open_amount
from billing.rules.ages import Age

PAGE_SIZE = 50
SHOWN: Final = ("all", "overdue", "not_due", "plan", "credit")


@dataclass(frozen=True, slots=True)
class ItemFilter:
    """What the list is narrowed to: one of SHOWN and, if set, text, kind and age."""

    show: str = "all"
    text: str = ""
    kind: str = ""
    age: Age | None = None
    sort: str = "due"


def filter_items(items: Iterable[BookItem], wanted: ItemFilter) -> list[BookItem]:
    """The items that the filter lets through, sorted."""
    text = wanted.text.casefold()
    found = [
        item
        for item in items
        if _is_shown(item, wanted.show)
        and (not wanted.kind or item.kind == wanted.kind)
        and (wanted.age is None or item.age is wanted.age)
        and (not text or text in _words(item))
    ]
    return sort_items(found, wanted.sort)


def _is_shown(item: BookItem, show: str) -> bool:
    return {
        "all": True,
        "overdue": item.days_overdue > 0,
        "not_due": item.age is Age.NOT_DUE,
        "plan": item.in_plan,
        "credit": item.age is None,
    }[show]


def _words(item: BookItem) -> str:
    return f"{item.number} {item.contract_number} {item.employer}".casefold()


_KEYS: Final[dict[str, Callable[[BookItem], Any]]] = {
    "due": lambda item: (item.due_date, item.item_id),
    "employer": lambda item: (item.employer.casefold(), item.due_date, item.item_id),
    "number": lambda item: item.number,
    "open": lambda item: (item.open_amount, item.item_id),
}
SORTS: Final = frozenset({*_KEYS, *(f"-{key}" for key in _KEYS)})


def sort_items(items: Sequence[BookItem], sort: str) -> list[BookItem]:
    """Items in one of the orders of SORTS; a minus turns it round."""
    return sorted(items, key=_KEYS[sort.lstrip("-")], reverse=sort.startswith("-"))


def get_item(item_id: int) -> OpenItem:
    """The open item of an address with `open_amount`, else 404."""
    items = OpenItem.objects.select_related("contract__employer", "statement", "cause")
    return get_object_or_404(with_open_amount(items), pk=item_id)


def list_settlements(item: OpenItem) -> list[Allocation]:
    """What settled an item or was taken back, the earliest first."""
    found = item.allocations.select_related("transaction", "debit__collection")
    return list(found.order_by("transaction__booked_on", "pk"))


def list_write_offs_of(item: OpenItem) -> list[WriteOff]:
    """What somebody wanted to give up of an item, the earliest first."""
    return list(item.write_offs.select_related("requested_by", "decided_by").order_by("pk"))


def get_write_off(write_off_id: int) -> WriteOff:
    """The write-off of an address, else 404."""
    found = WriteOff.objects.select_related(
        "open_item__contract__employer", "requested_by", "decided_by", "booking"
    )
    return get_object_or_404(found, pk=write_off_id)


def list_write_offs() -> Any:
    """All write-offs, those that wait first, then the latest."""
    found = WriteOff.objects.select_related(
        "open_item__contract__employer", "requested_by", "decided_by"
    )
    return found.order_by("outcome", "-requested_at", "-pk")
