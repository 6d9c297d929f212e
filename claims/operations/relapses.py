"""Which leaves are the same illness: a relapse brings the days counted before."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from aupolicy.models import User
from claims.models import SickLeave
from claims.operations.changing import changing


class UnableToLinkRelapse(ValueError):
    """Two leaves that cannot be the same illness; `code` says why.

    OTHER_PERSON, NOT_EARLIER (the first leave must have begun before), LEAVE_WITHDRAWN.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
        self.params: dict[str, str] = {}


def link_relapse(
    *, sick_leave: SickLeave, first: SickLeave, user: User | None, now: datetime
) -> SickLeave:
    """Record that a leave is the same illness as an earlier one (Folgeerkrankung).

    All leaves of the illness point at the first of them, in whichever order they are linked.
    Raises UnableToLinkRelapse.
    """
    with changing(person_id=sick_leave.person_id, user=user, now=now):
        relapse = SickLeave.objects.get(pk=sick_leave.pk)
        earlier = SickLeave.objects.get(pk=first.pk)
        if relapse.person_id != earlier.person_id:
            raise UnableToLinkRelapse("OTHER_PERSON")
        if relapse.withdrawn_at or earlier.withdrawn_at:
            raise UnableToLinkRelapse("LEAVE_WITHDRAWN")
        if earlier.first_day >= relapse.first_day:
            raise UnableToLinkRelapse("NOT_EARLIER")
        roots = {leave.same_illness_as_id or leave.pk for leave in (relapse, earlier)}
        same = Q(pk__in=roots) | Q(same_illness_as__in=roots)
        _point_at_first(SickLeave.objects.filter(same))
        relapse.refresh_from_db()
    return relapse


def unlink_relapse(*, sick_leave: SickLeave, user: User | None, now: datetime) -> SickLeave:
    """Record that a leave is an illness of its own after all; its former company stays one."""
    with changing(person_id=sick_leave.person_id, user=user, now=now):
        leave = SickLeave.objects.get(pk=sick_leave.pk)
        _point_at_first(SickLeave.objects.filter(same_illness_as=leave))
        leave.same_illness_as = None
        leave.save(update_fields=["same_illness_as"])
    return leave


def _point_at_first(leaves: Iterable[SickLeave]) -> None:
    """Let leaves of one illness point at the first of them."""
    in_order = sorted(leaves, key=lambda leave: (leave.first_day, leave.pk))
    for leave in in_order:
        target = None if leave is in_order[0] else in_order[0].pk
        if leave.same_illness_as_id != target:
            leave.same_illness_as_id = target
            leave.save(update_fields=["same_illness_as"])
