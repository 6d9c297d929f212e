"""Reads of the insurer's work."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from aupolicy.models import Role, User, WorkItem

# Claims tell of people's health: who has nothing to do with them does not see that they are.
CLAIM_KINDS = frozenset(
    {
        WorkItem.Kind.CLAIM,
        WorkItem.Kind.EVIDENCE,
        WorkItem.Kind.APPROVAL,
        WorkItem.Kind.REVIEW,
        WorkItem.Kind.PAYEE,
        WorkItem.Kind.ASSISTANCE,
    }
)
_OTHER_KINDS = frozenset(WorkItem.Kind) - CLAIM_KINDS
# Who is to do what; who may is decided where it is done.
_KINDS = {
    Role.CLERK: _OTHER_KINDS
    - {
        WorkItem.Kind.PAYOUT,
        WorkItem.Kind.WRITE_OFF,
        WorkItem.Kind.RETURNED_DEBIT,
        WorkItem.Kind.BANK,
        WorkItem.Kind.ARREARS,
        WorkItem.Kind.TRANSFER,
    },
    Role.EXAMINER: CLAIM_KINDS | {WorkItem.Kind.PAYOUT, WorkItem.Kind.OTHER},
    Role.FINANCE: frozenset(
        {
            WorkItem.Kind.MANDATE,
            WorkItem.Kind.PAYOUT,
            WorkItem.Kind.WRITE_OFF,
            WorkItem.Kind.RETURNED_DEBIT,
            WorkItem.Kind.BANK,
            WorkItem.Kind.ARREARS,
            WorkItem.Kind.TRANSFER,
            WorkItem.Kind.OTHER,
        }
    ),
    Role.AUDITOR: frozenset[WorkItem.Kind](),
}
_SEES_CLAIMS = frozenset({Role.EXAMINER, Role.AUDITOR})


@dataclass(frozen=True, slots=True)
class WorkCounts:
    """How much is to be done on a day.

    `mine` is one's own, `unclaimed` nobody's, `for_me` one's own and nobody's that one may do,
    `overdue` what of all open items should have been done before.
    """

    mine: int
    unclaimed: int
    for_me: int
    open: int
    overdue: int


def kinds_for(roles: Iterable[Role]) -> frozenset[WorkItem.Kind]:
    """The kinds of work that people with some of the insurer's roles do."""
    return frozenset().union(*(_KINDS[role] for role in roles))


def kinds_seen_by(roles: Iterable[Role]) -> frozenset[WorkItem.Kind]:
    """The kinds of work that people with some of the insurer's roles may see at all."""
    return _OTHER_KINDS if _SEES_CLAIMS.isdisjoint(roles) else frozenset(WorkItem.Kind)


def count_work(user: User, roles: Iterable[Role], today: date) -> WorkCounts:
    """Open items that the person may see, in one query."""
    nobodys = Q(claimed_by=None)
    seen = WorkItem.objects.filter(done_at=None, kind__in=kinds_seen_by(roles))
    counts = seen.aggregate(
        mine=Count("pk", filter=Q(claimed_by=user)),
        unclaimed=Count("pk", filter=nobodys),
        for_me=Count("pk", filter=Q(claimed_by=user) | nobodys & Q(kind__in=kinds_for(roles))),
        open=Count("pk"),
        overdue=Count("pk", filter=Q(due__lt=today)),
    )
    return WorkCounts(**counts)


def find_next_item(user: User, roles: Iterable[Role]) -> WorkItem | None:
    """What a person should do next: the most urgent of one's own, else of what nobody has."""
    open_items = WorkItem.objects.filter(done_at=None).order_by("priority", "due", "pk")
    free = open_items.filter(claimed_by=None, kind__in=kinds_for(roles))
    return open_items.filter(claimed_by=user).first() or free.first()


def find_item(kind: WorkItem.Kind, subject: int) -> WorkItem | None:
    """The item about a subject: the open one, else the one done last."""
    items = WorkItem.objects.filter(kind=kind, subject=subject)
    return items.select_related("claimed_by", "done_by", "employer").order_by("-pk").first()


def list_workers(roles: Iterable[Role], today: date) -> QuerySet[User]:
    """The insurer's people with one of some roles on a day, by name."""
    return (
        User.objects.filter(
            is_active=True, grants__role__in=list(roles), grants__period__contains=today
        )
        .order_by("last_name", "first_name", "username")
        .distinct()
    )
