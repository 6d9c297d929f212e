"""What notices should cost, worked out the slow way: day by day, in whole cents, from no rule.

Nothing here comes from the product but the notices themselves. The prices are written down once
more, from the published table.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from aupolicy.kernel.month import Month
from members.facts import Notice
from tests.laws.stories import LAST_MONTH, Agreed, Story

# Up to this monthly pay in cents -> premium in cents.
BANDS = [
    (1_000_00, 6_80),
    (1_500_00, 9_00),
    (2_000_00, 11_20),
    (2_500_00, 13_00),
    (3_000_00, 14_80),
    (3_500_00, 16_60),
    (4_000_00, 17_90),
]
HIGHEST = 19_10
PERCENT = Fraction(1, 200)
ON_ONE_DAY = ["JOIN", "RETURN", "PAY_CHANGE", "PARENTAL_LEAVE", "LEAVE", "DEATH"]


def expect_charges(story: Story) -> dict[tuple[int, str, Month], Decimal]:
    """What every contract (by index), person and month costs in EUR, without what costs nothing."""
    charges = {}
    for number, agreed in enumerate(story.contracts):
        said = [arrival.notice for arrival in story.arrivals if arrival.contract == number]
        for person in {notice.personnel_number for notice in said}:
            about = _still_said([n for n in said if n.personnel_number == person])
            for month, cents in _charge_months(agreed, about).items():
                if cents:
                    charges[number, person, month] = Decimal(cents).scaleb(-2)
    return charges


def _still_said(notices: Sequence[Notice]) -> list[Notice]:
    """What is left when corrections have withdrawn what they name, and names are left out.

    The last word counts first: a correction that was withdrawn itself withdraws nothing. Of
    corrections only earlier ones can be withdrawn.
    """
    left = sorted(notices, key=lambda notice: notice.received_at)
    for word in reversed(list(left)):
        if word.kind == "CORRECTION" and word in left:
            named = [
                other
                for other in left
                if other.reference == word.corrects
                and (other.kind != "CORRECTION" or other.received_at < word.received_at)
            ]
            left = [notice for notice in left if notice not in named]
    return [notice for notice in left if notice.kind in ON_ONE_DAY]


def _charge_months(agreed: Agreed, notices: Sequence[Notice]) -> dict[Month, int]:
    """Cents by month, from the pay of each covered day."""
    by_month: dict[Month, list[int]] = {}
    for day, cents in _live_through(agreed, notices):
        by_month.setdefault(Month.of(day), []).append(cents)
    return {month: _price(agreed, month, pays) for month, pays in by_month.items()}


def _price(agreed: Agreed, month: Month, pays: list[int]) -> int:
    pay = pays[0]
    if agreed.tariff_of(month) == "bau-2016":
        full = next((premium for up_to, premium in BANDS if pay <= up_to), HIGHEST)
    else:
        full = _half_up(pay * PERCENT)
    whole_month = (month.plus(1).first_day - month.first_day).days
    if len(pays) == whole_month:
        return full
    return min(full, _half_up(Fraction(full * len(pays), 30)))


def _half_up(value: Fraction) -> int:
    return int(value + Fraction(1, 2))


def _live_through(agreed: Agreed, notices: Sequence[Notice]) -> Iterable[tuple[date, int]]:
    """Each covered day with the pay of that day in cents, day after day."""
    life = _Life()
    day = agreed.start
    end = LAST_MONTH.last_day if agreed.cancelled is None else agreed.last_day
    while day <= end:
        for notice in _of_day(notices, day):
            life.hear(notice)
        if life.covered:
            yield day, life.pay
        life.sleep()
        day += timedelta(days=1)


class _Life:
    """A person's state on one day after the other."""

    def __init__(self) -> None:
        self.covered, self.leaves_tonight = False, False
        self.pay, self.last_known = 0, -1

    def hear(self, notice: Notice) -> None:
        said = None if notice.pay is None else int(notice.pay * 100)
        if notice.kind in {"JOIN", "RETURN"}:
            # Nobody returns who never came.
            if not self.covered and (notice.kind == "JOIN" or self.last_known >= 0):
                self.covered = True
                self.pay = self.last_known = self.last_known if said is None else said
        elif notice.kind == "PAY_CHANGE":
            if self.covered and said is not None:
                self.pay = self.last_known = said
        elif notice.kind == "PARENTAL_LEAVE":
            self.covered = False
        else:
            self.leaves_tonight = True

    def sleep(self) -> None:
        self.covered = self.covered and not self.leaves_tonight
        self.leaves_tonight = False


def _of_day(notices: Sequence[Notice], day: date) -> list[Notice]:
    """The notices of a day in the order in which they count, the later received after."""
    return sorted(
        (notice for notice in notices if notice.effective == day),
        key=lambda n: (ON_ONE_DAY.index(n.kind), n.received_at, n.reference, str(n.pay)),
    )
