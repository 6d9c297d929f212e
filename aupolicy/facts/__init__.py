"""Frozen values of the agreement: tariffs, prices, cancellation, and what pay and sick pay are."""

from aupolicy.facts.agreement import (
    BandCount,
    BenefitExclusion,
    CancellationEffect,
    Parameters,
    Party,
    PercentRate,
    Price,
    Quote,
    Tariff,
    TariffKind,
    TariffVersion,
    WageBand,
)

__all__ = [
    "BandCount",
    "BenefitExclusion",
    "CancellationEffect",
    "Parameters",
    "Party",
    "PercentRate",
    "Price",
    "Quote",
    "Tariff",
    "TariffKind",
    "TariffVersion",
    "WageBand",
]
