"""Changing and ending what people may do; nobody is left without an administrator."""

from datetime import date

from django.db import transaction

from aupolicy.kernel.period import ONE_DAY, Period
from aupolicy.models import Employer, Grant, Role, User
from aupolicy.operations.access import end_grant, give_grant
from aupolicy.queries import get_rights
from aupolicy.queries.invitations import Room, can_manage


class UnableToChangeAccess(ValueError):
    """What somebody may do cannot be changed so; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def end_access(*, grant: Grant, ended_by: User, today: date) -> Grant:
    """End what somebody may do in a room, at once.

    Raises UnableToChangeAccess: NOT_ALLOWED, LAST_ADMIN (nobody would be left to manage).
    """
    with transaction.atomic():
        _check(grant, ended_by, today)
        return _end_before(grant, today, ended_by)


def change_role(*, grant: Grant, role: Role, changed_by: User, today: date) -> Grant:
    """Give somebody another role in the same room from today on; the former one ends yesterday.

    Raises UnableToChangeAccess: NOT_ALLOWED, WRONG_ROLE, LAST_ADMIN.
    """
    if role not in Room.of(grant).roles:
        raise UnableToChangeAccess("WRONG_ROLE")
    with transaction.atomic():
        _check(grant, changed_by, today)
        if role == grant.role:
            return grant
        _end_before(grant, today, changed_by)
        return give_grant(
            user=grant.user,
            role=role,
            first_day=today,
            employer=grant.employer,
            broker=grant.broker,
            given_by=changed_by,
        )


def require_second_factor(
    *, employer: Employer, required: bool, changed_by: User, today: date
) -> Employer:
    """Whether an employer's people need a second factor. Raises UnableToChangeAccess."""
    rights = get_rights(changed_by, today)
    if not can_manage(rights, Room(employer), is_superuser=changed_by.is_superuser):
        raise UnableToChangeAccess("NOT_ALLOWED")
    employer.requires_mfa = required
    employer.save(update_fields=["requires_mfa"])
    return employer


def _end_before(grant: Grant, today: date, ended_by: User) -> Grant:
    """End a right so that it holds today no more."""
    yesterday = today - ONE_DAY
    if grant.period.first_day <= yesterday:
        return end_grant(grant=grant, last_day=yesterday, ended_by=ended_by)
    # Given today, or from a later day on: it is set back, because the row must stay.
    grant.period, grant.ended_by = Period(yesterday, yesterday), ended_by
    grant.save(update_fields=["period", "ended_by"])
    return grant


def _check(grant: Grant, actor: User, today: date) -> None:
    room = Room.of(grant)
    rights = get_rights(actor, today)
    if not can_manage(rights, room, is_superuser=actor.is_superuser):
        raise UnableToChangeAccess("NOT_ALLOWED")
    # The insurer can always invite somebody anew, so only those inside lock themselves out.
    if rights.is_insurer and room != Room():
        return
    if _is_last(grant, room, today):
        raise UnableToChangeAccess("LAST_ADMIN")


def _is_last(grant: Grant, room: Room, today: date) -> bool:
    """Whether nobody but the holder of this grant could manage the room."""
    admin = Role.EMPLOYER_ADMIN if room.employer else Role.BROKER
    if room == Room() or grant.role != admin:
        return False
    held = Grant.objects.select_for_update().filter(
        role=admin, period__contains=today, **room.parties
    )
    return not any(other.user_id != grant.user_id for other in held)
