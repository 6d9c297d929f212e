"""Reads of the start page: what is there and what is to be done now."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, Sum

from aupolicy.models import GroupContract
from billing.models import BillingRun, Mandate
from billing.queries.runs import RunProgress, get_run_progress
from members.facts import NoticeStatus
from members.models import Membership, NoticeRecord
from members.queries import insured_on
from portal.facts import MonthAmount
from portal.queries.insurer.collections import OpenSum, sum_open_items

CHART_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Situation:
    """The insurer as of a day. `open_run` waits to be posted, `months` are posted runs."""

    insured: int
    contracts: int
    open_notices: int
    without_mandate: int
    open_items: OpenSum
    open_run: BillingRun | None
    open_progress: RunProgress | None
    months: list[MonthAmount]


def get_situation(day: date) -> Situation:
    """Everything the start page says, in eight queries."""
    runs = list(
        BillingRun.objects.filter(kind=BillingRun.PREMIUM)
        .annotate(total=Sum("statements__total", default=Decimal(0)))
        .order_by("-month")[: CHART_MONTHS + 1]
    )
    open_run = next((run for run in runs if run.posted_at is None), None)
    posted = [run for run in runs if run.posted_at is not None][:CHART_MONTHS]
    mandate = Mandate.objects.filter(contract=OuterRef("pk"), period__contains=day)
    in_force = GroupContract.objects.filter(period__contains=day)
    return Situation(
        insured=Membership.objects.filter(insured_on(day)).count(),
        contracts=in_force.count(),
        open_notices=NoticeRecord.objects.filter(status=NoticeStatus.NEEDS_CLERK.value).count(),
        without_mandate=in_force.filter(~Exists(mandate)).count(),
        open_items=sum_open_items(),
        open_run=open_run,
        open_progress=get_run_progress(open_run) if open_run else None,
        months=[MonthAmount(run.month, run.total) for run in reversed(posted)],
    )
