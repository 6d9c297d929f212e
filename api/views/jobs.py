"""Jobs: payrolls and files that were sent, looked at, confirmed, discarded."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse

from api.facts import Problem
from api.models import Job
from api.operations.jobs import confirm_job, discard_job
from api.operations.workforce import apply_workforce
from api.parsing.cursor import read_cursor
from api.parsing.fields import choice
from api.parsing.files import MODE
from api.queries.contracts import check_right
from api.queries.job_rows import OUTCOMES, list_rows, write_row
from api.queries.job_states import read_problem, read_state
from api.queries.jobs import after, find_job, list_jobs, write_job, write_job_with_result
from api.serializers.jobs import JobSerializer, JobWithResultSerializer
from api.serializers.workforce import PreviewRowSerializer
from api.tasks import send_job
from api.views.gate.access import ApiRequest
from api.views.gate.answers import answer, make_tag, matches, write_json
from api.views.gate.description import describe
from api.views.gate.endpoint import Endpoint, operation
from api.views.gate.paging import (
    DEFAULT_LIMIT,
    PAGING,
    answer_page,
    page_of,
    query_parameters,
    read_query,
)
from api.views.gate.problems import write_problem
from aupolicy.facts.machine import ApiScope
from aupolicy.models import Right

# So many people are worked while the sender waits.
MOST_AT_ONCE: Final = 1000
_ROOT: Final = "/api/v1"
ROWS: Final = (choice("outcome", "Only these.", list(OUTCOMES)), *PAGING)


class JobsView(Endpoint):
    """What your programs sent."""

    @describe(
        "list_jobs",
        "Jobs, the newest first",
        answer=page_of(JobSerializer),
        parameters=query_parameters(PAGING),
        group="Jobs",
    )
    @operation(ApiScope.NOTICES_WRITE)
    def get(self, request: ApiRequest) -> HttpResponse:
        """One page."""
        access, wanted = request.access, read_query(request, PAGING)
        found = list_jobs(access.client, access.rights)
        if "cursor" in wanted:
            found = after(found, *_read_place(wanted["cursor"]))
        limit = wanted.get("limit", DEFAULT_LIMIT)
        jobs = list(found[: limit + 1])
        places = [[job.created_at.isoformat(), str(job.pk)] for job in jobs]
        return answer_page(request, [write_job(job) for job in jobs], limit=limit, places=places)


def _read_place(cursor: str) -> tuple[datetime, UUID]:
    moment, key = read_cursor(cursor, (str, str))
    try:
        place = datetime.fromisoformat(moment), UUID(key)
    except ValueError:
        raise Problem(400, "INVALID_CURSOR") from None
    if place[0].tzinfo is None:
        raise Problem(400, "INVALID_CURSOR")
    return place


class JobView(Endpoint):
    """One job."""

    @describe(
        "get_job",
        "A job with its preview",
        text="Asked again until `state` is no longer received or confirmed.",
        answer=JobWithResultSerializer,
        group="Jobs",
    )
    @operation(ApiScope.NOTICES_WRITE)
    def get(self, request: ApiRequest, job_id: str) -> HttpResponse:
        """Where it stands."""
        access = request.access
        return answer(write_job_with_result(find_job(access.client, access.rights, job_id)))


class JobRowsView(Endpoint):
    """All rows of a preview."""

    @describe(
        "list_job_rows",
        "Rows of a job's preview",
        text="People about whom nothing is new are only counted.",
        answer=page_of(PreviewRowSerializer),
        parameters=query_parameters(ROWS),
        group="Jobs",
    )
    @operation(ApiScope.NOTICES_WRITE)
    def get(self, request: ApiRequest, job_id: str) -> HttpResponse:
        """One page."""
        access, wanted = request.access, read_query(request, ROWS)
        job = find_job(access.client, access.rights, job_id)
        place = read_cursor(wanted["cursor"], (int,))[0] if "cursor" in wanted else 0
        limit = wanted.get("limit", DEFAULT_LIMIT)
        found = list_rows(job, outcome=wanted.get("outcome", ""), after=place)
        rows = list(found[: limit + 1])
        items = [write_row(job, row) for row in rows]
        return answer_page(request, items, limit=limit, places=[[row.pk] for row in rows])


class JobConfirmationView(Endpoint):
    """Letting a job take effect."""

    @describe(
        "confirm_job",
        "Confirm a checked job",
        text="It is planned anew and applied only if it still does what its preview showed, else"
        " 409 CHANGED_MEANWHILE with the new preview as `job`. Above 1,000 people: 202, and a"
        " worker applies it.",
        answer=JobWithResultSerializer,
        more={202: JobWithResultSerializer},
        parameters=query_parameters((MODE,)),
        if_match=True,
        group="Jobs",
    )
    @operation(ApiScope.NOTICES_WRITE)
    def post(self, request: ApiRequest, job_id: str) -> HttpResponse:
        """The job, applied."""
        access = request.access
        skips = read_query(request, (MODE,)).get("mode") == "each"
        job = _take_hold(request, job_id)
        confirm_job(job=job, skips_failed_rows=skips, now=access.now)
        if job.upload is None and is_small(job):
            apply_workforce(job_id=job.pk, now=access.now)
        return answer_job(request, job, applies=True)


class JobDiscardView(Endpoint):
    """Dropping a job."""

    @describe(
        "discard_job",
        "Discard a job that has not taken effect",
        answer=JobWithResultSerializer,
        if_match=True,
        group="Jobs",
    )
    @operation(ApiScope.NOTICES_WRITE)
    def post(self, request: ApiRequest, job_id: str) -> HttpResponse:
        """The job, discarded."""
        job = _take_hold(request, job_id)
        discard_job(job=job, now=request.access.now)
        return answer_job(request, job, applies=False)


def _take_hold(request: ApiRequest, job_id: str) -> Job:
    """The job, locked, for who may report for its employer. Raises Problem."""
    access = request.access
    job = find_job(access.client, access.rights, job_id, held=True)
    check_right(access.rights, job.contract.employer_id, Right.EDIT)
    if not matches(request, write_job_with_result(job)):
        raise Problem(412, "CHANGED_MEANWHILE")
    return job


def is_small(job: Job) -> bool:
    """Whether a payroll is worked while its sender waits."""
    insured: int = (job.result or {}).get("insured", 0)
    return max(job.people, insured) <= MOST_AT_ONCE


def answer_job(request: ApiRequest, job: Job, *, applies: bool, status: int = 200) -> HttpResponse:
    """A job as it stands now.

    202 where a worker goes on. Where it was to be applied (`applies`) and is not: 409 or 422, a
    refusal that keeps what was written, with the job beside it.
    """
    access = request.access
    job = find_job(access.client, access.rights, str(job.pk))
    data, state = write_job_with_result(job), read_state(job)
    headers = {"Location": f"{_ROOT}/jobs/{job.pk}"}
    problem = read_problem(job)
    if applies and problem and state in (Job.State.CHECKED, Job.State.FAILED):
        refusal = _refuse(problem, data, headers)
        return write_problem(refusal, request.request_id)
    if state in (Job.State.RECEIVED, Job.State.CONFIRMED):
        send_job(job)
        return answer(data, status=202, headers=headers)
    headers["ETag"] = make_tag(write_json(data).encode())
    return answer(data, status=status, headers=headers)


def _refuse(problem: Mapping[str, Any], data: dict[str, Any], headers: dict[str, str]) -> Problem:
    """Why a job was not applied, with what is wrong in its rows."""
    result = data["result"] or {"notices": []}
    errors = [error for row in result["notices"] for error in row["errors"]]
    if data["problem"]:
        errors = [*data["problem"]["errors"], *errors]
    code = problem["code"]
    wrong = code in ("ROWS_WRONG", "FILE_NOT_READABLE", "COLUMNS_UNCLEAR")
    more = {"errors": errors if wrong else [], "job": data}
    return Problem(422 if wrong else 409, code, more=more, headers=headers, **problem["params"])
