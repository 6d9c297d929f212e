"""What people do with a file of notices: hand it in, put it right, release it, discard it.

The order is: receive_upload -> billing.operations.check_upload (the preview) -> set_mapping or
correct_row, each followed by another check -> release_upload -> apply_upload. Edges do the slow
steps through billing.tasks.send_check and send_apply, which take small files at once.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction

from aupolicy.kernel.file_store import FileStore
from aupolicy.kernel.memory import paused_garbage_collector
from aupolicy.models import GroupContract, User
from members.facts import Channel, Plan, UploadKind, UploadStatus
from members.models import ColumnMapping, Upload, UploadCorrection
from members.operations.apply_notices import lock_contract
from members.operations.save_plan import Origin, save_plan
from members.parsing.formats import LARGEST_FILE_BYTES
from members.parsing.headings import FIELDS
from members.parsing.problems import UnableToReadTable
from members.queries.plan import leave_out_refused
from members.queries.upload_draft import draft_upload

OPEN = frozenset({UploadStatus.RECEIVED, UploadStatus.CHECKED})
_LONGEST_NAME = 200
_LONGEST_CELL = 500


class UnableToTakeUpload(ValueError):
    """Something that cannot be done with a file now; members.words.describe_upload_refusal.

    `code`: EMPTY_FILE, FILE_TOO_LARGE (megabytes), EFFECTIVE_MISSING, EFFECTIVE_OUTSIDE_CONTRACT,
    NOT_OPEN (status), UNKNOWN_FIELD (field), FIELD_TWICE (field), NO_SUCH_ROW (row),
    ERRORS_LEFT (count), NOTHING_TO_DO.
    """

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def receive_upload(
    *,
    contract: GroupContract,
    kind: UploadKind,
    file_name: str,
    content: bytes,
    effective: date | None,
    sender: User | None,
    now: datetime,
    channel: Channel = Channel.FILE,
) -> Upload:
    """Keep a file as it came; the same file for the same contract, kind and day is the first one.

    `effective` is the day of rows that name none, for a complete payroll the day it holds for,
    which it must have. Its size is looked at before anything else. Raises UnableToTakeUpload.
    """
    _check_file(content)
    _check_day(contract, kind, effective)
    upload = Upload(
        contract=contract,
        kind=kind.value,
        file_name=Path(file_name.replace("\\", "/")).name[-_LONGEST_NAME:],
        sha256=FileStore(Path(settings.FILES_ROOT)).put(content),
        byte_count=len(content),
        effective=effective,
        channel=channel.value,
        received_at=now,
        sender=sender,
    )
    try:
        with transaction.atomic():
            upload.save(force_insert=True)
    except IntegrityError:
        return _find_same(upload)
    return upload


def _check_file(content: bytes) -> None:
    if len(content) > LARGEST_FILE_BYTES:
        raise UnableToTakeUpload("FILE_TOO_LARGE", megabytes=str(LARGEST_FILE_BYTES // 1024**2))
    if not content:
        raise UnableToTakeUpload("EMPTY_FILE")


def _check_day(contract: GroupContract, kind: UploadKind, effective: date | None) -> None:
    if kind is not UploadKind.FULL_LIST:
        return
    if effective is None:
        raise UnableToTakeUpload("EFFECTIVE_MISSING")
    if effective not in contract.period:
        raise UnableToTakeUpload("EFFECTIVE_OUTSIDE_CONTRACT")


def _find_same(upload: Upload) -> Upload:
    """The file that is there already; it may have been handed in at the same moment."""
    return Upload.objects.exclude(status__in=[UploadStatus.REFUSED, UploadStatus.DISCARDED]).get(
        contract=upload.contract,
        kind=upload.kind,
        sha256=upload.sha256,
        effective=upload.effective,
    )


def set_mapping(
    *, upload: Upload, mapping: Mapping[str, str], by: User | None, now: datetime, remember: bool
) -> Upload:
    """Say what the columns mean (heading -> field, "" for a column to leave out).

    With `remember` it holds for the employer's next files of this kind too. The file has to be
    checked again. Raises UnableToTakeUpload.
    """
    chosen = [field for field in mapping.values() if field]
    for field in chosen:
        if field not in FIELDS[UploadKind(upload.kind)]:
            raise UnableToTakeUpload("UNKNOWN_FIELD", field=field[:60])
        if chosen.count(field) > 1:
            raise UnableToTakeUpload("FIELD_TWICE", field=field)
    with transaction.atomic():
        upload = _hold(upload, OPEN)
        upload.mapping = dict(mapping)
        _send_back(upload)
        if remember:
            ColumnMapping.objects.update_or_create(
                employer_id=upload.contract.employer_id,
                kind=upload.kind,
                defaults={"mapping": dict(mapping), "saved_by": by, "saved_at": now},
            )
    return upload


def correct_row(
    *, upload: Upload, row: int, cells: Mapping[str, str], by: User, now: datetime
) -> Upload:
    """Put cells of a row right (field -> text); the file stays, and has to be checked again.

    Cells put right before stay so where `cells` does not name them. Raises UnableToTakeUpload.
    """
    for field in cells:
        if field not in FIELDS[UploadKind(upload.kind)]:
            raise UnableToTakeUpload("UNKNOWN_FIELD", field=field[:60])
    said = {field: text.strip()[:_LONGEST_CELL] for field, text in cells.items()}
    with transaction.atomic():
        upload = _hold(upload, OPEN)
        if not upload.rows.filter(row=row).exists():
            raise UnableToTakeUpload("NO_SUCH_ROW", row=str(row))
        known = UploadCorrection.objects.filter(upload=upload, row=row).first()
        UploadCorrection.objects.update_or_create(
            upload=upload,
            row=row,
            defaults={
                "cells": {**(known.cells if known else {}), **said},
                "corrected_by": by,
                "corrected_at": now,
            },
        )
        _send_back(upload)
    return upload


def release_upload(
    *, upload: Upload, skips_failed_rows: bool, by: User | None, now: datetime
) -> Upload:
    """Let a checked file take effect. Raises UnableToTakeUpload.

    While rows are in error it is refused, unless they are to be left out. Only a checked file can
    be released, so a second release is refused.
    """
    with transaction.atomic():
        upload = _hold(upload, {UploadStatus.CHECKED})
        outcomes = upload.summary["outcomes"]
        if outcomes["failed"] and not skips_failed_rows:
            raise UnableToTakeUpload("ERRORS_LEFT", count=str(outcomes["failed"]))
        if not outcomes["apply"] and not outcomes["clerk"]:
            raise UnableToTakeUpload("NOTHING_TO_DO")
        upload.status = UploadStatus.RELEASED
        upload.released_at, upload.released_by = now, by
        upload.skips_failed_rows = skips_failed_rows
        upload.save(update_fields=["status", "released_at", "released_by", "skips_failed_rows"])
    return upload


def discard_upload(*, upload: Upload) -> Upload:
    """Drop a file that has not taken effect; it may be handed in again.

    Raises UnableToTakeUpload.
    """
    with transaction.atomic():
        upload = _hold(upload, OPEN)
        upload.status = UploadStatus.DISCARDED
        upload.save(update_fields=["status"])
        upload.rows.all().delete()
    return upload


def _hold(upload: Upload, statuses: Collection[UploadStatus]) -> Upload:
    """The file, locked for this transaction; a check or another person may hold it a while."""
    held = Upload.objects.select_for_update(of=("self",)).select_related("contract")
    upload = held.get(pk=upload.pk)
    if upload.status not in statuses:
        raise UnableToTakeUpload("NOT_OPEN", status=upload.status)
    return upload


def _send_back(upload: Upload) -> None:
    """Have it checked again."""
    upload.status, upload.problems = UploadStatus.RECEIVED, []
    upload.save(update_fields=["status", "problems", "mapping"])


def apply_upload(*, upload_id: int, now: datetime) -> bool:
    """Apply a released file in one transaction; False where there is nothing to do (any more).

    Claims the row, so two workers never apply one file, and a killed one leaves it released.
    The file is read and matched anew: should it now do anything else than what was released,
    nothing is applied and it goes back to be checked (`summary["changed_since_check"]`).
    """
    with transaction.atomic():
        upload = claim(upload_id, UploadStatus.RELEASED)
        if upload is None:
            return False
        upload.contract = lock_contract(upload.contract)
        if not _apply_as_released(upload, now):
            upload.summary = {**upload.summary, "changed_since_check": True}
            upload.status, upload.released_at, upload.released_by = (
                UploadStatus.RECEIVED,
                None,
                None,
            )
            upload.save(update_fields=["summary", "status", "released_at", "released_by"])
            return False
        upload.status, upload.applied_at = UploadStatus.APPLIED, now
        upload.save(update_fields=["status", "applied_at"])
    return True


def claim(upload_id: int, status: UploadStatus) -> Upload | None:
    """A file in this state, locked; None where it is in another one or somebody works on it."""
    held = Upload.objects.select_for_update(skip_locked=True, of=("self",))
    return held.select_related("contract", "sender").filter(pk=upload_id, status=status).first()


class _DoesOtherwise(Exception):
    """A file would now do something else than what was released."""


def _apply_as_released(upload: Upload, now: datetime) -> bool:
    """Write what the file says; nothing where it is not what was released.

    Each part of the plan is written before the next is made, so that few people are held at a
    time: parts do not depend on each other. What was written is taken back if in the end the
    whole is not what was released.
    """
    origin = Origin(upload.sender, Channel(upload.channel), upload.file_name, upload)

    def save(part: Plan) -> None:
        save_plan(upload.contract, leave_out_refused(part), origin, now=now)

    try:
        with transaction.atomic(), paused_garbage_collector():
            _insist(draft_upload(upload, save).digest() == upload.summary["digest"])
    except (UnableToReadTable, _DoesOtherwise):
        return False
    return True


def _insist(is_as_released: bool) -> None:  # noqa: FBT001 - raises inside the transaction
    if not is_as_released:
        raise _DoesOtherwise
