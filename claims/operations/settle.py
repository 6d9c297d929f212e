"""Recording what is owed: slices of claims, months in arrears.

Owed by today's facts less what was recorded before; see `claims.queries.settlement`. A second
settling finds nothing to do.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import connection, transaction
from django.utils import timezone

from aupolicy.kernel.memory import paused_garbage_collector
from aupolicy.kernel.month import Month
from aupolicy.models import User
from aupolicy.operations.bulk import insert_rows
from aupolicy.operations.fence import ALL, acting_within
from claims.models import BenefitSlice, Claim
from claims.queries.facts import load_people
from claims.queries.settlement import OwedSlice, SettlementPlan, plan_settlement

_MOST_REASON = 200
_HOLD = """
SELECT count(*) FROM (
    SELECT FROM members_person WHERE id = ANY (%s) ORDER BY id FOR NO KEY UPDATE
) AS held
"""
_COLUMNS = (
    "claim_id", "person_id", "contract_id", "month", "days", "amount", "payable", "parts",
    "terms", "computed_at", "cancel_reason",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SettleReport:
    """How many slices came anew, how many were cancelled, and EUR owed more than before."""

    created: int
    cancelled: int
    amount: Decimal


def settle_people(
    *, person_ids: Iterable[int], as_of: date, user: User | None, reason: str, now: datetime
) -> SettleReport:
    """Record what some people are owed through a day; all of it or nothing.

    `reason` stands beside every slice that is cancelled. Of two who settle a person at once the
    second waits and finds nothing to do. Raises UnableToSettle.
    """
    ids = sorted(set(person_ids))
    today = timezone.localdate(now)
    with acting_within(ALL), paused_garbage_collector():
        hold_people(ids)
        plan = plan_settlement(
            person_ids=ids, people=load_people(ids), as_of=min(as_of, today), today=today
        )
        record_plan(plan, user=user, reason=reason, now=now)
    return SettleReport(len(plan.new), len(plan.cancelled), plan.amount)


def hold_people(ids: Iterable[int]) -> None:
    """Hold some people until the end of the transaction, in the order of their ids."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [list(ids)])


def record_plan(plan: SettlementPlan, *, user: User | None, reason: str, now: datetime) -> None:
    """Write a plan. Whoever calls holds the people since before it was made."""
    with transaction.atomic():
        if plan.cancelled:
            # First these: the database lets nobody be paid twice for a day, not for an instant.
            BenefitSlice.objects.filter(pk__in=[each.id for each in plan.cancelled]).update(
                cancelled_at=now, cancelled_by=user, cancel_reason=reason[:_MOST_REASON]
            )
        if plan.new:
            _insert(plan.new, now)


def _insert(new: Iterable[OwedSlice], now: datetime) -> None:
    claims = {each.claim_id for each in new}
    contracts = dict(Claim.objects.filter(pk__in=claims).values_list("pk", "contract_id"))
    insert_rows(
        BenefitSlice,
        _COLUMNS,
        [
            (claim_id, person_id, contracts[claim_id], month, days, amount, payable, parts,
             terms, now, "")
            for person_id, claim_id, month, days, amount, _, payable, parts, terms in new
        ],
    )  # fmt: skip


def last_month_over(today: date) -> date:
    """The last day of the last month that is over: benefit is paid in arrears."""
    return Month.of(today).plus(-1).last_day
