"""Fill the database of the environment with the constructed insurer: python -m tests.web.build."""

import sys

import django

django.setup()

from django.core.management import call_command  # noqa: E402 -- needs the settings
from django.utils import timezone  # noqa: E402

from tests.portal.scenes import play  # noqa: E402
from tests.portal.world import build_world, create_people  # noqa: E402


def main() -> int:
    """Migrate and build."""
    call_command("migrate", verbosity=0)
    today = timezone.localdate()
    world = build_world(today=today, large=60, months=3)
    play(world, create_people(world))
    return 0


if __name__ == "__main__":
    sys.exit(main())
