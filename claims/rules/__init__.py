"""Rules of claims: the day counter, what is due, checks and clocks."""

from claims.rules.entitlement import RulingsOf, compute_entitlement, entitle
from claims.rules.leave import compute_leaves, rule_leave

__all__ = [
    "RulingsOf",
    "compute_entitlement",
    "compute_leaves",
    "entitle",
    "rule_leave",
]
