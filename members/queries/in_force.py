"""Who is insured on a day: within the cover that notices tell, and within the contract.

The notices need not say when the contract ends, and its end may become known after them. So it
is looked up each time and not written into the memberships.
"""

from datetime import date

from django.db.models import F, Q

from aupolicy.kernel.period import Period
from members.facts import EndReason
from members.models import Membership


def insured_on(day: date, prefix: str = "") -> Q:
    """Memberships in force on a day; `prefix` leads to the membership ("membership__")."""
    return Q(**{f"{prefix}period__contains": day, f"{prefix}contract__period__contains": day})


def coming_after(day: date, prefix: str = "") -> Q:
    """Memberships that begin after a day, while the contract lasts."""
    return Q(
        **{
            f"{prefix}period__startswith__gt": day,
            f"{prefix}contract__period__overlap": F(f"{prefix}period"),
        }
    )


def ended_before(day: date, prefix: str = "") -> Q:
    """Memberships that ended before a day, by themselves or with the contract."""
    before = (day, None)
    own = Q(**{f"{prefix}period__fully_lt": before})
    return own | Q(**{f"{prefix}contract__period__fully_lt": before})


def get_insured_period(membership: Membership, contract: Period) -> tuple[Period | None, str]:
    """The days a membership really insures under a contract of some days, and why they end.

    None where there are none: it was a mistake, or would have begun after the contract's end.
    """
    days = membership.period.intersection(contract) if membership.period else None
    if days is None:
        return None, ""
    ends_earlier = days.last_day != membership.period.last_day
    return days, EndReason.CONTRACT_ENDED.value if ends_earlier else membership.end_reason
