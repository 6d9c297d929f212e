"""Reads of contracts, their terms and their tariffs."""

from datetime import date
from enum import StrEnum
from functools import lru_cache

from aupolicy.facts import CancellationEffect, Tariff, TariffVersion
from aupolicy.models import ContractVersion, GroupContract
from aupolicy.parsing import parse_tariff, tariff_files
from aupolicy.rules import decide_cancellation


class UnknownTariff(LookupError):
    """No tariff file has this key; `known` lists those there are."""

    code = "UNKNOWN_TARIFF"

    def __init__(self, key: str) -> None:
        self.params = {"key": key, "known": ", ".join(sorted(tariffs()))}
        super().__init__(f"unknown tariff {key!r}, known: {self.params['known']}")


class NoTermsInForce(LookupError):
    """A contract has no terms, or its tariff no version, on a day."""

    code = "NO_TERMS"

    def __init__(self, contract: GroupContract, day: date) -> None:
        self.params = {"contract": contract.number, "day": day.isoformat()}
        super().__init__(f"contract {contract.number} has no terms on {day}")


class ContractState(StrEnum):
    """Where a contract stands on a day."""

    AGREED = "AGREED"
    IN_FORCE = "IN_FORCE"
    CANCELLED = "CANCELLED"
    ENDED = "ENDED"


@lru_cache(maxsize=1)
def tariffs() -> dict[str, Tariff]:
    """All tariffs by key. The files are part of the installed product, so they are read once."""
    parsed = (parse_tariff(path) for path in tariff_files())
    return {tariff.key: tariff for tariff in parsed}


def get_tariff(key: str) -> Tariff:
    """The tariff of a key. Raises UnknownTariff."""
    try:
        return tariffs()[key]
    except KeyError:
        raise UnknownTariff(key) from None


def list_tariffs() -> list[Tariff]:
    """All tariffs in order of their keys."""
    return [tariff for _, tariff in sorted(tariffs().items())]


def get_terms(contract: GroupContract, day: date) -> ContractVersion:
    """The terms agreed for a day. Raises NoTermsInForce."""
    terms = contract.versions.filter(period__contains=day).first()
    if terms is None:
        raise NoTermsInForce(contract, day)
    return terms


def get_tariff_version(contract: GroupContract, day: date) -> TariffVersion:
    """The tariff version that prices a day under a contract. Raises NoTermsInForce."""
    version = get_tariff(get_terms(contract, day).tariff_key).version_on(day)
    if version is None:
        raise NoTermsInForce(contract, day)
    return version


def get_contract_state(contract: GroupContract, day: date) -> ContractState:
    """Where a contract stands on a day."""
    period = contract.period
    if period.last_day is not None and period.last_day < day:
        return ContractState.ENDED
    if day < period.first_day:
        return ContractState.AGREED
    return ContractState.IN_FORCE if period.last_day is None else ContractState.CANCELLED


def preview_cancellation(*, contract: GroupContract, received: date) -> CancellationEffect:
    """Which end a cancellation received on a day would have."""
    day = max(received, contract.period.first_day)
    return decide_cancellation(
        start=contract.period.first_day,
        received=received,
        notice_months=get_tariff_version(contract, day).parameters.cancellation_months,
        end=contract.period.last_day,
    )
