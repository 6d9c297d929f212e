"""Open items of all contracts by age; one item with what settled it, and giving it up."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from billing.models import OpenItem
from billing.operations.write_offs import UnableToWriteOff, request_write_off
from billing.queries.instalments import get_instalment_plan
from billing.queries.open_item_list import BookItem, list_book_items, sum_items
from billing.rules.ages import Age
from billing.words.ledger import describe_age, describe_item, describe_write_off_refusal
from portal.exports.charts import Bar, draw_bars
from portal.exports.ledger_tables import OPEN_ITEMS
from portal.exports.sheet import Cell
from portal.forms.ledger import WriteOffForm
from portal.queries.insurer.open_items import (
    PAGE_SIZE,
    SHOWN,
    SORTS,
    ItemFilter,
    filter_items,
    get_item,
    list_settlements,
    list_write_offs_of,
)
from portal.templatetags.portal import amount as write_amount
from portal.templatetags.portal import count
from portal.views.access import InsurerRequest, finance_only
from portal.views.downloads import send_table

_MOST_TEXT = 80


@require_safe
@finance_only
def list_all(request: InsurerRequest) -> HttpResponse:
    """Everything open, narrowed and sorted, with its sums and how old it is."""
    wanted = read_item_filter(request)
    everything = list_book_items(today=request.access.today)
    found = filter_items(everything, wanted)
    sums = sum_items(everything)
    context = {
        "room": "open_items",
        "wanted": wanted,
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page", 1)),
        "sums": sums,
        "found": sum_items(found),
        "found_open": sum((item.open_amount for item in found), start=Decimal(0)),
        "ages": [(age, sums.counts[age], amount) for age, amount in sums.ages.items()],
        "chart": draw_ages(sums.ages),
        "kinds": [(kind.value, describe_item(kind.value)) for kind in OpenItem.Kind],
        "sort": wanted.sort,
        "is_filtered": wanted != ItemFilter(sort=wanted.sort),
        "is_empty": not everything,
    }
    return render(request, "portal/insurer/open_items/list.html", context)


def read_item_filter(request: InsurerRequest) -> ItemFilter:
    """What the address narrows the list to."""
    asked = {name: request.GET.get(name, "") for name in ("show", "kind", "age", "sort", "q")}
    return ItemFilter(
        show=asked["show"] if asked["show"] in SHOWN else "all",
        text=asked["q"].strip()[:_MOST_TEXT],
        kind=asked["kind"] if asked["kind"] in OpenItem.Kind.values else "",
        age=Age(asked["age"]) if asked["age"] in set(Age) else None,
        sort=asked["sort"] if asked["sort"] in SORTS else "due",
    )


def draw_ages(ages: dict[Age, Decimal]) -> SafeString:
    """What is open by age, a column each; no picture where nothing is."""
    if not any(ages.values()):
        return mark_safe("")
    bars = [Bar(describe_age(age), count(int(amount)), amount) for age, amount in ages.items()]
    # The drawing escapes every text itself.
    return mark_safe(draw_bars(bars, title=_("Offene Posten nach Alter in Euro")))  # noqa: S308


@require_safe
@finance_only
def export(request: InsurerRequest) -> HttpResponse:
    """The items that the filters let through, in the page's order."""
    found = filter_items(list_book_items(today=request.access.today), read_item_filter(request))
    return send_table(OPEN_ITEMS, _cells(found), name="Offene_Posten")


def _cells(items: Iterable[BookItem]) -> Iterable[Sequence[Cell]]:
    return (
        (
            item.employer,
            item.contract_number,
            item.number,
            describe_item(item.kind),
            item.due_date,
            item.days_overdue,
            item.amount,
            item.open_amount,
            _("ja") if item.in_plan else _("nein"),
        )
        for item in items
    )


@require_http_methods(["GET", "HEAD", "POST"])
@finance_only
def show(request: InsurerRequest, open_item_id: int) -> HttpResponse:
    """One item: what it is about, what settled it; with a form, ask for giving it up."""
    item = get_item(open_item_id)
    is_open: Decimal = item.open_amount
    form = WriteOffForm(request.POST or None, initial={"amount": write_amount(is_open)})
    if request.method == "POST" and form.is_valid():
        try:
            asked = request_write_off(
                item=item, user=request.user, now=timezone.now(), **form.cleaned_data
            )
        except UnableToWriteOff as error:
            form.add_error(None, describe_write_off_refusal(error.code, error.params))
        else:
            return redirect("insurer:write_off", asked.pk)
    write_offs = list_write_offs_of(item)
    context = {
        "room": "open_items",
        "item": item,
        "settlements": list_settlements(item),
        "write_offs": write_offs,
        "plan": get_instalment_plan(item),
        "charges": item.charges.order_by("pk"),
        "form": form,
        "can_write_off": is_open > 0 and not any(not each.outcome for each in write_offs),
    }
    return render(request, "portal/insurer/open_items/show.html", context)
