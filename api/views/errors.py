"""Addresses that do not exist."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from api.facts import Problem
from api.views.gate.problems import write_problem


@csrf_exempt
def say_not_found(request: HttpRequest) -> HttpResponse:
    """A problem for an address that is none of ours, whoever asks."""
    return write_problem(Problem(404, "NOT_FOUND"), request.META.get("HTTP_X_REQUEST_ID", "")[:64])
