"""The folder that the bank's program puts files into: each is read once and put aside."""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from django.db import connection

from billing.models import BankDelivery, BankFile
from billing.operations.bank_deliveries import deliver_bank_file, read_delivery

DONE, REFUSED = "done", "refused"
# A file that nothing was written to for so long is complete; one that was renamed into the folder
# has the day of its last writing and is taken at once.
SETTLED_SECONDS: Final = 20
# What programs write before they rename it.
_UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload")
_FOLDER_LOCK = 6_820_013
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FolderReport:
    """How many files were read, how many refused, and how many could not be moved or read."""

    read: int = 0
    refused: int = 0
    left: int = 0


def watch_folder(
    *, folder: Path, now: datetime, explain: Callable[[BankDelivery], str]
) -> FolderReport:
    """Read every complete file of a folder, then move it to done/ or refused/.

    Beside a refused one lies a text that says why (`explain`). One that cannot be read or moved
    stays where it is: the next look finds it, and its bytes are booked once anyway. Only one
    process looks at a time; the others go on at once.
    """
    counts = {DONE: 0, REFUSED: 0, "left": 0}
    with _alone() as is_first:
        for path in _list_complete(folder, now) if is_first else ():
            try:
                counts[_take(path, now, explain)] += 1
            except OSError as error:
                counts["left"] += 1
                _log.warning("a file of the bank stays in its folder: %s", error.strerror)
    return FolderReport(counts[DONE], counts[REFUSED], counts["left"])


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether nobody else is looking into the folder."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_FOLDER_LOCK])
        is_first = bool(cursor.fetchone()[0])
        try:
            yield is_first
        finally:
            if is_first:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_FOLDER_LOCK])


def _list_complete(folder: Path, now: datetime) -> list[Path]:
    """Files that nobody writes to any more, the oldest first."""
    found = []
    try:
        entries = list(os.scandir(folder))
    except OSError as error:
        _log.warning("the folder of the bank cannot be read: %s", error.strerror)
        return []
    for entry in entries:
        if entry.name.startswith(".") or entry.name.lower().endswith(_UNFINISHED):
            continue
        if not entry.is_file(follow_symlinks=False):
            continue
        written = entry.stat(follow_symlinks=False).st_mtime
        if now.timestamp() - written >= SETTLED_SECONDS:
            found.append((written, entry.name))
    return [folder / name for _, name in sorted(found)]


def _take(path: Path, now: datetime, explain: Callable[[BankDelivery], str]) -> str:
    """Read a file and put it aside; the name of the folder it went to."""
    content = path.read_bytes()
    # Before anything is booked: a file that could not be put aside would come again and again.
    for name in (DONE, REFUSED):
        (path.parent / name).mkdir(exist_ok=True)
    delivery = deliver_bank_file(
        content=content, name=path.name, source=BankFile.Source.FOLDER, user=None, now=now
    )
    # None: the clock's other worker was quicker.
    delivery = read_delivery(delivery_id=delivery.pk, now=now) or delivery
    delivery.refresh_from_db()
    refused = delivery.state == BankDelivery.State.REFUSED
    target = _free_name(path.parent / (REFUSED if refused else DONE), path.name, now)
    path.rename(target)
    if refused:
        target.with_name(f"{target.name}.txt").write_text(explain(delivery) + "\n", "utf-8")
    return target.parent.name


def _free_name(folder: Path, name: str, now: datetime) -> Path:
    """The name in another folder, with the moment before it if there is such a file already."""
    target = folder / name
    number = 0
    while target.exists():
        number += 1
        target = folder / f"{now:%Y%m%d%H%M%S}-{number}-{name}"
    return target
