"""What notices would do: everything is read and decided here, nothing is written."""

from collections.abc import Sequence

from aupolicy.models import GroupContract
from members.facts import Notice, Plan


def plan_notices(*, contract: GroupContract, notices: Sequence[Notice]) -> Plan:
    """Decide what notices would do. `apply_notices` writes exactly this.

    Reads what it needs in a handful of queries, however many notices there are. Whoever writes
    the plan holds the contract's lock since before it was made.
    """
    raise NotImplementedError
