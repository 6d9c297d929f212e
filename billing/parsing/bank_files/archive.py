"""A ZIP of messages, as German banks deliver them; bounded before and while it is inflated.

Nothing of it is written anywhere: each file is read as a stream straight from the archive.
"""

import io
import zipfile
import zlib
from collections.abc import Callable
from functools import partial

from billing.parsing.bank_files.problems import UnableToReadBankFile

# A day of 100,000 single entries is about 200 MB of XML; a quarter of statements has 66 files.
MOST_FILES = 1_000
MOST_BYTES = 600_000_000

_ARCHIVE = b"PK\x03\x04"
_EMPTY_ARCHIVE = b"PK\x05\x06"
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED = 0x1
# What the library raises on damage of one kind or another.
DAMAGE = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError,
    UnicodeError, ValueError, OverflowError, IndexError,
)  # fmt: skip


class _Member:
    """A file of an archive as a stream that says in our words if it is damaged.

    The library reads no further than the directory says, and compares the checksum at the end;
    so a directory that lies is found.
    """

    def __init__(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
        try:
            self._stream = archive.open(info)
        except DAMAGE:
            raise UnableToReadBankFile("ZIP_DAMAGED") from None
        self._is_begun = False

    def read(self, size: int) -> bytes:
        """The next bytes, at most so many; none at the end. Raises UnableToReadBankFile."""
        try:
            piece = self._stream.read(size)
        except DAMAGE:
            raise UnableToReadBankFile("ZIP_DAMAGED") from None
        if not self._is_begun and is_archive(piece):
            raise UnableToReadBankFile("ZIP_NESTED")
        if not self._is_begun and not piece:
            raise UnableToReadBankFile("EMPTY")
        self._is_begun = True
        return piece


def is_archive(content: bytes) -> bool:
    """Whether this is a ZIP, by its first bytes."""
    return content.startswith((_ARCHIVE, _EMPTY_ARCHIVE))


def list_files(content: bytes) -> list[Callable[[], _Member]]:
    """The files of an archive in its order, each to be opened, also more than once.

    Raises UnableToReadBankFile, also when a file is opened and while it is read.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        found = archive.infolist()
    except DAMAGE:
        raise UnableToReadBankFile("ZIP_DAMAGED") from None
    if len(found) != _count_stated(content):
        raise UnableToReadBankFile("ZIP_DAMAGED")
    infos = [info for info in found if info.file_size or not info.is_dir()]
    if not infos:
        raise UnableToReadBankFile("NOTHING_INSIDE")
    if len(infos) > MOST_FILES or sum(info.file_size for info in infos) > MOST_BYTES:
        raise UnableToReadBankFile("ZIP_TOO_LARGE")
    for number, info in enumerate(infos, start=1):
        if info.flag_bits & _ENCRYPTED:
            raise UnableToReadBankFile("ZIP_ENCRYPTED", file=number)
        if info.compress_type not in _METHODS:
            raise UnableToReadBankFile("ZIP_DAMAGED", file=number)
    return [partial(_Member, archive, info) for info in infos]


def _count_stated(content: bytes) -> int:
    """How many files the end of the archive states; the library does not compare it.

    A damaged length in the directory would otherwise hide the files after it.
    """
    end = content.rfind(_EMPTY_ARCHIVE)
    return int.from_bytes(content[end + 10 : end + 12], "little")
