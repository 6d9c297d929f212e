"""OAuth 2 client credentials: tokens for programs, and nothing else of OAuth."""

import base64
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import get_access_token_model, get_application_model

from aupolicy.facts.machine import ApiScope
from aupolicy.models import ApiClient
from aupolicy.operations.machines import (
    MadeSecret,
    UnableToConnect,
    change_client,
    create_client,
    create_oauth,
    end_client,
    end_oauth,
    renew_oauth_secret,
)
from tests.api.conftest import Caller, Programs
from tests.api.test_gate import check_problem

TOKEN = "/api/v1/oauth/token"
SCOPES = (ApiScope.NOTICES_READ, ApiScope.MEMBERS_READ)


@pytest.fixture
def program(programs: Programs) -> tuple[ApiClient, MadeSecret]:
    """A program of the employer's that signs in with OAuth."""
    client = create_client(
        name="Token-Probe", party=programs.world.contract.employer, scopes=SCOPES, by=None,
        now=timezone.now(),
    )  # fmt: skip
    return client, create_oauth(client=client)


Made = tuple[ApiClient, MadeSecret]


def ask(secret: MadeSecret, *, basic: bool = True, **data: str) -> Any:
    """Ask for a token."""
    body = {"grant_type": "client_credentials", **data}
    headers = {}
    if basic:
        told = base64.b64encode(f"{secret.client_id}:{secret.text}".encode()).decode()
        headers["authorization"] = f"Basic {told}"
    else:
        body |= {"client_id": secret.client_id, "client_secret": secret.text}
    return send(body, headers)


def send(body: dict[str, str], headers: dict[str, str]) -> Any:
    """A form as RFC 6749 has it."""
    form = "application/x-www-form-urlencoded"
    client = Client(raise_request_exception=False)
    return client.post(TOKEN, urlencode(body), content_type=form, headers=headers)


@pytest.mark.parametrize("way", ["basic", "body"])
def test_a_token_for_an_hour_opens_what_the_program_may(program: Made, way: str) -> None:
    client, secret = program
    answer = ask(secret, basic=way == "basic")
    assert answer.status_code == 200, answer.content
    assert answer["Cache-Control"] == "no-store"
    told = answer.json()
    assert set(told) == {"access_token", "expires_in", "token_type", "scope"}
    assert (told["expires_in"], told["token_type"]) == (3600, "Bearer")
    assert set(told["scope"].split()) == {"notices:read", "members:read"}
    me = Caller(told["access_token"]).get("me").json()
    assert me["id"] == secret.client_id
    assert me["scopes"] == ["members:read", "notices:read"]
    client.refresh_from_db()
    assert client.token_used_at is not None


def test_neither_secret_nor_token_can_be_read_from_the_database(program: Made) -> None:
    _, secret = program
    token = ask(secret).json()["access_token"]
    stored = get_application_model().objects.get(client_id=secret.client_id).client_secret
    assert secret.text not in stored
    row = get_access_token_model().objects.latest("pk")
    assert token not in {str(value) for value in vars(row).values()}


def test_a_token_has_the_scopes_asked_for_and_still_held(program: Made) -> None:
    client, secret = program
    caller = Caller(ask(secret, scope="notices:read").json()["access_token"])
    assert caller.get("me").json()["scopes"] == ["notices:read"]
    assert caller.get("notices").status_code == 200
    change_client(client=client, name="x", scopes=[ApiScope.MEMBERS_READ], networks=[])
    check_problem(caller.get("notices"), 403, "SCOPE_MISSING")


@pytest.mark.parametrize("scope", ["statements:read", "notices:read payroll:read", "*", "x"])
def test_more_than_the_program_has_is_refused(program: Made, scope: str) -> None:
    answer = ask(program[1], scope=scope)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")


def test_wrong_secrets_open_nothing_and_are_counted(program: Made) -> None:
    wrong = MadeSecret(program[1].client_id, "baus_falsch")
    for basic in (True, False):
        answer = ask(wrong, basic=basic)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert {ask(wrong).status_code for _ in range(28)} == {401}
    answer = ask(wrong)
    assert (answer.status_code, answer.json()["error"]) == (429, "slow_down")
    assert answer["Retry-After"] == "60"


def test_an_ended_program_gets_no_token_and_its_tokens_open_nothing(program: Made) -> None:
    client, secret = program
    caller = Caller(ask(secret).json()["access_token"])
    assert caller.get("me").status_code == 200
    end_client(client=client, by=None, now=timezone.now())
    check_problem(caller.get("me"), 401, "WRONG_KEY")
    answer = ask(secret)
    assert (answer.status_code, answer.json()["error"]) == (400, "unauthorized_client")
    assert not get_access_token_model().objects.filter(application__api_client=client).exists()


def test_a_token_ends_with_its_hour(program: Made) -> None:
    caller = Caller(ask(program[1]).json()["access_token"])
    get_access_token_model().objects.update(expires=timezone.now() - timedelta(seconds=1))
    check_problem(caller.get("me"), 401, "WRONG_KEY")


def test_a_new_secret_ends_the_old_one_and_its_tokens(program: Made) -> None:
    client, old = program
    caller = Caller(ask(old).json()["access_token"])
    new = renew_oauth_secret(client=client)
    assert new.client_id == old.client_id
    assert ask(old).status_code == 401
    check_problem(caller.get("me"), 401, "WRONG_KEY")
    assert ask(new).status_code == 200


def test_without_oauth_nothing_of_it_is_left(program: Made) -> None:
    client, secret = program
    ask(secret)
    end_oauth(client=client)
    assert ask(secret).status_code == 401
    assert not get_application_model().objects.filter(client_id=secret.client_id).exists()
    with pytest.raises(UnableToConnect, match="NO_SECRET"):
        renew_oauth_secret(client=client)
    assert ask(create_oauth(client=client)).status_code == 200


def test_a_token_is_good_from_the_programs_networks_only(program: Made) -> None:
    client, secret = program
    change_client(client=client, name="x", scopes=SCOPES, networks=["203.0.113.0/24"])
    caller = Caller(ask(secret).json()["access_token"])
    check_problem(caller.get("me"), 403, "NETWORK_NOT_ALLOWED")


@pytest.mark.parametrize(
    "grant",
    [
        "password", "authorization_code", "refresh_token", "implicit", "x", "",
        "urn:ietf:params:oauth:grant-type:device_code",
        "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "urn:ietf:params:oauth:grant-type:token-exchange",
    ],
)  # fmt: skip
def test_other_ways_of_oauth_are_refused(program: Made, grant: str) -> None:
    answer = ask(
        program[1], grant_type=grant, username="hr", password="x", code="x", device_code="x",
        refresh_token="x", redirect_uri="https://example.org/", assertion="x",
    )  # fmt: skip
    assert answer.status_code == 400, answer.content
    assert answer.json()["error"] == "unsupported_grant_type"
    assert not get_access_token_model().objects.exists()


@pytest.mark.parametrize(
    ("data", "headers", "status"),
    [
        ({}, {}, 400),
        ({"grant_type": "client_credentials"}, {}, 401),
        ({"grant_type": "client_credentials", "client_id": "\x00"}, {}, 400),
        ({"grant_type": "client_credentials", "scope": "\x00"}, {}, 400),
        ({"grant_type": "client_credentials"}, {"authorization": "Basic %%%"}, 401),
        ({"grant_type": "client_credentials"}, {"authorization": "Basic JTAwOng="}, 400),
        ({"grant_type": "client_credentials"}, {"authorization": "Basic AAA6eA=="}, 400),
        ({"grant_type": "client_credentials"}, {"authorization": "Basic /////w=="}, 401),
        ({"grant_type": "client_credentials"}, {"authorization": "Bearer x"}, 401),
        ({"grant_type": "x" * 10_000}, {}, 413),
    ],
)
def test_hostile_requests_for_a_token(
    programs: Programs, data: dict[str, str], headers: dict[str, str], status: int
) -> None:
    assert programs.number
    answer = send(data, headers)
    assert answer.status_code == status, answer.content
    assert answer.json()["error"]
    assert answer["Cache-Control"] == "no-store"


def test_a_token_is_asked_for_by_post_only(programs: Programs) -> None:
    assert programs.number
    assert Client().get(TOKEN).status_code == 405
