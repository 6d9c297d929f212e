"""Reading `billing/parameters/dunning.yaml`, or an insurer's own file of the same shape."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

from aupolicy.parsing.checked import UnableToReadTariff, read_checked
from billing.facts.arrears import BaseRates, DunningParameters

FOLDER = Path(__file__).parents[1] / "parameters"
DUNNING_FILE = FOLDER / "dunning.yaml"
_READ: Mapping[Any, Any] = {int: int, Decimal: Decimal, bool: lambda text: text == "yes"}


@dataclass(frozen=True, slots=True)
class Dunning:
    """Everything that the file says: versions oldest first, and the base rates."""

    versions: tuple[DunningParameters, ...]
    rates: BaseRates


def parse_dunning(path: Path = DUNNING_FILE) -> Dunning:
    """How the insurer reminds. Raises UnableToReadTariff naming the key at fault."""
    data = read_checked(path, schema_file=FOLDER / "dunning.schema.json")
    versions = tuple(_parameters(path, item) for item in data["versions"])
    _check_order(path, "versions", [version.valid_from for version in versions])
    table = data["base_rate"]
    rates = tuple(
        (_day(path, "base_rate", item["valid_from"]), Decimal(item["value"]))
        for item in table["values"]
    )
    _check_order(path, "base_rate.values", [day for day, _ in rates])
    known = _day(path, "base_rate.known_through", table["known_through"])
    if known < rates[-1][0]:
        raise UnableToReadTariff(path, "base_rate.known_through", f"{known} is before the last")
    return Dunning(versions, BaseRates(rates, known))


def _parameters(path: Path, item: Mapping[str, Any]) -> DunningParameters:
    values = {
        field.name: _READ[field.type](item["parameters"][field.name]["value"])
        for field in fields(DunningParameters)
        if field.name != "valid_from"
    }
    return DunningParameters(
        valid_from=_day(path, "versions.valid_from", item["valid_from"]), **values
    )


def _check_order(path: Path, place: str, days: list[date]) -> None:
    for earlier, later in pairwise(days):
        if later <= earlier:
            raise UnableToReadTariff(path, place, f"{later} is not later")


def _day(path: Path, place: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UnableToReadTariff(path, place, f"{text} is no day") from None
