"""Reading the tax and social insurance of a year into frozen values."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from aupolicy.facts.payroll import (
    ContributionParameters,
    IncomeTaxTariff,
    PayrollParameters,
    ProgressiveZone,
    ProportionalZone,
    SickPayParameters,
    SolidarityParameters,
    TransitionZone,
    WageTaxParameters,
)
from aupolicy.parsing.checked import UnableToReadTariff, read_checked
from aupolicy.parsing.tariffs import TARIFF_FOLDER

PAYROLL_SCHEMA_FILE = TARIFF_FOLDER / "payroll.schema.json"

T = TypeVar("T")


def payroll_files(folder: Path = TARIFF_FOLDER) -> list[Path]:
    """The files of tax and social insurance in a folder, one a year."""
    return sorted(folder.glob("payroll-*.yaml"))


def parse_payroll_parameters(path: Path) -> PayrollParameters:
    """Read and check one year. Raises UnableToReadTariff naming the key at fault."""
    data = read_checked(path, schema_file=PAYROLL_SCHEMA_FILE)
    year = data["key"].removeprefix("payroll-")
    for key in ("valid_from", "valid_until"):
        if not data[key].startswith(year):
            raise UnableToReadTariff(path, key, f"is not in {year}")
    return PayrollParameters(
        key=data["key"],
        valid_from=date.fromisoformat(data["valid_from"]),
        valid_until=date.fromisoformat(data["valid_until"]),
        income_tax=_income_tax(path, data["income_tax"]),
        wage_tax=_section(WageTaxParameters, data["wage_tax"]),
        solidarity=_section(SolidarityParameters, data["solidarity"]),
        contributions=_section(ContributionParameters, data["contributions"]),
        transition_zone=_section(TransitionZone, data["transition_zone"]),
        sick_pay=_sick_pay(path, data["sick_pay"]),
    )


def _section(build: Callable[..., T], items: Mapping[str, Mapping[str, Any]]) -> T:
    """A section whose names are those of the frozen value; the schema asks for every one."""
    return build(**{name: Decimal(item["value"]) for name, item in items.items()})


def _income_tax(path: Path, data: Mapping[str, Any]) -> IncomeTaxTariff:
    tariff = IncomeTaxTariff(
        progressive=tuple(_section(ProgressiveZone, zone) for zone in data["progressive"]),
        proportional=tuple(_section(ProportionalZone, zone) for zone in data["proportional"]),
    )
    bounds = [zone.above for zone in tariff.progressive]
    bounds += [zone.above for zone in tariff.proportional]
    if bounds != sorted(set(bounds)):
        raise UnableToReadTariff(path, "income_tax", "zones must rise")
    return tariff


def _sick_pay(path: Path, items: Mapping[str, Mapping[str, Any]]) -> SickPayParameters:
    days = Decimal(items["days_of_month"]["value"])
    if days != int(days) or not days:
        raise UnableToReadTariff(path, "sick_pay.days_of_month", "must be a number of days")
    return SickPayParameters(
        gross_percent=Decimal(items["gross_percent"]["value"]),
        net_percent=Decimal(items["net_percent"]["value"]),
        days_of_month=int(days),
        surcharge_base_percent=Decimal(items["surcharge_base_percent"]["value"]),
    )
