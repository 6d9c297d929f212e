"""Reads of the agreement and of who may act for whom."""

from aupolicy.queries.access import Rights, get_rights, has_role, includes
from aupolicy.queries.agreement import (
    ContractState,
    NoTermsInForce,
    UnknownTariff,
    get_contract_state,
    get_tariff,
    get_tariff_version,
    get_terms,
    list_tariffs,
    preview_cancellation,
    tariffs,
)

__all__ = [
    "ContractState",
    "NoTermsInForce",
    "Rights",
    "UnknownTariff",
    "get_contract_state",
    "get_rights",
    "get_tariff",
    "get_tariff_version",
    "get_terms",
    "has_role",
    "includes",
    "list_tariffs",
    "preview_cancellation",
    "tariffs",
]
