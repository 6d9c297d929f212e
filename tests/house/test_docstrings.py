"""What others call says what it does, with units, errors and sources."""

import ast

from tests.house.source import Module, list_app_modules, parse

KINDS = ("kernel", "rules", "operations", "queries")


def find_undocumented(module: Module) -> list[str]:
    """Public functions of a module, and public methods of its classes, without a docstring."""
    owners: list[ast.Module | ast.ClassDef] = [module.tree]
    owners += [
        node
        for node in module.tree.body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    ]
    return [
        f"{module.path}:{node.lineno} {node.name}"
        for owner in owners
        for node in owner.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]


def test_public_functions_are_documented() -> None:
    modules = list_app_modules(*KINDS)
    assert modules
    assert [finding for module in modules for finding in find_undocumented(module)] == []


def test_a_missing_docstring_is_found() -> None:
    source = '''
def told():
    """Says it."""
def untold(): ...
def _own(): ...
class Box:
    def open(self): ...
'''
    assert find_undocumented(parse(source)) == [
        "aupolicy/rules.py:4 untold",
        "aupolicy/rules.py:7 open",
    ]
