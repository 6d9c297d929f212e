"""Whether a PIN can be guessed by whoever knows a little about the person."""

import re
from datetime import date

SHORTEST, LONGEST = 6, 64
_COMMON = frozenset(
    {"passwort", "password", "kennwort", "geheim", "qwertz", "qwerty", "asdfgh", "abcdef", "hallo1"}
)
_NO_DIGIT = re.compile(r"\D")
_RUNS = ("01234567890", "abcdefghijklmnopqrstuvwxyz")


def is_weak_pin(pin: str, *, birth_date: date, names: tuple[str, ...] = ()) -> bool:
    """Too short or long, of one sign or a pattern, a run, a name, or the person's birth date."""
    bare = pin.casefold()
    return (
        not SHORTEST <= len(pin) <= LONGEST
        or _repeats(bare)
        or _is_run(bare)
        or bare in _COMMON
        or bare in {name.casefold() for name in names}
        or _is_day(pin, birth_date)
    )


def _repeats(text: str) -> bool:
    """Whether one to three signs make all of it: 111111, 121212, 123123."""
    return any(text == (text[:size] * len(text))[: len(text)] for size in (1, 2, 3))


def _is_run(text: str) -> bool:
    return any(text in run or text in run[::-1] for run in _RUNS)


def _is_day(pin: str, day: date) -> bool:
    """Whether the PIN is a day as people write it, with or without points: 14.03.1985, 850314."""
    forms = ("%d%m%Y", "%d%m%y", "%Y%m%d", "%y%m%d", "%m%d%Y", "%m%d%y", "%Y%d%m", "%m%Y")
    digits = _NO_DIGIT.sub("", pin)
    # Letters beside the digits make it something else.
    return not re.search(r"[^\W\d]", pin) and digits in {day.strftime(form) for form in forms}
