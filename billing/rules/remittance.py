"""What a payout says on the payee's statement of account: months and contract, nothing of health.

Banks, and whoever else looks at an account, read it. Payouts go to people in Germany, so it is
German whatever language the person reads elsewhere.
"""

from collections.abc import Iterable
from datetime import date

from aupolicy.kernel.month import Month

# Beyond that only the first and the last month are named.
_MOST_SPELLS = 4


def describe_payout(*, months: Iterable[date], contract: str) -> str:
    """Such as "Leistung 12/2026 Vertrag GV-2026-0001"; neighbouring months are one spell."""
    spells = _join(sorted({Month.of(month) for month in months}))
    if len(spells) > _MOST_SPELLS:
        spells = [(spells[0][0], spells[-1][1])]
    return f"Leistung {', '.join(_write(*spell) for spell in spells)} Vertrag {contract}"


def _join(months: Iterable[Month]) -> list[tuple[Month, Month]]:
    spells: list[tuple[Month, Month]] = []
    for month in months:
        if spells and spells[-1][1].plus(1) == month:
            spells[-1] = (spells[-1][0], month)
        else:
            spells.append((month, month))
    return spells


def _write(first: Month, last: Month) -> str:
    begin = f"{first.first_day:%m/%Y}"
    return begin if first == last else f"{begin}-{last.first_day:%m/%Y}"
