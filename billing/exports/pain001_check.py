"""Reading credit transfer files back: does the ISO schema accept one, and do its sums agree."""

from pathlib import Path
from typing import IO

from billing.exports.iso_message import FileControl, MessageVersion, UnableToAcceptFile


class UnableToAcceptTransferFile(UnableToAcceptFile):
    """A file is no sound pain.001.001.09; codes as of its parent."""


MESSAGE = MessageVersion(
    name="pain.001.001.09",
    retired={
        "pain.001.001.02": "2021-12-01",
        "pain.001.002.02": "2021-12-01",
        "pain.001.002.03": "2021-12-01",
        "pain.001.003.03": "2022-12-01",
        "pain.001.001.03": "2026-11-14",
    },
    payment="CdtTrfTxInf",
    error=UnableToAcceptTransferFile,
)
NAMESPACE = MESSAGE.namespace


def validate_against_schema(source: Path | IO[bytes]) -> None:
    """Validate a file as a stream against the ISO schema of pain.001.001.09.

    `source` is a path, or a binary stream that can be read again from where it stands. Raises
    UnableToAcceptTransferFile.
    """
    MESSAGE.validate(source)


def read_control(source: Path | IO[bytes]) -> FileControl:
    """Count and sums of a file with one payment block, to prove that its payments add up.

    The file is validated on the way. Raises UnableToAcceptTransferFile.
    """
    return MESSAGE.read_control(source)
