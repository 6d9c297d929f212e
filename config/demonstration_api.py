"""The program of the demonstration: a payroll program that may ask the API for one employer."""

from datetime import datetime, timedelta

from aupolicy.facts.machine import ApiScope
from aupolicy.kernel.api_keys import hash_key
from aupolicy.models import ApiClient, ApiKey, GroupContract, User
from aupolicy.operations.machines import create_client

# Everybody can read it here, so it opens nothing but constructed employers where DEBUG is on.
KEY = "bau_probekey_Nur-zur-Probe_jeder-kennt-diesen-Schluessel"
_NAME = "Lohnprogramm Probe"
_LIFE = timedelta(days=365)


def furnish_api(contract: GroupContract, by: User, now: datetime) -> bool:
    """Let a program ask for the contract's employer; False where one was made before."""
    if ApiClient.objects.filter(employer=contract.employer, name=_NAME).exists():
        return False
    client = create_client(
        name=_NAME, party=contract.employer, scopes=list(ApiScope), by=by, now=now
    )
    ApiKey.objects.create(
        client=client,
        prefix=KEY[:12],
        secret_sha256=hash_key(KEY),
        created_at=now,
        created_by=by,
        expires_at=now + _LIFE,
    )
    return True
