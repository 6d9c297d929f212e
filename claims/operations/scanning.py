"""The insurer's own virus scanner, where one is set up (UPLOAD_SCAN_COMMAND)."""

import subprocess

import structlog
from django.conf import settings

from claims.parsing.files import UnableToTakeFile

_INFECTED = 1
_SECONDS = 60
_logger = structlog.get_logger(__name__)


def scan_file(content: bytes) -> None:
    """Give a file to the scanner's standard input and wait for its verdict.

    Its exit status decides: 0 clean, 1 infected, anything else means that it could not tell.
    Raises UnableToTakeFile: INFECTED, SCAN_FAILED (also when it takes more than a minute); then
    nothing may be kept.
    """
    command: list[str] = settings.UPLOAD_SCAN_COMMAND
    if not command:
        return
    try:
        done = subprocess.run(
            command,
            input=content,
            stdout=subprocess.DEVNULL,
            # What a scanner says may hold words of the file.
            stderr=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        # Without the traceback: the error holds the command's input.
        _logger.error("upload scan failed", cause=type(error).__name__)  # noqa: TRY400
        raise UnableToTakeFile("SCAN_FAILED") from None
    if done.returncode == _INFECTED:
        _logger.warning("upload refused by the virus scan")
        raise UnableToTakeFile("INFECTED")
    if done.returncode != 0:
        _logger.error("upload scan failed", exit_status=done.returncode)
        raise UnableToTakeFile("SCAN_FAILED")
