"""Everything that changes who is insured."""

from members.operations.apply_notices import apply_notices

__all__ = ["apply_notices"]
