"""Files kept by the SHA-256 of their content: stored once, never overwritten."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class FileStore:
    """A folder of files named by their content."""

    root: Path

    def put(self, content: bytes) -> str:
        """Keep `content` and return its SHA-256 in hexadecimal. Keeping it again does nothing."""
        digest = hashlib.sha256(content).hexdigest()
        path = self.path(digest)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            # Written beside and renamed, so that a killed process leaves no torn file.
            handle, temporary = tempfile.mkstemp(dir=path.parent)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(temporary).replace(path)
        return digest

    def get(self, digest: str) -> bytes:
        """The content kept under a SHA-256. Raises FileNotFoundError."""
        return self.path(digest).read_bytes()

    def path(self, digest: str) -> Path:
        """Where the content of a SHA-256 lies."""
        return self.root / digest[:2] / digest
