"""Finding translatable texts in source files, as xgettext would, without needing it installed."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass

_NAMES = "gettext|gettext_lazy|gettext_noop|ngettext|ngettext_lazy|pgettext|pgettext_lazy|_"
_FUNCTIONS = frozenset(_NAMES.split("|"))
_CALL = re.compile(rf"(?<![\w.])(?:{_NAMES})\(")
_OPENING, _CLOSING = "([{", ")]}"


@dataclass(frozen=True, slots=True, order=True)
class Message:
    """A text to translate, with its plural and its context where it has them."""

    text: str
    plural: str = ""
    context: str = ""


def find_in_python(source: str) -> Iterator[Message]:
    """Texts in the calls of gettext's functions in a Python file."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            message = _read_call(node)
            if message is not None:
                yield message


def find_in_calls(text: str) -> Iterator[Message]:
    """Texts in what Django makes of a template for extraction: calls between filler."""
    for match in _CALL.finditer(text):
        call = _cut_call(text[match.start() :])
        expression = ast.parse(call, mode="eval").body
        if isinstance(expression, ast.Call):
            message = _read_call(expression)
            if message is not None:
                yield message


def _cut_call(text: str) -> str:
    """The call that a text begins with, up to its closing parenthesis."""
    depth = 0
    lines = text.splitlines(keepends=True)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.OP:
            continue
        depth += (token.string in _OPENING) - (token.string in _CLOSING)
        if depth == 0:
            row, column = token.end
            return "".join(lines[: row - 1]) + lines[row - 1][:column]
    raise SyntaxError(f"no end of call: {text[:60]}")


def _read_call(call: ast.Call) -> Message | None:
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    texts = [
        argument.value
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]
    if name not in _FUNCTIONS or not texts:
        return None
    if name.startswith("pgettext"):
        return Message(texts[1], context=texts[0])
    return Message(texts[0], plural=texts[1]) if name.startswith("ngettext") else Message(texts[0])
