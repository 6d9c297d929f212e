"""What a payout keeps back for benefit that was paid too much before (Verrechnung).

Set-off as of §§ 387, 389 BGB; in instalments no more than was agreed leaves each payout.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from aupolicy.kernel.money import ZERO
from billing.facts.recovery import RecoveryMode


@dataclass(frozen=True, slots=True)
class OpenRecovery:
    """What is still owed back for the slice `key`, in EUR; `instalment` for INSTALMENTS only."""

    key: int
    amount: Decimal
    mode: RecoveryMode
    instalment: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Offset:
    """EUR that a payout keeps back for the recovery of the slice `key`."""

    key: int
    amount: Decimal


def compute_offsets(*, amount: Decimal, recoveries: Iterable[OpenRecovery]) -> tuple[Offset, ...]:
    """What one payout of `amount` EUR keeps back, recovery by recovery in the order given.

    OFFSET takes all that is left of the payout, INSTALMENTS at most the instalment, RECLAIM
    nothing. Never more than is owed back, and never more than the payout.
    """
    offsets = []
    left = amount
    for recovery in recoveries:
        taken = min(left, recovery.amount, _limit(recovery, left))
        if taken > ZERO:
            offsets.append(Offset(recovery.key, taken))
            left -= taken
    return tuple(offsets)


def _limit(recovery: OpenRecovery, left: Decimal) -> Decimal:
    match recovery.mode:
        case RecoveryMode.OFFSET:
            return left
        case RecoveryMode.INSTALMENTS:
            return recovery.instalment or ZERO
        case RecoveryMode.RECLAIM:
            return ZERO


def subtract_offsets(
    recoveries: Iterable[OpenRecovery], offsets: Iterable[Offset]
) -> tuple[OpenRecovery, ...]:
    """What is still owed back after some offsets, for the person's next payout."""
    taken = {offset.key: offset.amount for offset in offsets}
    left = (
        OpenRecovery(
            recovery.key,
            recovery.amount - taken.get(recovery.key, ZERO),
            recovery.mode,
            recovery.instalment,
        )
        for recovery in recoveries
    )
    return tuple(recovery for recovery in left if recovery.amount > ZERO)
