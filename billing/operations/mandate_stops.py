"""Stopping a mandate for a while or for good, and letting it carry debits again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from aupolicy.models import User
from billing.facts.debit import Scheme
from billing.models import CollectionItem, Mandate, MandateStop

_KIND = MandateStop.Kind


class UnableToStopMandate(ValueError):
    """A mandate that cannot be stopped, released or confirmed.

    Codes: NO_REASON, NOT_SUSPENDED, REVOKED (it is already), NOT_B2B, CONFIRMED (already),
    BEFORE_SIGNATURE (no bank confirms what is not signed), IN_FUTURE.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Suspension:
    """A mandate, in any of its versions, that is to carry no more debits, and what made it so."""

    mandate: Mandate
    reason: str
    code: str = ""
    debit: CollectionItem | None = None


def suspend_mandate(
    *,
    mandate: Mandate,
    reason: str,
    code: str,
    debit: CollectionItem | None,
    user: User | None,
    now: datetime,
) -> MandateStop:
    """Let a mandate carry no debits from today until somebody lifts it.

    One that is suspended already stays so for the first reason. Raises UnableToStopMandate
    (NO_REASON).
    """
    suspend_mandates(suspensions=[Suspension(mandate, reason, code, debit)], user=user, now=now)
    return MandateStop.objects.get(
        mandate_id=mandate.original_id or mandate.pk, kind=_KIND.SUSPENDED, lifted_at=None
    )


def suspend_mandates(
    *, suspensions: Sequence[Suspension], user: User | None, now: datetime
) -> None:
    """Suspend many mandates in one statement, as a file of returned debits asks for."""
    if not all(each.reason.strip() for each in suspensions):
        raise UnableToStopMandate("NO_REASON")
    today = timezone.localdate(now)
    stops = [
        MandateStop(
            mandate_id=each.mandate.original_id or each.mandate.pk,
            kind=_KIND.SUSPENDED,
            from_day=today,
            reason=each.reason.strip(),
            reason_code=each.code,
            debit=each.debit,
            made_at=now,
            made_by=user,
        )
        for each in suspensions
    ]
    # Whoever was there first has the word: the second stop of a mandate is none.
    MandateStop.objects.bulk_create(stops, batch_size=2_000, ignore_conflicts=True)


def lift_suspension(
    *, mandate: Mandate, reason: str, user: User | None, now: datetime
) -> MandateStop:
    """Let a suspended mandate carry debits again. Raises UnableToStopMandate."""
    if not reason.strip():
        raise UnableToStopMandate("NO_REASON")
    with transaction.atomic():
        stop = (
            MandateStop.objects.select_for_update(no_key=True)
            .filter(
                mandate_id=mandate.original_id or mandate.pk,
                kind=_KIND.SUSPENDED,
                lifted_at=None,
            )
            .first()
        )
        if stop is None:
            raise UnableToStopMandate("NOT_SUSPENDED")
        stop.lifted_at, stop.lifted_by, stop.lift_reason = now, user, reason.strip()
        stop.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
    return stop


def revoke_mandate(
    *, mandate: Mandate, received_on: date, reason: str, user: User | None, now: datetime
) -> MandateStop:
    """Record that a debtor revoked its mandate; from the day of receipt it carries no debit.

    It never does again: another debit needs a new mandate with a reference of its own. Raises
    UnableToStopMandate.
    """
    if not reason.strip():
        raise UnableToStopMandate("NO_REASON")
    if received_on > timezone.localdate(now):
        raise UnableToStopMandate("IN_FUTURE")
    stop, is_new = MandateStop.objects.get_or_create(
        mandate_id=mandate.original_id or mandate.pk,
        kind=_KIND.REVOKED,
        lifted_at=None,
        defaults={
            "from_day": received_on,
            "reason": reason.strip(),
            "made_at": now,
            "made_by": user,
        },
    )
    if not is_new:
        raise UnableToStopMandate("REVOKED")
    return stop


def confirm_b2b(*, mandate: Mandate, confirmed_on: date, today: date) -> Mandate:
    """Record on which day the debtor's bank confirmed a B2B mandate. Raises UnableToStopMandate."""
    with transaction.atomic():
        mandate = Mandate.objects.select_for_update(no_key=True).get(pk=mandate.pk)
        if mandate.scheme != Scheme.B2B:
            raise UnableToStopMandate("NOT_B2B")
        if mandate.b2b_confirmed_on is not None:
            raise UnableToStopMandate("CONFIRMED")
        if confirmed_on < mandate.signed_on:
            raise UnableToStopMandate("BEFORE_SIGNATURE")
        if confirmed_on > today:
            raise UnableToStopMandate("IN_FUTURE")
        mandate.b2b_confirmed_on = confirmed_on
        mandate.save(update_fields=["b2b_confirmed_on"])
    return mandate
