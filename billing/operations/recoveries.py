"""Getting back benefit that was paid and is not owed any more (Rückforderung)."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from aupolicy.kernel.money import ZERO, round_cent
from aupolicy.models import Role, User, WorkItem
from aupolicy.operations.work import close_work
from aupolicy.queries import has_role
from billing.facts.recovery import RecoveryMode
from billing.models import LedgerTransaction, PayoutItem, Recovery, RecoverySettlement
from billing.operations.payout_books import (
    book_cancelled_return,
    book_recoveries,
    book_repayment,
)
from billing.queries.recoveries import Overpaid, get_open_amount, list_overpaid
from claims.rules.wording import find_medical_text


class UnableToRecover(ValueError):
    """A recovery cannot be changed or repaid so.

    Codes: NOT_ALLOWED (the role is missing), NOTHING_OPEN, REASON_MISSING, MEDICAL_TEXT (the
    reason names an illness), INSTALMENT_MISSING, AMOUNT_RANGE (not above zero), MORE_THAN_OPEN
    (open, EUR), IN_FUTURE.
    """

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(f"{code}: {params}")
        self.code, self.params = code, params


def find_overpaid(*, person_ids: Iterable[int] | None = None) -> list[Overpaid]:
    """What was paid for slices cancelled since, and is not recovered yet."""
    return list_overpaid(person_ids=person_ids)


def record_recoveries(
    *, person_ids: Iterable[int] | None = None, now: datetime
) -> tuple[Recovery, ...]:
    """Claim back what was paid for slices cancelled since, by offset, and book it.

    A second call finds nothing; two at once leave one recovery a slice. What had come back from
    the bank before its slice was cancelled needs no recovery, but is not owed any more.
    """
    people = None if person_ids is None else sorted(set(person_ids))
    today = timezone.localdate(now)
    with transaction.atomic():
        overpaid = {item.slice_id: item for item in list_overpaid(person_ids=people)}
        Recovery.objects.bulk_create(
            [_recovery(item, now) for item in overpaid.values()],
            batch_size=2_000,
            ignore_conflicts=True,
        )
        # Another call may have made some of them meanwhile; it has booked those too.
        fresh = Recovery.objects.filter(slice__in=overpaid, bookings=None).select_for_update(
            of=("self",), no_key=True
        )
        recoveries = tuple(fresh.order_by("pk"))
        book_recoveries(recoveries, booked_on=today)
        close_work(
            kind=WorkItem.Kind.PAYOUT,
            subjects=_settle_cancelled_returns(people, today),
            now=now,
        )
    return recoveries


def _recovery(overpaid: Overpaid, now: datetime) -> Recovery:
    return Recovery(
        slice_id=overpaid.slice_id,
        claim_id=overpaid.claim_id,
        person_id=overpaid.person_id,
        contract_id=overpaid.contract_id,
        amount=overpaid.amount,
        mode=RecoveryMode.OFFSET.value,
        reason=overpaid.reason,
        decided_at=now,
    )


def _settle_cancelled_returns(people: list[int] | None, today: date) -> set[int]:
    """Slices cancelled whose money had come back: nobody owes anybody, and the books say so.

    The claims of which nothing that came back is to be paid any more.
    """
    others = PayoutItem.objects.filter(slice=OuterRef("slice"))
    items = PayoutItem.objects.filter(
        ~Exists(others.filter(returned=False)),
        ~Exists(others.filter(bookings__kind=LedgerTransaction.UNPAID_CANCELLED)),
        ~Exists(others.filter(pk__gt=OuterRef("pk"))),
        returned=True,
        slice__cancelled_at__isnull=False,
    )
    if people is not None:
        items = items.filter(slice__person__in=people)
    recoveries = {
        recovery.slice_id: recovery
        for recovery in Recovery.objects.filter(slice__payments__in=items)
    }
    claims: set[int] = set()
    for item in items.select_related("slice").order_by("pk"):
        recovery = recoveries.get(item.slice_id)
        owed_back = ZERO if recovery is None else get_open_amount(recovery)
        if recovery is not None and owed_back:
            RecoverySettlement.objects.create(
                recovery=recovery, received_on=today, amount=owed_back
            )
        book_cancelled_return(
            item,
            contract_id=item.slice.contract_id,
            owed_back=owed_back,
            expense=item.amount if recovery is None else ZERO,
            booked_on=today,
        )
        claims.add(item.slice.claim_id)
    waiting = PayoutItem.objects.filter(returned=True, slice__cancelled_at=None)
    return claims.difference(
        waiting.filter(slice__claim__in=claims).values_list("slice__claim_id", flat=True)
    )


def change_recovery(
    *,
    recovery: Recovery,
    mode: RecoveryMode,
    instalment: Decimal | None,
    reason: str,
    user: User,
    now: datetime,
) -> Recovery:
    """Let a recovery come back another way from the next payout on. Raises UnableToRecover.

    `instalment` is EUR a payout, for INSTALMENTS only.
    """
    _check_role(user, now, Role.EXAMINER, Role.FINANCE)
    if not reason.strip():
        raise UnableToRecover("REASON_MISSING")
    if find_medical_text(reason):
        raise UnableToRecover("MEDICAL_TEXT")
    in_parts = mode is RecoveryMode.INSTALMENTS
    if in_parts and (instalment is None or instalment <= ZERO):
        raise UnableToRecover("INSTALMENT_MISSING")
    with transaction.atomic():
        recovery = Recovery.objects.select_for_update(no_key=True).get(pk=recovery.pk)
        if get_open_amount(recovery) <= ZERO:
            raise UnableToRecover("NOTHING_OPEN")
        recovery.mode = mode.value
        recovery.instalment = round_cent(instalment) if in_parts and instalment else None
        recovery.reason = reason.strip()
        recovery.decided_by, recovery.decided_at = user, now
        recovery.save(update_fields=["mode", "instalment", "reason", "decided_by", "decided_at"])
    return recovery


def record_repayment(
    *, recovery: Recovery, amount: Decimal, received_on: date, user: User, now: datetime
) -> RecoverySettlement:
    """The person has transferred EUR of what is owed back. Raises UnableToRecover."""
    _check_role(user, now, Role.FINANCE)
    if amount <= ZERO:
        raise UnableToRecover("AMOUNT_RANGE")
    if received_on > timezone.localdate(now):
        raise UnableToRecover("IN_FUTURE")
    with transaction.atomic():
        recovery = Recovery.objects.select_for_update(no_key=True).get(pk=recovery.pk)
        still_open = get_open_amount(recovery)
        if amount > still_open:
            raise UnableToRecover("MORE_THAN_OPEN", open=str(still_open))
        settlement = RecoverySettlement.objects.create(
            recovery=recovery,
            received_on=received_on,
            amount=round_cent(amount),
            recorded_by=user,
        )
        book_repayment(settlement)
    return settlement


def _check_role(user: User, now: datetime, *roles: Role) -> None:
    if not has_role(user, set(roles), timezone.localdate(now)):
        raise UnableToRecover("NOT_ALLOWED")
