"""Which rule counts for a debit that came back."""

from collections.abc import Iterable
from datetime import date

from billing.facts.reactions import OTHER, Occurrence, Reaction


def find_reaction(
    *, code: str, times: int, day: date, shipped: Iterable[Reaction], own: Iterable[Reaction]
) -> Reaction:
    """The rule of a day for a code that comes the `times`-th time.

    The insurer's own rules (`own`, in the order they were recorded) count before the shipped ones,
    and those for a code before those for every other. Raises LookupError where there is no rule.
    """
    occurrence = Occurrence.FIRST if times <= 1 else Occurrence.REPEAT
    for wanted in (code, OTHER):
        for rules in (own, shipped):
            found = [
                rule
                for rule in rules
                if rule.code == wanted and rule.occurrence is occurrence and rule.valid_from <= day
            ]
            if found:
                # Of equal days the last recorded: sorting keeps their order.
                return sorted(found, key=lambda rule: rule.valid_from)[-1]
    raise LookupError(f"no rule for {code} on {day}")
