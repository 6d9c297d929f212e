"""Start the run of a month, to be posted, and send for the workers, as the portal would.

python -m tests.faults.start_run YYYY-MM MEMBERS_OF_A_SLICE
"""

import importlib
import sys
from datetime import UTC, datetime

import django

from aupolicy.kernel.month import Month


def main(month: str, slice_members: str) -> None:
    """Start the run and send for the workers."""
    django.setup()
    # Only now can the product be imported.
    operations = importlib.import_module("billing.operations")
    tasks = importlib.import_module("billing.tasks")
    run = operations.start_run(
        month=Month.parse(month),
        now=datetime.now(UTC),
        post=True,
        slice_members=int(slice_members),
    )
    tasks.send_work(run)


if __name__ == "__main__":
    main(*sys.argv[1:])
