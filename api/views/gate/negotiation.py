"""One kind of answer: JSON. Files are asked for by their own addresses, not by Accept."""

from typing import Any

from rest_framework.negotiation import BaseContentNegotiation


class OneKind(BaseContentNegotiation):
    """Takes the first parser that reads the body's kind, and answers with JSON always."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        """The parser of the body's Content-Type, None where there is none."""
        kind = (request.content_type or "").partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == kind), None)

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        """The first renderer, whatever is accepted."""
        return renderers[0], renderers[0].media_type
