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
from aupolicy.rules.gap import compute_gap
from aupolicy.rules.net_pay import NotSubjectToInsurance, compute_net_pay
from aupolicy.rules.quote_figures import FULL_TIME_HOURS, compute_quote_figures
from aupolicy.rules.sick_pay import compute_statutory_sick_pay

__all__ = [
    "CONTRACT_YEAR_MONTHS",
    "FULL_TIME_HOURS",
    "NotSubjectToInsurance",
    "compute_contract_year",
    "compute_gap",
    "compute_net_pay",
    "compute_next_anniversary",
    "compute_price",
    "compute_quote",
    "compute_quote_figures",
    "compute_rate_percent",
    "compute_statutory_sick_pay",
    "count_payroll",
    "decide_cancellation",
    "find_band",
]
