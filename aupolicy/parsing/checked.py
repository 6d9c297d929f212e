"""Reading YAML files by their schema. Every number stays text until Decimal."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import yaml


class UnableToReadTariff(ValueError):
    """A tariff file does not fit; `path` names the file, `key` the place in it."""

    def __init__(self, path: Path, key: str, message: str) -> None:
        super().__init__(f"{path.name}: {key}: {message}")
        self.path, self.key = path, key


def load_yaml(text: str) -> Any:
    """YAML with every scalar as text, so that 14.80 never becomes a float."""
    return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - BaseLoader builds text only


def read_checked(path: Path, *, schema_file: Path) -> Any:
    """The content of a file that fits its schema and explains every source it names.

    Raises UnableToReadTariff naming the key at fault.
    """
    try:
        data = load_yaml(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UnableToReadTariff(path, "file", str(error)) from error
    _check_schema(path, data, schema_file)
    for name, child in data.items():
        if name != "sources":
            _check_sources(path, child, name, known=data["sources"])
    return data


def _check_schema(path: Path, data: Any, schema_file: Path) -> None:
    schema = json.loads(schema_file.read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    error = jsonschema.exceptions.best_match(validator.iter_errors(data))
    if error is not None:
        key = ".".join(str(part) for part in error.absolute_path) or "file"
        raise UnableToReadTariff(path, key, error.message)


def _check_sources(path: Path, node: Any, place: str, *, known: dict[str, str]) -> None:
    """Every source named anywhere in the file is explained under `sources`."""
    if isinstance(node, dict):
        source = node.get("source")
        if isinstance(source, str) and source not in known:
            raise UnableToReadTariff(path, f"{place}.source", f"unknown source {source!r}")
        for name, child in node.items():
            _check_sources(path, child, f"{place}.{name}", known=known)
    elif isinstance(node, list):
        for index, child in enumerate(node):
            _check_sources(path, child, f"{place}.{index}", known=known)
