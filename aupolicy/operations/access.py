"""Giving and ending rights. Grants and authorities are ended, never deleted."""

from datetime import date

from django.db import transaction

from aupolicy.kernel.period import ONE_DAY, Period
from aupolicy.models import Broker, BrokerAuthority, Employer, Grant, Right, Role, User


def give_grant(
    *,
    user: User,
    role: Role,
    first_day: date,
    employer: Employer | None = None,
    broker: Broker | None = None,
    given_by: User | None = None,
) -> Grant:
    """Give a user a role from a day on; giving it again does nothing.

    A role at an employer or broker names which one; the database refuses anything else.
    """
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        held = Grant.objects.filter(
            user=user, role=role, employer=employer, broker=broker, period__contains=first_day
        ).first()
        return held or Grant.objects.create(
            user=user,
            role=role,
            employer=employer,
            broker=broker,
            period=Period(first_day),
            given_by=given_by,
        )


def end_grant(*, grant: Grant, last_day: date, ended_by: User | None = None) -> Grant:
    """End a right with a day; one that has ended before stays as it is.

    A right that begins after that day is cut to its first day.
    """
    with transaction.atomic():
        grant = Grant.objects.select_for_update().get(pk=grant.pk)
        if grant.period.last_day is None or grant.period.last_day > last_day:
            first_day = grant.period.first_day
            grant.period = Period(first_day, max(first_day, last_day))
            grant.ended_by = ended_by
            grant.save(update_fields=["period", "ended_by"])
    return grant


def give_authority(
    *,
    employer: Employer,
    broker: Broker,
    right: Right | None,
    first_day: date,
    given_by: User | None = None,
) -> BrokerAuthority | None:
    """Let a broker act for an employer from a day on; None takes the authority back.

    What was in force ends the day before; nothing changes where it is the same.
    """
    with transaction.atomic():
        Employer.objects.select_for_update(no_key=True).get(pk=employer.pk)
        in_force = BrokerAuthority.objects.filter(
            employer=employer, broker=broker, period__contains=first_day
        ).first()
        if in_force is not None and in_force.right == right:
            return in_force
        if in_force is not None:
            _end(in_force, first_day, given_by)
        if right is None:
            return None
        return BrokerAuthority.objects.create(
            employer=employer,
            broker=broker,
            right=right,
            period=Period(first_day),
            given_by=given_by,
        )


def _end(authority: BrokerAuthority, day: date, ended_by: User | None) -> None:
    """End an authority before a day; one given on that very day was never used and goes."""
    if authority.period.first_day == day:
        authority.delete()
        return
    authority.period = Period(authority.period.first_day, day - ONE_DAY)
    authority.ended_by = ended_by
    authority.save(update_fields=["period", "ended_by"])
