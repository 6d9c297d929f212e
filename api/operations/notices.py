"""Notices from programs: all of them or the good ones, or only a look at what they would do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from aupolicy.models import GroupContract
from billing.queries.effect import MoneyEffect, compute_money_effect
from members.facts import Channel, Notice, NoticeStatus, Plan
from members.operations import lock_contract
from members.operations.save_plan import Origin, save_plan
from members.queries.plan import leave_out_refused, plan_notices


@dataclass(frozen=True, slots=True)
class SentNotices:
    """What became of notices, or would: the plan, what it costs, and the records by plan key."""

    plan: Plan
    effect: MoneyEffect
    ids: Mapping[int, int]

    @property
    def refused(self) -> int:
        """How many cannot be taken."""
        return sum(r.status is NoticeStatus.REFUSED for r in self.plan.results)


def look_at_notices(
    *, contract: GroupContract, notices: Sequence[Notice], today: date
) -> SentNotices:
    """What notices would do; nothing is written."""
    plan = plan_notices(contract=contract, notices=notices)
    return SentNotices(plan, compute_money_effect(contract, plan.persons.values(), today), {})


def take_notices(
    *,
    contract: GroupContract,
    notices: Sequence[Notice],
    only_whole: bool,
    source_name: str,
    now: datetime,
    today: date,
) -> SentNotices:
    """Apply notices; with `only_whole` none where one is refused.

    Refused ones are not recorded: whoever sent them is told why, and sends them again.
    """
    contract = lock_contract(contract)
    sent = look_at_notices(contract=contract, notices=notices, today=today)
    if not notices or (only_whole and sent.refused):
        return sent
    origin = Origin(None, Channel.API, source_name)
    ids = save_plan(contract, leave_out_refused(sent.plan), origin, now=now)
    return SentNotices(sent.plan, sent.effect, ids)
