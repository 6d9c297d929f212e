"""Fill the database of the environment for programs that connect: python -m tests.contract.build.

Prints one JSON object: what the programs need to know.
"""

import json
import sys
from datetime import timedelta

import django

django.setup()

from django.utils import timezone  # noqa: E402 -- needs the settings

from aupolicy.facts.machine import ApiScope  # noqa: E402
from aupolicy.kernel.month import Month  # noqa: E402
from aupolicy.models import Employer  # noqa: E402
from aupolicy.operations.machines import create_client, create_key, create_oauth  # noqa: E402
from tests.claims.world import insure, make_contract  # noqa: E402
from tests.portal.world import build_world  # noqa: E402

# What docs/api.md tells of.
NUMBER = "BAU-100001"


def main() -> int:
    """Build, and tell."""
    today = timezone.localdate()
    world = build_world(today=today, large=40, months=2)
    start = Month.of(today).plus(-2).first_day
    contract = make_contract(NUMBER, start=start)
    insure(contract, "1001", since=start, pay="3200.00", first_name="Anna", last_name="Probst")
    insure(contract, "1002", since=start, pay="2400.00", first_name="Bruno", last_name="Tau")
    told = _connect(contract.employer) | {"contract": NUMBER, "today": today.isoformat()}
    told["large_key"] = _connect(world.contract.employer)["key"]
    sys.stdout.write(json.dumps(told) + "\n")
    return 0


def _connect(employer: Employer) -> dict[str, str]:
    """A program of an employer with a key and a secret."""
    now = timezone.now()
    client = create_client(
        name="Lohnprogramm", party=employer, scopes=tuple(ApiScope), by=None, now=now
    )
    key = create_key(client=client, expires_at=now + timedelta(days=30), by=None, now=now)
    secret = create_oauth(client=client)
    return {"key": key.text, "client_id": secret.client_id, "client_secret": secret.text}


if __name__ == "__main__":
    sys.exit(main())
