"""Programs and their keys: made, changed, renewed, ended; where they stand, and who is told."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.utils import timezone

from aupolicy.facts.machine import ApiScope, KeyState, ProgramState
from aupolicy.models import ApiClient, ApiKey
from aupolicy.operations.acting import name_actor
from aupolicy.operations.machine_use import mark_token_used
from aupolicy.operations.machines import (
    MadeKey,
    UnableToConnect,
    change_client,
    create_client,
    create_key,
    create_oauth,
    end_client,
    revoke_key,
    rotate_key,
)
from aupolicy.queries.machine import (
    describe_program,
    find_key,
    find_program,
    get_key_state,
    list_clients_of,
    list_last_keys,
)
from aupolicy.words import describe_machine_refusal, describe_scope
from documents.tasks import send_mails
from tests.portal.accounts.conftest import House, house

__all__ = ["house"]

NOW = datetime.now(UTC)
_EVENTS: Any = apps.get_model("aupolicy", "ApiClientEvent")
SCOPES = (ApiScope.MEMBERS_READ,)


def client_of(house: House, **more: Any) -> ApiClient:
    told = {"name": "Lohn", "party": house.employer, "scopes": SCOPES, "by": None, "now": NOW}
    return create_client(**told | more)  # type: ignore[arg-type] # as told


def key_of(client: ApiClient, days: int) -> MadeKey:
    return create_key(client=client, expires_at=NOW + timedelta(days=days), by=None, now=NOW)


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"name": "  "}, "NO_NAME"),
        ({"name": "x" * 71}, "NAME_TOO_LONG"),
        ({"scopes": ()}, "NO_SCOPES"),
        ({"networks": ["10.0.0.0/33"]}, "NOT_A_NETWORK"),
        ({"networks": ["10.0.0.1"] * 51}, "TOO_MANY_NETWORKS"),
    ],
)
def test_what_no_program_can_be(house: House, told: dict[str, Any], code: str) -> None:
    client = client_of(house)
    settings = {"name": "Lohn", "scopes": SCOPES, "networks": ()} | told
    calls: tuple[Callable[[], object], ...] = (
        lambda: client_of(house, **told),
        lambda: change_client(client=client, **settings),
    )
    for make in calls:
        with pytest.raises(UnableToConnect) as refused:
            make()
        assert refused.value.code == code
        assert describe_machine_refusal(code, refused.value.params)
    assert ApiClient.objects.count() == 1


@pytest.mark.parametrize(("days", "code"), [(0, "EXPIRES_IN_PAST"), (732, "EXPIRES_TOO_LATE")])
def test_how_long_no_key_lasts(house: House, days: int, code: str) -> None:
    client = client_of(house)
    key = key_of(client, 9).key
    calls: tuple[Callable[[], object], ...] = (
        lambda: key_of(client, days),
        lambda: rotate_key(key=key, expires_at=NOW + timedelta(days=days), by=None, now=NOW),
    )
    for make in calls:
        with pytest.raises(UnableToConnect) as refused:
            make()
        assert refused.value.code == code
        assert describe_machine_refusal(code, refused.value.params)


def test_only_its_hash_is_kept_of_a_key(house: House) -> None:
    made = key_of(client_of(house), 9)
    row = ApiKey.objects.get()
    assert made.text not in {str(value) for value in vars(row).values()}
    assert find_key(made.text, NOW) == row
    assert find_key(made.text, row.expires_at) is None
    assert find_key(made.text[:-1] + ("a" if made.text[-1] != "a" else "b"), NOW) is None


def test_an_old_key_ends_with_the_overlap_or_by_itself(house: House) -> None:
    client = client_of(house)
    year = NOW + timedelta(days=365)
    for days, ends in ((100, 14), (5, 5)):
        old = key_of(client, days).key
        rotate_key(key=old, expires_at=year, by=None, now=NOW)
        old.refresh_from_db()
        assert old.expires_at == NOW + timedelta(days=ends)
    with pytest.raises(UnableToConnect, match="OVERLAP_TOO_LONG"):
        rotate_key(key=old, expires_at=year, overlap=timedelta(days=91), by=None, now=NOW)
    revoke_key(key=old, by=None, now=NOW)
    with pytest.raises(UnableToConnect, match="KEY_OVER"):
        rotate_key(key=old, expires_at=year, by=None, now=NOW)


def test_revoking_and_ending_twice_is_once(house: House) -> None:
    client = client_of(house)
    key, admin = key_of(client, 9).key, house.people["admin"]
    later = NOW + timedelta(hours=1)
    assert revoke_key(key=key, by=admin, now=NOW).revoked_at == NOW
    assert revoke_key(key=key, by=None, now=later).revoked_by == admin
    assert end_client(client=client, by=admin, now=NOW).ended_at == NOW
    assert end_client(client=client, by=None, now=later).ended_by == admin
    for make in (lambda: key_of(client, 9), lambda: create_oauth(client=client)):
        with pytest.raises(UnableToConnect, match="ENDED"):
            make()


def test_where_keys_and_programs_stand(house: House) -> None:
    client = client_of(house)

    def state() -> ProgramState:
        return describe_program(ApiClient.objects.get(pk=client.pk), NOW).state

    assert state() is ProgramState.NO_KEY
    soon, long = key_of(client, 30).key, key_of(client, 31).key
    assert get_key_state(soon, NOW) is KeyState.EXPIRES_SOON
    assert get_key_state(long, NOW) is KeyState.IN_FORCE
    assert get_key_state(soon, soon.expires_at) is KeyState.EXPIRED
    assert state() is ProgramState.IN_FORCE
    assert get_key_state(revoke_key(key=long, by=None, now=NOW), NOW) is KeyState.REVOKED
    assert state() is ProgramState.EXPIRES_SOON
    create_oauth(client=client)
    # The key still runs out, and whatever uses it stops.
    assert state() is ProgramState.EXPIRES_SOON
    revoke_key(key=soon, by=None, now=NOW)
    assert state() is ProgramState.IN_FORCE
    end_client(client=client, by=None, now=NOW)
    assert state() is ProgramState.ENDED


def test_a_party_has_its_own_programs_those_in_use_first(house: House) -> None:
    ended = end_client(client=client_of(house, name="Alt"), by=None, now=NOW)
    used = client_of(house, name="Neu")
    client_of(house, party=house.other)
    client_of(house, party=house.broker)
    assert [p.client for p in list_clients_of(house.employer, NOW)] == [used, ended]
    assert find_program(house.other, used.public_id, NOW) is None
    mark_token_used(used, NOW)
    found = find_program(house.employer, used.public_id, NOW)
    assert found is not None
    assert found.last_used_at == NOW
    assert found.expires_at is None


def test_every_change_is_kept_with_who_made_it(house: House) -> None:
    client = client_of(house)
    name_actor(house.people["admin"])
    change_client(client=client, name="Neu", scopes=[ApiScope.PAYROLL_READ], networks=["::1"])
    mark_token_used(client, NOW)
    events = _EVENTS.objects.filter(pgh_obj=client).order_by("pgh_id")
    assert [event.name for event in events] == ["Lohn", "Neu"]
    assert events[1].pgh_context["user"] == house.people["admin"].pk


def test_whoever_manages_a_program_is_told_two_weeks_before_its_last_key_ends(
    house: House,
) -> None:
    now = timezone.now()
    lasting, ending = client_of(house, name="Bleibt"), client_of(house, name="Läuft ab")
    ours = client_of(house, party=house.broker, name="Vermittlung")
    for client, days in ((lasting, 5), (lasting, 50), (ending, 5), (ending, 9), (ours, 13)):
        key_of(client, days)
    assert {key.client.name for key in list_last_keys(now, until=now + timedelta(days=14))} == {
        "Läuft ab", "Vermittlung",
    }  # fmt: skip
    send_mails()
    send_mails()
    told = sorted((message.to[0], str(message.body)) for message in mail.outbox)
    assert [to for to, _ in told] == ["admin@haus.example", "broker@haus.example"]
    assert f"/employers/{house.employer.pk}/programs/{ending.public_id}/" in told[0][1]
    assert "Läuft ab" in told[0][1]
    assert f"/brokers/{house.broker.pk}/programs/{ours.public_id}/" in told[1][1]


def test_every_scope_has_its_words() -> None:
    assert all(all(describe_scope(scope)) for scope in ApiScope)
