"""Reads of runs: how far they are and what they come to."""

from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum

from aupolicy.kernel.money import ZERO
from aupolicy.kernel.month import Month
from billing.facts.premium import RunSum
from billing.models import BillingRun, Statement


@dataclass(frozen=True, slots=True)
class RunProgress:
    """How far a run is. `members` are people; a slice counts when it is done."""

    slices: int
    slices_done: int
    members: int
    members_done: int
    posting_requested: bool
    posted: bool

    @property
    def filled(self) -> bool:
        """Whether all slices are done."""
        return self.slices == self.slices_done


def get_run_progress(run: BillingRun) -> RunProgress:
    """How far a run is now, whatever the object says."""
    done = Q(slices__done_at__isnull=False)
    row = (
        BillingRun.objects.filter(pk=run.pk)
        .values("posting_requested_at", "posted_at")
        .annotate(
            all_slices=Count("slices"),
            done_slices=Count("slices", filter=done),
            people=Sum("slices__members", default=0),
            done_people=Sum("slices__members", filter=done, default=0),
        )
        .get()
    )
    return RunProgress(
        slices=row["all_slices"],
        slices_done=row["done_slices"],
        members=row["people"],
        members_done=row["done_people"],
        posting_requested=row["posting_requested_at"] is not None,
        posted=row["posted_at"] is not None,
    )


def get_run_sum(run: BillingRun) -> RunSum:
    """What a run charges altogether, so far if it is not filled yet."""
    sums = run.statements.aggregate(
        statements=Count("id"),
        insured=Sum("insured_count", default=0),
        lines=Sum("line_count", default=0),
        payroll=Sum("payroll", default=ZERO),
        total=Sum("total", default=ZERO),
    )
    return RunSum(month=Month.of(run.month), **sums)


def list_statements_of_run(run: BillingRun) -> QuerySet[Statement]:
    """Statements of a run by employer, each with `previous_total` of the contract's last one."""
    previous = Statement.objects.filter(
        contract=OuterRef("contract"), month__lt=OuterRef("month"), number__isnull=False
    ).order_by("-month")
    return (
        Statement.objects.filter(run=run)
        .select_related("contract__employer")
        .annotate(previous_total=Subquery(previous.values("total")[:1]))
        .order_by("contract__employer__legal_name", "contract__number")
    )
