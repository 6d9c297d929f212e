"""Saying where an employer's own bookkeeping books the premium."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aupolicy.models import Employer, User
from billing.exports.extf import UnableToWriteBatch, check_account, check_cost_centre
from billing.models import BookkeepingTarget

# As DATEV takes them; see `billing.exports.extf.BatchHead`.
RANGES = {
    "consultant_number": (1001, 9_999_999),
    "client_number": (1, 99_999),
    "fiscal_year_month": (1, 12),
    "account_length": (4, 8),
}


@dataclass(frozen=True, slots=True)
class TargetFault:
    """What DATEV would not take: the field of TargetValues, why, and the values to tell it with."""

    field: str
    code: str
    params: Mapping[str, str]


class UnableToSaveTarget(ValueError):
    """Numbers or accounts that DATEV would not take; `faults` says which, one a field."""

    def __init__(self, faults: Sequence[TargetFault]) -> None:
        super().__init__(", ".join(f"{fault.field}: {fault.code}" for fault in faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class TargetValues:
    """What somebody gives about the employer's books; nothing of it is guessed."""

    consultant_number: int
    client_number: int
    fiscal_year_month: int
    account_length: int
    expense_account: str
    creditor_account: str
    cost_centre: str = ""


def save_target(
    *, employer: Employer, values: TargetValues, changed_by: User, now: datetime
) -> BookkeepingTarget:
    """Keep the values; what was there before stays in the history.

    Raises UnableToSaveTarget.
    """
    faults = list(_find_faults(values))
    if faults:
        raise UnableToSaveTarget(faults)
    target, _created = BookkeepingTarget.objects.update_or_create(
        employer=employer,
        defaults={
            "consultant_number": values.consultant_number,
            "client_number": values.client_number,
            "fiscal_year_month": values.fiscal_year_month,
            "account_length": values.account_length,
            "expense_account": values.expense_account,
            "creditor_account": values.creditor_account,
            "cost_centre": values.cost_centre,
            "changed_by": changed_by,
            "changed_at": now,
        },
    )
    return target


def _find_faults(values: TargetValues) -> Iterator[TargetFault]:
    for field, (least, most) in RANGES.items():
        if not least <= getattr(values, field) <= most:
            params = {"least": str(least), "most": str(most)}
            yield TargetFault(field, "OUT_OF_RANGE", params)
    length = values.account_length
    checks: Mapping[str, Callable[[], None]] = {
        "expense_account": lambda: check_account(
            values.expense_account, length=length, personal=False
        ),
        "creditor_account": lambda: check_account(
            values.creditor_account, length=length, personal=True
        ),
        "cost_centre": lambda: check_cost_centre(values.cost_centre),
    }
    for field, check in checks.items():
        try:
            check()
        except UnableToWriteBatch as error:
            yield TargetFault(field, error.code, error.params)
    if values.expense_account.lstrip("0") == values.creditor_account.lstrip("0"):
        yield TargetFault("creditor_account", "SAME_ACCOUNT", {})
