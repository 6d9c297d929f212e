"""The insured person's link: found by its token only, opened by a PIN, closed in time."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aupolicy.operations.fence import NOTHING, acting_within
from claims.models import Claim, PersonLink
from claims.operations.links import (
    UnableToOpen,
    check_pin,
    create_link,
    find_link,
    is_open,
    issue_token,
    revoke_links,
    set_pin,
)
from claims.rules.pin import is_weak_pin
from tests.claims.world import at, insure, make_contract, sick

NOW = at("2026-03-02")
PIN = "Kirsche 29"


@pytest.fixture
def claim(db: None) -> Claim:
    return sick(insure(make_contract()), "2026-02-01").claim


def make_link(claim: Claim) -> tuple[PersonLink, str]:
    made = create_link(claim=claim, email="zoe@example.org ", language="de", user=None, now=NOW)
    return made.link, made.token


def refusal(link: PersonLink, pin: str, minutes: int = 0) -> UnableToOpen:
    with pytest.raises(UnableToOpen) as refused:
        check_pin(link=link, pin=pin, now=NOW + timedelta(minutes=minutes))
    return refused.value


def test_a_link_is_found_by_its_token_in_the_role_of_the_web(claim: Claim) -> None:
    link, token = make_link(claim)
    with acting_within(NOTHING):
        assert not PersonLink.objects.exists()
        assert find_link(token) == link
    assert link.email == "zoe@example.org"
    assert link.expires_at == NOW + timedelta(days=180)
    assert token.split(".")[0] not in str(PersonLink.objects.values())


def test_junk_is_refused_without_a_query(claim: Claim) -> None:
    _, token = make_link(claim)
    with CaptureQueriesContext(connection) as queries:
        for junk in ("", "x", token[:-1], token + "x", "x" + token, token.replace(".", ":")):
            assert find_link(junk) is None
    assert len(queries) == 0


def test_the_first_one_sets_the_pin_and_then_it_is_needed(claim: Claim) -> None:
    link, token = make_link(claim)
    assert refusal(link, PIN).code == "NOT_SET"
    set_pin(link=link, pin=f" {PIN} ", now=NOW)
    with pytest.raises(UnableToOpen, match="ALREADY_SET"):
        set_pin(link=link, pin="Pflaume 30", now=NOW)
    assert refusal(link, "Pflaume 30").code == "WRONG_PIN"
    later = NOW + timedelta(days=1)
    assert check_pin(link=link, pin=PIN, now=later).last_used_at == later
    found = find_link(token)
    assert found is not None
    assert found.failed_attempts == 0
    assert PIN not in found.pin_hash


@pytest.mark.parametrize(
    "pin",
    ["12345", "x" * 65, "111111", "121212", "123123", "123456", "987654", "012345", "abcdef",
     "14031985", "140385", "850314", "1985-03-14", "14.03.1985", "Passwort", "mÜLLER"],
)  # fmt: skip
def test_what_can_be_guessed_is_no_pin(pin: str) -> None:
    assert is_weak_pin(pin, birth_date=date(1985, 3, 14), names=("Zoë", "Müller"))


@pytest.mark.parametrize(
    "pin", ["493817", "Kirsche 29", "geb 14031985", "Regen am Meer. " * 4, "112358"]
)
def test_others_are(pin: str) -> None:
    assert not is_weak_pin(pin, birth_date=date(1985, 3, 14), names=("Zoë", "Müller"))


def test_a_weak_pin_is_not_set(claim: Claim) -> None:
    link, _ = make_link(claim)
    with pytest.raises(UnableToOpen, match="PIN_TOO_WEAK"):
        set_pin(link=link, pin="14.03.1985", now=NOW)
    assert refusal(link, "14.03.1985").code == "NOT_SET"


def test_wrong_pins_close_it_for_a_while_and_then_for_longer(claim: Claim) -> None:
    link, _ = make_link(claim)
    set_pin(link=link, pin=PIN, now=NOW)
    assert [refusal(link, "falsch").code for _ in range(5)] == ["WRONG_PIN"] * 4 + ["LOCKED"]
    # Not even the right one, and trying does not lengthen it.
    assert refusal(link, PIN, 14).params == {"until": NOW + timedelta(minutes=15)}
    codes = [refusal(link, "falsch", 15) for _ in range(5)]
    assert [error.code for error in codes] == ["WRONG_PIN"] * 4 + ["LOCKED"]
    assert codes[-1].params == {"until": NOW + timedelta(minutes=45)}
    opened = check_pin(link=link, pin=PIN, now=NOW + timedelta(minutes=45))
    assert (opened.failed_attempts, opened.locked_until) == (0, None)


def test_no_lock_lasts_longer_than_a_day(claim: Claim) -> None:
    link, _ = make_link(claim)
    set_pin(link=link, pin=PIN, now=NOW)
    PersonLink.objects.update(failed_attempts=994)
    assert refusal(link, "falsch").params == {"until": NOW + timedelta(days=1)}
    assert refusal(link, "falsch", 24 * 60).params == {}


def test_a_new_link_closes_the_ones_before(claim: Claim) -> None:
    first, token = make_link(claim)
    set_pin(link=first, pin=PIN, now=NOW)
    second, _ = make_link(claim)
    assert refusal(first, PIN).code == "EXPIRED"
    found = find_link(token)
    assert found is not None
    assert not is_open(found, NOW)
    assert revoke_links(claim=claim, now=NOW) == 1
    with pytest.raises(UnableToOpen, match="EXPIRED"):
        set_pin(link=second, pin=PIN, now=NOW)


def test_it_opens_for_so_many_days(claim: Claim) -> None:
    link, _ = make_link(claim)
    set_pin(link=link, pin=PIN, now=NOW)
    day = timedelta(days=1)
    assert check_pin(link=link, pin=PIN, now=link.expires_at - day)
    with pytest.raises(UnableToOpen, match="EXPIRED"):
        check_pin(link=link, pin=PIN, now=link.expires_at)


def test_what_is_sent_is_made_when_it_is_sent(claim: Claim) -> None:
    link, first = make_link(claim)
    token = issue_token(link=link)
    assert find_link(first) is None
    assert find_link(token) == link
    set_pin(link=link, pin=PIN, now=NOW)
    with pytest.raises(UnableToOpen, match="ALREADY_SET"):
        issue_token(link=link)
