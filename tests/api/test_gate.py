"""The gate of the API: who gets in, how often, and what becomes of hostile requests."""

import errno
import json
import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from structlog.testing import capture_logs

from aupolicy.facts.machine import ApiScope
from aupolicy.kernel.file_store import UnableToStoreFile
from aupolicy.models import ApiClient, ApiKey
from aupolicy.operations.machines import (
    change_client,
    create_client,
    create_key,
    end_client,
    revoke_key,
    rotate_key,
)
from tests.api.conftest import Caller, Programs, make_caller
from tests.api.test_notices import join

PROBLEM = "application/problem+json"


def check_problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    """A problem as RFC 9457 writes it, with our code and the request's id."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"].startswith(PROBLEM)
    problem: dict[str, Any] = answer.json()
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["title"]
    assert problem["request_id"] == answer["X-Request-Id"]
    return problem


def made(programs: Programs, **more: Any) -> tuple[ApiClient, ApiKey, Caller]:
    """A program of the employer's with a key of its own, for a test to spoil."""
    now = timezone.now()
    client = create_client(
        name="Probe", party=programs.world.contract.employer, scopes=tuple(ApiScope), by=None,
        now=now, **more,
    )  # fmt: skip
    new = create_key(client=client, expires_at=now + timedelta(days=30), by=None, now=now)
    return client, new.key, Caller(new.text)


def test_without_a_key_one_is_told_how_to_send_it(programs: Programs) -> None:
    answer = Client().get("/api/v1/me")
    check_problem(answer, 401, "NO_KEY")
    assert answer["WWW-Authenticate"].startswith("Bearer")
    basic = Client().get("/api/v1/me", headers={"authorization": "Basic YTpi"})
    check_problem(basic, 401, "NO_KEY")


@pytest.mark.parametrize(
    "text", ["", "x", "bau_abcdefgh_" + "A" * 43, "ü", "bau_%00", "x" * 10_000, "bau_a'--"]
)
def test_a_wrong_key_opens_nothing(programs: Programs, text: str) -> None:
    check_problem(Caller(text).get("me"), 401, "WRONG_KEY")


def test_keys_end_with_their_time_their_revocation_and_their_program(programs: Programs) -> None:
    now = timezone.now()
    client, key, caller = made(programs)
    assert caller.get("me").status_code == 200
    ApiKey.objects.filter(pk=key.pk).update(expires_at=now)
    check_problem(caller.get("me"), 401, "WRONG_KEY")

    renewed = create_key(client=client, expires_at=now + timedelta(days=9), by=None, now=now)
    second = Caller(renewed.text)
    assert second.get("me").status_code == 200
    rotated = rotate_key(key=renewed.key, expires_at=now + timedelta(days=99), by=None, now=now)
    third = Caller(rotated.text)
    assert (second.get("me").status_code, third.get("me").status_code) == (200, 200)
    revoke_key(key=renewed.key, by=None, now=now)
    check_problem(second.get("me"), 401, "WRONG_KEY")
    assert third.get("me").status_code == 200

    end_client(client=client, by=None, now=now)
    check_problem(third.get("me"), 401, "WRONG_KEY")


def test_a_key_is_marked_as_used(programs: Programs) -> None:
    _, key, caller = made(programs)
    moments = []
    for _ in range(2):
        caller.get("me")
        moments.append(ApiKey.objects.get(pk=key.pk).last_used_at)
    assert key.last_used_at is None
    assert moments[0] is not None
    assert moments[0] == moments[1]


@pytest.mark.parametrize(
    ("networks", "status"),
    [
        (["127.0.0.0/8"], 200),
        (["10.0.0.0/8", "127.0.0.1"], 200),
        (["::1/128"], 403),
        (["203.0.113.0/24"], 403),
    ],
)
def test_a_program_asks_from_its_networks_only(
    programs: Programs, networks: list[str], status: int
) -> None:
    *_, caller = made(programs, networks=networks)
    answer = caller.get("me")
    if status == 403:
        check_problem(answer, 403, "NETWORK_NOT_ALLOWED")
    assert answer.status_code == status


def test_behind_a_proxy_the_address_it_tells_counts(programs: Programs, settings: Any) -> None:
    *_, caller = made(programs, networks=["203.0.113.7"])
    told = {"x_forwarded_for": "198.51.100.1, 203.0.113.7"}
    # Whoever asks could write the header: it counts only as many entries as there are proxies.
    check_problem(caller.get("me", **told), 403, "NETWORK_NOT_ALLOWED")
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert caller.get("me", **told).status_code == 200
    faked = {"x_forwarded_for": "203.0.113.7, 198.51.100.1"}
    check_problem(caller.get("me", **faked), 403, "NETWORK_NOT_ALLOWED")


def test_a_missing_scope_is_named_and_a_given_one_counts_at_once(programs: Programs) -> None:
    problem = check_problem(programs.reader.get("notices"), 403, "SCOPE_MISSING")
    assert "notices:read" in problem["title"]
    client, _, caller = made(programs)
    change_client(client=client, name="Probe", scopes=[ApiScope.QUOTES_WRITE], networks=[])
    check_problem(caller.get("notices"), 403, "SCOPE_MISSING")
    assert caller.get("me").json()["scopes"] == ["quotes:write"]


def test_after_30_wrong_keys_one_waits_and_right_keys_go_on(programs: Programs) -> None:
    wrong = Caller("bau_abcdefgh_" + "B" * 43)
    assert {wrong.get("me").status_code for _ in range(30)} == {401}
    answer = wrong.get("me")
    check_problem(answer, 429, "TOO_MANY_WRONG_KEYS")
    assert answer["Retry-After"] == "60"
    # A payroll vendor asks for many employers from one address.
    assert programs.employer.get("me").status_code == 200


def test_what_is_left_is_told_and_too_much_is_refused(programs: Programs, settings: Any) -> None:
    settings.API_REQUESTS_A_MINUTE = 3
    first = programs.employer.get("me")
    assert first["RateLimit-Limit"] == "3"
    assert first["RateLimit-Remaining"] == "2"
    assert 0 < int(first["RateLimit-Reset"]) <= 60
    # What writes counts double.
    assert programs.employer.post("notices", {})["RateLimit-Remaining"] == "0"
    refused = programs.employer.get("me")
    check_problem(refused, 429, "TOO_MANY_REQUESTS")
    assert 0 < int(refused["Retry-After"]) <= 60
    assert refused["RateLimit-Remaining"] == "0"
    assert programs.other.get("me").status_code == 200


def test_without_the_cache_answers_go_on(programs: Programs, settings: Any) -> None:
    closed = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:9/0"}
    settings.CACHES = {"default": closed}
    answer = programs.employer.get("me")
    assert answer.status_code == 200
    assert "RateLimit-Limit" not in answer
    check_problem(Caller("x").get("me"), 401, "WRONG_KEY")


def test_the_request_id_is_the_senders_or_a_new_one(programs: Programs) -> None:
    assert programs.employer.get("me", x_request_id="lauf-4711")["X-Request-Id"] == "lauf-4711"
    for sent in ("", "x" * 65, "a b", "<script>", "ü"):
        given = programs.employer.get("me", x_request_id=sent)["X-Request-Id"]
        assert re.fullmatch("[0-9a-f]{32}", given)
    nothing = Client().get("/api/v1/nothing", headers={"x-request-id": "<b>"})
    assert check_problem(nothing, 404, "NOT_FOUND")["request_id"] != "<b>"


def test_what_has_not_changed_is_not_sent_again(programs: Programs) -> None:
    first = programs.employer.get("me")
    again = programs.employer.get("me", if_none_match=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert programs.employer.get("me", if_none_match=f"W/{first['ETag']}").status_code == 304
    assert programs.employer.get("me", if_none_match='"other"').status_code == 200
    assert "private" in first["Cache-Control"]


def test_unknown_addresses_and_methods_are_problems(programs: Programs) -> None:
    check_problem(programs.employer.get("nothing/here"), 404, "NOT_FOUND")
    check_problem(Client().post("/api/v1/x%00%FF"), 404, "NOT_FOUND")
    answer = programs.employer.put("me")
    check_problem(answer, 405, "METHOD_NOT_ALLOWED")
    assert "GET" in answer["Allow"]
    assert "PUT" not in answer["Allow"]


def send(caller: Caller, body: bytes, kind: str = "application/json", **more: Any) -> Any:
    headers = {"authorization": f"Bearer {caller.key}"}
    return caller.http.post(
        "/api/v1/notices?dry_run=true", body, content_type=kind, headers=headers, **more
    )


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "a/b;c"])
def test_a_body_of_another_kind_is_refused(programs: Programs, kind: str) -> None:
    check_problem(send(programs.employer, b"a=b", kind), 415, "WRONG_CONTENT_TYPE")


_DEEP = b"[" * 100_000 + b"]" * 100_000
_HOSTILE = {
    "no JSON": (b'{"notices": [}', 400, "BROKEN_JSON"),
    "nothing": (b"", 422, "INVALID_BODY"),
    "deep lists": (_DEEP, 400, "TOO_DEEP"),
    "deep objects": (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, 400, "TOO_DEEP"),
    "NUL": (b'{"contract": "a\x00"}', 400, "NUL_CHARACTER"),
    "escaped NUL": (b'{"contract": "a\\u0000"}', 400, "NUL_CHARACTER"),
    "broken UTF-8": (b'{"contract": "\xff\xfe"}', 400, "BROKEN_UTF8"),
    "lone surrogate": (b'{"contract": "\\ud800"}', 400, "BROKEN_UTF8"),
    "surrogate in a name": (b'{"\\udfff": 1}', 400, "BROKEN_UTF8"),
    "NaN": (b'{"contract": NaN}', 400, "NOT_A_NUMBER"),
    "infinity": (b'{"contract": -Infinity}', 400, "NOT_A_NUMBER"),
    "endless number": (b'{"contract": ' + b"9" * 100_000 + b"}", 400, "NUMBER_TOO_LONG"),
    "huge number": (b'{"contract": 1e400, "notices": []}', 422, "INVALID_BODY"),
    "a list": (b"[]", 422, "INVALID_BODY"),
    "a number": (b"1", 422, "INVALID_BODY"),
    "null": (b"null", 422, "INVALID_BODY"),
}


@pytest.mark.parametrize("name", _HOSTILE)
def test_a_hostile_body_is_a_problem_at_once(programs: Programs, name: str) -> None:
    body, status, code = _HOSTILE[name]
    begun = time.perf_counter()
    check_problem(send(programs.employer, body), status, code)
    # Milliseconds; the rest is room for a busy machine.
    assert time.perf_counter() - begun < 1


class Endless:
    """A body that would never end; counts what was read of it."""

    def __init__(self) -> None:
        self.count = 0

    def read(self, size: int = -1) -> bytes:
        assert size >= 0
        self.count += size
        return b" " * size

    def readline(self, size: int = -1) -> bytes:
        """Never ends either."""
        return self.read(size)

    def close(self) -> None:
        """Nothing is open."""


def test_a_body_of_50_megabytes_is_refused_before_it_is_read(programs: Programs) -> None:
    body = Endless()
    more: dict[str, Any] = {"CONTENT_LENGTH": str(50 * 1024 * 1024), "wsgi.input": body}
    check_problem(send(programs.employer, b"x", **more), 413, "BODY_TOO_LARGE")
    assert body.count == 0


@pytest.mark.parametrize("length", ["", "-1", "x", "9" * 5000])
def test_a_body_without_a_length_is_not_read(programs: Programs, length: str) -> None:
    body = Endless()
    more: dict[str, Any] = {
        "CONTENT_LENGTH": length,
        "wsgi.input": body,
        "HTTP_TRANSFER_ENCODING": "chunked",
    }
    check_problem(send(programs.employer, b"x", **more), 411, "LENGTH_REQUIRED")
    assert body.count == 0


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("last_name", "x" * 10_000, "TOO_LONG"),
        ("last_name", "a\u202eb", "UNSEEN_CHARACTERS"),
        ("pay", "9" * 1000, "AMOUNT_TOO_LARGE"),
        ("pay", 10**300, "NO_AMOUNT"),
        ("pay", "NaN", "NO_AMOUNT"),
        ("effective", "2026-02-30", "NO_DAY"),
        ("effective", "0001-01-01", "DAY_OUT_OF_RANGE"),
        ("effective", ["2026-01-01"], "NO_DAY"),
        ("personnel_number", {"$ne": ""}, "NOT_TEXT"),
        ("personnel_number", "1'; DROP TABLE", "NO_PERSONNEL_NUMBER"),
        ("kind", True, "UNKNOWN_CHOICE"),
        ("x" * 10_000, 1, "UNKNOWN_FIELD"),
    ],
)
def test_a_hostile_field_is_a_fault_at_its_place(
    programs: Programs, field: str, value: Any, code: str
) -> None:
    notice = join("1", programs.today) | {field: value}
    body = {"contract": programs.number, "notices": [notice]}
    results = send(programs.employer, json.dumps(body).encode()).json()["results"]
    (fault,) = results[0]["errors"]
    assert fault["code"] == code
    assert fault["field"] == f"notices/0/{field[:60]}"
    assert fault["message_de"]
    assert fault["message_en"]


@pytest.mark.parametrize(
    "address",
    [
        "notices/%00", "notices/%FF%FE", "notices/" + "x" * 9000, "notices?cursor=%00",
        "notices?cursor=eyJhIjoxfQ", "notices?limit=" + "9" * 5000, "notices?contract=%ED%A0%80",
        "notices?since=9999-99-99", "notices?limit=0", "notices?limit=%C2%B2", "notices?x=1",
        "notices/..%2F..%2Fme",
    ],
)  # fmt: skip
def test_a_hostile_address_is_a_problem(programs: Programs, address: str) -> None:
    answer = programs.employer.get(address)
    assert answer.status_code in {400, 404}
    check_problem(answer, answer.status_code, answer.json()["code"])


def test_logs_tell_no_key_and_nobodys_data(programs: Programs) -> None:
    body = {"contract": programs.number, "notices": [join("I-5", programs.today)]}
    with capture_logs() as logs:
        programs.employer.post("notices", body, idempotency_key="geheim-1")
        Caller("bau_abcdefgh_" + "C" * 43).get("notices/4711?reference=Probst")
    answered = [entry for entry in logs if entry["event"] == "api.answered"]
    assert [entry["status"] for entry in answered] == [200, 401]
    assert answered[0]["client"]
    assert answered[0]["milliseconds"] >= 0
    written = json.dumps(logs, default=str)
    for secret in (programs.employer.key, programs.employer.key[:12], "bau_abcdefgh", "Bearer",
                   "Probst", "3200", "I-5", "1990", "4711", "geheim-1"):  # fmt: skip
        assert secret not in written


def test_a_fault_of_ours_tells_nothing_of_itself(
    programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("pay of Ada Probst is 3200.00")

    monkeypatch.setattr("api.views.notices.list_notices", fail)
    answer = programs.employer.get("notices")
    check_problem(answer, 500, "UNEXPECTED")
    assert b"Probst" not in answer.content
    cache.clear()


def test_a_full_disk_is_told(programs: Programs, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise UnableToStoreFile(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("api.views.notices.list_notices", fail)
    check_problem(programs.employer.get("notices"), 507, "STORAGE_FULL")
    cache.clear()


def test_programs_of_others_see_nothing_of_this_one(programs: Programs) -> None:
    now = timezone.now()
    stranger = make_caller(programs.world.contracts["Friseursalon Haarschön"].employer, now=now)
    body = {"contract": programs.number, "notices": [join("I-6", programs.today)]}
    check_problem(stranger.post("notices", body), 404, "NOT_FOUND")
