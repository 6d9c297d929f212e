"""Reading the files of `claims/parameters` into frozen values."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

from aupolicy.parsing.checked import UnableToReadTariff, read_checked
from claims.facts import ClaimsParameters
from claims.facts.consent import ConsentKind, ConsentText

PARAMETER_FOLDER = Path(__file__).parents[1] / "parameters"
HANDLING_FILE = PARAMETER_FOLDER / "handling.yaml"
CONSENTS_FILE = PARAMETER_FOLDER / "consents.yaml"
LANGUAGES = ("de", "en")

_AMOUNTS = frozenset({"four_eyes_above"})
_NAMES = tuple(field.name for field in fields(ClaimsParameters) if field.name != "valid_from")


def parse_handling(path: Path = HANDLING_FILE) -> tuple[ClaimsParameters, ...]:
    """How claims are handled, oldest version first.

    Raises UnableToReadTariff naming the key at fault.
    """
    data = read_checked(path, schema_file=PARAMETER_FOLDER / "handling.schema.json")
    versions = tuple(_parameters(path, item) for item in data["versions"])
    for earlier, later in pairwise(versions):
        if later.valid_from <= earlier.valid_from:
            raise UnableToReadTariff(path, "versions", f"{later.valid_from} is not later")
    return versions


def _parameters(path: Path, item: Mapping[str, Any]) -> ClaimsParameters:
    texts = {name: item["parameters"][name]["value"] for name in _NAMES}
    values: dict[str, Any] = {
        name: Decimal(text) if name in _AMOUNTS else int(text) for name, text in texts.items()
    }
    return ClaimsParameters(valid_from=_day(path, item["valid_from"]), **values)


def _day(path: Path, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UnableToReadTariff(path, "versions.valid_from", f"{text} is no day") from None


def parse_consents(path: Path = CONSENTS_FILE) -> tuple[ConsentText, ...]:
    """Every wording there is or was, in each language; the last version of a kind is asked for.

    Raises UnableToReadTariff naming the key at fault.
    """
    data = read_checked(path, schema_file=PARAMETER_FOLDER / "consents.schema.json")
    found = {item["kind"]: item for item in data["consents"]}
    kinds = [kind.value for kind in ConsentKind]
    if sorted(found) != sorted(kinds) or len(data["consents"]) != len(kinds):
        raise UnableToReadTariff(path, "consents", f"must be each of {', '.join(kinds)} once")
    return tuple(text for kind in ConsentKind for text in _versions(path, kind, found[kind.value]))


def _versions(path: Path, kind: ConsentKind, item: Mapping[str, Any]) -> list[ConsentText]:
    versions = [version["version"] for version in item["versions"]]
    if len(set(versions)) != len(versions):
        raise UnableToReadTariff(path, f"consents.{kind}", "a version has one wording")
    return [
        ConsentText(
            kind=kind,
            version=version["version"],
            language=language,
            title=item["title"][language],
            text=version["text"][language],
        )
        for version in item["versions"]
        for language in LANGUAGES
    ]
