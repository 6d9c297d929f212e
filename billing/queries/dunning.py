"""How the insurer reminds on a day."""

from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from billing.facts.arrears import BaseRates, DunningParameters
from billing.parsing.dunning import DUNNING_FILE, Dunning, parse_dunning


@lru_cache(maxsize=4)
def _read(path: Path) -> Dunning:
    return parse_dunning(path)


def _dunning() -> Dunning:
    return _read(Path(getattr(settings, "DUNNING_FILE", None) or DUNNING_FILE))


def get_dunning_parameters(day: date) -> DunningParameters:
    """The rules of a day; a day before the first version goes by that one."""
    versions = _dunning().versions
    return next((each for each in reversed(versions) if each.valid_from <= day), versions[0])


def get_base_rates() -> BaseRates:
    """The base rates that are known."""
    return _dunning().rates
