"""Files and functions stay small enough to be read in one go."""

import ast

from tests.house.source import PROJECT, Module, list_modules, parse

MOST_LINES_OF_FILE = 400
MOST_LINES_OF_FUNCTION = 50


def find_long_functions(module: Module) -> list[str]:
    """Functions over the limit, counted from `def` to the last line."""
    return [
        f"{module.path}:{node.lineno} {node.name}: {length} lines"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > MOST_LINES_OF_FUNCTION
    ]


def test_files_are_short() -> None:
    lengths = {
        str(module.path): len((PROJECT / module.path).read_text(encoding="utf-8").splitlines())
        for module in list_modules()
    }
    assert {name: n for name, n in lengths.items() if n > MOST_LINES_OF_FILE} == {}


def test_functions_are_short() -> None:
    # A test may tell a long story.
    modules = [module for module in list_modules() if module.app != "tests"]
    assert [finding for module in modules for finding in find_long_functions(module)] == []


def test_a_long_function_is_found() -> None:
    body = "    pass\n"
    assert find_long_functions(parse("def f():\n" + body * 49)) == []
    assert find_long_functions(parse("def f():\n" + body * 50)) == [
        "aupolicy/rules.py:1 f: 51 lines"
    ]
