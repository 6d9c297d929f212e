"""Which program asks, and what it may do."""

import ipaddress
from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Q

from aupolicy.kernel.api_keys import hash_key, looks_like_key
from aupolicy.models import ApiClient, ApiKey, Right
from aupolicy.queries.access import Rights, list_clients


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
