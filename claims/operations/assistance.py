"""Assistance from the first day of a leave: what a person asks for, who does it, what it costs.

Wishes, orders and remarks are read by people who need to know nothing about an illness. Text that
looks like one is refused until whoever typed it confirms that it tells nothing of the kind.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from aupolicy.models import User, WorkItem
from aupolicy.operations.work import close_work, open_work
from claims.facts import AssistanceKind, Channel, ClaimStatus
from claims.models import (
    AssistanceCase,
    AssistanceFeedback,
    AssistanceOrder,
    Claim,
    Provider,
)
from claims.rules.wording import find_medical_text

# Somebody who asks for help is answered on the next day.
_ANSWER_WITHIN = timedelta(days=1)
_SCORES = range(1, 6)


class UnableToAssist(ValueError):
    """Something about assistance that cannot be done; `code` says why.

    NOT_BEGUN (`first_day`), CLAIM_CLOSED, OPEN_ALREADY, CASE_CLOSED, ORDERS_OPEN,
    PROVIDER_INACTIVE, WRONG_KIND, COST_NEGATIVE, DONE_IN_FUTURE, ORDER_DONE, ORDER_CANCELLED,
    NOTHING_DONE, FEEDBACK_GIVEN, WRONG_SCORE, NAME_USED, MEDICAL_TEXT.
    """

    def __init__(self, code: str, **params: date | str) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def open_case(
    *,
    claim: Claim,
    kind: AssistanceKind,
    wish: str,
    channel: Channel,
    user: User | None,
    now: datetime,
    confirmed: bool = False,
) -> AssistanceCase:
    """Somebody asks for help; the examiners get work.

    Raises UnableToAssist: NOT_BEGUN, CLAIM_CLOSED, OPEN_ALREADY (of this kind), MEDICAL_TEXT.
    """
    _refuse_medical_text(wish, confirmed=confirmed)
    with transaction.atomic():
        claim = Claim.objects.select_for_update(of=("self",)).get(pk=claim.pk)
        _check_claim(claim, timezone.localdate(now))
        if AssistanceCase.objects.filter(claim=claim, kind=kind.value, closed_at=None).exists():
            raise UnableToAssist("OPEN_ALREADY")
        case = AssistanceCase.objects.create(
            claim=claim,
            person_id=claim.person_id,
            employer_id=claim.contract.employer_id,
            kind=kind.value,
            wish=wish.strip(),
            channel=channel.value,
            opened_at=now,
            opened_by=user,
        )
        open_work(
            kind=WorkItem.Kind.ASSISTANCE,
            titles={case.pk: f"Assistance vermitteln, Fall {claim.number}"},
            employer=claim.contract.employer,
            due=timezone.localdate(now) + _ANSWER_WITHIN,
            now=now,
        )
    return case


def _check_claim(claim: Claim, today: date) -> None:
    if ClaimStatus(claim.status) in {ClaimStatus.ENDED, ClaimStatus.JOINED}:
        raise UnableToAssist("CLAIM_CLOSED")
    if claim.first_day is not None and claim.first_day > today:
        raise UnableToAssist("NOT_BEGUN", first_day=claim.first_day)


def order_service(
    *,
    case: AssistanceCase,
    provider: Provider,
    service_on: date,
    what: str,
    agreed_cost: Decimal,
    user: User,
    now: datetime,
    confirmed: bool = False,
) -> AssistanceOrder:
    """Order something from a provider for a day, at an agreed cost in EUR.

    Raises UnableToAssist: CASE_CLOSED, PROVIDER_INACTIVE, WRONG_KIND (the provider does not do
    this), COST_NEGATIVE, MEDICAL_TEXT.
    """
    _refuse_medical_text(what, confirmed=confirmed)
    with transaction.atomic():
        case = _lock_open(case)
        if not provider.active:
            raise UnableToAssist("PROVIDER_INACTIVE")
        if case.kind not in provider.kinds:
            raise UnableToAssist("WRONG_KIND")
        if agreed_cost < 0:
            raise UnableToAssist("COST_NEGATIVE")
        return AssistanceOrder.objects.create(
            case=case,
            provider=provider,
            service_on=service_on,
            what=what.strip(),
            agreed_cost=agreed_cost,
            ordered_at=now,
            ordered_by=user,
        )


def finish_order(
    *, order: AssistanceOrder, done_on: date, cost: Decimal, now: datetime
) -> AssistanceOrder:
    """The provider has done it and charged `cost` EUR.

    Raises UnableToAssist: ORDER_CANCELLED, ORDER_DONE, DONE_IN_FUTURE, COST_NEGATIVE.
    """
    with transaction.atomic():
        order = _lock_running(order)
        if done_on > timezone.localdate(now):
            raise UnableToAssist("DONE_IN_FUTURE")
        if cost < 0:
            raise UnableToAssist("COST_NEGATIVE")
        order.done_on, order.cost = done_on, cost
        order.save(update_fields=["done_on", "cost"])
    return order


def cancel_order(*, order: AssistanceOrder, now: datetime) -> AssistanceOrder:
    """Call an order off before it was done. Raises UnableToAssist: ORDER_CANCELLED, ORDER_DONE."""
    with transaction.atomic():
        order = _lock_running(order)
        order.cancelled_at = now
        order.save(update_fields=["cancelled_at"])
    return order


def close_case(
    *, case: AssistanceCase, outcome: str, user: User | None, now: datetime
) -> AssistanceCase:
    """Finish a case ("done", "not_needed" or "not_possible") and its work.

    Raises UnableToAssist: CASE_CLOSED, ORDERS_OPEN (neither done nor cancelled), NOTHING_DONE
    (an outcome "done" without any order that was).
    """
    with transaction.atomic():
        case = _lock_open(case)
        orders = list(case.orders.all())
        if any(order.done_on is None and order.cancelled_at is None for order in orders):
            raise UnableToAssist("ORDERS_OPEN")
        # Advice by telephone needs no order.
        needs_order = outcome == "done" and case.kind != AssistanceKind.HOTLINE.value
        if needs_order and not any(order.done_on for order in orders):
            raise UnableToAssist("NOTHING_DONE")
        case.outcome, case.closed_at, case.closed_by = outcome, now, user
        case.full_clean(exclude=["claim", "person", "employer", "opened_by", "closed_by"])
        case.save(update_fields=["outcome", "closed_at", "closed_by"])
        close_work(kind=WorkItem.Kind.ASSISTANCE, subjects=[case.pk], now=now, by=user)
    return case


def give_feedback(
    *, case: AssistanceCase, score: int, comment: str, now: datetime, confirmed: bool = False
) -> AssistanceFeedback:
    """What the person says about a case: 1 (bad) to 5 (very good). Once, when something was done.

    Raises UnableToAssist: WRONG_SCORE, MEDICAL_TEXT, FEEDBACK_GIVEN, NOTHING_DONE.
    """
    if score not in _SCORES:
        raise UnableToAssist("WRONG_SCORE")
    _refuse_medical_text(comment, confirmed=confirmed)
    with transaction.atomic():
        case = AssistanceCase.objects.select_for_update(of=("self",)).get(pk=case.pk)
        if AssistanceFeedback.objects.filter(case=case).exists():
            raise UnableToAssist("FEEDBACK_GIVEN")
        if case.closed_at is None and not case.orders.exclude(done_on=None).exists():
            raise UnableToAssist("NOTHING_DONE")
        return AssistanceFeedback.objects.create(
            case=case, score=score, comment=comment.strip(), given_at=now
        )


def save_provider(
    *,
    provider: Provider | None,
    name: str,
    kinds: Iterable[AssistanceKind],
    region: str,
    phone: str,
    email: str,
    active: bool,
) -> Provider:
    """Add a provider (None) or change one. Raises UnableToAssist: NAME_USED."""
    row = provider or Provider()
    with transaction.atomic():
        if Provider.objects.filter(name__iexact=name.strip()).exclude(pk=row.pk).exists():
            raise UnableToAssist("NAME_USED")
        row.name, row.region, row.phone, row.email = name.strip(), region, phone, email
        row.kinds, row.active = sorted(kind.value for kind in kinds), active
        row.save()
    return row


def _lock_open(case: AssistanceCase) -> AssistanceCase:
    case = AssistanceCase.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if case.closed_at is not None:
        raise UnableToAssist("CASE_CLOSED")
    return case


def _lock_running(order: AssistanceOrder) -> AssistanceOrder:
    order = AssistanceOrder.objects.select_for_update(of=("self",)).get(pk=order.pk)
    if order.cancelled_at is not None:
        raise UnableToAssist("ORDER_CANCELLED")
    if order.done_on is not None:
        raise UnableToAssist("ORDER_DONE")
    return order


def _refuse_medical_text(text: str, *, confirmed: bool) -> None:
    if not confirmed and find_medical_text(text):
        raise UnableToAssist("MEDICAL_TEXT")
