"""Money, rates and shares are Decimal; a float never gets near them."""

import ast

from tests.house.source import DOMAIN_APPS, Module, list_app_modules, parse


def find_floats(module: Module) -> list[str]:
    """Places where a module makes, names or stores a float."""
    return [
        f"{module.path}:{getattr(node, 'lineno', 0)}"
        for node in ast.walk(module.tree)
        if _is_float(node)
    ]


def _is_float(node: ast.AST) -> bool:
    match node:
        case ast.Name(id="float" | "FloatField") | ast.Attribute(attr="FloatField"):
            return True
        case ast.Constant(value=float()):
            return True
    return False


def test_the_domain_has_no_floats() -> None:
    # The edges wait for seconds and their parts; they count no money.
    modules = [
        module
        for module in list_app_modules(apps=DOMAIN_APPS)
        if module.kind not in ("management", "tasks")
    ]
    assert [place for module in modules for place in find_floats(module)] == []


def test_a_float_is_found() -> None:
    source = "a = 0.1\nb = float('1')\nc = models.FloatField()\nd = Decimal('0.1')\n"
    lines = [finding.partition(":")[2] for finding in find_floats(parse(source))]
    assert lines == ["1", "2", "3"]
