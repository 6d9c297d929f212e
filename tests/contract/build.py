"""Fill the database of the environment for programs that connect: python -m tests.contract.build.

Prints one JSON object: what the programs need to know.
"""

import json
import sys
from datetime import date, timedelta

import django

django.setup()

from django.utils import timezone  # noqa: E402 -- needs the settings

from aupolicy.facts.machine import ApiScope  # noqa: E402
from aupolicy.kernel.month import Month  # noqa: E402
from aupolicy.models import Employer  # noqa: E402
from aupolicy.operations.machines import create_client, create_key, create_oauth  # noqa: E402
from tests.claims.world import insure, make_contract  # noqa: E402
from tests.portal.world import build_world  # noqa: E402

# What docs/api.md tells of, and what examples/payroll_client.py is tried with.
GUIDE, EXAMPLE = "BAU-100001", "BAU-100002"


def main() -> int:
    """Build, and tell."""
    today = timezone.localdate()
    world = build_world(today=today, large=40, months=2)
    start = Month.of(today).plus(-2).first_day
    told = _connect(_insure_two(GUIDE, start)) | {"contract": GUIDE}
    told["example_key"] = _connect(_insure_two(EXAMPLE, start))["key"]
    told["large_key"] = _connect(world.contract.employer)["key"]
    sys.stdout.write(json.dumps(told) + "\n")
    return 0


def _insure_two(number: str, start: date) -> Employer:
    """An employer with two insured people."""
    employer = Employer.objects.create(
        legal_name="Beispiel GmbH", street="Weg", postal_code="12345", town="Ort"
    )
    contract = make_contract(number, start=start, employer=employer)
    anna, bruno = ("1001", "3200.00", "1990-05-17"), ("1002", "2400.00", "1988-02-03")
    for (key, pay, birth_date), first, last in ((anna, "Anna", "Probst"), (bruno, "Bruno", "Tau")):
        insure(
            contract, key, since=start, pay=pay, birth_date=birth_date, first_name=first,
            last_name=last,
        )  # fmt: skip
    return employer


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
