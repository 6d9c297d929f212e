"""Tables as bodies of requests: they become files of the portal, each with a job."""

from typing import Any, Final

from django.db import transaction
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes

from api.facts import Problem
from api.models import Job
from api.operations.files import receive_file, start_file
from api.parsing.files import FILE_QUERY
from api.queries.contracts import find_contract
from api.queries.jobs import write_job_with_result
from api.views.gate.access import ApiRequest
from api.views.gate.answers import answer
from api.views.gate.paging import read_query
from api.views.gate.parsers import CsvParser, SentFile, StrictJsonParser, XlsxParser
from api.views.jobs import answer_job
from aupolicy.models import Right
from members.facts import UploadKind

FILES: Final = (CsvParser, XlsxParser)
_NAMES: Final = {UploadKind.CHANGES: "Meldungen", UploadKind.FULL_LIST: "Lohnliste"}


def bodies(shape: Any) -> dict[str, Any]:
    """What an operation reads: JSON of a shape, or a table."""
    tables = {parser.media_type: OpenApiTypes.BINARY for parser in FILES}
    return {StrictJsonParser.media_type: shape, **tables}


def is_file(request: ApiRequest) -> bool:
    """Whether the body is a table. Raises Problem (422) for one without a byte."""
    kind = (request.content_type or "").partition(";")[0].strip().lower()
    if isinstance(request.data, SentFile):
        return True
    if any(parser.media_type == kind for parser in FILES):
        # No parser is asked where there is no body.
        raise Problem(422, "EMPTY_FILE")
    return False


def take_file(request: ApiRequest, kind: UploadKind) -> HttpResponse:
    """Keep the table as a file with a job: 202, checked already where it is small."""
    wanted = read_query(request, FILE_QUERY)
    if wanted.get("dry_run", False):
        return _look(request, kind)
    applies = wanted.get("apply", False)
    job = _receive(request, kind, applies=applies)
    start_file(job=job, now=request.access.now)
    return answer_job(request, job, applies=applies, status=202)


def _receive(request: ApiRequest, kind: UploadKind, *, applies: bool) -> Job:
    access, wanted, sent = request.access, read_query(request, FILE_QUERY), request.data
    contract = find_contract(access.rights, wanted.get("contract", ""), needed=Right.EDIT)
    return receive_file(
        client=access.client,
        contract=contract,
        kind=kind,
        file_name=wanted.get("file_name") or f"{_NAMES[kind]}.{sent.suffix}",
        content=sent.content,
        effective=wanted.get("as_of"),
        applies_at_once=applies,
        skips_failed_rows=wanted.get("mode") == "each",
        now=access.now,
    )


def _look(request: ApiRequest, kind: UploadKind) -> HttpResponse:
    """What a small table would do; what was written for it is taken back."""
    with transaction.atomic():
        job = _receive(request, kind, applies=False)
        if not start_file(job=job, now=request.access.now):
            raise Problem(422, "DRY_RUN_TOO_LARGE")
        job = Job.objects.select_related("contract", "upload").get(pk=job.pk)
        data = {**write_job_with_result(job), "id": None}
        transaction.set_rollback(True)
    return answer(data)
