"""Reads of insured people and of notices about them."""

from members.queries.as_of import list_covers_as_of, list_covers_through
from members.queries.in_force import (
    coming_after,
    ended_before,
    get_insured_period,
    insured_on,
)
from members.queries.notices import (
    get_shown_status,
    list_insured,
    list_records,
    retirement_steps,
    to_notice,
)
from members.queries.plan import plan_decision, plan_notices

__all__ = [
    "coming_after",
    "ended_before",
    "get_insured_period",
    "get_shown_status",
    "insured_on",
    "list_covers_as_of",
    "list_covers_through",
    "list_insured",
    "list_records",
    "plan_decision",
    "plan_notices",
    "retirement_steps",
    "to_notice",
]
