"""The complete payroll of a day: the server works out what changes."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from django.http import HttpResponse

from api.facts import Fault, Problem
from api.models import Job
from api.operations.workforce import (
    WorkforcePreview,
    apply_workforce,
    check_workforce,
    preview_workforce,
    read_workforce,
    receive_workforce,
)
from api.parsing.body import MEGABYTE
from api.parsing.files import FILE_QUERY
from api.parsing.workforce import Envelope, read_envelope
from api.queries.contracts import find_contract
from api.queries.job_rows import write_row
from api.queries.jobs import ROWS_SHOWN, write_job, write_result
from api.serializers.jobs import JobWithResultSerializer
from api.serializers.workforce import NewWorkforce
from api.views.files import FILES, bodies, is_file, take_file
from api.views.gate.access import ApiRequest
from api.views.gate.answers import answer
from api.views.gate.description import describe
from api.views.gate.endpoint import Endpoint, operation
from api.views.gate.paging import query_parameters, read_query
from api.views.jobs import MOST_AT_ONCE, answer_job
from api.views.large_json import LargeJsonParser
from aupolicy.facts.machine import ApiScope
from aupolicy.models import GroupContract, Right
from members.facts import UploadKind
from members.queries.workforce import count_insured

# So many people may be new or otherwise in a mere look, which no worker does.
_MOST_LOOKED_AT: Final = 5000


@dataclass(frozen=True, slots=True)
class _Asked:
    """A payroll, and what is to be done with it."""

    contract: GroupContract
    as_of: date
    people: list[Any]
    wanted: dict[str, Any]

    @property
    def applies(self) -> bool:
        """Whether it is to be applied without a second call."""
        return bool(self.wanted.get("apply", False))


class WorkforceView(Endpoint):
    """Everybody in the payroll."""

    parser_classes = (LargeJsonParser, *FILES)
    largest_body = 32 * MEGABYTE
    # The body as it came, set by its parser.
    body_content = b""

    @describe(
        "put_workforce",
        "Send the complete payroll of a day",
        text="The server compares it with who is insured on the day and answers with the notices"
        " it would make. Nothing is applied until you confirm the job, or with `apply=true`."
        " Whoever is insured and not in the payroll has left the day before; where very many would"
        " leave, the answer to `apply=true` is 409 CONFIRMATION_NEEDED, and the job has to be"
        " confirmed. Up to 1,000 people are answered at once; above (sent or insured), and for"
        " files, the answer is 202 with a job. The body may also be a CSV or XLSX table as in the"
        " portal; the address then says the rest.",
        answer=JobWithResultSerializer,
        more={202: JobWithResultSerializer},
        body=bodies(NewWorkforce),
        parameters=query_parameters(FILE_QUERY),
        group="Workforce",
    )
    @operation(ApiScope.NOTICES_WRITE)
    def put(self, request: ApiRequest) -> HttpResponse:
        """What it would do, or did."""
        if is_file(request):
            return take_file(request, UploadKind.FULL_LIST)
        asked = _read(request)
        if asked.wanted.get("dry_run", False):
            return _look(request, asked)
        return _take(request, asked, self.body_content)


def _read(request: ApiRequest) -> _Asked:
    """What is asked for; the address may say what the body does not. Raises Problem."""
    wanted = read_query(request, FILE_QUERY)
    envelope = _complete(read_envelope(request.data), wanted)
    if envelope.as_of is None:
        raise Problem(422, "INVALID_BODY", faults=(Fault("MISSING", "as_of"),))
    contract = find_contract(request.access.rights, envelope.contract, needed=Right.EDIT)
    if envelope.as_of not in contract.period:
        fault = Fault("EFFECTIVE_OUTSIDE_CONTRACT", "as_of")
        raise Problem(422, "INVALID_BODY", faults=(fault,))
    return _Asked(contract, envelope.as_of, envelope.people, wanted)


def _complete(envelope: Envelope, wanted: dict[str, Any]) -> Envelope:
    faults = []
    for name in ("contract", "as_of"):
        said, asked = getattr(envelope, name), wanted.get(name)
        if asked and said and asked != said:
            faults.append(Fault("CONTRADICTION", name))
        elif asked:
            envelope = replace(envelope, **{name: asked})
    if faults:
        raise Problem(422, "INVALID_BODY", faults=tuple(faults))
    return envelope


def _look(request: ApiRequest, asked: _Asked) -> HttpResponse:
    """What a payroll would do; nothing is kept."""
    access = request.access
    sent = read_workforce(asked.contract, asked.people, asked.as_of, access.now)
    if len(sent.compared.said) > _MOST_LOOKED_AT:
        raise Problem(422, "DRY_RUN_TOO_LARGE")
    preview = preview_workforce(
        contract=asked.contract, sent=sent, people=asked.people, today=access.today
    )
    return answer(_write_look(request, asked, preview))


def _write_look(request: ApiRequest, asked: _Asked, preview: WorkforcePreview) -> dict[str, Any]:
    now = request.access.now
    job = Job(
        contract=asked.contract,
        kind=Job.Kind.WORKFORCE,
        state=Job.State.CHECKED,
        effective=asked.as_of,
        people=len(asked.people),
        created_at=now,
        checked_at=now,
        result=preview.summary,
    )
    rows = [write_row(None, row) for row in preview.show_rows(ROWS_SHOWN + 1)]
    return {**write_job(job), "id": None, "result": write_result(preview.summary, rows)}


def _take(request: ApiRequest, asked: _Asked, content: bytes) -> HttpResponse:
    access, wanted = request.access, asked.wanted
    job = receive_workforce(
        client=access.client,
        contract=asked.contract,
        content=content,
        people=len(asked.people),
        effective=asked.as_of,
        applies_at_once=asked.applies,
        skips_failed_rows=wanted.get("mode") == "each",
        now=access.now,
    )
    insured = count_insured(asked.contract, asked.as_of)
    if max(len(asked.people), insured) <= MOST_AT_ONCE:
        check_workforce(job_id=job.pk, now=access.now, people=asked.people)
        apply_workforce(job_id=job.pk, now=access.now, people=asked.people)
    return answer_job(request, job, applies=asked.applies)
