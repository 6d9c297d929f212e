"""Arrears of each contract, with a step that its employer may see and one that it may not."""

from datetime import UTC, date, datetime

from aupolicy.models import GroupContract, User
from billing.models import ArrearsCase, ArrearsItem, ArrearsStep, OpenItem

_NOW = datetime(2026, 2, 1, 9, 0, tzinfo=UTC)
_DAY = date(2026, 2, 1)


def add_arrears(contract: GroupContract, user: User) -> ArrearsCase:
    """A case that was begun, and stopped by a clerk."""
    case = ArrearsCase.objects.create(
        contract=contract, opened_on=_DAY, is_first_premium=False, needs_request=True
    )
    item = OpenItem.objects.filter(contract=contract).earliest("pk")
    ArrearsItem.objects.create(case=case, open_item=item)
    for position, kind in enumerate(("PAYMENT_REQUEST", "STOP"), start=1):
        ArrearsStep.objects.create(
            case=case, position=position, kind=kind, day=_DAY, deadline=_DAY, reason="Rückfrage",
            user=user if kind == "STOP" else None, recorded_at=_NOW, premium=item.amount,
        )  # fmt: skip
    return case
