"""Requests with an Idempotency-Key are done once and answered the same."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection

from api.models import GivenAnswer
from aupolicy.models import ApiClient
from tests.api.conftest import Caller, Programs
from tests.api.test_gate import PROBLEM, check_problem, made
from tests.api.test_notices import join


def test_an_idempotency_key_answers_once(programs: Programs) -> None:
    body = {"contract": programs.number, "notices": [join("I-1", programs.today)]}
    first = programs.employer.post("notices", body, idempotency_key="k-1")
    again = programs.employer.post("notices", body, idempotency_key="k-1")
    assert first.status_code == again.status_code == 200
    assert again.content == first.content
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"
    assert again["Content-Type"] == first["Content-Type"]

    other = {"contract": programs.number, "notices": [join("I-2", programs.today)]}
    reused = programs.employer.post("notices", other, idempotency_key="k-1")
    check_problem(reused, 409, "IDEMPOTENCY_KEY_REUSED")
    dry = programs.employer.post("notices?dry_run=true", body, idempotency_key="k-1")
    check_problem(dry, 409, "IDEMPOTENCY_KEY_REUSED")
    # Another program's key of the same name is another key.
    *_, another = made(programs)
    theirs = another.post("notices", other, idempotency_key="k-1")
    assert theirs.status_code == 200, theirs.content
    assert GivenAnswer.objects.filter(key="k-1").count() == 2


def test_a_refusal_is_kept_as_well(programs: Programs) -> None:
    body = {"contract": programs.number, "notices": [join("I-3", programs.today) | {"pay": "x"}]}
    first = programs.employer.post("notices", body, idempotency_key="k-2")
    again = programs.employer.post("notices", body, idempotency_key="k-2")
    assert first.status_code == again.status_code == 422
    assert again.content == first.content
    assert again["Content-Type"].startswith(PROBLEM)


@pytest.mark.parametrize("key", ["a b", "x" * 256, "ü", "a\tb"])
def test_a_key_that_is_none_is_refused(programs: Programs, key: str) -> None:
    body: dict[str, list[str]] = {"notices": []}
    answer = programs.employer.post("notices", body, idempotency_key=key)
    check_problem(answer, 400, "BAD_IDEMPOTENCY_KEY")


@contextmanager
def _second_connection() -> Iterator[psycopg.Connection]:
    told = connection.get_connection_params()
    names = ("host", "port", "dbname", "user", "password")
    with psycopg.connect(**{name: told[name] for name in names if told.get(name)}) as other:
        yield other


def test_two_requests_with_one_key_wait_for_each_other(programs: Programs) -> None:
    client = ApiClient.objects.get(pk=_client_of(programs.employer))
    body = {"contract": programs.number, "notices": [join("I-4", programs.today)]}
    programs.employer.post("notices", body, idempotency_key="k-3")
    # The test's transaction is still open, as if the request were not done yet.
    lock = "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, %s))"
    with _second_connection() as other:
        assert other.execute(lock, ["k-3", client.pk]).fetchone() == (False,)
        assert other.execute(lock, ["k-3", client.pk + 1]).fetchone() == (True,)
        assert other.execute(lock, ["k-4", client.pk]).fetchone() == (True,)


def _client_of(caller: Caller) -> int:
    return ApiClient.objects.get(public_id=caller.get("me").json()["id"]).pk
