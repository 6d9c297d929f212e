"""How an operation says that it will go: in every answer and in the description."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import path
from drf_spectacular.generators import SchemaGenerator

from api.serializers.me import MeSerializer
from api.views.gate.access import ApiRequest
from api.views.gate.answers import answer
from api.views.gate.deprecation import Deprecation
from api.views.gate.description import describe
from api.views.gate.endpoint import Endpoint, operation
from tests.api.conftest import Programs

GOING = Deprecation(date(2026, 1, 1), date(2027, 1, 1), "https://example.org/changes")


class OldView(Endpoint):
    """A constructed operation with a successor, and one that stays."""

    @describe("get_old", "An old one", answer=MeSerializer, group="Access")
    @operation(None, deprecated=GOING)
    def get(self, request: ApiRequest) -> HttpResponse:
        """Answers with a link of its own."""
        return answer({}, headers={"Link": '</api/v1/me?cursor=x>; rel="next"'})

    @describe("send_old", "One that stays", answer=MeSerializer, group="Access")
    @operation(None)
    def post(self, request: ApiRequest) -> HttpResponse:
        """Answers."""
        return answer({})


def _ask(method: str, programs: Programs, key: str) -> Any:
    request = getattr(RequestFactory(), method)("/old", headers={"authorization": f"Bearer {key}"})
    return OldView.as_view()(request)


def test_every_answer_says_since_when_until_when_and_what_instead(programs: Programs) -> None:
    told = _ask("get", programs, programs.employer.key)
    assert told.status_code == 200
    assert told["Deprecation"] == "@1767225600"
    assert told["Sunset"] == "Fri, 01 Jan 2027 00:00:00 GMT"
    following, why = told["Link"].split(", ")
    assert following == '</api/v1/me?cursor=x>; rel="next"'
    assert why == '<https://example.org/changes>; rel="deprecation"; type="text/html"'
    # A refusal says so, too.
    assert "Deprecation" in _ask("get", programs, "wrong")
    assert "Deprecation" not in _ask("post", programs, programs.employer.key)


def test_the_description_says_so() -> None:
    generator: Any = SchemaGenerator  # has no types
    made = generator(patterns=[path("old", OldView.as_view())])
    shown = made.get_schema(public=True)["paths"]["/old"]
    assert shown["get"]["deprecated"] is True
    assert (
        "Deprecated since 2026-01-01. May be gone from 2027-01-01 on."
        in (shown["get"]["description"])
    )
    assert "deprecated" not in shown["post"]
