"""Our transfers that a bank sent back, or would not send at all."""

from collections.abc import Sequence
from datetime import date, datetime

from billing.facts.bank_match import PayoutState
from billing.facts.recovery import ReturnCode
from billing.models import Payout
from billing.operations.payout_returns import record_return


def take_back_payouts(
    came_back: Sequence[tuple[PayoutState | None, date, str]], *, now: datetime
) -> None:
    """What did not arrive is owed still; each with its day and the bank's reason.

    One that a clerk has recorded already stays as it is.
    """
    wanted = {
        payout.payout_id: (day, code) for payout, day, code in came_back if payout is not None
    }
    if not wanted:
        return
    for payout in Payout.objects.filter(pk__in=wanted, returned_on=None).order_by("pk"):
        day, code = wanted[payout.pk]
        # A reason we have no words for is none: the bank's own stays with its entry.
        known = code if code in set(ReturnCode) else ReturnCode.MS03.value
        record_return(payout=payout, returned_on=day, code=known, user=None, now=now)
