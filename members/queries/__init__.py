"""Reads of insured people and of notices about them."""

from members.queries.notices import list_insured, list_records, retirement_steps, to_notice
from members.queries.plan import plan_notices

__all__ = ["list_insured", "list_records", "plan_notices", "retirement_steps", "to_notice"]
