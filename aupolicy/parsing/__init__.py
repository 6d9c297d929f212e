"""Reading the files of `aupolicy/tariffs`: tariffs and legal parameters."""

from aupolicy.parsing.checked import UnableToReadTariff, load_yaml
from aupolicy.parsing.payroll import parse_payroll_parameters, payroll_files
from aupolicy.parsing.tariffs import (
    SCHEMA_FILE,
    TARIFF_FOLDER,
    parse_retirement_steps,
    parse_tariff,
    tariff_files,
)

__all__ = [
    "SCHEMA_FILE",
    "TARIFF_FOLDER",
    "UnableToReadTariff",
    "load_yaml",
    "parse_payroll_parameters",
    "parse_retirement_steps",
    "parse_tariff",
    "payroll_files",
    "tariff_files",
]
