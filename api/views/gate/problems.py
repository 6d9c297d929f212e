"""Problem details (RFC 9457): the one place where anything that goes wrong becomes an answer."""

from collections.abc import Mapping
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from rest_framework import exceptions

from api.facts import Fault, Problem
from api.views.gate.answers import PROBLEM, answer
from api.words import describe_fault, describe_problem, in_both
from aupolicy.kernel.file_store import UnableToStoreFile

log = structlog.get_logger(__name__)

DOCUMENTATION = "/api/v1/docs"


def answer_problem(error: Exception, context: Mapping[str, Any]) -> HttpResponse:
    """What DRF calls for every exception of a view."""
    problem = to_problem(error)
    if problem.status >= 500:
        log.error("api.unexpected", exc_info=error)
    request = context.get("request")
    return write_problem(problem, getattr(request, "request_id", ""))


def to_problem(error: Exception) -> Problem:
    """Any exception as a problem; what we did not expect tells nothing of itself."""
    match error:
        case Problem():
            return error
        case Http404() | exceptions.NotFound():
            return Problem(404, "NOT_FOUND")
        case PermissionDenied() | exceptions.PermissionDenied():
            return Problem(403, "NOT_ALLOWED")
        case exceptions.MethodNotAllowed():
            return Problem(405, "METHOD_NOT_ALLOWED")
        case exceptions.UnsupportedMediaType():
            return Problem(415, "WRONG_CONTENT_TYPE")
        case exceptions.ParseError():
            return Problem(400, "BROKEN_BODY")
        case UnableToStoreFile():
            return Problem(507, "STORAGE_FULL")
        case _:
            return Problem(500, "UNEXPECTED")


def write_problem(problem: Problem, request_id: str) -> HttpResponse:
    """The answer, its sentence in the language that was asked for."""
    data = {
        "type": f"{DOCUMENTATION}#{problem.code}",
        "title": describe_problem(problem.code, problem.params),
        "status": problem.status,
        "code": problem.code,
        "errors": [write_fault(fault) for fault in problem.faults],
        "request_id": request_id,
        **problem.more,
    }
    return answer(data, status=problem.status, headers=problem.headers, kind=PROBLEM)


def write_fault(fault: Fault) -> dict[str, str]:
    """A fault as answers tell it, in both languages."""
    german, english = in_both(describe_fault, fault.code, tuple(sorted(fault.params.items())))
    return {
        "code": fault.code,
        "field": fault.field,
        "message_de": german,
        "message_en": english,
    }
