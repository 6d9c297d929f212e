"""Figures that could point at a single person."""


def hide_small(count: int, *, smallest: int) -> int | None:
    """The count of a group, None where it is below the smallest that may be told.

    Nought is hidden too: that nobody of a small group was ill is a fact about each of them.
    """
    return count if count >= smallest else None
