"""What an uploaded file is, by its content and not by its name; see `file_process`."""

import json
import subprocess
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from claims.parsing.file_process import MOST_PAGES, MOST_PIXELS

_PROCESS = Path(__file__).with_name("file_process.py")
# The process itself may use 10 s of processor time; this is for a machine that is busy.
_SECONDS = 20
_PIXELS_IN_MEGAPIXEL = 1_000_000
_BYTES_IN_MEGABYTE = 1024 * 1024


class FileKind(StrEnum):
    """The kinds of files that are taken."""

    PDF = "PDF"
    JPEG = "JPEG"
    PNG = "PNG"
    HEIC = "HEIC"


class UnableToTakeFile(ValueError):
    """An upload that is not taken; the error never holds anything of the file.

    `code` is EMPTY, TOO_LARGE (`most`: megabytes), NOT_A_DOCUMENT (no PDF and no picture),
    ENCRYPTED, BROKEN, ACTIVE_CONTENT, TOO_MANY_PAGES (`most`), TOO_MANY_PIXELS (`most`:
    megapixels), and where a virus scanner is set up INFECTED or SCAN_FAILED.
    """

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True, slots=True)
class TakenFile:
    """A file as it is kept: what it was, and what a browser can show of it."""

    kind: FileKind
    media_type: str
    content: bytes


def identify_file(content: bytes, *, largest: int) -> FileKind:
    """What kind of file it is, `largest` in bytes. Raises UnableToTakeFile."""
    return take_file(content, largest=largest).kind


def take_file(content: bytes, *, largest: int) -> TakenFile:
    """Look into a file of at most `largest` bytes and make it what is kept.

    A PDF stays as it is. A picture is written anew, upright and without place and camera; HEIC
    becomes JPEG. Raises UnableToTakeFile.
    """
    if not content:
        raise UnableToTakeFile("EMPTY")
    if len(content) > largest:
        raise _refusal("TOO_LARGE", largest)
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_PROCESS)],
            input=content,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _refusal("TOO_LARGE", largest) from error
    line, _, kept = done.stdout.partition(b"\n")
    if done.returncode != 0 or not line:
        # Killed for what it unpacks to, or fallen over it.
        raise _refusal("TOO_LARGE" if done.returncode < 0 else "BROKEN", largest)
    head = json.loads(line)
    if "error" in head:
        raise _refusal(head["error"], largest)
    return TakenFile(FileKind(head["kind"]), head["media_type"], kept)


def _refusal(code: str, largest: int) -> UnableToTakeFile:
    match code:
        case "TOO_LARGE":
            return UnableToTakeFile(code, most=str(largest // _BYTES_IN_MEGABYTE))
        case "TOO_MANY_PAGES":
            return UnableToTakeFile(code, most=str(MOST_PAGES))
        case "TOO_MANY_PIXELS":
            return UnableToTakeFile(code, most=str(MOST_PIXELS // _PIXELS_IN_MEGAPIXEL))
    return UnableToTakeFile(code)
