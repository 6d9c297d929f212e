"""The monthly run: what all claims are owed through the end of a month.

A run is a row. Its people are settled in batches, each with the run's progress in one
transaction: killed at any instant it goes on where it stood.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import connection
from django.db.models import F
from django.utils import timezone

from aupolicy.kernel.month import Month
from aupolicy.models import User
from aupolicy.operations.fence import ALL, acting_within
from aupolicy.operations.turns import Turn, wait_for_turn
from claims.models import BenefitRun
from claims.operations.ordinary import settle_ordinary
from claims.operations.settle import hold_people, settle_people

BATCH = 10_000
"""Claims that are settled at a stroke: a second or two of work."""

# People whom the general rule settles together; that many are held in memory.
_GENERAL_BATCH = 2_500
# Nothing was ever owed for a claim without a grant, so there is nothing to compare.
_GRANTED = """
FROM claims_claim c
WHERE c.id > %s AND EXISTS (
    SELECT FROM claims_decision d
    WHERE d.claim_id = c.id AND d.status = 'EFFECTIVE' AND d.kind IN ('GRANT', 'PARTLY_GRANT')
)
"""
_COUNT = f"SELECT count(*) {_GRANTED}"
_NEXT = f"SELECT c.id, c.person_id {_GRANTED} ORDER BY c.id LIMIT %s"


class UnableToStartBenefitRun(ValueError):
    """A run that cannot be started; `code` is MONTH_NOT_OVER: benefit is paid in arrears."""

    code = "MONTH_NOT_OVER"

    def __init__(self, month: Month) -> None:
        super().__init__(f"{self.code}: {month}")
        self.params = {"month": month}


def start_benefit_run(*, month: Month, user: User | None, now: datetime) -> BenefitRun:
    """The run of a month that is over; an open one of the month is returned as it is.

    Two starts at once make one run. Raises UnableToStartBenefitRun.
    """
    if month.last_day >= timezone.localdate(now):
        raise UnableToStartBenefitRun(month)
    with acting_within(ALL):
        wait_for_turn(Turn.BENEFIT_RUN)
        run = BenefitRun.objects.filter(month=month.first_day, finished_at=None).first()
        if run is not None:
            return run
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, [0])
            count: int = cursor.fetchone()[0]
        return BenefitRun.objects.create(
            month=month.first_day, started_at=now, started_by=user, claim_count=count
        )


def work_run(*, run: BenefitRun, now: datetime, batch: int = BATCH) -> bool:
    """Settle the next people of a run; False when nothing is left or another works on it."""
    with acting_within(ALL):
        held = (
            BenefitRun.objects.select_for_update(skip_locked=True, no_key=True)
            .filter(pk=run.pk, finished_at=None)
            .first()
        )
        return held is not None and _settle_next(held, now, batch)


def _settle_next(run: BenefitRun, now: datetime, batch: int) -> bool:
    """One batch with the run's progress; the last one finishes the run."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [run.done_through, batch])
        claims: list[tuple[int, int]] = cursor.fetchall()
    rows = BenefitRun.objects.filter(pk=run.pk)
    if not claims:
        rows.update(finished_at=now)
        return False
    created, cancelled, amount = _settle_claims(run, claims, now)
    rows.update(
        done_through=claims[-1][0],
        done_count=F("done_count") + len(claims),
        slice_count=F("slice_count") + created,
        cancelled_count=F("cancelled_count") + cancelled,
        amount=F("amount") + amount,
    )
    return True


def _settle_claims(
    run: BenefitRun, claims: Sequence[tuple[int, int]], now: datetime
) -> tuple[int, int, Decimal]:
    """Slices made and cancelled, EUR: most by the database at a stroke, the rest by the rules."""
    month = Month.of(run.month)
    people = sorted({person for _, person in claims})
    hold_people(people)
    ordinary = settle_ordinary(person_ids=people, month=month, now=now)
    created, cancelled, amount = ordinary.created, 0, ordinary.amount
    for start in range(0, len(ordinary.left), _GENERAL_BATCH):
        report = settle_people(
            person_ids=ordinary.left[start : start + _GENERAL_BATCH],
            as_of=month.last_day,
            user=run.started_by,
            reason=f"Leistungslauf {run.month:%m/%Y}",
            now=now,
        )
        created += report.created
        cancelled += report.cancelled
        amount += report.amount
    return created, cancelled, amount


def finish_run(*, run: BenefitRun, now: datetime, batch: int = BATCH) -> BenefitRun:
    """Settle all that is left of a run, batch by batch, and return it as it stands then."""
    while work_run(run=run, now=now, batch=batch):
        pass
    return get_run(run.pk)


def get_run(run_id: int) -> BenefitRun:
    """A run as it stands now. Raises BenefitRun.DoesNotExist."""
    with acting_within(ALL):
        return BenefitRun.objects.get(pk=run_id)


def list_open_runs() -> list[BenefitRun]:
    """The runs that are not finished, oldest first."""
    with acting_within(ALL):
        return list(BenefitRun.objects.filter(finished_at=None).order_by("pk"))
