"""One round of letters: a letter that fails keeps no other from being written."""

from collections.abc import Callable, Iterable
from typing import TypeVar

_Cause = TypeVar("_Cause")

LETTERS_A_ROUND = 200


def issue_each(causes: Iterable[_Cause], issue: Callable[[_Cause], object]) -> int:
    """Write the letter of each cause; returns how many. Failures are raised together at the end."""
    issued = 0
    failures: list[Exception] = []
    for cause in causes:
        try:
            issue(cause)
        except Exception as error:  # noqa: BLE001 -- raised below, with all others
            failures.append(error)
        else:
            issued += 1
    if failures:
        raise ExceptionGroup("letters that could not be written", failures)
    return issued
