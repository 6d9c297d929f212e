"""Bodies of requests: bounded, decoded, and no trap for what comes after."""

import json
from typing import Any, BinaryIO, NoReturn

from api.facts import Problem

MEGABYTE = 1024 * 1024


def read_bounded(stream: BinaryIO, declared: str | None, *, most: int) -> bytes:
    """The bytes of a body of at most `most`; looks at its declared length before it reads.

    Raises Problem (413).
    """
    if declared and declared.isascii() and declared.isdigit() and int(declared[:18]) > most:
        raise _too_large(most)
    content = stream.read(most + 1)
    if len(content) > most:
        raise _too_large(most)
    return content


def _too_large(most: int) -> Problem:
    return Problem(413, "BODY_TOO_LARGE", most=str(most // MEGABYTE))


def parse_json(content: bytes) -> Any:
    """The value of a JSON text (RFC 8259) in UTF-8.

    Not taken are what PostgreSQL cannot hold (NUL, halves of surrogate pairs), NaN and Infinity,
    numbers of thousands of digits and nesting in hundreds. Raises Problem (400).
    """
    if b"\x00" in content or b"\\u0000" in content:
        raise Problem(400, "NUL_CHARACTER")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Problem(400, "BROKEN_UTF8", position=str(error.start)) from None
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        line, column = str(error.lineno), str(error.colno)
        raise Problem(400, "BROKEN_JSON", line=line, column=column) from None
    except ValueError:
        # More digits than Python turns into a number.
        raise Problem(400, "NUMBER_TOO_LONG") from None
    except RecursionError:
        raise Problem(400, "TOO_DEEP") from None
    _check_surrogates(content, text)
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise Problem(400, "NOT_A_NUMBER", value=name)


def _check_surrogates(content: bytes, text: str) -> None:
    """Halves of surrogate pairs come in as escapes only; looked for where there are any."""
    lowered = content.lower() if b"\\u" in content else b""
    if b"\\ud" in lowered:
        try:
            json.dumps(json.loads(text), ensure_ascii=False).encode()
        except (UnicodeEncodeError, ValueError):
            raise Problem(400, "BROKEN_UTF8", position="?") from None
