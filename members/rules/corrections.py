"""Which notices are withdrawn: corrections, and corrections of corrections."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from members.facts import Code, Notice, NoticeCode, NoticeKind
from members.rules.judging import first_changed_day

OUR_NUMBER = "#"
"""Before our own number of a notice, where a correction names one without a reference."""


@dataclass(slots=True)
class Said:
    """A notice with what is known about it besides.

    `key` is the record's id, and -1, -2, ... for notices not on record yet, in their order.
    `faults` refuse it for good, `limits` put it to a clerk; one `accepted` by a clerk has none.
    """

    key: int
    notice: Notice
    faults: tuple[Code, ...] = ()
    limits: tuple[Code, ...] = ()
    accepted: bool = False

    def order(self) -> tuple[datetime, int, bool, int]:
        """Order in which notices were said, the earlier arrived first where that is equal."""
        return (*self.notice.received_key(), self.key < 0, abs(self.key))


@dataclass(slots=True)
class Withdrawals:
    """`by` tells which correction (key) withdrew a notice (key), None: its reference was used anew.

    `codes` are those of corrections that do not count.
    """

    by: dict[int, int | None] = field(default_factory=dict)
    codes: dict[int, NoticeCode] = field(default_factory=dict)


IsTooLate = Callable[[date, Notice], bool]
"""Whether a correction (second) comes too late to change a day (first)."""


def settle_corrections(
    said: Sequence[Said], *, is_too_late: IsTooLate, used_elsewhere: Collection[str] = ()
) -> Withdrawals:
    """Decide which notices of one person are withdrawn, and by which correction.

    Corrections count from the last received to the first, so one that was itself withdrawn is
    known before it would count. `used_elsewhere` are references that stand for somebody else.
    """
    found = Withdrawals()
    counting = [one for one in said if not one.faults]
    if not any(one.notice.kind is NoticeKind.CORRECTION for one in counting):
        return found
    in_order = sorted(counting, key=Said.order)
    for index in range(len(in_order) - 1, -1, -1):
        correction = in_order[index]
        if correction.notice.kind is NoticeKind.CORRECTION and correction.key not in found.by:
            _take(found, in_order, index, is_too_late)
    _free_references(found, in_order, used_elsewhere)
    return found


def _take(found: Withdrawals, in_order: Sequence[Said], index: int, is_too_late: IsTooLate) -> None:
    correction = in_order[index]
    target = _find_target(in_order, index)
    if target is None:
        found.codes[correction.key] = NoticeCode.NOTHING_TO_CORRECT
        return
    reached = _first_reached_day(in_order, target)
    if reached is not None and not correction.accepted and is_too_late(reached, correction.notice):
        found.codes[correction.key] = NoticeCode.RETRO_LIMIT
        return
    if not correction.limits:
        found.by[target.key] = correction.key


def _find_target(in_order: Sequence[Said], index: int) -> Said | None:
    """The last notice of that name received before the correction, else the first one after it.

    A correction reaches only corrections before it: so no two can withdraw each other.
    """
    name = in_order[index].notice.corrects
    for one in reversed(in_order[:index]):
        if _is_called(one, name):
            return one
    for one in in_order[index + 1 :]:
        if one.notice.kind is not NoticeKind.CORRECTION and _is_called(one, name):
            return one
    return None


def _is_called(said: Said, name: str) -> bool:
    if name.startswith(OUR_NUMBER):
        return name == f"{OUR_NUMBER}{said.key}"
    return said.notice.reference == name


def _first_reached_day(in_order: Sequence[Said], target: Said) -> date | None:
    """The first day that changes when a notice no longer counts; None where none does."""
    if target.limits or target.notice.kind is NoticeKind.NAME_CHANGE:
        return None
    if target.notice.kind is not NoticeKind.CORRECTION:
        return first_changed_day(target.notice)
    further = _find_target(in_order, in_order.index(target))
    return None if further is None else _first_reached_day(in_order, further)


def _free_references(
    found: Withdrawals, in_order: Sequence[Said], used_elsewhere: Collection[str]
) -> None:
    """Of restored notices one stays withdrawn where its reference has been used anew since."""
    used = set(used_elsewhere)
    for one in reversed(in_order):
        reference = one.notice.reference
        if reference and one.key not in found.by:
            if reference in used:
                found.by[one.key] = None
            used.add(reference)
