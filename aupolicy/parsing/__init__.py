"""Reading the files of `aupolicy/tariffs`: tariffs and legal parameters."""

from aupolicy.parsing.tariffs import (
    SCHEMA_FILE,
    TARIFF_FOLDER,
    UnableToReadTariff,
    load_yaml,
    parse_retirement_steps,
    parse_tariff,
    tariff_files,
)

__all__ = [
    "SCHEMA_FILE",
    "TARIFF_FOLDER",
    "UnableToReadTariff",
    "load_yaml",
    "parse_retirement_steps",
    "parse_tariff",
    "tariff_files",
]
