"""Which statements can be collected for a day, and why the others cannot."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from billing.facts.debit import Scheme
from billing.models import Mandate, Statement


class NoDebitReason(StrEnum):
    """Why a statement is not collected."""

    NO_MANDATE = "NO_MANDATE"
    B2B_NOT_CONFIRMED = "B2B_NOT_CONFIRMED"
    CREDIT = "CREDIT"


@dataclass(frozen=True, slots=True)
class Collectable:
    """A statement with the mandate that allows its debit."""

    statement: Statement
    mandate: Mandate


@dataclass(frozen=True, slots=True)
class NotCollected:
    """A posted statement, due by the day, that is not collected; amount in EUR."""

    number: str
    amount: Decimal
    reason: NoDebitReason


@dataclass(frozen=True, slots=True)
class CollectableReport:
    """What a collection for a day takes and leaves."""

    ready: list[Collectable]
    not_collected: list[NotCollected]


def list_collectable(due: date, *, lock: bool = False) -> CollectableReport:
    """Posted statements due by a day and not collected yet, in order of their numbers.

    A statement falls due only after its pre-notification period, so that needs no second look.
    With `lock` the statements are locked, so that two collections never take the same one.
    """
    statements = (
        Statement.objects.filter(number__isnull=False, due_date__lte=due)
        .filter(collection_item=None)
        .exclude(total=0)
        .order_by("number")
    )
    if lock:
        ids = list(statements.values_list("pk", flat=True))
        list(Statement.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))
    # Read again under the lock: what another collection took meanwhile is gone.
    found = list(statements.select_related("contract"))
    mandates = {
        mandate.contract_id: mandate
        for mandate in Mandate.objects.filter(
            contract_id__in={s.contract_id for s in found}, period__contains=due
        )
    }
    report = CollectableReport([], [])
    for statement in found:
        mandate = mandates.get(statement.contract_id)
        reason = _reason(statement, mandate)
        if mandate is not None and reason is None:
            report.ready.append(Collectable(statement, mandate))
        elif reason is not None:
            number = statement.number or ""
            report.not_collected.append(NotCollected(number, statement.total, reason))
    return report


def _reason(statement: Statement, mandate: Mandate | None) -> NoDebitReason | None:
    if statement.total < 0:
        return NoDebitReason.CREDIT
    if mandate is None:
        return NoDebitReason.NO_MANDATE
    if mandate.scheme == Scheme.B2B and mandate.b2b_confirmed_on is None:
        return NoDebitReason.B2B_NOT_CONFIRMED
    return None
