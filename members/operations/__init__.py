"""Everything that changes who is insured."""

from members.operations.apply_notices import (
    apply_notices,
    lock_contract,
    make_correction,
    withdraw_notice,
)
from members.operations.decide_notice import UnableToDecide, decide_notice

__all__ = [
    "UnableToDecide",
    "apply_notices",
    "decide_notice",
    "lock_contract",
    "make_correction",
    "withdraw_notice",
]
