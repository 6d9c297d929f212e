"""The description as it is committed: docs/openapi.json, so that vendors can compare versions.

python -m tests.contract.committed [--break]: writes it anew. What would break programs of others
is refused unless it is meant.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import django

from config.local.session import PROJECT

PATH = PROJECT / "docs" / "openapi.json"
# Where `make run` serves it.
ADDRESS = "http://127.0.0.1:8000"
Part = Mapping[str, Any]


def main() -> int:
    """Write it anew."""
    django.setup()
    from api.views.schema import make_description  # noqa: PLC0415 -- needs the settings

    made = make_description(address=ADDRESS)
    breaks = find_breaks(read(), made) if PATH.exists() else []
    if breaks and "--break" not in sys.argv:
        sys.stderr.write("\n".join([*breaks, "This breaks programs of others.", ""]))
        return 1
    PATH.write_text(write(made), encoding="utf-8")
    sys.stdout.write(f"{PATH.relative_to(PROJECT)}\n")
    return 0


def read() -> dict[str, Any]:
    """What is committed."""
    found: dict[str, Any] = json.loads(PATH.read_text(encoding="utf-8"))
    return found


def write(description: Part) -> str:
    """As the file holds it: one field a line, so that differences can be read."""
    return json.dumps(description, ensure_ascii=False, indent=1) + "\n"


def find_breaks(old: Part, new: Part) -> list[str]:
    """What programs that were written for `old` would miss in `new`, or be refused for."""
    return [*_compare_operations(old, new), *_compare_shapes(old, new)]


def _compare_operations(old: Part, new: Part) -> Iterator[str]:
    for path, methods in old["paths"].items():
        for method, was in methods.items():
            now = new["paths"].get(path, {}).get(method)
            name = f"{method.upper()} {path}"
            if now is None:
                yield f"{name} is gone."
                continue
            known, required = _list_parameters(was)
            taken, demanded = _list_parameters(now)
            yield from (f"{name} does not take {one} any more." for one in known - taken)
            yield from (f"{name} demands {one}." for one in demanded - required)
            yield from (
                f"{name} does not answer {one} any more."
                for one in was["responses"].keys() - now["responses"].keys()
                if one.startswith("2")
            )


def _list_parameters(operation: Part) -> tuple[set[str], set[str]]:
    found = [one for one in operation.get("parameters", []) if "name" in one]
    required = {one["name"] for one in found if one.get("required")}
    referred = {one["$ref"] for one in operation.get("parameters", []) if "$ref" in one}
    return {one["name"] for one in found} | referred, required


def _compare_shapes(old: Part, new: Part) -> Iterator[str]:
    shapes = new["components"]["schemas"]
    for name, was in old["components"]["schemas"].items():
        now = shapes.get(name)
        if now is None:
            yield f"{name} is gone."
            continue
        fields = now.get("properties", {})
        for field, kind in was.get("properties", {}).items():
            if field not in fields:
                yield f"{name}.{field} is gone."
            elif kind.get("type") != fields[field].get("type"):
                yield f"{name}.{field} is of another type."
        if now.get("additionalProperties") is False:
            demanded = set(now.get("required", [])) - set(was.get("required", []))
            yield from (f"{name}.{field} is demanded." for field in sorted(demanded))


if __name__ == "__main__":
    sys.exit(main())
