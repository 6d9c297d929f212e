"""Fill the database of the environment with the constructed insurer: python -m tests.web.build."""

import sys
from datetime import date, timedelta
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402 -- needs the settings
from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from aupolicy.facts.machine import ApiScope  # noqa: E402
from aupolicy.kernel.month import Month  # noqa: E402
from aupolicy.models import Role, User  # noqa: E402
from aupolicy.operations import give_grant  # noqa: E402
from aupolicy.operations.machines import create_client, create_key  # noqa: E402
from tests.claims.world import insure, make_contract  # noqa: E402
from tests.portal.claims_scenes import build_claims  # noqa: E402
from tests.portal.money_scenes import build_money  # noqa: E402
from tests.portal.scenes import play  # noqa: E402
from tests.portal.world import PASSWORD, World, build_world, create_people  # noqa: E402


def main() -> int:
    """Migrate and build."""
    call_command("migrate", verbosity=0)
    today = timezone.localdate()
    world = build_world(today=today, large=60, months=3)
    people = create_people(world)
    play(world, people)
    build_claims(world, people)
    build_money(world, people, Path(settings.FILES_ROOT) / "bank")
    connect_program(world, people["hr"])
    _insure_ropery(today)
    return 0


def connect_program(world: World, user: User) -> None:
    """A payroll program of the large employer, with a key."""
    now = timezone.now()
    client = create_client(
        name="Lohnprogramm", party=world.contract.employer, scopes=list(ApiScope), by=user, now=now
    )
    create_key(client=client, expires_at=now + timedelta(days=90), by=user, now=now)


def _insure_ropery(today: date) -> None:
    """An employer insured long enough that three months of benefit can have passed."""
    start = Month.of(today).plus(-7).first_day
    contract = make_contract("GV-SEIL-1", start=start)
    insure(contract, "R-1", since=start, pay="2900.00", first_name="Alma", last_name="Reep")
    insure(contract, "R-2", since=start, pay="2100.00", first_name="Bruno", last_name="Tau")
    for name, role, employer in (
        ("roper", Role.EMPLOYER_ADMIN, contract.employer),
        ("finance2", Role.FINANCE, None),
    ):
        user = User.objects.create_user(name, email=f"{name}@example.org", password=PASSWORD)
        give_grant(user=user, role=role, first_day=start, employer=employer)


if __name__ == "__main__":
    sys.exit(main())
