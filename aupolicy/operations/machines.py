"""Programs and their keys: made, renewed, ended. A secret is shown once, when it is made."""

import ipaddress
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from oauth2_provider.models import get_access_token_model, get_application_model

from aupolicy.facts.machine import ApiScope
from aupolicy.kernel.api_keys import hash_key, make_client_secret, make_key
from aupolicy.models import ApiClient, ApiKey, Broker, Employer, User
from aupolicy.operations.fence import ALL, acting_within

LONGEST_LIFE = timedelta(days=731)
OVERLAP = timedelta(days=14)
LONGEST_OVERLAP = timedelta(days=90)
LONGEST_NAME, MOST_NETWORKS = 70, 50


class UnableToConnect(ValueError):
    """A program or key that cannot be made so; aupolicy.words.describe_machine_refusal.

    `code`: NO_NAME, NAME_TOO_LONG (most), NO_SCOPES, NOT_A_NETWORK (network),
    TOO_MANY_NETWORKS (most), EXPIRES_TOO_LATE (days), EXPIRES_IN_PAST, OVERLAP_TOO_LONG (days),
    ENDED, KEY_OVER, HAS_SECRET, NO_SECRET.
    """

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A new key with its text, which is known only now."""

    key: ApiKey
    text: str


@dataclass(frozen=True, slots=True)
class MadeSecret:
    """What a program asks for OAuth tokens with; the secret is known only now."""

    client_id: str
    text: str


def create_client(
    *,
    name: str,
    party: Employer | Broker,
    scopes: Collection[ApiScope],
    networks: Sequence[str] = (),
    by: User | None,
    now: datetime,
) -> ApiClient:
    """A program that may act for an employer or a broker; it has no key yet.

    Raises UnableToConnect.
    """
    return ApiClient.objects.create(
        employer=party if isinstance(party, Employer) else None,
        broker=party if isinstance(party, Broker) else None,
        created_at=now,
        created_by=by,
        **_read_settings(name, scopes, networks),
    )


def change_client(
    *, client: ApiClient, name: str, scopes: Collection[ApiScope], networks: Sequence[str]
) -> ApiClient:
    """Give a program another name, other scopes or networks; its keys stay and have them at once.

    Raises UnableToConnect.
    """
    told = _read_settings(name, scopes, networks)
    with transaction.atomic():
        held = _hold(client)
        for field, value in told.items():
            setattr(held, field, value)
        held.save(update_fields=list(told))
    return held


def end_client(*, client: ApiClient, by: User | None, now: datetime) -> ApiClient:
    """End a program for good: its keys and tokens open nothing from now on. Twice is once."""
    with transaction.atomic():
        held = ApiClient.objects.select_for_update().get(pk=client.pk)
        if held.ended_at is None:
            held.ended_at, held.ended_by = now, by
            held.save(update_fields=["ended_at", "ended_by"])
            _revoke_tokens(held)
    return held


def create_key(
    *, client: ApiClient, expires_at: datetime, by: User | None, now: datetime
) -> MadeKey:
    """A further key of a program; the others go on being valid. Raises UnableToConnect."""
    _check_expiry(expires_at, now)
    with transaction.atomic():
        return _make(_hold(client), expires_at, by, now)


def rotate_key(
    *,
    key: ApiKey,
    expires_at: datetime,
    overlap: timedelta = OVERLAP,
    by: User | None,
    now: datetime,
) -> MadeKey:
    """A new key that takes over from an old one; the old one ends after the overlap.

    An old key that would end earlier by itself still does. Raises UnableToConnect.
    """
    _check_expiry(expires_at, now)
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        raise UnableToConnect("OVERLAP_TOO_LONG", days=str(LONGEST_OVERLAP.days))
    with transaction.atomic():
        client = _hold(key.client)
        old = ApiKey.objects.select_for_update().get(pk=key.pk)
        if old.revoked_at is not None or old.expires_at <= now:
            raise UnableToConnect("KEY_OVER")
        old.expires_at = min(old.expires_at, now + overlap)
        old.save(update_fields=["expires_at"])
        return _make(client, expires_at, by, now)


def revoke_key(*, key: ApiKey, by: User | None, now: datetime) -> ApiKey:
    """Close a key at once, also one that has expired. Twice is once."""
    with transaction.atomic():
        held = ApiKey.objects.select_for_update().get(pk=key.pk)
        if held.revoked_at is None:
            held.revoked_at, held.revoked_by = now, by
            held.save(update_fields=["revoked_at", "revoked_by"])
    return held


def create_oauth(*, client: ApiClient) -> MadeSecret:
    """Let a program sign in with OAuth 2 client credentials; its `public_id` is its client id.

    Raises UnableToConnect: HAS_SECRET.
    """
    text = make_client_secret()
    applications = get_application_model()
    with acting_within(ALL):
        held = _hold(client)
        if held.oauth_application_id is not None:
            raise UnableToConnect("HAS_SECRET")
        held.oauth_application = applications.objects.create(
            client_id=str(held.public_id),
            client_secret=text,
            hash_client_secret=True,
            client_type=applications.CLIENT_CONFIDENTIAL,
            authorization_grant_type=applications.GRANT_CLIENT_CREDENTIALS,
        )
        held.save(update_fields=["oauth_application"])
    return MadeSecret(str(held.public_id), text)


def renew_oauth_secret(*, client: ApiClient) -> MadeSecret:
    """Another secret; the one before and the tokens it got open nothing from now on.

    Raises UnableToConnect: NO_SECRET.
    """
    text = make_client_secret()
    with acting_within(ALL):
        held = _hold(client)
        application = _find_application(held)
        application.client_secret = text
        application.save()
        _revoke_tokens(held)
    return MadeSecret(application.client_id, text)


def end_oauth(*, client: ApiClient) -> ApiClient:
    """Let a program sign in with its keys only. Raises UnableToConnect: NO_SECRET."""
    with acting_within(ALL):
        held = ApiClient.objects.select_for_update().get(pk=client.pk)
        application = _find_application(held)
        held.oauth_application = None
        held.save(update_fields=["oauth_application"])
        # Its tokens go with it.
        application.delete()
    return held


def find_secret_moment(*, client: ApiClient) -> datetime | None:
    """When the secret of a program was made; None where it has none."""
    if client.oauth_application_id is None:
        return None
    with acting_within(ALL):
        moment: datetime = _find_application(client).updated
    return moment


def _read_settings(
    name: str, scopes: Collection[ApiScope], networks: Sequence[str]
) -> dict[str, Any]:
    """What a program is called and may do, as it is kept. Raises UnableToConnect."""
    name = name.strip()
    if not name:
        raise UnableToConnect("NO_NAME")
    if len(name) > LONGEST_NAME:
        raise UnableToConnect("NAME_TOO_LONG", most=str(LONGEST_NAME))
    if not scopes:
        raise UnableToConnect("NO_SCOPES")
    if len(networks) > MOST_NETWORKS:
        raise UnableToConnect("TOO_MANY_NETWORKS", most=str(MOST_NETWORKS))
    return {
        "name": name,
        "scopes": [scope.value for scope in ApiScope if scope in scopes],
        "networks": list(dict.fromkeys(map(_read_network, networks))),
    }


def _read_network(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text.strip(), strict=False))
    except ValueError:
        raise UnableToConnect("NOT_A_NETWORK", network=text.strip()[:50]) from None


def _check_expiry(expires_at: datetime, now: datetime) -> None:
    if expires_at <= now:
        raise UnableToConnect("EXPIRES_IN_PAST")
    if expires_at > now + LONGEST_LIFE:
        raise UnableToConnect("EXPIRES_TOO_LATE", days=str(LONGEST_LIFE.days))


def _hold(client: ApiClient) -> ApiClient:
    """The program as it stands, for nobody else to change. Raises UnableToConnect: ENDED."""
    held = ApiClient.objects.select_for_update().get(pk=client.pk)
    if held.ended_at is not None:
        raise UnableToConnect("ENDED")
    return held


def _make(client: ApiClient, expires_at: datetime, by: User | None, now: datetime) -> MadeKey:
    new = make_key()
    key = ApiKey.objects.create(
        client=client,
        prefix=new.prefix,
        secret_sha256=hash_key(new.text),
        created_at=now,
        created_by=by,
        expires_at=expires_at,
    )
    return MadeKey(key, new.text)


def _find_application(client: ApiClient) -> Any:
    if client.oauth_application_id is None:
        raise UnableToConnect("NO_SECRET")
    return get_application_model().objects.get(pk=client.oauth_application_id)


def _revoke_tokens(client: ApiClient) -> None:
    # The tables of OAuth are the insurer's in the fence.
    with acting_within(ALL):
        get_access_token_model().objects.filter(
            application=client.oauth_application_id, application__isnull=False
        ).delete()
