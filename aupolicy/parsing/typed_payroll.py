"""A payroll as somebody types or pastes it: one pay a line, "4 x 2.400,00" for four people."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from aupolicy.facts.offer import MOST_PEOPLE, PayLine, PayProblem, TypedPayroll
from aupolicy.kernel.money import UnableToReadAmount, format_amount, parse_amount

_TIMES = re.compile(r"(?P<people>[\d.\s]{1,12}?)\s*(?:[x×*]|mal\b)\s*(?P<pay>.+)", re.IGNORECASE)
_SHOWN_LENGTH = 40


def parse_typed_payroll(text: str) -> TypedPayroll:
    """Read a typed payroll; blank lines say nothing, lines that are not understood are told."""
    lines: list[PayLine] = []
    problems: list[PayProblem] = []
    people = 0
    for number, line in _lines(text):
        found = _read(line)
        if isinstance(found, str):
            problems.append(PayProblem(number, line[:_SHOWN_LENGTH], found))
            continue
        people += found.people
        if people > MOST_PEOPLE:
            problems.append(PayProblem(number, line[:_SHOWN_LENGTH], "TOO_MANY_PEOPLE"))
            break
        lines.append(found)
    return TypedPayroll(tuple(lines), tuple(problems))


def write_typed_payroll(counts: Mapping[Decimal, int]) -> str:
    """A payroll as it would be typed, lowest pay first; reading it gives the same counts."""
    return "\n".join(
        format_amount(pay) if people == 1 else f"{people} x {format_amount(pay)}"
        for pay, people in sorted(counts.items())
    )


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        bare = line.strip().strip(";").strip()
        if bare:
            yield number, bare


def _read(line: str) -> PayLine | str:
    """The people and pay of a line, or the code of what is wrong with it."""
    match = _TIMES.fullmatch(line)
    people, pay_text = 1, line
    if match:
        digits = re.sub(r"[.\s]", "", match["people"])
        people, pay_text = int(digits) if digits else 0, match["pay"]
    try:
        pay = parse_amount(pay_text)
    except UnableToReadAmount:
        return "NO_AMOUNT"
    return PayLine(pay, people) if people > 0 else "NO_PEOPLE"
