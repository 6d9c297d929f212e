"""Reading case files. Every value stays text; the kinds make numbers and days of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from aupolicy.parsing import load_yaml

_SCHEMA = Path(__file__).with_name("case.schema.json")


class UnableToReadCase(ValueError):
    """A case file does not fit; `key` names the place."""

    def __init__(self, path: Path, key: str, message: str) -> None:
        super().__init__(f"{path.name}: {key}: {message}")
        self.path, self.key = path, key


@dataclass(frozen=True, slots=True)
class Case:
    """One case: what is given and what must come out."""

    path: Path
    title: str
    kind: str
    given: Mapping[str, Any]
    expected: Mapping[str, Any]


def case_files(folder: Path) -> list[Path]:
    """The case files of a folder and the folders in it, in order of their names."""
    return sorted(path for path in folder.rglob("*") if path.suffix in {".yaml", ".yml"})


def read_case(path: Path) -> Case:
    """Read one case file. Raises UnableToReadCase naming the key that does not fit."""
    try:
        data = load_yaml(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UnableToReadCase(path, "file", str(error)) from error
    schema = json.loads(_SCHEMA.read_text(encoding="utf-8"))
    errors = jsonschema.Draft202012Validator(schema).iter_errors(data)
    misfit = jsonschema.exceptions.best_match(errors)
    if misfit is not None:
        key = ".".join(str(part) for part in misfit.absolute_path) or "file"
        raise UnableToReadCase(path, key, misfit.message)
    return Case(path, data["case"], data["kind"], data["given"], data["expected"])
