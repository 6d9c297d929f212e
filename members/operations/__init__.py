"""Everything that changes who is insured."""

from members.operations.apply_notices import apply_notices, lock_contract, withdraw_notice

__all__ = ["apply_notices", "lock_contract", "withdraw_notice"]
