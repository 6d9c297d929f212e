"""Invitations and what becomes of them; changing and ending what people may do."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils import timezone

from aupolicy.kernel.period import Period
from aupolicy.models import Employer, Grant, Invitation, Role, User
from aupolicy.operations import give_grant
from aupolicy.operations.invitations import (
    VALID_FOR,
    NewPerson,
    UnableToAccept,
    UnableToInvite,
    accept_invitation,
    invite,
    issue_secret,
    renew_invitation,
    withdraw_invitation,
)
from aupolicy.operations.people import UnableToChangeAccess, change_role, end_access
from aupolicy.queries import get_rights
from tests.portal.accounts.conftest import House, house

__all__ = ["house"]

NOW = datetime.now(UTC)
PERSON = NewPerson("Nele", "Neu", "a-long-constructed-password")


def _invite(house: House, email: str = "neu@haus.example") -> Invitation:
    return invite(
        email=email,
        role=Role.EMPLOYER_EDITOR,
        employer=house.employer,
        invited_by=house.people["admin"],
        now=NOW,
    )


def test_a_new_person_gets_an_account_the_role_and_a_verified_address(house: House) -> None:
    invitation = _invite(house, "Neu@Haus.example")
    secret = issue_secret(invitation=invitation, now=NOW)
    grant = accept_invitation(secret=secret, taker=PERSON, now=NOW)
    assert grant.role == Role.EMPLOYER_EDITOR
    assert grant.employer == house.employer
    assert grant.given_by == house.people["admin"]
    assert grant.period == Period(timezone.localdate(NOW))
    user = grant.user
    assert (user.first_name, user.last_name) == ("Nele", "Neu")
    assert user.check_password(PERSON.password)
    address = EmailAddress.objects.get(user=user)
    assert (address.email, address.verified, address.primary) == ("neu@haus.example", True, True)


def test_only_the_hash_of_a_long_random_secret_is_kept(house: House) -> None:
    invitation = _invite(house)
    secret = issue_secret(invitation=invitation, now=NOW)
    invitation.refresh_from_db()
    assert len(secret) >= 43
    assert invitation.secret_sha256 == hashlib.sha256(secret.encode()).hexdigest()
    assert secret not in str(Invitation.objects.filter(pk=invitation.pk).values().get())


def test_an_invitation_is_taken_once(house: House) -> None:
    secret = issue_secret(invitation=_invite(house), now=NOW)
    accept_invitation(secret=secret, taker=PERSON, now=NOW)
    with pytest.raises(UnableToAccept, match="USED"):
        accept_invitation(secret=secret, taker=PERSON, now=NOW)
    assert User.objects.filter(email="neu@haus.example").count() == 1


def test_an_invitation_runs_out_after_14_days(house: House) -> None:
    secret = issue_secret(invitation=_invite(house), now=NOW)
    end = NOW + timedelta(days=14)
    with pytest.raises(UnableToAccept, match="EXPIRED"):
        accept_invitation(secret=secret, taker=PERSON, now=end)
    accept_invitation(secret=secret, taker=PERSON, now=end - timedelta(seconds=1))


def test_a_withdrawn_invitation_opens_nothing(house: House) -> None:
    invitation = _invite(house)
    secret = issue_secret(invitation=invitation, now=NOW)
    withdraw_invitation(invitation=invitation, withdrawn_by=house.people["admin"], now=NOW)
    with pytest.raises(UnableToAccept, match="WITHDRAWN"):
        accept_invitation(secret=secret, taker=PERSON, now=NOW)
    with pytest.raises(UnableToAccept, match="WITHDRAWN"):
        issue_secret(invitation=invitation, now=NOW)


def test_a_renewed_invitation_has_another_link_and_the_earlier_one_is_dead(house: House) -> None:
    first = _invite(house)
    before = issue_secret(invitation=first, now=NOW)
    later = NOW + timedelta(days=20)
    second = renew_invitation(invitation=first, renewed_by=house.people["admin"], now=later)
    assert second.expires_at == later + VALID_FOR
    with pytest.raises(UnableToAccept, match="WITHDRAWN"):
        accept_invitation(secret=before, taker=PERSON, now=later)
    secret = issue_secret(invitation=second, now=later)
    assert accept_invitation(secret=secret, taker=PERSON, now=later).role == Role.EMPLOYER_EDITOR


def test_a_new_secret_closes_the_one_before(house: House) -> None:
    invitation = _invite(house)
    before = issue_secret(invitation=invitation, now=NOW)
    issue_secret(invitation=invitation, now=NOW)
    with pytest.raises(UnableToAccept, match="UNKNOWN"):
        accept_invitation(secret=before, taker=PERSON, now=NOW)


def test_somebody_with_an_account_takes_the_role_signed_in(house: House) -> None:
    secret = issue_secret(invitation=_invite(house, "OUTSIDER@haus.example"), now=NOW)
    with pytest.raises(UnableToAccept, match="HAS_ACCOUNT"):
        accept_invitation(secret=secret, taker=PERSON, now=NOW)
    with pytest.raises(UnableToAccept, match="WRONG_PERSON"):
        accept_invitation(secret=secret, taker=house.people["reader"], now=NOW)
    grant = accept_invitation(secret=secret, taker=house.people["outsider"], now=NOW)
    assert grant.user == house.people["outsider"]
    assert set(get_rights(grant.user, house.today).employers) == {
        house.employer.pk,
        house.other.pk,
    }


def test_a_forwarded_invitation_gives_its_rights_to_nobody_else(house: House) -> None:
    secret = issue_secret(invitation=_invite(house), now=NOW)
    with pytest.raises(UnableToAccept, match="WRONG_PERSON"):
        accept_invitation(secret=secret, taker=house.people["outsider"], now=NOW)


_REFUSED = [
    ("reader", "employer", Role.EMPLOYER_READER),
    ("outsider", "employer", Role.EMPLOYER_READER),
    ("broker", "employer", Role.EMPLOYER_READER),
    ("nobody", "employer", Role.EMPLOYER_READER),
    ("auditor", "employer", Role.EMPLOYER_READER),
    ("admin", "broker", Role.BROKER),
    ("auditor", "broker", Role.BROKER),
    ("clerk", "insurer", Role.CLERK),
    ("admin", "insurer", Role.CLERK),
]
_ALLOWED = [
    ("admin", "employer", Role.EMPLOYER_ADMIN),
    ("clerk", "employer", Role.EMPLOYER_ADMIN),
    ("broker", "broker", Role.BROKER),
    ("clerk", "broker", Role.BROKER),
    ("chief", "insurer", Role.AUDITOR),
]


def _invite_as(house: House, name: str, room: str, role: Role) -> Invitation:
    return invite(
        email="x@haus.example",
        role=role,
        employer=house.employer if room == "employer" else None,
        broker=house.broker if room == "broker" else None,
        invited_by=house.people[name],
        now=NOW,
    )


@pytest.mark.parametrize(("name", "room", "role"), _REFUSED)
def test_who_may_not_invite(house: House, name: str, room: str, role: Role) -> None:
    with pytest.raises(UnableToInvite, match="NOT_ALLOWED"):
        _invite_as(house, name, room, role)
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(("name", "room", "role"), _ALLOWED)
def test_who_may_invite(house: House, name: str, room: str, role: Role) -> None:
    assert _invite_as(house, name, room, role).role == role


def test_no_role_of_another_room(house: House) -> None:
    with pytest.raises(UnableToInvite, match="WRONG_ROLE"):
        _invite_as(house, "clerk", "employer", Role.CLERK)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(
            email="x@haus.example", role=Role.CLERK, employer=house.employer, secret_sha256="a",
            invited_at=NOW, expires_at=NOW,
        )  # fmt: skip


def test_nobody_is_invited_to_what_they_have(house: House) -> None:
    with pytest.raises(UnableToInvite, match="HAS_ROLE"):
        invite(
            email="reader@haus.example",
            role=Role.EMPLOYER_READER,
            employer=house.employer,
            invited_by=house.people["admin"],
            now=NOW,
        )


def _grant(house: House, name: str) -> Grant:
    return Grant.objects.get(user=house.people[name], period__contains=house.today)


def test_ended_access_is_ended_at_once_and_the_row_stays(house: House) -> None:
    grant = _grant(house, "reader")
    end_access(grant=grant, ended_by=house.people["admin"], today=house.today)
    assert not get_rights(house.people["reader"], house.today).employers
    row = Grant.objects.get(pk=grant.pk)
    assert row.period.last_day == house.today - timedelta(days=1)
    assert row.ended_by == house.people["admin"]


def test_access_given_today_ends_today(house: House) -> None:
    user = house.people["nobody"]
    grant = give_grant(
        user=user, role=Role.EMPLOYER_READER, first_day=house.today, employer=house.employer
    )
    end_access(grant=grant, ended_by=house.people["admin"], today=house.today)
    assert not get_rights(user, house.today).employers
    assert Grant.objects.filter(pk=grant.pk).exists()


def test_another_role_follows_the_former_one(house: House) -> None:
    grant = change_role(
        grant=_grant(house, "reader"),
        role=Role.EMPLOYER_EDITOR,
        changed_by=house.people["admin"],
        today=house.today,
    )
    assert grant.role == Role.EMPLOYER_EDITOR
    assert grant.period.first_day == house.today
    assert _grant(house, "reader") == grant


@pytest.mark.parametrize("name", ["admin", "broker"])
def test_the_last_who_can_manage_stays(house: House, name: str) -> None:
    grant = _grant(house, name)
    with pytest.raises(UnableToChangeAccess, match="LAST_ADMIN"):
        end_access(grant=grant, ended_by=house.people[name], today=house.today)
    assert _grant(house, name) == grant
    # The insurer can invite somebody anew, so it may.
    end_access(grant=grant, ended_by=house.people["clerk"], today=house.today)


def test_with_a_second_admin_the_first_may_go(house: House) -> None:
    give_grant(
        user=house.people["reader"], role=Role.EMPLOYER_ADMIN, first_day=house.today,
        employer=house.employer,
    )  # fmt: skip
    change_role(
        grant=_grant(house, "admin"),
        role=Role.EMPLOYER_READER,
        changed_by=house.people["admin"],
        today=house.today,
    )


@pytest.mark.parametrize("name", ["reader", "outsider", "broker", "auditor", "nobody"])
def test_who_may_not_end_access(house: House, name: str) -> None:
    with pytest.raises(UnableToChangeAccess, match="NOT_ALLOWED"):
        end_access(grant=_grant(house, "reader"), ended_by=house.people[name], today=house.today)


def test_the_insurers_people_are_managed_by_superusers(house: House) -> None:
    grant = _grant(house, "auditor")
    with pytest.raises(UnableToChangeAccess, match="NOT_ALLOWED"):
        end_access(grant=grant, ended_by=house.people["clerk"], today=house.today)
    end_access(grant=grant, ended_by=house.people["chief"], today=house.today)


def test_invitations_of_one_house_are_none_of_another(house: House) -> None:
    invitation = _invite(house)
    with pytest.raises(UnableToInvite, match="NOT_ALLOWED"):
        withdraw_invitation(invitation=invitation, withdrawn_by=house.people["outsider"], now=NOW)
    assert Employer.objects.count() == 2
