"""Files kept by the SHA-256 of their content: stored once, never overwritten."""

import hashlib
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


class UnableToStoreFile(OSError):
    """A file could not be kept: the disk is full, or takes nothing. Nothing is left of it."""


@dataclass(frozen=True, slots=True)
class FileStore:
    """A folder of files named by their content."""

    root: Path

    def put(self, content: bytes) -> str:
        """Keep `content` and return its SHA-256 in hexadecimal. Keeping it again does nothing.

        Raises UnableToStoreFile.
        """
        digest = hashlib.sha256(content).hexdigest()
        path = self.path(digest)
        try:
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                _write_whole(path, content)
        except OSError as error:
            raise UnableToStoreFile(error.errno, error.strerror) from error
        return digest

    def get(self, digest: str) -> bytes:
        """The content kept under a SHA-256. Raises FileNotFoundError."""
        return self.path(digest).read_bytes()

    def path(self, digest: str) -> Path:
        """Where the content of a SHA-256 lies."""
        return self.root / digest[:2] / digest


def _write_whole(path: Path, content: bytes) -> None:
    """Written beside and renamed, so that a killed process leaves no torn file."""
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).replace(path)
    except OSError:
        with suppress(OSError):
            Path(temporary).unlink()
        raise
