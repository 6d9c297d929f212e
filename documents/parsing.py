"""Reading what other parts keep as data: settings of the insurer, tariffs as they were applied."""

from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from typing import Any

from aupolicy.facts import WageBand
from documents.facts import Insurer

MAY_BE_EMPTY = frozenset({"bic", "building_number"})


class UnableToReadInsurer(ValueError):
    """The insurer's particulars are not complete; `missing` names what is not there."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(f"insurer without {', '.join(missing)}")
        self.missing = missing


def parse_insurer(values: Mapping[str, str]) -> Insurer:
    """Letterhead from the settings. Raises UnableToReadInsurer naming what is missing."""
    names = [field.name for field in fields(Insurer)]
    given = {name: values.get(name, "").strip() for name in names}
    missing = [name for name, value in given.items() if not value and name not in MAY_BE_EMPTY]
    if missing:
        raise UnableToReadInsurer(missing)
    return Insurer(**given)


def parse_applied_bands(content: Mapping[str, Any]) -> dict[int, WageBand]:
    """Wage bands by number, EUR per month, of a tariff snapshot; none in a percent tariff."""
    return {
        int(item["number"]): WageBand(
            number=int(item["number"]),
            above=Decimal(item["above"]["value"]),
            up_to=None if item["up_to"]["value"] == "open" else Decimal(item["up_to"]["value"]),
            premium=Decimal(item["premium"]["value"]),
            benefit=Decimal(item["benefit"]["value"]),
        )
        for item in content.get("bands", [])
    }


def parse_applied_percent(content: Mapping[str, Any]) -> Decimal | None:
    """Premium in percent of insured pay of a tariff snapshot, None in a banded tariff."""
    rate = content.get("rate")
    return Decimal(rate["premium_percent"]["value"]) if rate else None
