"""The matrix of the API: every operation, as programs of others and with keys of others' rows.

Operations are found by walking the addresses, so a new one is in it without being listed; a new
kind of key in an address without an example fails the test.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.urls import URLPattern
from django.utils import timezone

from api.urls import urlpatterns
from api.views.gate.endpoint import Endpoint
from aupolicy.operations.fence import ALL, NOTHING, Scope, acting_within
from members.models import Person
from tests.api.conftest import Caller, Programs
from tests.api.examples import UNLIKE_OTHERS, Examples, make_examples

_KEY = re.compile(r"<(?:\w+:)?(\w+)>")
METHODS = ("get", "post", "put", "delete")
# What an address answers about something that is not there, or that it does not do.
CLOSED = {404, 405, 415}


def list_operations() -> Iterator[tuple[str, str]]:
    """Method and route of every operation of an endpoint."""
    for pattern in urlpatterns:
        view = getattr(pattern.callback, "view_class", None) if _is_route(pattern) else None
        if view is not None and issubclass(view, Endpoint):
            for method in METHODS:
                if hasattr(view, method):
                    yield method, str(pattern.pattern)


def _is_route(pattern: Any) -> bool:
    return isinstance(pattern, URLPattern)


OPERATIONS = list(list_operations())
KEYED = [(method, route) for method, route in OPERATIONS if _KEY.search(route)]


def fill(route: str, keys: Examples) -> str:
    """An address with the keys of rows."""
    return _KEY.sub(lambda found: keys[found.group(1)], route)


def call(caller: Caller, method: str, path: str, body: Any = None) -> Any:
    """Ask, with a body that is well-formed where one is sent."""
    if method == "get":
        return caller.get(path)
    return getattr(caller, method)(path, body if body is not None else {})


@pytest.fixture(scope="module")
def rows(programs_data: Programs) -> Iterator[Examples]:
    """One row of the first employer for every kind of key; other tests find none of them."""
    with pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr(settings, "FILES_ROOT", programs_data.world.files_root)
        yield make_examples(programs_data, timezone.now())
        transaction.set_rollback(True)


@pytest.fixture(params=["fenced", "open"])
def database(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Open, the database shows everything, and the queries of the operations stand alone."""
    if request.param == "open":
        monkeypatch.setattr(Scope, "of", lambda *_of, **_room: ALL)


def test_there_are_operations() -> None:
    assert len(OPERATIONS) > 25
    assert len(KEYED) > 14


@pytest.mark.parametrize(("method", "route"), OPERATIONS)
def test_without_a_key_nothing_is_answered(method: str, route: str, programs: Programs) -> None:
    path = _KEY.sub("x", route)
    for key in ("", "bau_aaaaaaaa_" + "A" * 43, "Nonsense"):
        answer = call(Caller(key), method, path)
        assert answer.status_code == 401, key
        assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(("method", "route"), KEYED)
def test_rows_of_another_employer_are_not_there(
    method: str, route: str, programs: Programs, rows: Examples
) -> None:
    path = fill(route, rows)
    answer = call(programs.other, method, path)
    # The employer's own keys may be used by another employer as well: then it gets its own row.
    own = "<path:personnel_number>" in route and _tells_nobody(answer, programs)
    assert answer.status_code in CLOSED or own
    # The broker has no authority: it sees figures, and nothing that names people.
    answer = call(programs.broker, method, path)
    assert answer.status_code in CLOSED | {403} or _tells_nobody(answer, programs), path


def _tells_nobody(answer: Any, programs: Programs) -> bool:
    """Neither a name nor a key of the first employer's people."""
    text = (b"".join(answer) if answer.streaming else answer.content).decode()
    people = Person.objects.filter(employer=programs.world.contract.employer)
    keys = people.values_list("public_id", flat=True)
    return UNLIKE_OTHERS not in text and not any(str(key) in text for key in keys)


@pytest.mark.parametrize(("method", "route"), [each for each in KEYED if each[0] == "get"])
def test_own_rows_are_there(method: str, route: str, programs: Programs, rows: Examples) -> None:
    """Else the test above would prove nothing."""
    assert call(programs.employer, method, fill(route, rows)).status_code == 200


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("method", "route"), [each for each in OPERATIONS if each not in KEYED and each[0] == "get"]
)
def test_lists_show_nothing_of_another_employer(
    method: str, route: str, programs: Programs, rows: Examples
) -> None:
    for caller in (programs.other, programs.broker):
        answer = call(caller, method, route)
        assert answer.status_code in {200, 400, 403, 422}
        assert _tells_nobody(answer, programs)
    named = call(programs.other, method, f"{route}?contract={programs.number}")
    assert named.status_code in {400, 404} or "contract" not in str(named.wsgi_request.GET)


def test_programs_are_known_where_the_web_begins_with_seeing_nothing(programs: Programs) -> None:
    with acting_within(NOTHING):
        assert programs.employer.get("me").status_code == 200
        assert programs.employer.get("notices").json()["items"]
