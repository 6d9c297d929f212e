"""Programs and their keys: made, renewed, ended. A key is shown once, when it is made."""

import ipaddress
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from aupolicy.facts.machine import ApiScope
from aupolicy.kernel.api_keys import hash_key, make_key
from aupolicy.models import ApiClient, ApiKey, Broker, Employer, User

LONGEST_LIFE = timedelta(days=731)


class UnableToConnect(ValueError):
    """A program or key that cannot be made so; aupolicy.words.describe_machine_refusal.

    `code`: NO_NAME, NO_SCOPES, NOT_A_NETWORK (network), EXPIRES_TOO_LATE (days),
    EXPIRES_IN_PAST, ENDED.
    """

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A new key with its text, which is known only now."""

    key: ApiKey
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
    if not name.strip():
        raise UnableToConnect("NO_NAME")
    if not scopes:
        raise UnableToConnect("NO_SCOPES")
    return ApiClient.objects.create(
        name=name.strip(),
        employer=party if isinstance(party, Employer) else None,
        broker=party if isinstance(party, Broker) else None,
        scopes=[scope.value for scope in ApiScope if scope in scopes],
        networks=[_read_network(network) for network in networks],
        created_at=now,
        created_by=by,
    )


def _read_network(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text.strip(), strict=False))
    except ValueError:
        raise UnableToConnect("NOT_A_NETWORK", network=text.strip()[:50]) from None


def create_key(
    *, client: ApiClient, expires_at: datetime, by: User | None, now: datetime
) -> MadeKey:
    """A further key of a program; the others go on being valid. Raises UnableToConnect."""
    if expires_at <= now:
        raise UnableToConnect("EXPIRES_IN_PAST")
    if expires_at > now + LONGEST_LIFE:
        raise UnableToConnect("EXPIRES_TOO_LATE", days=str(LONGEST_LIFE.days))
    with transaction.atomic():
        held = ApiClient.objects.select_for_update().get(pk=client.pk)
        if held.ended_at is not None:
            raise UnableToConnect("ENDED")
        new = make_key()
        key = ApiKey.objects.create(
            client=held,
            prefix=new.prefix,
            secret_sha256=hash_key(new.text),
            created_at=now,
            created_by=by,
            expires_at=expires_at,
        )
    return MadeKey(key, new.text)
