"""What people and the clock do where workers do the work: on a database with many contracts."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone

from aupolicy.models import GroupContract
from benchmarks.billing_run import MONTH
from billing.models import BillingRun
from billing.operations import fill_slice, start_run
from billing.operations.posting_request import post_or_refuse
from billing.tasks import reconcile_runs, reconcile_uploads, send_apply, send_check, send_work
from members.facts import UploadKind
from members.models import Upload
from members.operations.uploads import receive_upload, release_upload

SLICE_MEMBERS = 200
UPLOADED_ROWS = 4_000
_HEAD = "Personalnummer;Nachname;Vorname;Geburtsdatum;Wirksam ab;Bruttoentgelt"
_UPLOAD_TIME = datetime(2026, 12, 3, 9, tzinfo=UTC)


def start() -> None:
    """Start the run of the month, to be posted, and send for the workers, as the portal does."""
    send_work(_start())


def share() -> None:
    """Start the run of the month, or find it, bill slices while there are any, and post it."""
    run = _start()
    while fill_slice(run=run, now=timezone.now()):
        pass
    post_or_refuse(run=run, now=timezone.now())


def _start() -> BillingRun:
    return start_run(month=MONTH, now=timezone.now(), post=True, slice_members=SLICE_MEMBERS)


def remind() -> None:
    """What the clock does once a minute about runs."""
    reconcile_runs()


def receive() -> None:
    """Hand in a large file of joining people."""
    people = (
        f"N{number};Beispielname {number};Vorname {number};01.02.1991;01.12.2026;2.600,00"
        for number in range(UPLOADED_ROWS)
    )
    upload = receive_upload(
        contract=GroupContract.objects.get(pk=1),
        kind=UploadKind.CHANGES,
        file_name="viele.csv",
        content="\n".join([_HEAD, *people]).encode(),
        effective=None,
        sender=None,
        now=_UPLOAD_TIME,
    )
    send_check(upload, _UPLOAD_TIME)


def release() -> None:
    """Release the file."""
    upload = Upload.objects.get()
    release_upload(upload=upload, skips_failed_rows=False, by=None, now=_UPLOAD_TIME)
    send_apply(upload, _UPLOAD_TIME)


def remind_of_files() -> None:
    """What the clock does once a minute about files."""
    reconcile_uploads()


LARGE: dict[str, Callable[[], Any]] = {
    "large.start": start,
    "large.share": share,
    "large.remind": remind,
    "large.receive": receive,
    "large.release": release,
    "large.remind_of_files": remind_of_files,
}
