"""A contract's account as every room shows it: the same figures, each room with its own links."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from aupolicy.models import GroupContract
from billing.queries.account_statement import Account, Movement, get_account, list_movements
from billing.queries.instalments import read_plans
from billing.words.ledger import describe_age, describe_booking
from portal.exports.charts import Bar, draw_bars
from portal.exports.ledger_tables import ACCOUNT
from portal.exports.sheet import Cell
from portal.templatetags.portal import count
from portal.views.downloads import send_table

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class ShownMovement:
    """A booking with the pages of its document and of its cause, "" where the room has none."""

    movement: Movement
    document_url: str = ""
    why_url: str = ""


Link = Callable[[Movement], ShownMovement]


def describe_account_page(
    contract: GroupContract, *, today: date, page: str, link: Link
) -> dict[str, Any]:
    """What an account's page shows: what is open by age, and the bookings, the latest first."""
    account = get_account(contract, today=today)
    found = Paginator(list_movements(contract), PAGE_SIZE).get_page(page)
    running = contract.instalment_plans.filter(ended_on=None)
    return {
        "contract": contract,
        "account": account,
        "chart": _draw(account),
        "ages": [(age, amount) for age, amount in account.ages.items() if amount],
        "page": found,
        "movements": [link(movement) for movement in found.object_list],
        "plans": [state for state in read_plans(running) if state.open_amount > 0],
    }


def _draw(account: Account) -> SafeString:
    if not any(account.ages.values()):
        return mark_safe("")
    bars = [
        Bar(describe_age(age), count(int(amount)), amount) for age, amount in account.ages.items()
    ]
    # The drawing escapes every text itself.
    return mark_safe(draw_bars(bars, title=_("Offen nach Alter in Euro")))  # noqa: S308


def send_account(contract: GroupContract) -> HttpResponse:
    """Every booking on a contract's account as CSV, the earliest first."""
    rows = reversed(list_movements(contract))
    return send_table(ACCOUNT, _cells(rows), name=f"Kontoauszug_{contract.number}")


def _cells(rows: Iterable[Movement]) -> Iterable[Sequence[Cell]]:
    return (
        (
            row.booked_on,
            describe_booking(row.kind),
            row.document,
            row.text,
            row.amount,
            row.balance,
        )
        for row in rows
    )
