"""Bookings of several sides as pairs of accounts, which is how bookkeeping programs take them."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from aupolicy.kernel.money import ZERO


def pair_sides(sides: Iterable[tuple[str, Decimal]]) -> Iterator[tuple[str, str, Decimal]]:
    """The sides (account, EUR: debit positive) as debit account, credit account, EUR.

    Where one side stands against several it is divided. The pairs add up to the sides.
    """
    known = list(sides)
    credits_ = [(account, -amount) for account, amount in known if amount < 0]
    for account, amount in known:
        left = max(amount, ZERO)
        while left:
            other, available = credits_.pop(0)
            part = min(left, available)
            left -= part
            if part < available:
                credits_.insert(0, (other, available - part))
            yield account, other, part
