"""Which program asks, and what it may do; the programs of a party and where their keys stand."""

import ipaddress
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, IntegerField, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from aupolicy.facts.machine import KeyState, ProgramState
from aupolicy.kernel.api_keys import hash_key, looks_like_key
from aupolicy.models import ApiClient, ApiKey, Broker, Employer, Right
from aupolicy.queries.access import Rights, list_clients

SOON = timedelta(days=30)


def find_key(text: str, now: datetime) -> ApiKey | None:
    """The key in force that a text is, with its program; None for every other text."""
    if not looks_like_key(text):
        return None
    in_force = Q(revoked_at=None, expires_at__gt=now, client__ended_at=None)
    keys = ApiKey.objects.select_related("client").filter(in_force, secret_sha256=hash_key(text))
    return keys.first()


def get_client_rights(client: ApiClient, day: date) -> Rights:
    """What a program may do on a day.

    For its employer it reads and reports; for a broker as far as the employers' authorities go.
    """
    if client.employer_id is not None:
        return Rights(employers={client.employer_id: Right.EDIT})
    brokers = {client.broker_id} if client.broker_id is not None else set()
    return Rights(brokers=frozenset(brokers), clients=list_clients(brokers, day))


def may_come_from(networks: Sequence[str], address: str) -> bool:
    """Whether a program may ask from an address; without networks from everywhere."""
    if not networks:
        return True
    try:
        asking = ipaddress.ip_address(address)
    except ValueError:
        return False
    # An IPv4 address may arrive written as IPv6.
    asking = getattr(asking, "ipv4_mapped", None) or asking
    return any(asking in ipaddress.ip_network(network) for network in networks)


@dataclass(frozen=True, slots=True)
class Program:
    """A program with its keys, newest first, as they stand at a moment."""

    client: ApiClient
    keys: Sequence[tuple[ApiKey, KeyState]]
    state: ProgramState

    @property
    def last_used_at(self) -> datetime | None:
        """When it last asked, to five minutes; None where it never did."""
        moments = [key.last_used_at for key, _ in self.keys]
        return max((m for m in (*moments, self.client.token_used_at) if m), default=None)

    @property
    def expires_at(self) -> datetime | None:
        """When the last of its keys ends; None without a key in force."""
        return max((key.expires_at for key, state in self.keys if state in _OPEN), default=None)

    @property
    def has_oauth(self) -> bool:
        """Whether it signs in with OAuth client credentials, which do not end by themselves."""
        return self.client.oauth_application_id is not None


_OPEN = frozenset({KeyState.IN_FORCE, KeyState.EXPIRES_SOON})


def list_clients_of(party: Employer | Broker, now: datetime) -> list[Program]:
    """The programs of an employer or a broker, those in use first, by name."""
    found = _with_keys(clients_of(party)).order_by("name", "pk")
    programs = [describe_program(client, now) for client in found]
    return sorted(programs, key=lambda program: program.state is ProgramState.ENDED)


def find_program(party: Employer | Broker, program_id: uuid.UUID, now: datetime) -> Program | None:
    """One of a party's programs, None where it has no such one."""
    client = _with_keys(clients_of(party)).filter(public_id=program_id).first()
    return describe_program(client, now) if client else None


def clients_of(party: Employer | Broker) -> QuerySet[ApiClient]:
    """The programs that may act for a party, also ended ones."""
    if isinstance(party, Employer):
        return ApiClient.objects.filter(employer=party)
    return ApiClient.objects.filter(broker=party)


def _with_keys(clients: QuerySet[ApiClient]) -> QuerySet[ApiClient]:
    keys = ApiKey.objects.select_related("created_by", "revoked_by").order_by("-pk")
    return clients.select_related("created_by", "ended_by").prefetch_related(Prefetch("keys", keys))


def describe_program(client: ApiClient, now: datetime) -> Program:
    """A program and its keys as they stand at a moment."""
    keys = [(key, get_key_state(key, now)) for key in client.keys.all()]
    return Program(client, keys, _state(client, [state for _, state in keys]))


def _state(client: ApiClient, keys: Iterable[KeyState]) -> ProgramState:
    states = set(keys)
    if client.ended_at is not None:
        return ProgramState.ENDED
    if KeyState.IN_FORCE in states or (client.oauth_application_id and not states & _OPEN):
        return ProgramState.IN_FORCE
    return ProgramState.EXPIRES_SOON if states & _OPEN else ProgramState.NO_KEY


def get_key_state(key: ApiKey, now: datetime) -> KeyState:
    """Where a key stands at a moment; "soon" are 30 days."""
    if key.revoked_at is not None:
        return KeyState.REVOKED
    if key.expires_at <= now:
        return KeyState.EXPIRED
    return KeyState.EXPIRES_SOON if key.expires_at <= now + SOON else KeyState.IN_FORCE


def count_expiring(party: Employer | Broker, now: datetime) -> Coalesce:
    """How many programs of a party will soon have no key, as a part of another query."""
    keys = list_last_keys(now, until=now + SOON).filter(client__in=clients_of(party))
    # A fixed word to group by: one row, also where nothing is found.
    return Coalesce(
        Subquery(
            ApiClient.objects.filter(keys__in=keys.values("pk"))
            .annotate(all=Value(1))
            .values("all")
            .annotate(number=Count("pk"))
            .values("number")
        ),
        0,
        output_field=IntegerField(),
    )


def list_last_keys(now: datetime, *, until: datetime) -> QuerySet[ApiKey]:
    """The last key in force of each program whose keys all end by a moment."""
    in_force = ApiKey.objects.filter(revoked_at=None, expires_at__gt=now, client__ended_at=None)
    lasting = ApiClient.objects.filter(keys__revoked_at=None, keys__expires_at__gt=until)
    last = in_force.exclude(client__in=lasting).order_by("client_id", "-expires_at", "-pk")
    return last.distinct("client_id")
