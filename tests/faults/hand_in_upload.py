"""Hand in a large file of joining people, or release one, and send for the workers.

python -m tests.faults.hand_in_upload receive ROWS | release | remind

"remind" is what the clock does once a minute.
"""

import importlib
import sys
from datetime import UTC, datetime

import django

HEAD = "Personalnummer;Nachname;Vorname;Geburtsdatum;Wirksam ab;Bruttoentgelt"


def main(step: str, rows: str = "0") -> None:
    """Do one step of the life of a file."""
    django.setup()
    # Only now can the product be imported.
    models = importlib.import_module("members.models")
    operations = importlib.import_module("members.operations.uploads")
    tasks = importlib.import_module("billing.tasks")
    now = datetime(2026, 12, 3, 9, tzinfo=UTC)
    if step == "remind":
        tasks.reconcile_uploads()
        return
    if step == "release":
        upload = models.Upload.objects.get()
        operations.release_upload(upload=upload, skips_failed_rows=False, by=None, now=now)
        tasks.send_apply(upload, now)
        return
    people = (
        f"N{number};Beispielname {number};Vorname {number};01.02.1991;01.12.2026;2.600,00"
        for number in range(int(rows))
    )
    upload = operations.receive_upload(
        contract=importlib.import_module("aupolicy.models").GroupContract.objects.get(pk=1),
        kind=importlib.import_module("members.facts").UploadKind.CHANGES,
        file_name="viele.csv",
        content="\n".join([HEAD, *people]).encode(),
        effective=None,
        sender=None,
        now=now,
    )
    tasks.send_check(upload, now)


if __name__ == "__main__":
    main(*sys.argv[1:])
