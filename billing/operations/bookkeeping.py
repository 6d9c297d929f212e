"""Saying where an employer's own bookkeeping books the premium."""

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


class UnableToSaveTarget(ValueError):
    """Numbers or accounts that DATEV would not take; `params["field"]` says which."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


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
    _check(values)
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


def _check(values: TargetValues) -> None:
    for field, (least, most) in RANGES.items():
        if not least <= getattr(values, field) <= most:
            raise UnableToSaveTarget("OUT_OF_RANGE", field=field, least=str(least), most=str(most))
    field = "expense_account"
    try:
        check_account(values.expense_account, length=values.account_length, personal=False)
        field = "creditor_account"
        check_account(values.creditor_account, length=values.account_length, personal=True)
        field = "cost_centre"
        check_cost_centre(values.cost_centre)
    except UnableToWriteBatch as error:
        raise UnableToSaveTarget(error.code, field=field, **error.params) from error
    if int(values.expense_account) == int(values.creditor_account):
        raise UnableToSaveTarget("SAME_ACCOUNT", field="creditor_account")
