"""Relapses: which days of an illness count on in a later leave (`relapse: efzg`).

§ 3 (1) S. 2 EFZG: an illness begins to count anew once six months passed without incapacity for
work because of it, or once twelve months passed since its first incapacity began.
"""

from dataclasses import dataclass
from datetime import date

from aupolicy.kernel.legal_time import end_of_months

_FREE_MONTHS = 6
_LONGEST_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Chain:
    """The leaves of an illness that count together, as far as they are known.

    `first` and `last` are the first and the last of its days, as ordinals, `days` their number.
    `sum_since` is the day whose terms set the monthly sum, None while no leave was insured.
    """

    first: int
    last: int
    days: int
    sum_since: date | None

    def reaches(self, day: int) -> bool:
        """Whether a leave with the same illness from this day on counts together with these."""
        free_since = date.fromordinal(self.last + 1)
        if day > end_of_months(free_since, _FREE_MONTHS).toordinal():
            return False
        return day <= end_of_months(date.fromordinal(self.first), _LONGEST_MONTHS).toordinal()

    def extended(self, *, last: int, days: int, sum_since: date | None) -> "Chain":
        """The chain with a further leave."""
        return Chain(
            self.first, max(self.last, last), self.days + days, self.sum_since or sum_since
        )
