"""Commission: a percentage of the premium that was paid, without its tax."""

from collections.abc import Iterable
from datetime import date

from aupolicy.kernel.money import ZERO, round_cent
from aupolicy.kernel.month import Month
from billing.facts.commission import AccruedCommission, AgreedCommission, PaidItem


def find_agreement(
    agreements: Iterable[AgreedCommission], *, contract_id: int, month: date
) -> AgreedCommission | None:
    """What a broker's agreements say of a contract's month; one for the contract goes first."""
    in_force = [
        each
        for each in agreements
        if each.contract_id in {None, contract_id}
        and each.first_day <= month
        and (each.last_day is None or month <= each.last_day)
    ]
    own = [each for each in in_force if each.contract_id is not None]
    return next(iter(own or in_force), None)


def is_first_year(month: date, contract_start: date) -> bool:
    """Whether a month lies in the first twelve months of a contract."""
    return Month.of(month) < Month.of(contract_start).plus(12)


def compute_accrual(
    item: PaidItem, agreements: Iterable[AgreedCommission]
) -> AccruedCommission | None:
    """What is new: owed by today's payments less what was recorded; None where nothing is.

    A payment of a part counts with its share of the premium before tax. One that came back makes
    the difference negative. What makes no cent yet is told with the next payment.
    """
    agreement = find_agreement(agreements, contract_id=item.contract_id, month=item.month)
    if agreement is None:
        return None
    first_year = is_first_year(item.month, item.contract_start)
    percent = agreement.first_year_percent if first_year else agreement.running_percent
    net = round_cent(item.paid * (item.amount - item.tax) / item.amount) if item.paid else ZERO
    base = net - item.recorded_base
    amount = round_cent(net * percent / 100) - item.recorded
    if not amount:
        return None
    return AccruedCommission(item, agreement, percent, base, amount)
