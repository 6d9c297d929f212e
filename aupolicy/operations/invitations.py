"""Inviting people by mail, and what becomes of an invitation.

A link holds a secret of 32 random bytes, of which only the SHA-256 is kept. It is made when the
mail is written (`issue_secret`), so that no secret waits anywhere for its mail.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from aupolicy.models import Broker, Employer, Grant, Invitation, Role, User
from aupolicy.operations.access import give_grant
from aupolicy.queries import get_rights
from aupolicy.queries.invitations import (
    Room,
    can_manage,
    describe_obstacle,
    find_owner,
    hash_secret,
)

VALID_FOR = timedelta(days=14)
_SECRET_BYTES = 32
_USERNAME_LENGTH = 150


class UnableToInvite(ValueError):
    """Nobody can be invited so; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class UnableToAccept(ValueError):
    """An invitation that cannot be taken; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What somebody who has no account yet says on taking an invitation."""

    first_name: str
    last_name: str
    password: str


def invite(
    *,
    email: str,
    role: Role,
    invited_by: User,
    now: datetime,
    employer: Employer | None = None,
    broker: Broker | None = None,
    language: str = "de",
) -> Invitation:
    """Invite an address to a role; its mail is sent by whoever sends mails.

    An open invitation of the same address to the same role is withdrawn. Raises UnableToInvite:
    NOT_ALLOWED, WRONG_ROLE, HAS_ROLE.
    """
    room = Room(employer, broker)
    day = timezone.localdate(now)
    _check_may_manage(invited_by, room, now)
    if role not in room.roles:
        raise UnableToInvite("WRONG_ROLE")
    owner = find_owner(email)
    held = Grant.objects.filter(user=owner, role=role, period__contains=day, **room.parties)
    if owner is not None and held.exists():
        raise UnableToInvite("HAS_ROLE")
    with transaction.atomic():
        Invitation.objects.filter(
            email__iexact=email, role=role, accepted_at=None, withdrawn_at=None, **room.parties
        ).update(withdrawn_at=now)
        return Invitation.objects.create(
            email=email.strip(),
            role=role,
            secret_sha256=hash_secret(_make_secret()),
            language=language,
            invited_by=invited_by,
            invited_at=now,
            expires_at=now + VALID_FOR,
            **room.parties,
        )


def renew_invitation(*, invitation: Invitation, renewed_by: User, now: datetime) -> Invitation:
    """Invite again: another link for another 14 days; the earlier link opens nothing any more."""
    return invite(
        email=invitation.email,
        role=Role(invitation.role),
        employer=invitation.employer,
        broker=invitation.broker,
        invited_by=renewed_by,
        now=now,
        language=invitation.language,
    )


def withdraw_invitation(*, invitation: Invitation, withdrawn_by: User, now: datetime) -> Invitation:
    """Take an invitation back; one that was taken or withdrawn stays as it is.

    Raises UnableToInvite: NOT_ALLOWED.
    """
    _check_may_manage(withdrawn_by, Room.of(invitation), now)
    with transaction.atomic():
        invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
        if invitation.accepted_at is None and invitation.withdrawn_at is None:
            invitation.withdrawn_at = now
            invitation.save(update_fields=["withdrawn_at"])
    return invitation


def issue_secret(*, invitation: Invitation, now: datetime) -> str:
    """A new secret for the link of an open invitation; an earlier one opens nothing any more.

    Raises UnableToAccept where nobody could take the invitation anyway.
    """
    with transaction.atomic():
        invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
        obstacle = describe_obstacle(invitation, now)
        if obstacle:
            raise UnableToAccept(obstacle)
        secret = _make_secret()
        invitation.secret_sha256 = hash_secret(secret)
        invitation.save(update_fields=["secret_sha256"])
    return secret


def accept_invitation(*, secret: str, taker: User | NewPerson, now: datetime) -> Grant:
    """Take an invitation, once: the role is given and the address counts as verified.

    A person without an account gets one. Raises UnableToAccept: UNKNOWN, WITHDRAWN, USED,
    EXPIRED, HAS_ACCOUNT (the address belongs to somebody who must sign in first), WRONG_PERSON
    (whoever is signed in has another address).
    """
    with transaction.atomic():
        invitation = (
            Invitation.objects.select_for_update(of=("self",))
            .filter(secret_sha256=hash_secret(secret))
            .first()
        )
        if invitation is None:
            raise UnableToAccept("UNKNOWN")
        obstacle = describe_obstacle(invitation, now)
        if obstacle:
            raise UnableToAccept(obstacle)
        user = _find_taker(invitation, taker)
        grant = give_grant(
            user=user,
            role=Role(invitation.role),
            first_day=timezone.localdate(now),
            employer=invitation.employer,
            broker=invitation.broker,
            given_by=invitation.invited_by,
        )
        _verify_address(user, invitation.email)
        invitation.accepted_at, invitation.accepted_by = now, user
        invitation.save(update_fields=["accepted_at", "accepted_by"])
    return grant


def _find_taker(invitation: Invitation, taker: User | NewPerson) -> User:
    owner = find_owner(invitation.email)
    if isinstance(taker, NewPerson):
        if owner is not None:
            raise UnableToAccept("HAS_ACCOUNT")
        return _create_user(invitation, taker)
    # A forwarded link gives its rights to nobody else.
    if owner != taker and (owner is not None or taker.email):
        raise UnableToAccept("WRONG_PERSON")
    return taker


def _create_user(invitation: Invitation, person: NewPerson) -> User:
    email = invitation.email
    name = email.lower()
    if len(name) > _USERNAME_LENGTH or User.objects.filter(username__iexact=name).exists():
        name = secrets.token_hex(16)
    return User.objects.create_user(
        name,
        email=email,
        password=person.password,
        first_name=person.first_name,
        last_name=person.last_name,
        language=invitation.language,
    )


def _verify_address(user: User, email: str) -> None:
    """Whoever had the link has the mailbox."""
    address, _ = EmailAddress.objects.get_or_create(
        user=user, email=email.lower(), defaults={"verified": True}
    )
    if not address.verified:
        address.verified = True
        address.save(update_fields=["verified"])
    if not EmailAddress.objects.filter(user=user, primary=True).exists():
        address.primary = True
        address.save(update_fields=["primary"])
    if not user.email:
        user.email = email
        user.save(update_fields=["email"])


def _check_may_manage(user: User, room: Room, now: datetime) -> None:
    rights = get_rights(user, timezone.localdate(now))
    if not can_manage(rights, room, is_superuser=user.is_superuser):
        raise UnableToInvite("NOT_ALLOWED")


def _make_secret() -> str:
    return secrets.token_urlsafe(_SECRET_BYTES)
