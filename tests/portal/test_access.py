"""Who may open what: every address, as nobody, as a stranger, as an auditor."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from aupolicy.kernel.period import Period
from aupolicy.models import Grant
from tests.portal.addresses import (
    FILES,
    FORMS,
    OWN_ROWS,
    POST_ONLY,
    PUBLIC,
    build_addresses,
    list_names,
)
from tests.portal.conftest import Insurer

_PRIVATE = sorted(set(list_names()) - PUBLIC)
# The example month of "why" is the preview's; the posted statement has no such line.
_NO_EXAMPLE = frozenset({"why", "document", "cancellation_file"})


@pytest.mark.parametrize("name", _PRIVATE)
def test_without_sign_in_one_is_asked_to_sign_in(name: str, insurer: Insurer) -> None:
    address = build_addresses(insurer)[name]
    for answer in (Client().get(address), Client().post(address)):
        if answer.status_code != 405:
            assert answer.status_code == 302
            assert answer["Location"].startswith("/sign-in/?next=")


@pytest.mark.parametrize("name", _PRIVATE)
def test_a_stranger_learns_nothing(name: str, insurer: Insurer, stranger: Client) -> None:
    address = build_addresses(insurer)[name]
    for answer in (stranger.get(address), stranger.post(address)):
        assert answer.status_code in {404, 405}


@pytest.mark.parametrize("name", sorted(set(_PRIVATE) - POST_ONLY - FILES - OWN_ROWS - _NO_EXAMPLE))
def test_an_auditor_reads_every_page(name: str, insurer: Insurer, auditor: Client) -> None:
    answer = auditor.get(build_addresses(insurer)[name])
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("name", sorted(FORMS | POST_ONLY))
def test_an_auditor_changes_nothing(name: str, insurer: Insurer, auditor: Client) -> None:
    assert auditor.post(build_addresses(insurer)[name]).status_code == 403


def test_a_grant_that_has_ended_opens_nothing(insurer: Insurer, stranger: Client) -> None:
    today = timezone.localdate()
    Grant.objects.create(
        user=insurer.people["stranger"],
        role="clerk",
        period=Period(today - timedelta(days=9), today - timedelta(days=1)),
    )
    assert stranger.get("/").status_code == 404


def test_forms_are_only_taken_with_their_token(insurer: Insurer) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(insurer.people["clerk"])
    answer = client.post(build_addresses(insurer)["discard_run"])
    assert answer.status_code == 403
    assert "Formular ist abgelaufen" in answer.content.decode()
