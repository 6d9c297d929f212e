"""Large bodies: kept as they came, and read without the garbage collector looking on."""

from typing import Any

from api.parsing.body import parse_json
from api.views.gate.parsers import StrictJsonParser, read_body
from aupolicy.kernel.memory import paused_garbage_collector


class LargeJsonParser(StrictJsonParser):
    """JSON of some megabytes. The view gets the bytes as `body_content`."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """The body's value."""
        content = read_body(stream, parser_context)
        (parser_context or {})["view"].body_content = content
        with paused_garbage_collector():
            return parse_json(content)
