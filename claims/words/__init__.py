"""What codes of claims read as, in the user's language; nothing here knows a diagnosis."""

from claims.words.days import (
    counter_words,
    describe_cover_end,
    describe_day,
    describe_leave_end,
    describe_row_cause,
    explain_day,
)
from claims.words.errors import describe_error
from claims.words.handling import (
    describe_channel,
    describe_check,
    describe_decision,
    describe_finding,
    describe_source,
    describe_status,
    name_check,
)
from claims.words.reasons import (
    describe_exclusion,
    describe_reason,
    describe_request,
    explain_exclusion,
    explain_reason,
    list_exclusions,
)

__all__ = [
    "counter_words",
    "describe_channel",
    "describe_check",
    "describe_cover_end",
    "describe_day",
    "describe_decision",
    "describe_error",
    "describe_exclusion",
    "describe_finding",
    "describe_leave_end",
    "describe_reason",
    "describe_request",
    "describe_row_cause",
    "describe_source",
    "describe_status",
    "explain_day",
    "explain_exclusion",
    "explain_reason",
    "list_exclusions",
    "name_check",
]
