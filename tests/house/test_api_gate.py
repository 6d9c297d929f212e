"""Every operation of the API passes the gate and describes itself."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator

import api.views
from api.views.gate.endpoint import Endpoint

_METHODS = ("get", "post", "put", "patch", "delete", "options", "trace")


def _endpoints() -> Iterator[type[Endpoint]]:
    for module in pkgutil.walk_packages(api.views.__path__, "api.views."):
        importlib.import_module(module.name)
    waiting = list(Endpoint.__subclasses__())
    while waiting:
        endpoint = waiting.pop()
        waiting += endpoint.__subclasses__()
        if endpoint.__module__.startswith("api."):
            yield endpoint


ENDPOINTS = sorted(_endpoints(), key=lambda endpoint: endpoint.__qualname__)


def test_there_are_operations() -> None:
    assert len(ENDPOINTS) >= 4


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.__name__)
def test_every_method_is_decorated(endpoint: type[Endpoint]) -> None:
    own = [name for name in _METHODS if name in vars(endpoint)]
    assert own, "an address without a method"
    for name in own:
        handler = vars(endpoint)[name]
        assert hasattr(handler, "scope"), f"{name} lacks @operation"
        assert hasattr(handler, "kwargs") or hasattr(handler, "schema"), f"{name} lacks @describe"


def test_every_operation_stands_in_the_description() -> None:
    generator: Any = SchemaGenerator  # has no types
    paths = generator().get_schema(public=True)["paths"]
    shown = [
        told["operationId"]
        for path in paths.values()
        for method, told in path.items()
        if method in _METHODS
    ]
    assert len(shown) == len(set(shown))
    assert all("_" in name for name in shown), "named by @describe"
