"""Text that goes into spreadsheets: names come from outside, and none may become a program."""

# What Excel, LibreOffice and Numbers take for the beginning of a formula.
FORMULA_BEGINNINGS = ("=", "+", "-", "@", "\t", "\r")


def guard_formula(text: str) -> str:
    """Make text of what a spreadsheet would run as a formula, by an apostrophe before it.

    For formats without types, such as CSV; where a cell can be typed as text that is better.
    """
    return f"'{text}" if text.startswith(FORMULA_BEGINNINGS) else text
