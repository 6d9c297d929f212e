"""Starting and discarding a billing run."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone
from psycopg import sql

from aupolicy.facts.scope import WEB_ROLE
from aupolicy.kernel.month import Month
from aupolicy.models import GroupContract, User
from aupolicy.operations.turns import Turn, wait_for_turn
from billing.models import BillingRun, BillingSlice, Statement
from billing.operations.month_tariffs import keep_tariffs

# A slice is a third of a second of work, for which its contracts take no notices; each costs two
# dozen statements.
SLICE_MEMBERS = 50_000
SLICE_CONTRACTS = 1_000
# A slip of the pen must not charge employers for years to come.
MONTHS_AHEAD = 3


class UnableToStartRun(ValueError):
    """A run that cannot be started or discarded; `code` says why."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(f"{code}: {params}")
        self.code, self.params = code, params


def start_run(
    *,
    month: Month,
    now: datetime,
    started_by: User | None = None,
    post: bool = False,
    kind: str = BillingRun.PREMIUM,
    contracts: Iterable[GroupContract] | None = None,
    slice_members: int = SLICE_MEMBERS,
) -> BillingRun:
    """Make the run of a month with its slices; the run there is already is returned as it is.

    Two starts at once make one run. With `post` it is posted as soon as all slices are done.
    `contracts` restricts a run of another kind (acceptance cases) to some contracts; a slice
    takes further contracts until it has `slice_members` people. Raises UnableToStartRun while an
    earlier run waits to be posted, when a later month is billed, and for a month more than
    MONTHS_AHEAD from now.
    """
    with transaction.atomic():
        wait_for_turn(Turn.BILLING_RUN)
        run = BillingRun.objects.filter(kind=kind, month=month.first_day).first()
        if run is not None:
            return run
        _check_order(kind, month)
        if month > Month.of(timezone.localtime(now).date()).plus(MONTHS_AHEAD):
            raise UnableToStartRun("TOO_FAR_AHEAD", month=str(month), months=str(MONTHS_AHEAD))
        run = BillingRun.objects.create(
            kind=kind,
            month=month.first_day,
            started_at=now,
            started_by=started_by,
            posting_requested_at=now if post else None,
            posting_requested_by=started_by if post else None,
        )
        keep_tariffs(month)
        _create_partition(run)
        _create_slices(run, slice_members, contracts)
    return run


def _check_order(kind: str, month: Month) -> None:
    runs = BillingRun.objects.filter(kind=kind)
    waiting = runs.filter(posted_at=None).first()
    if waiting is not None:
        raise UnableToStartRun("RUN_NOT_POSTED", month=f"{waiting.month:%Y-%m}")
    later = runs.filter(month__gt=month.first_day).order_by("-month").first()
    if later is not None:
        raise UnableToStartRun("LATER_MONTH_BILLED", month=f"{later.month:%Y-%m}")


def _create_partition(run: BillingRun) -> None:
    """A bare table beside the partitioned one: no index, no foreign key until it is posted.

    Nor row-level security, which takes no COPY: until then the web's role has no right to it. And
    no autovacuum, which posting would have to wait for.
    """
    statement = sql.SQL(
        "CREATE TABLE {} (LIKE billing_premiumline INCLUDING CONSTRAINTS,"
        " CONSTRAINT of_this_run CHECK (run_id = {})) WITH (autovacuum_enabled = off)"
    ).format(sql.Identifier(run.lines_table), sql.Literal(run.pk))
    hide = sql.SQL("REVOKE ALL ON {} FROM {}").format(
        sql.Identifier(run.lines_table), sql.Identifier(WEB_ROLE)
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        cursor.execute(hide)


# Contracts in order of their ids, cut whenever a slice has enough people or contracts. How many
# people a contract has had is enough to cut by.
_CONTRACT_SIZES = """
SELECT c.id, COALESCE(m.members, 0)
FROM aupolicy_groupcontract c
LEFT JOIN (
    SELECT contract_id, COUNT(period) AS members FROM members_membership
    WHERE %(ids)s::bigint[] IS NULL OR contract_id = ANY(%(ids)s) GROUP BY contract_id
) m ON m.contract_id = c.id
WHERE lower(c.period) <= %(last_day)s AND (%(ids)s::bigint[] IS NULL OR c.id = ANY(%(ids)s))
ORDER BY c.id
"""


def _create_slices(
    run: BillingRun, slice_members: int, contracts: Iterable[GroupContract] | None
) -> None:
    ids = None if contracts is None else [contract.pk for contract in contracts]
    with connection.cursor() as cursor:
        cursor.execute(_CONTRACT_SIZES, {"last_day": Month.of(run.month).last_day, "ids": ids})
        sizes: list[tuple[int, int]] = cursor.fetchall()
    # A restricted run must not touch what lies between its contracts.
    most_contracts = SLICE_CONTRACTS if ids is None else 1
    slices: list[BillingSlice] = []
    count = 0
    for contract_id, members in sizes:
        full = not slices or count >= most_contracts or slices[-1].members >= slice_members
        if full:
            slices.append(BillingSlice(run=run, first_contract_id=contract_id, members=0))
            count = 0
        slices[-1].last_contract_id = contract_id
        slices[-1].members += members
        count += 1
    BillingSlice.objects.bulk_create(slices)


def discard_run(*, run: BillingRun) -> None:
    """Throw a preview away with its lines and statements. Raises UnableToStartRun if posted."""
    with transaction.atomic():
        # Not the key: a worker that holds a slice must still be able to point at the run.
        run = BillingRun.objects.select_for_update(no_key=True).get(pk=run.pk)
        if run.posted_at is not None:
            raise UnableToStartRun("RUN_POSTED", month=f"{run.month:%Y-%m}")
        # Waits for workers that hold a slice; they find nothing left afterwards.
        list(run.slices.select_for_update())
        with connection.cursor() as cursor:
            cursor.execute(
                sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier(run.lines_table))
            )
        Statement.objects.filter(run=run).delete()
        run.delete()
