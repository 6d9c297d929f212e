"""Who can be insured, until when, and what a person's notices amount to. Pure functions."""

from members.rules.corrections import OUR_NUMBER, Said, settle_corrections
from members.rules.eligibility import (
    RetirementSteps,
    compute_retirement_end,
    decide_cover_end,
    decide_eligibility,
)
from members.rules.judging import (
    LIMITS,
    DayTerms,
    find_faults,
    find_limits,
    first_changed_day,
    is_too_far_ahead,
    is_too_late,
    reaches_too_far,
)
from members.rules.standing import settle_person
from members.rules.timeline import cut_to_contract, derive_timeline

__all__ = [
    "LIMITS",
    "OUR_NUMBER",
    "DayTerms",
    "RetirementSteps",
    "Said",
    "compute_retirement_end",
    "cut_to_contract",
    "decide_cover_end",
    "decide_eligibility",
    "derive_timeline",
    "find_faults",
    "find_limits",
    "first_changed_day",
    "is_too_far_ahead",
    "is_too_late",
    "reaches_too_far",
    "settle_corrections",
    "settle_person",
]
