"""Addresses that do not exist."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from api.facts import Problem
from api.views.gate.endpoint import read_request_id
from api.views.gate.problems import write_problem


@csrf_exempt
def say_not_found(request: HttpRequest) -> HttpResponse:
    """A problem for an address that is none of ours, whoever asks."""
    request_id = read_request_id(request)
    response = write_problem(Problem(404, "NOT_FOUND"), request_id)
    response["X-Request-Id"] = request_id
    return response
