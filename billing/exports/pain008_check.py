"""Reading direct debit files back: does the ISO schema accept one, and do its sums agree."""

from pathlib import Path
from typing import IO

from billing.exports.iso_message import FileControl, MessageVersion, UnableToAcceptFile


class UnableToAcceptDebitFile(UnableToAcceptFile):
    """A file is no sound pain.008.001.08; codes as of its parent."""


MESSAGE = MessageVersion(
    name="pain.008.001.08",
    retired={
        "pain.008.002.01": "2021-12-01",
        "pain.008.002.02": "2021-12-01",
        "pain.008.003.02": "2022-12-01",
        "pain.008.001.02": "2026-11-14",
    },
    payment="DrctDbtTxInf",
    error=UnableToAcceptDebitFile,
)
NAMESPACE = MESSAGE.namespace


def validate_against_schema(source: Path | IO[bytes]) -> None:
    """Validate a file as a stream against the ISO schema of pain.008.001.08.

    `source` is a path, or a binary stream that can be read again from where it stands. Raises
    UnableToAcceptDebitFile.
    """
    MESSAGE.validate(source)


def read_control(source: Path | IO[bytes]) -> FileControl:
    """Count and sums of a file with one payment block, to prove that its payments add up.

    The file is validated on the way. Raises UnableToAcceptDebitFile.
    """
    return MESSAGE.read_control(source)
