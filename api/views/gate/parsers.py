"""Bodies as our readers get them: bounded by the view, and remembered as they came."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from rest_framework.parsers import BaseParser

from api.parsing.body import MEGABYTE, parse_json, read_bounded
from members.parsing.formats import LARGEST_FILE_BYTES

LARGEST_BODY = 4 * MEGABYTE
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class SentFile:
    """A table that came as a body."""

    content: bytes
    suffix: str


def read_body(stream: Any, context: Mapping[str, Any] | None, *, most: int | None = None) -> bytes:
    """The bytes of the body; the view gets their SHA-256. Raises Problem (413).

    At most `most`, without it as many as the view takes.
    """
    view = (context or {})["view"]
    declared = view.request.META.get("CONTENT_LENGTH")
    largest: int = getattr(view, "largest_body", LARGEST_BODY)
    bound = largest if most is None else most
    content = read_bounded(stream, declared, most=bound)
    view.body_sha256 = hashlib.sha256(content).hexdigest()
    return content


class StrictJsonParser(BaseParser):
    """JSON by `api.parsing.body`."""

    media_type: ClassVar[str] = "application/json"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """The body's value."""
        return parse_json(read_body(stream, parser_context))


class CsvParser(BaseParser):
    """A CSV file; its columns are read as those of uploads in the portal are."""

    media_type: ClassVar[str] = "text/csv"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> SentFile:
        """The file."""
        return SentFile(read_body(stream, parser_context, most=LARGEST_FILE_BYTES), "csv")


class XlsxParser(BaseParser):
    """A workbook."""

    media_type: ClassVar[str] = XLSX

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> SentFile:
        """The file."""
        return SentFile(read_body(stream, parser_context, most=LARGEST_FILE_BYTES), "xlsx")
