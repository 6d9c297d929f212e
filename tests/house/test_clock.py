"""The clock is read at the edges only, so that any past day can be asked for."""

import ast

from tests.house.source import Module, list_app_modules, parse

EDGES = frozenset({"management", "tasks", "views"})
# Ways to ask what day or time it is: owner of the name, name.
CLOCKS = frozenset(
    {("date", "today"), ("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow"),
     ("timezone", "localdate"), ("timezone", "localtime"), ("timezone", "now"),
     ("time", "localtime"), ("time", "monotonic"), ("time", "time")}
)  # fmt: skip
_CLOCK_NAMES = frozenset({"localdate", "localtime"})
_CLOCK_ARGUMENTS = frozenset({"auto_now", "auto_now_add"})
_CLOCK_MODULES = frozenset({"django.utils.timezone", "time"})


def find_clock_calls(module: Module) -> list[str]:
    """Places where a module reads the clock, or hands a clock on, or has a field read it."""
    nodes = list(ast.walk(module.tree))
    # `localtime(moment)` only converts the moment it is given.
    converters = {id(node.func) for node in nodes if isinstance(node, ast.Call) and node.args}
    return [
        f"{module.path}:{getattr(node, 'lineno', 0)}"
        for node in nodes
        if _reads_clock(node) and not (id(node) in converters and _may_convert(node))
    ]


def _may_convert(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in _CLOCK_NAMES


def _reads_clock(node: ast.AST) -> bool:
    match node:
        case ast.Attribute(value=ast.Name(id=owner), attr=name):
            return (owner, name) in CLOCKS
        case ast.Attribute(value=ast.Attribute(attr=owner), attr=name):
            return (owner, name) in CLOCKS
        case ast.ImportFrom(module=source, names=names) if source in _CLOCK_MODULES:
            # Imported by name it could no longer be told apart from other functions.
            return any(name.name in _CLOCK_NAMES | {"now", "time"} for name in names)
        case ast.keyword(arg=name):
            return name in _CLOCK_ARGUMENTS
    return False


def test_the_clock_is_read_at_edges_only() -> None:
    inner = [module for module in list_app_modules() if module.kind not in EDGES]
    assert [place for module in inner for place in find_clock_calls(module)] == []


def test_a_hidden_clock_is_found() -> None:
    source = """
import datetime
from datetime import date
from django.utils import timezone
from django.utils.timezone import now
today = date.today()
moment = datetime.datetime.now()
default = timezone.now
created_at = models.DateTimeField(auto_now_add=True)
harmless = date(2026, 12, 1).month
converted = timezone.localtime(moment)
local = timezone.localtime()
"""
    lines = [finding.partition(":")[2] for finding in find_clock_calls(parse(source))]
    assert sorted(lines) == ["12", "5", "6", "7", "8", "9"]
