"""Reads of the tariff pages: every value as the file has it, with unit and source."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from aupolicy.facts import Tariff, TariffVersion
from aupolicy.queries import get_tariff
from portal.words import PARAMETERS


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a tariff: its key, the value or values, unit and key of the source."""

    key: str
    values: tuple[str, ...]
    unit: str
    source: str


@dataclass(frozen=True, slots=True)
class BandValues:
    """A wage band with the source of each of its values."""

    number: int
    above: Value
    up_to: Value
    premium: Value
    benefit: Value

    @property
    def sources(self) -> list[str]:
        """The sources of premium and benefit, each once."""
        return list(dict.fromkeys([self.premium.source, self.benefit.source]))


@dataclass(frozen=True, slots=True)
class ExclusionText:
    """A case without benefit, in the reader's language."""

    code: str
    text: str
    source: str
    evidence: str


@dataclass(frozen=True, slots=True)
class VersionPage:
    """A tariff as it stands from a day, as its page shows it. `sources` maps key to text."""

    tariff: Tariff
    valid_from: date
    valid_until: date | None
    bands: list[BandValues]
    rates: list[Value]
    parameters: list[Value]
    exclusions: list[ExclusionText]
    sources: Mapping[str, str]


def get_version_page(tariff: Tariff, version: TariffVersion, language: str) -> VersionPage:
    """All values of a version. The texts of exclusions are in the language asked for."""
    content = json.loads(version.content)
    later = [v.valid_from for v in tariff.versions if v.valid_from > version.valid_from]
    return VersionPage(
        tariff=tariff,
        valid_from=version.valid_from,
        valid_until=min(later, default=None),
        bands=[_band(band) for band in content.get("bands", [])],
        rates=[_value(key, item) for key, item in content.get("rate", {}).items()],
        parameters=sorted(
            (_value(key, item) for key, item in content["parameters"].items()), key=_rank
        ),
        exclusions=[
            ExclusionText(
                code=e["code"],
                text=_in_language(e["text"], language),
                source=e["source"],
                evidence=_in_language(e["evidence"]["text"], language) if "evidence" in e else "",
            )
            for e in content["exclusions"]
        ],
        sources={key: _in_language(text, language) for key, text in content["sources"].items()},
    )


def find_source_key(tariff_key: str, text: str) -> str:
    """The key of a source from its text; empty where the tariff's file says it no more."""
    for version in get_tariff(tariff_key).versions:
        for key, value in json.loads(version.content)["sources"].items():
            if value == text:
                return str(key)
    return ""


def _band(band: Mapping[str, Any]) -> BandValues:
    names = ("above", "up_to", "premium", "benefit")
    return BandValues(int(band["number"]), **{name: _value(name, band[name]) for name in names})


def _value(key: str, item: Mapping[str, Any]) -> Value:
    value = item["value"]
    values = tuple(value) if isinstance(value, list) else (str(value),)
    return Value(key, values, item["unit"], item["source"])


def _rank(value: Value) -> int:
    """The order in which a page shows parameters: as its words list them."""
    order = list(PARAMETERS)
    return order.index(value.key) if value.key in order else len(order)


def _in_language(text: str | Mapping[str, str], language: str) -> str:
    return text if isinstance(text, str) else text.get(language, next(iter(text.values())))
