"""Payrolls of a day from programs: looked at, kept as a job, confirmed, applied.

The order is: receive_workforce -> check_workforce (the preview) -> confirm_job ->
apply_workforce, each of which may be left to a worker. Nothing but the job's own rows is written
before the last, and that plans anew: only what was shown is applied.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from api.models import Job, JobRow
from api.operations.job_messages import tell_finished
from api.operations.progress import forget_progress, tell_progress
from api.parsing.body import parse_json
from api.parsing.workforce import read_reference
from api.queries.job_rights import find_refusal
from api.queries.workforce import SentWorkforce
from aupolicy.kernel.file_store import FileStore
from aupolicy.kernel.memory import paused_garbage_collector
from aupolicy.kernel.money import ZERO
from aupolicy.models import ApiClient, GroupContract
from aupolicy.operations.bulk import insert_rows
from billing.operations.uploads import summarise
from billing.queries.effect import EffectPricer
from members.facts import Channel, Plan
from members.operations import lock_contract
from members.operations.save_plan import Origin, save_plan
from members.queries.draft_rows import APPLY, CLERK
from members.queries.plan import leave_out_refused
from members.queries.workforce import WorkforceDraft

_COLUMNS = (
    "job_id", "row", "outcome", "kind", "personnel_number", "reference", "effective",
    "pay_before", "pay", "premium_change", "findings",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class WorkforcePreview:
    """What a payroll would do: in figures, and row by row as `JobRow` has it."""

    summary: dict[str, Any]
    rows: list[tuple[Any, ...]]

    def show_rows(self, limit: int) -> list[JobRow]:
        """The first rows, unsaved."""
        shown = [dict(zip(_COLUMNS, row, strict=True)) for row in self.rows[:limit]]
        return [JobRow(**{**row, "findings": json.loads(row["findings"])}) for row in shown]


def read_workforce(
    contract: GroupContract, people: Sequence[Any], effective: date, now: datetime
) -> SentWorkforce:
    """A payroll compared with who is insured; to be planned by `preview_workforce`."""
    with paused_garbage_collector():
        return SentWorkforce(contract, people, effective, now)


def preview_workforce(
    *,
    contract: GroupContract,
    sent: SentWorkforce,
    people: Sequence[Any],
    today: date,
    job: Job | None = None,
) -> WorkforcePreview:
    """What a payroll would do and cost; nothing is written. `job` is told how far that is."""
    pricer = EffectPricer(contract, today)
    tell = tell_progress(job, sum(len(one.notices) for one in sent.compared.said)) if job else None

    def take(plan: Plan) -> None:
        pricer.take(plan)
        if tell:
            tell(len(plan.results))

    with paused_garbage_collector():
        draft = sent.draft(take)
    effect, compared = pricer.result(), sent.compared
    summary = summarise(draft, effect, rows=len(people))
    summary |= {"insured": compared.insured, "unchanged": compared.unchanged}
    key = job.pk if job else None
    return WorkforcePreview(summary, list(_rows(key, draft, people, dict(effect.by_person))))


def _rows(
    job_id: Any, draft: WorkforceDraft, people: Sequence[Any], premiums: dict[str, Decimal]
) -> Iterator[tuple[Any, ...]]:
    """The rows as the table has them; a person's EUR stand in the first that is taken."""
    for row in draft.rows:
        notice, taken = row.notice, row.outcome in (APPLY, CLERK)
        yield (
            job_id,
            row.row,
            row.outcome,
            notice.kind.value if notice else "",
            row.number,
            read_reference(people[row.row - 1]) if row.row else "",
            notice.effective if notice else None,
            row.pay_before,
            notice.pay if notice else None,
            premiums.pop(row.number, ZERO) if taken else ZERO,
            json.dumps([asdict(finding) for finding in row.findings]) if row.findings else "[]",
        )


def receive_workforce(
    *,
    client: ApiClient,
    contract: GroupContract,
    content: bytes,
    people: int,
    effective: date,
    applies_at_once: bool,
    skips_failed_rows: bool,
    now: datetime,
) -> Job:
    """Keep a payroll as it came. The rights have been looked at; they are again by the worker."""
    return Job.objects.create(
        client=client,
        contract=contract,
        kind=Job.Kind.WORKFORCE,
        state=Job.State.RECEIVED,
        sha256=FileStore(Path(settings.FILES_ROOT)).put(content),
        effective=effective,
        applies_at_once=applies_at_once,
        skips_failed_rows=skips_failed_rows,
        people=people,
        created_at=now,
    )


def read_sent(job: Job) -> list[Any]:
    """The people as they were sent."""
    with paused_garbage_collector():
        body = parse_json(FileStore(Path(settings.FILES_ROOT)).get(job.sha256))
    people: list[Any] = body["people"]
    return people


def check_workforce(*, job_id: Any, now: datetime, people: Sequence[Any] | None = None) -> bool:
    """Write the preview of a received payroll; False where there is nothing to check (any more).

    Claims the row, so that two workers never check one. Afterwards the job is CHECKED; CONFIRMED
    where it is to be applied at once and nothing speaks against that (`problem` says what does);
    or FAILED where its program may not do this any more.
    """
    with transaction.atomic():
        job = claim(job_id, Job.State.RECEIVED)
        if job is None:
            return False
        refusal = find_refusal(job, timezone.localdate(now))
        if refusal:
            _fail(job, refusal, now)
            return True
        _keep_preview(job, read_sent(job) if people is None else people, now)
        job.problem = None
        if job.applies_at_once:
            summary = job.result or {}
            job.problem = find_obstacle(summary, skips_failed_rows=job.skips_failed_rows)
            if job.problem is None:
                job.state = Job.State.CONFIRMED
        job.save()
        if job.state == Job.State.CHECKED and people is None:
            tell_finished(job, now)
    forget_progress(job_id)
    return True


def claim(job_id: Any, state: str) -> Job | None:
    """A job in this state, locked; None where it is in another one or somebody works on it."""
    held = Job.objects.select_for_update(skip_locked=True, of=("self",))
    found = held.select_related("contract__employer", "client", "upload")
    return found.filter(pk=job_id, state=state).first()


def _fail(job: Job, code: str, now: datetime) -> None:
    job.state, job.problem, job.finished_at = Job.State.FAILED, {"code": code, "params": {}}, now
    job.save(update_fields=["state", "problem", "finished_at"])
    tell_finished(job, now)


def _keep_preview(job: Job, people: Sequence[Any], now: datetime) -> None:
    sent = read_workforce(job.contract, people, _day_of(job), job.created_at)
    preview = preview_workforce(
        contract=job.contract,
        sent=sent,
        people=people,
        today=timezone.localdate(now),
        job=job,
    )
    job.rows.all().delete()
    insert_rows(JobRow, _COLUMNS, preview.rows)
    job.result, job.digest = preview.summary, preview.summary["digest"]
    job.state, job.checked_at = Job.State.CHECKED, now


def _day_of(job: Job) -> date:
    if job.effective is None:
        raise ValueError("a payroll without its day")
    return job.effective


def find_obstacle(summary: Mapping[str, Any], *, skips_failed_rows: bool) -> dict[str, Any] | None:
    """Why what is to be applied at once is not: rows that are wrong, or very many who leave.

    A list that is not whole looks like a mass leaving, and cover would end for everybody who is
    not in it. In the portal somebody looks at that before they release it; a program has to say
    it a second time.
    """
    wrong = summary["outcomes"]["failed"]
    if wrong and not skips_failed_rows:
        return {"code": "ROWS_WRONG", "params": {"count": str(wrong)}}
    if "MASS_LEAVE" in summary["warnings"]:
        return {"code": "CONFIRMATION_NEEDED", "params": {}}
    return None


def apply_workforce(*, job_id: Any, now: datetime, people: Sequence[Any] | None = None) -> bool:
    """Apply a confirmed payroll in one transaction; False where there is nothing to do.

    It is planned anew under the contract's lock. Should it now do anything else than what was
    confirmed, nothing is applied: it is CHECKED again with the new preview, and `problem` is
    CHANGED_MEANWHILE.
    """
    with transaction.atomic():
        job = claim(job_id, Job.State.CONFIRMED)
        if job is None:
            return False
        refusal = find_refusal(job, timezone.localdate(now))
        if refusal:
            _fail(job, refusal, now)
            return True
        job.contract = lock_contract(job.contract)
        sent = read_sent(job) if people is None else people
        if _apply_as_confirmed(job, sent, now):
            job.state, job.finished_at, job.problem = Job.State.APPLIED, now, None
        else:
            _keep_preview(job, sent, now)
            job.problem = {"code": "CHANGED_MEANWHILE", "params": {}}
        job.save()
        tell_finished(job, now)
    forget_progress(job_id)
    return True


class _DoesOtherwise(Exception):
    """A payroll would now do something else than what was confirmed."""


def _apply_as_confirmed(job: Job, people: Sequence[Any], now: datetime) -> bool:
    """Write what the payroll says; nothing where it is not what was confirmed.

    Each part of the plan is written before the next is made: few people are held at a time.
    """
    origin = Origin(None, Channel.API, f"API: {job.client.name}")
    sent = read_workforce(job.contract, people, _day_of(job), job.created_at)
    tell = tell_progress(job, sum(len(one.notices) for one in sent.compared.said))

    def save(part: Plan) -> None:
        save_plan(job.contract, leave_out_refused(part), origin, now=now)
        tell(len(part.results))

    try:
        with transaction.atomic(), paused_garbage_collector():
            _insist(sent.draft(save), job.digest)
    except _DoesOtherwise:
        return False
    return True


def _insist(draft: WorkforceDraft, digest: str) -> None:
    if draft.digest() != digest:
        raise _DoesOtherwise
