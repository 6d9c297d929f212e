"""Every package that is imported is declared, so that a fresh machine has it."""

import ast
import re
import sys
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

from tests.house.source import APPS, PROJECT, Module, list_modules, parse

# Ours, besides the apps.
OWN = frozenset({*APPS, "benchmarks", "config", "manage", "tests"})
RUNTIME_FOLDERS = frozenset({*APPS, "config", "manage.py"})


def read_declared() -> tuple[set[str], set[str]]:
    """The names of the runtime packages, and of all packages, as pyproject.toml declares them."""
    project: dict[str, Any] = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    runtime = {_name(line) for line in project["dependencies"]}
    extras = project["optional-dependencies"].values()
    return runtime, runtime | {_name(line) for lines in extras for line in lines}


def find_undeclared(module: Module, declared: set[str]) -> list[str]:
    """Imports of a module that come from no declared package."""
    return [
        f"{module.path}: {top}"
        for top in sorted(_list_imports(module))
        if top not in sys.stdlib_module_names
        and top not in OWN
        and not declared & _find_packages(top)
    ]


def _list_imports(module: Module) -> set[str]:
    tops: set[str] = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            tops |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            tops.add(node.module.partition(".")[0])
    return tops


def _find_packages(top: str) -> set[str]:
    """The installed packages that bring a top-level module."""
    return {_name(name) for name in _distributions().get(top, [])}


@cache
def _distributions() -> Mapping[str, list[str]]:
    return packages_distributions()


def _name(requirement: str) -> str:
    """The package's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~; ]", requirement)[0]).lower()


def test_every_import_is_declared() -> None:
    runtime, everything = read_declared()
    undeclared = [
        finding
        for module in list_modules()
        for finding in find_undeclared(
            module, runtime if module.path.parts[0] in RUNTIME_FOLDERS else everything
        )
    ]
    assert undeclared == []


def test_an_undeclared_import_is_found() -> None:
    module = parse("import os\nimport yaml.nodes\nfrom django.db import models\n")
    assert find_undeclared(module, {"django"}) == [f"{Path('aupolicy/rules.py')}: yaml"]
