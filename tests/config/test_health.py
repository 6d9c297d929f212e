"""The health check that containers ask, and the headers every answer carries."""

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings


@pytest.mark.django_db
def test_all_is_well_while_database_and_broker_answer(client: Client) -> None:
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"database": True, "broker": True}


@pytest.mark.django_db
def test_without_the_broker_pages_still_work(client: Client, settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"database": True, "broker": False}


@pytest.mark.django_db(transaction=True)
def test_without_the_database_nothing_works(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection.close()
    with monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, "PORT", "9")
        response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json() == {"database": False, "broker": True}


@pytest.mark.django_db
def test_nothing_from_elsewhere_and_nothing_inline_is_allowed(client: Client) -> None:
    policy = client.get("/healthz").headers["Content-Security-Policy"]
    directives = dict(directive.split(maxsplit=1) for directive in policy.split("; "))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == directives["style-src"] == "'self'"
    assert "unsafe" not in policy
    assert "http" not in policy
