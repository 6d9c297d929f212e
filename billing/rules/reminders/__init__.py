"""The law of reminders: dates, interest, and which step of a case comes next."""

from billing.rules.reminders.dates import (
    assume_receipt,
    deadline_after_days,
    deadline_after_months,
    deadline_after_weeks,
    first_premium_due,
    last_day_to_pay,
)
from billing.rules.reminders.interest import compute_interest
from billing.rules.reminders.next_step import decide_next_step, find_deadline

__all__ = [
    "assume_receipt",
    "compute_interest",
    "deadline_after_days",
    "deadline_after_months",
    "deadline_after_weeks",
    "decide_next_step",
    "find_deadline",
    "first_premium_due",
    "last_day_to_pay",
]
