"""Files of the bank: read whole or not at all, once, matched and booked in one transaction."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from aupolicy.kernel.file_store import FileStore
from aupolicy.kernel.memory import paused_garbage_collector
from aupolicy.models import Role, User, WorkItem
from aupolicy.operations.bulk import insert_rows, take_ids
from aupolicy.operations.turns import Turn, wait_for_turn
from aupolicy.operations.work import open_work
from aupolicy.queries import has_role
from billing.facts.bank import BankEntry, BankMessage, PaymentStatus
from billing.models import BankFile, Outcome
from billing.operations.bank_matching.batches import settle_batches
from billing.operations.bank_matching.entries import Reading, take_entries
from billing.operations.bank_matching.receipts import match_waiting
from billing.operations.bank_matching.statuses import take_statuses
from billing.operations.crash_points import crash_point
from billing.parsing.bank_files import read_messages

_DAYS_TO_CLEAR = timedelta(days=2)
_NAME_LENGTH = 200
_FILE = (
    "id", "file_name", "sha256", "source", "received_at", "received_by_id", "messages",
    "entry_count", "status_count",
)  # fmt: skip


class UnableToReceive(ValueError):
    """A file that somebody may not hand in: `code` is NOT_ALLOWED (the role is missing)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class BankFileReport:
    """What a file did: how many entries and statuses had which outcome.

    `is_new` is False for a file that had been read; then nothing was done. `matched_later` are
    transfers that had waited and found their demand now.
    """

    file: BankFile
    is_new: bool
    counts: dict[str, int] = field(default_factory=dict)
    matched_later: int = 0

    @property
    def unclear(self) -> int:
        """How many are left for a clerk."""
        return self.counts.get(Outcome.UNCLEAR, 0)


def receive_bank_file(
    *,
    content: bytes,
    name: str,
    source: BankFile.Source,
    user: User | None,
    now: datetime,
    tell: Callable[[int, int], None] = lambda _done, _read: None,
) -> BankFileReport:
    """Read a file of the bank, match all it says and book it; all or nothing, each file once.

    `user` is None for what came through the folder; `tell` hears how many entries are booked, and
    of how many read so far. Files are read one after the other, also by
    several workers. Raises UnableToReceive, and UnableToReadBankFile for a file that is damaged or
    none of a bank: then nothing has changed.
    """
    if user is not None and not has_role(user, {Role.FINANCE}, timezone.localdate(now)):
        raise UnableToReceive("NOT_ALLOWED")
    sha256 = hashlib.sha256(content).hexdigest()
    with paused_garbage_collector(), transaction.atomic():
        wait_for_turn(Turn.BANK_FILE)
        known = BankFile.objects.filter(sha256=sha256).first()
        if known is not None:
            return BankFileReport(known, is_new=False)
        (file_id,) = take_ids(BankFile, 1)
        reading = Reading(file_id=file_id, user=user, now=now, tell=tell)
        messages = _read(content, reading)
        settle_batches(now=now)
        later = match_waiting(reopened=reading.reopened, now=now, days=reading.days)
        FileStore(settings.FILES_ROOT).put(content)
        row = (
            file_id, name[:_NAME_LENGTH], sha256, BankFile.Source(source).value, now,
            user.pk if user else None, json.dumps(messages), reading.entry_count,
            reading.status_count,
        )  # fmt: skip
        insert_rows(BankFile, _FILE, [row])
        file = BankFile.objects.get(pk=file_id)
        _ask_clerks(file, now)
        crash_point("bank.booked")
    return BankFileReport(file, is_new=True, counts=dict(reading.counts), matched_later=later)


def _read(content: bytes, reading: Reading) -> list[dict[str, Any]]:
    """Take what the file says message by message; what is kept of the messages themselves."""
    messages: list[dict[str, Any]] = []
    for message, entries, statuses in read_messages(content):
        crash_point("bank.read")
        _take(reading, message, entries, statuses)
        messages.append(_describe(message, len(entries), len(statuses)))
    return messages


def _take(
    reading: Reading,
    message: BankMessage,
    entries: Sequence[BankEntry],
    statuses: Sequence[PaymentStatus],
) -> None:
    if entries:
        take_entries(reading, message.message_id, entries)
    if statuses:
        day = timezone.localdate(message.created_at)
        take_statuses(reading, message.message_id, statuses, day)


def _describe(message: BankMessage, entries: int, statuses: int) -> dict[str, Any]:
    """A message without its entries, as JSON; EUR as text."""
    return {
        "kind": message.kind.value,
        "version": message.version,
        "message_id": message.message_id,
        "statement_id": message.statement_id,
        "created_at": message.created_at.isoformat(),
        "account_iban": message.account_iban,
        "opening_balance": _text(message.opening_balance),
        "opening_on": _text(message.opening_on),
        "closing_balance": _text(message.closing_balance),
        "closing_on": _text(message.closing_on),
        "entries": entries,
        "statuses": statuses,
        "pending": message.pending,
        "page": message.page,
    }


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _ask_clerks(file: BankFile, now: datetime) -> None:
    """A task for whoever clears what nobody could match; one for each file."""
    unclear = file.entries.filter(outcome=Outcome.UNCLEAR).exists()
    if unclear or file.statuses.filter(outcome=Outcome.UNCLEAR).exists():
        open_work(
            kind=WorkItem.Kind.BANK,
            titles={file.pk: file.file_name},
            employer=None,
            due=timezone.localdate(now) + _DAYS_TO_CLEAR,
            now=now,
        )
