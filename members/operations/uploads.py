"""What people do with a file of notices: hand it in, put it right, release it, discard it.

The order is: receive_upload -> billing.operations.check_upload (the preview) -> set_mapping or
correct_row, each followed by another check -> release_upload -> apply_upload. Edges do the slow
steps through billing.tasks.send_check and send_apply, which take small files at once.
"""

from collections.abc import Mapping
from datetime import date, datetime

from aupolicy.models import GroupContract, User
from members.facts import Channel, UploadKind
from members.models import Upload


class UnableToTakeUpload(ValueError):
    """Something that cannot be done with a file now; members.words.describe_upload_refusal.

    `code`: EMPTY_FILE, FILE_TOO_LARGE (megabytes), EFFECTIVE_MISSING, NOT_OPEN (status),
    UNKNOWN_FIELD (field), FIELD_TWICE (field), NO_SUCH_ROW (row), ERRORS_LEFT (count),
    NOTHING_TO_DO.
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
    raise NotImplementedError


def set_mapping(
    *, upload: Upload, mapping: Mapping[str, str], by: User, now: datetime, remember: bool
) -> Upload:
    """Say what the columns mean (heading -> field, "" for a column to leave out).

    With `remember` it holds for the employer's next files of this kind too. The file has to be
    checked again. Raises UnableToTakeUpload.
    """
    raise NotImplementedError


def correct_row(
    *, upload: Upload, row: int, cells: Mapping[str, str], by: User, now: datetime
) -> Upload:
    """Put cells of a row right (field -> text); the file stays, and has to be checked again.

    Cells put right before stay so where `cells` does not name them. Raises UnableToTakeUpload.
    """
    raise NotImplementedError


def release_upload(
    *, upload: Upload, skips_failed_rows: bool, by: User | None, now: datetime
) -> Upload:
    """Let a checked file take effect. Raises UnableToTakeUpload.

    While rows are in error it is refused, unless they are to be left out. Only a checked file can
    be released, so a second release is refused.
    """
    raise NotImplementedError


def discard_upload(*, upload: Upload, by: User | None, now: datetime) -> Upload:
    """Drop a file that has not taken effect; it may be handed in again.

    Raises UnableToTakeUpload.
    """
    raise NotImplementedError


def apply_upload(*, upload_id: int, now: datetime) -> bool:
    """Apply a released file in one transaction; False where there is nothing to do (any more).

    Claims the row, so two workers never apply one file, and a killed one leaves it released.
    The file is read and matched anew: should it now do anything else than what was released,
    nothing is applied and it goes back to be checked (`summary["changed_since_check"]`).
    """
    raise NotImplementedError
