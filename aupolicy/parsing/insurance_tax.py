"""Reading the file of insurance tax."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from aupolicy.facts.insurance_tax import Beneficiary, Component, TaxTreatment
from aupolicy.parsing.checked import UnableToReadTariff, read_checked
from aupolicy.parsing.tariffs import TARIFF_FOLDER

TAX_FILE = TARIFF_FOLDER / "insurance-tax.yaml"
_SCHEMA_FILE = TARIFF_FOLDER / "insurance-tax.schema.json"


def parse_tax_treatments(path: Path = TAX_FILE) -> tuple[TaxTreatment, ...]:
    """All treatments there have been, oldest first. Raises UnableToReadTariff.

    A version says how every part is taxed for every beneficiary.
    """
    data = read_checked(path, schema_file=_SCHEMA_FILE)
    found: list[TaxTreatment] = []
    latest = date.min
    for version in data["versions"]:
        valid_from = date.fromisoformat(version["valid_from"])
        if valid_from <= latest:
            raise UnableToReadTariff(path, "versions", f"{valid_from} is not later")
        latest = valid_from
        treatments = list(_treatments(version["treatments"], valid_from, data["sources"]))
        told = sorted((each.component, each.beneficiary) for each in treatments)
        if told != sorted((part, who) for part in Component for who in Beneficiary):
            raise UnableToReadTariff(path, f"versions {valid_from}", "one treatment for each case")
        found += treatments
    return tuple(found)


def _treatments(
    items: list[dict[str, Any]], valid_from: date, sources: dict[str, str]
) -> Iterator[TaxTreatment]:
    for item in items:
        told = item.get("exempt") or item["rate"]
        yield TaxTreatment(
            component=Component(item["component"]),
            beneficiary=Beneficiary(item["beneficiary"]),
            valid_from=valid_from,
            rate_percent=Decimal(told["value"]) if "value" in told else None,
            reason=told.get("reason", {}),
            source=sources[told["source"]],
        )
