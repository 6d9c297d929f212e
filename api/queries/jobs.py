"""Jobs of programs: found, listed, and told as answers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from api.facts import Problem
from api.models import Job
from api.queries.contracts import parse_key
from api.queries.job_progress import get_progress
from api.queries.job_rows import list_rows, write_notes, write_problem, write_row
from api.queries.job_states import read_problem, read_state, read_summary
from aupolicy.models import ApiClient, Right
from aupolicy.queries.access import Rights, includes
from members.models import Upload
from members.queries.draft_rows import APPLY, CLERK, FAILED, KNOWN, NONE

# So many rows stand in a job; the others are asked for page by page.
ROWS_SHOWN = 1000


def list_jobs(client: ApiClient, rights: Rights) -> QuerySet[Job]:
    """The jobs of a program's party, the newest first."""
    readable = {*rights.employers, *rights.clients}
    allowed = [e for e in sorted(readable) if includes(rights.right_for(e), Right.READ)]
    jobs = Job.objects.select_related("contract", "upload", "client")
    return jobs.filter(_of_party(client), contract__employer__in=allowed).order_by(
        "-created_at", "-pk"
    )


def after(jobs: QuerySet[Job], created_at: datetime, job_id: UUID) -> QuerySet[Job]:
    """Those that come after one in the order of `list_jobs`."""
    return jobs.filter(Q(created_at__lt=created_at) | Q(created_at=created_at, pk__lt=job_id))


def _of_party(client: ApiClient) -> Q:
    if client.employer_id is not None:
        return Q(client__employer=client.employer_id)
    return Q(client__broker=client.broker_id)


def find_job(client: ApiClient, rights: Rights, name: str, *, held: bool = False) -> Job:
    """A job of a program's party; `held` locks its row. Raises Problem (404)."""
    key = parse_key(name)
    jobs = list_jobs(client, rights)
    if held:
        jobs = jobs.select_for_update(of=("self",))
    job = jobs.filter(pk=key).first() if key else None
    if job is None:
        raise Problem(404, "NOT_FOUND")
    return job


def find_job_of_upload(client: ApiClient, upload: Upload) -> Job | None:
    """The job that a program's party has for a file."""
    jobs = Job.objects.select_related("contract", "upload", "client")
    return jobs.filter(_of_party(client), upload=upload).order_by("created_at", "pk").first()


def write_job(job: Job) -> dict[str, Any]:
    """A job as lists tell it."""
    progress = get_progress(job)
    upload = job.upload
    summary = read_summary(job)
    return {
        "id": job.pk,
        "kind": job.kind,
        "state": read_state(job),
        "contract": job.contract.number,
        "as_of": job.effective,
        "file_name": upload.file_name if upload else None,
        "people": summary["rows"] if summary else (job.people or None),
        "created_at": job.created_at,
        "checked_at": upload.checked_at if upload else job.checked_at,
        "finished_at": upload.applied_at or job.finished_at if upload else job.finished_at,
        "progress": {"done": progress[0], "total": progress[1]} if progress else None,
        "problem": write_problem(job, read_problem(job)),
    }


def write_job_with_result(job: Job) -> dict[str, Any]:
    """A job with its preview."""
    summary = read_summary(job)
    result = None
    if summary is not None:
        rows = list(list_rows(job)[: ROWS_SHOWN + 1])
        result = write_result(summary, [write_row(job, row) for row in rows])
    return {**write_job(job), "result": result}


def write_result(summary: Any, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """A preview; `rows` has one more than are shown where there are more."""
    outcomes = summary["outcomes"]
    return {
        "counts": {name: outcomes[name] for name in (APPLY, CLERK, KNOWN, NONE, FAILED)},
        "kinds": summary["kinds"],
        "warnings": summary["warnings"],
        "errors": summary["errors"],
        "effect": {
            "month": summary["month"],
            "total": summary["effect"],
            "corrections": summary["corrections"],
            "people": summary["people"],
        },
        "notes": write_notes(summary["notes"]),
        "digest": summary["digest"],
        "notices": rows[:ROWS_SHOWN],
        "complete": len(rows) <= ROWS_SHOWN,
    }
