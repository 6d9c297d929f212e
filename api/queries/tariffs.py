"""Tariffs as programs read them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from aupolicy.facts import Tariff, TariffVersion


def write_tariff(tariff: Tariff) -> dict[str, Any]:
    """A tariff with all its versions, the oldest first."""
    return {
        "key": tariff.key,
        "name_de": tariff.name["de"],
        "name_en": tariff.name["en"],
        "versions": [_write_version(version) for version in tariff.versions],
    }


def _write_version(version: TariffVersion) -> dict[str, Any]:
    rate, parameters = version.rate, version.parameters
    return {
        "valid_from": version.valid_from,
        "kind": version.kind.value,
        "bands": [
            {
                "number": band.number,
                "above": band.above,
                "up_to": band.up_to,
                "premium": band.premium,
                "benefit": band.benefit,
            }
            for band in version.bands
        ],
        "premium_percent": write_percent(rate.premium_percent) if rate else None,
        "benefit_percent": write_percent(rate.benefit_percent) if rate else None,
        "largest_benefit": rate.largest_benefit if rate else None,
        "minimum_age": parameters.minimum_age,
        "deferral_days": parameters.deferral_days,
        "benefit_until_day": parameters.benefit_until_day,
        "retro_months": parameters.retro_months,
        "ahead_months": parameters.ahead_months,
        "cancellation_months": parameters.cancellation_months,
        "exclusions": [_write_exclusion(one.code, one.text) for one in version.exclusions],
    }


def _write_exclusion(code: str, text: Mapping[str, str]) -> dict[str, str]:
    return {"code": code, "text_de": text["de"], "text_en": text["en"]}


def write_percent(percent: Decimal) -> str:
    """A percentage with four decimals."""
    return f"{percent:.4f}"
