"""Premiums that are overdue and that nobody is to collect."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery, Sum

from aupolicy.kernel.money import ZERO, total
from billing.models import ArrearsItem, CollectionItem, Mandate, OpenItem
from billing.queries.arrears_cases import find_due_through, list_planned
from billing.queries.mandate_state import get_mandate_states
from billing.queries.open_items import list_open_items, with_open_amount


@dataclass(frozen=True, slots=True)
class Overdue:
    """What a contract is behind with, though nobody is to collect it.

    `amount` is what is open less the credits of the contract, in EUR. `needs_request`: there was
    a mandate, so the policyholder may have waited for a debit (§ 33 (2) VVG).
    """

    contract_id: int
    items: tuple[OpenItem, ...]
    amount: Decimal
    is_first_premium: bool
    needs_request: bool


def list_overdue(*, today: date) -> list[Overdue]:
    """Contracts without an open case that are behind, in the order of their ids.

    Left out is what is to be collected (again), what is paid in instalments, and what is not
    overdue yet by the calendar of § 193 BGB.
    """
    late = _list_late(today)
    usable = _list_usable_mandates({item.contract_id for item in late}, today)
    planned = list_planned({item.pk for item in late}, today=today)
    by_contract: dict[int, list[OpenItem]] = {}
    for item in late:
        waits = item.pk in planned or _is_to_be_collected(
            item, has_mandate=item.contract_id in usable
        )
        if not waits:
            by_contract.setdefault(item.contract_id, []).append(item)
    firsts = _list_first_premiums(by_contract)
    to_credit = _sum_credits(by_contract)
    had_mandate = set(
        Mandate.objects.filter(contract__in=by_contract).values_list("contract_id", flat=True)
    )
    found = []
    for contract_id, items in sorted(by_contract.items()):
        is_first = any(item.pk in firsts for item in items)
        due = [item for item in items if find_due_through(item, is_first=is_first) < today]
        amount = total(item.open_amount for item in due)
        found.append(
            Overdue(
                contract_id=contract_id,
                items=tuple(due),
                amount=amount + to_credit.get(contract_id, ZERO),
                is_first_premium=is_first,
                needs_request=contract_id in had_mandate,
            )
        )
    return [each for each in found if each.items]


def _list_late(today: date) -> list[OpenItem]:
    """Open premiums past their due date, of contracts without an open case, with their debits."""
    debits = CollectionItem.objects.select_related("returned_debit").order_by("attempt")
    in_case = ArrearsItem.objects.filter(case__closed_on=None).values("case__contract")
    late = list_open_items(
        OpenItem.objects.filter(kind=OpenItem.Kind.PREMIUM, amount__gt=0, due_date__lt=today)
    ).exclude(contract__in=in_case)
    return list(late.prefetch_related(Prefetch("debits", queryset=debits)))


def _is_to_be_collected(item: OpenItem, *, has_mandate: bool) -> bool:
    """Whether a debit is under way or to come: then the insurer is late, not the policyholder."""
    tried = [each for each in item.debits.all() if each.ended_how != "discarded"]
    if any(not each.ended_how for each in tried):
        return True
    if not has_mandate:
        return False
    returned = getattr(tried[-1], "returned_debit", None) if tried else None
    return returned is None or returned.retry_on is not None


def _list_usable_mandates(contract_ids: Iterable[int], today: date) -> set[int]:
    """Contracts with a mandate that allows a debit today: not suspended, revoked or expired."""
    states = get_mandate_states(contract_ids, today, with_last_use=False)
    return {contract_id for contract_id, state in states.items() if state.reason is None}


def _list_first_premiums(contract_ids: Iterable[int]) -> set[int]:
    """The first premium of each of some contracts, as ids of open items."""
    earliest = OpenItem.objects.filter(
        contract=OuterRef("contract"), kind=OpenItem.Kind.PREMIUM, amount__gt=0
    ).order_by("due_date", "pk")
    own = OpenItem.objects.filter(contract__in=list(contract_ids), kind=OpenItem.Kind.PREMIUM)
    firsts: QuerySet[OpenItem, int] = own.filter(
        pk=Subquery(earliest.values("pk")[:1])
    ).values_list("pk", flat=True)
    return set(firsts)


def _sum_credits(contract_ids: Iterable[int]) -> dict[int, Decimal]:
    """What each of some contracts has to its credit, in EUR, below zero."""
    rows = with_open_amount(OpenItem.objects.filter(contract__in=list(contract_ids), amount__lt=0))
    found = rows.order_by().values("contract_id").annotate(sum=Sum("open_amount"))
    return {row["contract_id"]: row["sum"] for row in found}
