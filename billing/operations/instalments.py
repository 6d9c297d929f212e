"""Agreeing instalments for what a contract owes, and ending such a plan."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise

from django.db import transaction
from django.utils import timezone

from aupolicy.kernel.money import total
from aupolicy.models import GroupContract, Role, User
from aupolicy.queries import has_role
from billing.models import Instalment, InstalmentPlan, OpenItem, PlannedItem
from billing.queries.open_items import lock_items
from billing.rules.instalments import Part


class UnableToAgreePlan(ValueError):
    """No such plan can be agreed or ended.

    Codes: NOT_ALLOWED (the role is missing), NO_REASON, NO_ITEMS, OTHER_CONTRACT, NOT_OPEN
    (number; a credit or settled), IN_PLAN (number), NO_INSTALMENTS, NO_AMOUNT, NOT_IN_ORDER (two
    on one day or backwards), IN_PAST, SUM_DIFFERS (owed, planned), ENDED.
    """

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(f"{code}: {params}")
        self.code, self.params = code, params


def agree_plan(
    *,
    contract: GroupContract,
    items: Sequence[OpenItem],
    parts: Sequence[Part],
    reason: str,
    user: User,
    now: datetime,
) -> InstalmentPlan:
    """Let a contract pay what is open of some items in parts. Raises UnableToAgreePlan.

    As long as the plan is kept nobody is reminded, and no more is collected than is due of it.
    """
    today = timezone.localdate(now)
    if not has_role(user, {Role.FINANCE}, today):
        raise UnableToAgreePlan("NOT_ALLOWED")
    if not reason.strip():
        raise UnableToAgreePlan("NO_REASON")
    _check_parts(parts, today)
    with transaction.atomic():
        locked = lock_items(item.pk for item in items)
        _check_items(contract, locked)
        owed = {item.pk: item.open_amount for item in locked}
        planned = total(part.amount for part in parts)
        if planned != total(owed.values()):
            raise UnableToAgreePlan(
                "SUM_DIFFERS", owed=str(total(owed.values())), planned=str(planned)
            )
        plan = InstalmentPlan.objects.create(
            contract=contract, agreed_on=today, agreed_by=user, reason=reason.strip()
        )
        PlannedItem.objects.bulk_create(
            PlannedItem(plan=plan, open_item_id=key, amount=amount) for key, amount in owed.items()
        )
        Instalment.objects.bulk_create(
            Instalment(plan=plan, due_date=part.due_date, amount=part.amount) for part in parts
        )
    return plan


def end_plan(*, plan: InstalmentPlan, reason: str, user: User, now: datetime) -> InstalmentPlan:
    """End a plan; what is open of its items is due as it was before. Raises UnableToAgreePlan."""
    today = timezone.localdate(now)
    if not has_role(user, {Role.FINANCE}, today):
        raise UnableToAgreePlan("NOT_ALLOWED")
    if not reason.strip():
        raise UnableToAgreePlan("NO_REASON")
    with transaction.atomic():
        plan = InstalmentPlan.objects.select_for_update().get(pk=plan.pk)
        if plan.ended_on is not None:
            raise UnableToAgreePlan("ENDED")
        plan.ended_on, plan.ended_by, plan.end_reason = today, user, reason.strip()
        plan.save(update_fields=["ended_on", "ended_by", "end_reason"])
        plan.items.update(released_on=today)
    return plan


def _check_parts(parts: Sequence[Part], today: date) -> None:
    if not parts:
        raise UnableToAgreePlan("NO_INSTALMENTS")
    if any(part.amount <= 0 for part in parts):
        raise UnableToAgreePlan("NO_AMOUNT")
    if any(earlier.due_date >= later.due_date for earlier, later in pairwise(parts)):
        raise UnableToAgreePlan("NOT_IN_ORDER")
    if parts[0].due_date < today:
        raise UnableToAgreePlan("IN_PAST")


def _check_items(contract: GroupContract, items: Sequence[OpenItem]) -> None:
    if not items:
        raise UnableToAgreePlan("NO_ITEMS")
    for item in items:
        if item.contract_id != contract.pk:
            raise UnableToAgreePlan("OTHER_CONTRACT", number=item.number)
        if item.open_amount <= 0:
            raise UnableToAgreePlan("NOT_OPEN", number=item.number)
    busy = PlannedItem.objects.filter(open_item__in=items, released_on=None)
    taken = busy.select_related("open_item").first()
    if taken is not None:
        raise UnableToAgreePlan("IN_PLAN", number=taken.open_item.number)
