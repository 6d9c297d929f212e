"""Reminders by the law: what happens by itself each day, and what a clerk does."""

from billing.operations.arrears.by_hand import (
    UnableToRemind,
    extend_deadline,
    record_receipt,
    release_ending,
    resume_case,
    stop_case,
)
from billing.operations.arrears.look_after import ArrearsReport, look_after_arrears

__all__ = [
    "ArrearsReport",
    "UnableToRemind",
    "extend_deadline",
    "look_after_arrears",
    "record_receipt",
    "release_ending",
    "resume_case",
    "stop_case",
]
