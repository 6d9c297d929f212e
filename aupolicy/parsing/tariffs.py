"""Reading tariff files into frozen values."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

from aupolicy.facts import (
    BenefitExclusion,
    Parameters,
    PercentRate,
    Tariff,
    TariffKind,
    TariffVersion,
    WageBand,
)
from aupolicy.parsing.checked import UnableToReadTariff, load_yaml, read_checked

TARIFF_FOLDER = Path(__file__).parents[1] / "tariffs"
SCHEMA_FILE = TARIFF_FOLDER / "tariff.schema.json"
# Legal parameters beside the tariffs.
LAW_FILES = ("retirement-age.yaml", "payroll-*.yaml", "insurance-tax.yaml")


def tariff_files(folder: Path = TARIFF_FOLDER) -> list[Path]:
    """The tariff files of a folder, without the legal parameters beside them."""
    return sorted(
        path
        for path in folder.glob("*.yaml")
        if not any(path.match(pattern) for pattern in LAW_FILES)
    )


def parse_tariff(path: Path) -> Tariff:
    """Read and check one tariff file. Raises UnableToReadTariff naming the key at fault."""
    data = read_checked(path, schema_file=SCHEMA_FILE)
    versions = tuple(_version(path, data, item) for item in data["versions"])
    for earlier, later in pairwise(versions):
        if later.valid_from <= earlier.valid_from:
            raise UnableToReadTariff(path, "versions", f"{later.valid_from} is not later")
    return Tariff(key=data["key"], name=data["name"], versions=versions)


def _version(path: Path, data: Mapping[str, Any], item: Mapping[str, Any]) -> TariffVersion:
    # The sources belong to it: whoever explains an amount later may no longer have the file.
    content = json.dumps({**item, "sources": data["sources"]}, sort_keys=True, ensure_ascii=False)
    return TariffVersion(
        key=data["key"],
        valid_from=date.fromisoformat(item["valid_from"]),
        kind=TariffKind(data["kind"]),
        bands=_bands(path, item.get("bands", [])),
        rate=_rate(item["rate"]) if "rate" in item else None,
        parameters=_parameters(item["parameters"]),
        exclusions=tuple(_exclusion(e) for e in item["exclusions"]),
        digest=hashlib.sha256(content.encode()).hexdigest(),
        content=content,
    )


def _exclusion(item: Mapping[str, Any]) -> BenefitExclusion:
    # Versions kept from before the evidence was told have none.
    evidence = item.get("evidence", {}).get("text", {})
    return BenefitExclusion(code=item["code"], text=item["text"], evidence=evidence)


def parse_kept_version(key: str, content: Mapping[str, Any]) -> TariffVersion:
    """A tariff version from the content that was kept when it was applied, its digest unchanged."""
    banded = "bands" in content
    item = {name: value for name, value in content.items() if name != "sources"}
    data = {
        "key": key,
        "kind": TariffKind.BANDED if banded else TariffKind.PERCENT,
        "sources": content["sources"],
    }
    return _version(TARIFF_FOLDER / f"{key}.yaml", data, item)


def _bands(path: Path, items: list[Mapping[str, Any]]) -> tuple[WageBand, ...]:
    bands = tuple(
        WageBand(
            number=int(item["number"]),
            above=Decimal(item["above"]["value"]),
            up_to=None if item["up_to"]["value"] == "open" else Decimal(item["up_to"]["value"]),
            premium=Decimal(item["premium"]["value"]),
            benefit=Decimal(item["benefit"]["value"]),
        )
        for item in items
    )
    for lower, upper in pairwise(bands):
        if lower.up_to is None or upper.above != lower.up_to or upper.number != lower.number + 1:
            raise UnableToReadTariff(path, f"bands {upper.number}", "bands must adjoin in order")
    if bands and (bands[-1].up_to is not None or bands[0].above != 0):
        raise UnableToReadTariff(path, "bands", "the first begins at 0.00, the last is open")
    return bands


def _rate(item: Mapping[str, Any]) -> PercentRate:
    largest = item.get("largest_benefit")
    return PercentRate(
        premium_percent=Decimal(item["premium_percent"]["value"]),
        benefit_percent=Decimal(item["benefit_percent"]["value"]),
        largest_benefit=Decimal(largest["value"]) if largest else None,
    )


def _parameters(items: Mapping[str, Mapping[str, Any]]) -> Parameters:
    value = {name: item["value"] for name, item in items.items()}
    return Parameters(
        proration=value["proration"],
        band_day=value["band_day"],
        retro_months=int(value["retro_months"]),
        ahead_months=int(value["ahead_months"]),
        minimum_age=int(value["minimum_age"]),
        insurable_employment=frozenset(value["insurable_employment"]),
        insurable_by_agreement=frozenset(value["insurable_by_agreement"]),
        excluded_occupations=frozenset(value["excluded_occupations"]),
        deferral_days=int(value["deferral_days"]),
        relapse=value["relapse"],
        benefit_until_day=int(value["benefit_until_day"]),
        benefit_proration=value["benefit_proration"],
        run_off=value["run_off"],
        cancellation_months=int(value["cancellation_months"]),
    )


def parse_retirement_steps(folder: Path = TARIFF_FOLDER) -> tuple[tuple[date | None, int], ...]:
    """Standard retirement age as (born until, months of life); the last step is open (None)."""
    data = load_yaml((folder / "retirement-age.yaml").read_text(encoding="utf-8"))
    base = int(data["base_years"]) * 12
    return tuple(
        (
            None if step["born_until"] == "open" else date.fromisoformat(step["born_until"]),
            base + int(step["months"]),
        )
        for step in data["steps"]
    )
