"""A new bank account: who may confirm it, and what it does to the mandate in force."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from aupolicy.kernel.identifiers import UnableToReadIdentifier
from aupolicy.models import GroupContract, User
from billing.facts.debit import Scheme
from billing.models import Mandate, MandateChange
from billing.operations.mandate_changes import (
    UnableToChangeMandate,
    confirm_mandate_change,
    request_mandate_change,
    withdraw_mandate_change,
)
from billing.operations.mandates import record_mandate
from tests.laws.world import agree

pytestmark = pytest.mark.django_db

JAN = date(2026, 1, 1)
TODAY = date(2026, 3, 10)
NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
CREDITOR = "DE98ZZZ09999999999"
OLD, NEW = "DE02120300000000202051", "DE02500105170137075030"


@pytest.fixture
def contract() -> GroupContract:
    contract = agree(start=JAN)
    record_mandate(
        contract=contract,
        creditor_identifier=CREDITOR,
        reference="M-1",
        signed_on=JAN,
        account_holder="Beispiel GmbH",
        iban=OLD,
    )
    return contract


@pytest.fixture
def people() -> tuple[User, User]:
    return User.objects.create_user("first"), User.objects.create_user("second")


def _ask(contract: GroupContract, by: User, iban: str = NEW) -> MandateChange:
    return request_mandate_change(
        contract=contract,
        account_holder="Beispiel GmbH",
        iban=iban,
        scheme=Scheme.CORE,
        requested_by=by,
        now=NOW,
    )


def _confirm(change: MandateChange, by: User, *, has_code: bool = False) -> Mandate:
    return confirm_mandate_change(
        change=change,
        confirmed_by=by,
        has_code=has_code,
        creditor_identifier=CREDITOR,
        now=NOW,
        today=TODAY,
    )


def test_a_second_person_puts_it_in_force(
    contract: GroupContract, people: tuple[User, User]
) -> None:
    mandate = _confirm(_ask(contract, people[0]), people[1])
    assert (mandate.iban, mandate.period.first_day) == (NEW, TODAY)
    old = Mandate.objects.get(version=1)
    assert old.period.last_day == date(2026, 3, 9)
    assert (mandate.original, mandate.version) == (old, 2)
    assert (mandate.reference, mandate.signed_on) == ("M-1", JAN)
    change = MandateChange.objects.get()
    assert change.mandate == mandate
    assert change.confirmed_how == MandateChange.Confirmation.SECOND_PERSON


def test_alone_it_takes_a_code(contract: GroupContract, people: tuple[User, User]) -> None:
    change = _ask(contract, people[0])
    with pytest.raises(UnableToChangeMandate, match="SECOND_LOOK_NEEDED"):
        _confirm(change, people[0])
    assert Mandate.objects.get().iban == OLD
    assert _confirm(change, people[0], has_code=True).iban == NEW
    assert MandateChange.objects.get().confirmed_how == MandateChange.Confirmation.CODE


def test_the_database_refuses_a_change_confirmed_by_who_asked(
    contract: GroupContract, people: tuple[User, User]
) -> None:
    change = _ask(contract, people[0])
    change.confirmed_by, change.confirmed_at, change.confirmed_how = people[0], NOW, "person"
    with pytest.raises(IntegrityError), transaction.atomic():
        change.save()


def test_one_change_waits_at_a_time(contract: GroupContract, people: tuple[User, User]) -> None:
    change = _ask(contract, people[0])
    with pytest.raises(UnableToChangeMandate, match="CHANGE_WAITS"):
        _ask(contract, people[1], "DE88100900001234567892")
    withdraw_mandate_change(change=change, withdrawn_by=people[1], now=NOW)
    with pytest.raises(UnableToChangeMandate, match="CHANGE_SETTLED"):
        _confirm(change, people[1])
    assert _ask(contract, people[1]).pk != change.pk


def test_what_changes_nothing_or_is_wrong_is_refused(
    contract: GroupContract, people: tuple[User, User]
) -> None:
    with pytest.raises(UnableToChangeMandate, match="NOTHING_CHANGES"):
        _ask(contract, people[0], "DE02 1203 0000 0000 2020 51")
    with pytest.raises(UnableToReadIdentifier):
        _ask(contract, people[0], "DE02120300000000202052")
    assert not MandateChange.objects.exists()


def test_two_changes_on_one_day_follow_each_other(
    contract: GroupContract, people: tuple[User, User]
) -> None:
    first = _confirm(_ask(contract, people[0]), people[1])
    second = _confirm(_ask(contract, people[0], "DE88100900001234567892"), people[1])
    first.refresh_from_db()
    assert first.period.last_day == TODAY
    assert second.period.first_day == date(2026, 3, 11)
