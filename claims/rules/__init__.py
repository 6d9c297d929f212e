"""Rules of claims: the day counter, what is due, checks and clocks."""

from claims.rules.checks import find_cover, find_gaps, find_limit_day, run_checks
from claims.rules.clock import compute_clock, compute_limitation
from claims.rules.entitlement import RulingsOf, compute_entitlement, entitle
from claims.rules.groups import hide_small
from claims.rules.leave import compute_leaves, rule_leave
from claims.rules.status import Standing, decide_status
from claims.rules.wording import find_medical_text

__all__ = [
    "RulingsOf",
    "Standing",
    "compute_clock",
    "compute_entitlement",
    "compute_leaves",
    "compute_limitation",
    "decide_status",
    "entitle",
    "find_cover",
    "find_gaps",
    "find_limit_day",
    "find_medical_text",
    "hide_small",
    "rule_leave",
    "run_checks",
]
