"""The people of a room, who is invited to it, and who may decide about that."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q, QuerySet

from aupolicy.models import (
    EMPLOYER_ROLES,
    INSURER_ROLES,
    Broker,
    Employer,
    Grant,
    Invitation,
    Right,
    Role,
    User,
)
from aupolicy.queries.access import Rights


@dataclass(frozen=True, slots=True)
class Room:
    """Whose people: those of an employer, of a broker, or of the insurer where both are None."""

    employer: Employer | None = None
    broker: Broker | None = None

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles somebody can have here."""
        if self.employer is not None:
            return EMPLOYER_ROLES
        return (Role.BROKER,) if self.broker is not None else INSURER_ROLES

    @property
    def parties(self) -> dict[str, Any]:
        """The fields of a grant or an invitation that belong to this room."""
        return {"employer": self.employer, "broker": self.broker}

    @classmethod
    def of(cls, row: Grant | Invitation) -> "Room":
        """The room of a grant or an invitation."""
        return cls(row.employer, row.broker)


def can_manage(rights: Rights, room: Room, *, is_superuser: bool) -> bool:
    """Whether somebody may invite people to a room and end their access.

    The insurer's superusers do it for the insurer; its clerks for every employer and broker;
    a broker's people for the broker; whoever administers an employer for it.
    """
    if room.employer is not None:
        own = rights.right_for(room.employer.pk) is Right.ADMIN
        return own or Role.CLERK in rights.roles
    if room.broker is not None:
        return room.broker.pk in rights.brokers or Role.CLERK in rights.roles
    return is_superuser


def list_people(room: Room, day: date) -> QuerySet[Grant]:
    """The grants of a room in force on a day or later, by name; each says `has_factor`."""
    factors = Authenticator.objects.filter(user=OuterRef("user")).exclude(
        type=Authenticator.Type.RECOVERY_CODES
    )
    ahead = Q(period__contains=day) | Q(period__startswith__gt=day)
    return (
        Grant.objects.filter(ahead, role__in=room.roles, **room.parties)
        .select_related("user", "given_by")
        .annotate(has_factor=Exists(factors))
        .order_by("user__last_name", "user__first_name", "user__username", "pk")
    )


def list_open_invitations(room: Room) -> QuerySet[Invitation]:
    """The invitations to a room that nobody has taken yet, those that have run out as well."""
    return (
        Invitation.objects.filter(
            accepted_at=None, withdrawn_at=None, role__in=room.roles, **room.parties
        )
        .select_related("invited_by")
        .order_by("email", "pk")
    )


def find_invitation(secret: str) -> Invitation | None:
    """The invitation of a link, whatever has become of it."""
    return (
        Invitation.objects.filter(secret_sha256=hash_secret(secret))
        .select_related("employer", "broker", "invited_by")
        .first()
    )


def hash_secret(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def describe_obstacle(invitation: Invitation, now: datetime) -> str:
    """Why an invitation cannot be taken any more: a code, empty where it can."""
    if invitation.withdrawn_at is not None:
        return "WITHDRAWN"
    if invitation.accepted_at is not None:
        return "USED"
    return "EXPIRED" if invitation.expires_at <= now else ""


def find_owner(email: str) -> User | None:
    """The person whose address this is, if there is an account for it."""
    address = (
        EmailAddress.objects.filter(email__iexact=email, verified=True)
        .select_related("user")
        .first()
    )
    if address is not None:
        owner: User = address.user
        return owner
    return User.objects.filter(email__iexact=email).order_by("pk").first()
