"""Reads of assistance: cases, orders, costs, feedback; for employers counts without names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, TruncMonth

from aupolicy.kernel.month import Month
from aupolicy.models import Employer
from claims.facts import AssistanceKind
from claims.models import (
    AssistanceCase,
    AssistanceFeedback,
    AssistanceOrder,
    BenefitSlice,
    Claim,
    Provider,
)
from claims.rules.groups import hide_small
from members.models import Membership

_ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class CostLine:
    """What orders of one kind come to in the month of their service, EUR.

    `cost` counts what was charged and, for what is not done yet, what was agreed.
    """

    month: date
    kind: AssistanceKind
    orders: int
    cost: Decimal


@dataclass(frozen=True, slots=True)
class FeedbackLine:
    """How many told what they think of a kind of help, and the average of 1 to 5."""

    kind: AssistanceKind
    count: int
    average: Decimal


@dataclass(frozen=True, slots=True)
class KindCount:
    """Cases of one kind; None while so few people asked that one could guess who."""

    kind: AssistanceKind
    cases: int | None


@dataclass(frozen=True, slots=True)
class YearCounts:
    """The cases of a year by kind, for an employer; `total` is None where it would tell a part."""

    year: int
    kinds: tuple[KindCount, ...]
    total: int | None


@dataclass(frozen=True, slots=True)
class QuarterCount:
    """How many people were insured in a quarter and got a benefit; None while they are few."""

    first_day: date
    insured: int
    with_benefit: int | None

    @property
    def number(self) -> int:
        """1 to 4."""
        return (self.first_day.month + 2) // 3


def list_cases(claim: Claim) -> list[AssistanceCase]:
    """What was asked for in a claim, newest first, with orders, providers and feedback."""
    return list(_with_orders(AssistanceCase.objects.filter(claim=claim)))


def list_open_cases() -> QuerySet[AssistanceCase]:
    """Everything that is still to be done, oldest first."""
    cases = AssistanceCase.objects.filter(closed_at=None).select_related("claim", "person")
    return cases.prefetch_related("orders").order_by("opened_at", "pk")


def _with_orders(cases: QuerySet[AssistanceCase]) -> QuerySet[AssistanceCase]:
    cases = cases.select_related("opened_by", "closed_by", "feedback")
    return cases.prefetch_related("orders__provider").order_by("-opened_at", "-pk")


def list_providers(*, kind: AssistanceKind | None = None) -> list[Provider]:
    """All providers by name, active ones first; with a kind only the active ones that do it."""
    providers = Provider.objects.order_by("-active", "name")
    if kind is not None:
        providers = providers.filter(active=True, kinds__contains=[kind.value])
    return list(providers)


def sum_costs(*, since: Month, until: Month) -> list[CostLine]:
    """Costs of orders by month of service and kind, newest month first; cancelled ones cost 0."""
    orders = AssistanceOrder.objects.filter(
        cancelled_at=None, service_on__gte=since.first_day, service_on__lte=until.last_day
    )
    rows = (
        orders.annotate(month=TruncMonth("service_on"), kind=F("case__kind"))
        .values_list("month", "kind")
        .annotate(number=Count("id"), total=Sum(Coalesce("cost", "agreed_cost")))
        .order_by("-month", "kind")
    )
    return [CostLine(month, AssistanceKind(kind), n, total) for month, kind, n, total in rows]


def average_feedback() -> list[FeedbackLine]:
    """Feedback by kind of help."""
    rows = (
        AssistanceFeedback.objects.order_by()
        .values_list("case__kind")
        .annotate(number=Count("id"), average=Avg("score"))
        .order_by("case__kind")
    )
    return [
        FeedbackLine(AssistanceKind(kind), number, Decimal(average).quantize(Decimal("0.1")))
        for kind, number, average in rows
    ]


def count_by_kind(*, employer: Employer, year: int, smallest: int) -> YearCounts:
    """How often which help was asked for in a year, without names.

    A kind that fewer than `smallest` people used is hidden. So is the total where the hidden
    kinds together would follow from it for fewer people than that.
    """
    cases = AssistanceCase.objects.filter(employer=employer, opened_at__year=year).order_by()
    asked = cases.values_list("kind").annotate(
        number=Count("id"), people=Count("person", distinct=True)
    )
    by_kind = {kind: (number, people) for kind, number, people in asked}
    kinds = []
    for kind in AssistanceKind:
        number, people = by_kind.get(kind.value, (0, 0))
        kinds.append(KindCount(kind, number if _may_tell(people, smallest) else None))
    hidden = [each.kind.value for each in kinds if each.cases is None and each.kind in by_kind]
    # What the total tells beyond the kinds shown is how often the hidden ones were asked for.
    is_safe = not hidden or _may_tell(_count_people(cases.filter(kind__in=hidden)), smallest)
    total = sum(number for number, _people in by_kind.values())
    return YearCounts(year, tuple(kinds), total if is_safe and by_kind else None)


def _may_tell(people: int, smallest: int) -> bool:
    return hide_small(people, smallest=smallest) is not None


def count_quarters(
    *, employer: Employer, quarters: Sequence[date], smallest: int
) -> list[QuarterCount]:
    """People insured and people with a benefit in some quarters (their first days).

    Both groups must be large enough: those who got a benefit, and those who did not.
    """
    return [_count_quarter(employer, first_day, smallest) for first_day in quarters]


def _count_quarter(employer: Employer, first_day: date, smallest: int) -> QuarterCount:
    last_day = Month.of(first_day).plus(2).last_day
    insured = _count_people(
        Membership.objects.filter(
            person__employer=employer,
            period__startswith__lte=last_day,
            period__isnull=False,
        ).filter(Q(period__endswith=None) | Q(period__endswith__gt=first_day))
    )
    paid = _count_people(
        BenefitSlice.objects.filter(
            person__employer=employer,
            cancelled_at=None,
            month__gte=first_day,
            month__lte=last_day,
        )
    )
    is_large = _may_tell(paid, smallest) and _may_tell(insured - paid, smallest)
    return QuarterCount(first_day, insured, paid if is_large else None)


def _count_people(rows: QuerySet[Any]) -> int:
    number: int = rows.aggregate(people=Count("person", distinct=True))["people"]
    return number


def sum_charged(cases: Iterable[AssistanceCase]) -> Decimal:
    """What the orders of some cases come to, EUR; cancelled ones nothing."""
    return sum(
        (
            order.agreed_cost if order.cost is None else order.cost
            for case in cases
            for order in case.orders.all()
            if order.cancelled_at is None
        ),
        _ZERO,
    )
