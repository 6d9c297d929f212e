"""The rules of the agreement: prices, contract years, cancellation, quotes. Pure functions."""

from aupolicy.rules.agreement import (
    CONTRACT_YEAR_MONTHS,
    compute_contract_year,
    compute_next_anniversary,
    compute_price,
    compute_quote,
    compute_rate_percent,
    count_payroll,
    decide_cancellation,
    find_band,
)

__all__ = [
    "CONTRACT_YEAR_MONTHS",
    "compute_contract_year",
    "compute_next_anniversary",
    "compute_price",
    "compute_quote",
    "compute_rate_percent",
    "count_payroll",
    "decide_cancellation",
    "find_band",
]
