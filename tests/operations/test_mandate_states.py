"""How mandates stand as their rows say, and what is done to them."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction

from aupolicy.models import GroupContract, User
from billing.facts.debit import Scheme
from billing.facts.mandate import MandateStanding, NoDebitReason
from billing.models import (
    Collection,
    CollectionItem,
    Mandate,
    MandateSignature,
    MandateStop,
    OpenItem,
)
from billing.operations.mandate_changes import confirm_mandate_change, request_mandate_change
from billing.operations.mandate_stops import (
    Suspension,
    UnableToStopMandate,
    confirm_b2b,
    lift_suspension,
    revoke_mandate,
    suspend_mandate,
    suspend_mandates,
)
from billing.operations.mandates import UnableToAmendMandate, amend_mandate
from billing.queries.mandate_state import get_mandate_state, get_mandate_states
from members.facts import NoticeKind
from tests.laws.world import IBAN, agree, at, bill, give_mandate, notice, tell

pytestmark = pytest.mark.django_db

JAN = date(2026, 1, 1)
MARCH = date(2026, 3, 10)
NEW = "DE02500105170137075030"
CREDITOR = "DE98ZZZ09999999999"


@pytest.fixture
def contract() -> GroupContract:
    contract = agree(start=JAN)
    give_mandate(contract, signed_on=JAN)
    return contract


@pytest.fixture
def mandate(contract: GroupContract) -> Mandate:
    return Mandate.objects.get(contract=contract)


def stand(contract: GroupContract, day: date) -> MandateStanding:
    found = get_mandate_state(contract.pk, day)
    assert found is not None
    return found.decision.standing


def suspend(mandate: Mandate, *, on: date = MARCH, code: str = "") -> MandateStop:
    return suspend_mandate(
        mandate=mandate, reason="Rückfrage", code=code, debit=None, user=None, now=at(on)
    )


def change(contract: GroupContract, *, iban: str, scheme: Scheme = Scheme.CORE) -> Mandate:
    """Another account, asked for and confirmed on MARCH."""
    people = [User.objects.create_user(f"{name}{iban}") for name in ("asks", "confirms")]
    asked = request_mandate_change(
        contract=contract, account_holder="Beispiel GmbH", iban=iban, scheme=scheme,
        requested_by=people[0], now=at(MARCH),
    )  # fmt: skip
    return confirm_mandate_change(
        change=asked, confirmed_by=people[1], has_code=False, creditor_identifier=CREDITOR,
        now=at(MARCH), today=MARCH,
    )  # fmt: skip


def test_many_are_read_in_three_queries(
    contract: GroupContract, django_assert_num_queries: object
) -> None:
    other = agree(start=JAN)
    without = agree(start=JAN)
    give_mandate(other, signed_on=JAN)
    with django_assert_num_queries(3):  # type: ignore[operator]
        states = get_mandate_states([contract.pk, other.pk, without.pk], MARCH)
    assert set(states) == {contract.pk, other.pk}
    assert {each.decision.standing for each in states.values()} == {MandateStanding.ACTIVE}


def test_suspended_until_somebody_lifts_it(contract: GroupContract, mandate: Mandate) -> None:
    first = suspend(mandate, code="MS03")
    assert suspend(mandate).pk == first.pk
    assert stand(contract, MARCH - timedelta(days=1)) is MandateStanding.ACTIVE
    assert stand(contract, MARCH) is MandateStanding.SUSPENDED
    lifted = lift_suspension(mandate=mandate, reason="Geklärt", user=None, now=at(date(2026, 4, 1)))
    assert lifted.lift_reason == "Geklärt"
    assert stand(contract, date(2026, 3, 31)) is MandateStanding.SUSPENDED
    assert stand(contract, date(2026, 4, 1)) is MandateStanding.ACTIVE
    with pytest.raises(UnableToStopMandate, match="NOT_SUSPENDED"):
        lift_suspension(mandate=mandate, reason="Geklärt", user=None, now=at(MARCH))
    suspend(mandate, on=date(2026, 5, 1))
    assert MandateStop.objects.count() == 2


def test_many_are_suspended_in_one_statement(
    mandate: Mandate, django_assert_num_queries: object
) -> None:
    wanted = [Suspension(mandate, "Konto geschlossen", "AC04")] * 3
    with django_assert_num_queries(1):  # type: ignore[operator]
        suspend_mandates(suspensions=wanted[:1], user=None, now=at(MARCH))
    suspend_mandates(suspensions=wanted, user=None, now=at(MARCH))
    assert MandateStop.objects.get().reason_code == "AC04"
    with pytest.raises(UnableToStopMandate, match="NO_REASON"):
        suspend_mandates(suspensions=[Suspension(mandate, " ")], user=None, now=at(MARCH))


def test_a_stop_stands_as_it_was_made(mandate: Mandate) -> None:
    stop = suspend(mandate)
    stop.reason = "Anders"
    with pytest.raises(DatabaseError), transaction.atomic():
        stop.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        stop.delete()


def test_revoked_for_good(contract: GroupContract, mandate: Mandate) -> None:
    said = {"mandate": mandate, "reason": "Brief", "user": None, "now": at(MARCH)}
    with pytest.raises(UnableToStopMandate, match="IN_FUTURE"):
        revoke_mandate(received_on=MARCH + timedelta(days=1), **said)  # type: ignore[arg-type]
    revoke_mandate(received_on=MARCH, **said)  # type: ignore[arg-type]
    assert stand(contract, MARCH) is MandateStanding.REVOKED
    with pytest.raises(UnableToStopMandate, match="REVOKED"):
        revoke_mandate(received_on=MARCH, **said)  # type: ignore[arg-type]
    new = change(contract, iban=IBAN)
    assert (new.version, new.original) == (1, None)
    assert new.reference == f"{contract.number}-2"
    assert stand(contract, MARCH) is MandateStanding.ACTIVE
    assert MandateSignature.objects.filter(mandate=new, how="recorded").exists()


def test_expired_for_want_of_use(contract: GroupContract, mandate: Mandate) -> None:
    assert stand(contract, date(2029, 1, 1)) is MandateStanding.ACTIVE
    assert stand(contract, date(2029, 1, 2)) is MandateStanding.EXPIRED
    tell(contract, notice(NoticeKind.JOIN, "1", JAN, "2400"))
    bill("2026-01")
    item = OpenItem.objects.get(contract=contract)
    collection = Collection.objects.create(
        due_date=date(2026, 6, 15), submit_by=date(2026, 6, 12), scheme="CORE",
        message_id="BAU-1", created_at=at(MARCH), debit_count=1, control_sum=item.amount,
        file_sha256="0" * 64,
    )  # fmt: skip
    CollectionItem.objects.create(
        collection=collection, open_item=item, mandate=mandate, amount=item.amount,
        end_to_end_id=item.number, remittance="Beitrag",
    )  # fmt: skip
    assert stand(contract, date(2029, 1, 2)) is MandateStanding.EXPIRED
    collection.released_at = at(MARCH)
    collection.save()
    later = amend_mandate(mandate=mandate, first_day=MARCH, user=None, now=at(MARCH), iban=NEW)
    for quick in (False, True):
        states = get_mandate_states([contract.pk], date(2029, 6, 15), with_last_use=not quick)
        assert states[contract.pk].reason is None
        assert states[contract.pk].mandate == later
    assert stand(contract, date(2029, 6, 16)) is MandateStanding.EXPIRED


def test_a_b2b_mandate_waits_for_the_bank() -> None:
    contract = agree(start=JAN)
    give_mandate(contract, signed_on=JAN, scheme=Scheme.B2B)
    mandate = Mandate.objects.get(contract=contract)
    assert stand(contract, MARCH) is MandateStanding.AWAITING_BANK
    with pytest.raises(UnableToStopMandate, match="BEFORE_SIGNATURE"):
        confirm_b2b(mandate=mandate, confirmed_on=date(2025, 12, 31), today=MARCH)
    mandate = confirm_b2b(mandate=mandate, confirmed_on=MARCH, today=MARCH)
    assert stand(contract, MARCH) is MandateStanding.ACTIVE
    with pytest.raises(UnableToStopMandate, match="CONFIRMED"):
        confirm_b2b(mandate=mandate, confirmed_on=MARCH, today=MARCH)
    later = date(2026, 4, 1)
    amend_mandate(mandate=mandate, first_day=later, user=None, now=at(later), iban=NEW)
    assert stand(contract, later) is MandateStanding.AWAITING_BANK


def test_a_new_account_is_a_version_and_lifts_a_suspension(
    contract: GroupContract, mandate: Mandate
) -> None:
    suspend(mandate, on=date(2026, 3, 1), code="AC04")
    later = change(contract, iban=NEW)
    assert (later.original, later.version, later.reference) == (mandate, 2, mandate.reference)
    assert later.signed_on == mandate.signed_on
    assert stand(contract, MARCH) is MandateStanding.ACTIVE
    assert MandateStop.objects.get().lift_reason == "Neue Bankverbindung"
    with pytest.raises(UnableToAmendMandate, match="NOT_LATEST"):
        amend_mandate(mandate=mandate, first_day=MARCH, user=None, now=at(MARCH), iban=IBAN)
    with pytest.raises(UnableToAmendMandate, match="NOTHING_CHANGES"):
        amend_mandate(mandate=later, first_day=MARCH, user=None, now=at(MARCH), iban=NEW)


@pytest.mark.parametrize(("code", "scheme"), [("MD01", Scheme.CORE), ("", Scheme.B2B)])
def test_a_mandate_that_is_denied_or_of_another_scheme_is_none_to_amend(
    contract: GroupContract, mandate: Mandate, code: str, scheme: Scheme
) -> None:
    suspend(mandate, on=date(2026, 3, 1), code=code)
    new = change(contract, iban=NEW, scheme=scheme)
    assert (new.version, new.original) == (1, None)
    assert new.reference != mandate.reference
    found = get_mandate_state(contract.pk, MARCH)
    assert found is not None
    expected = None if scheme is Scheme.CORE else NoDebitReason.B2B_NOT_CONFIRMED
    assert found.reason is expected


def test_the_command_names_a_changed_creditor(
    contract: GroupContract, mandate: Mandate, settings: object
) -> None:
    out = StringIO()
    call_command("amend_creditor", "--from", "2026-04-01", stdout=out)
    assert "0" in out.getvalue()
    insurer = {**settings.INSURER, "name": "Neue Versicherung AG"}  # type: ignore[attr-defined]
    settings.INSURER = insurer  # type: ignore[attr-defined]
    call_command("amend_creditor", "--from", "2026-04-01", stdout=out)
    later = Mandate.objects.get(version=2)
    assert (later.creditor_name, later.reference) == ("Neue Versicherung AG", mandate.reference)
    assert later.period.first_day == date(2026, 4, 1)
    mandate.refresh_from_db()
    assert mandate.period.last_day == date(2026, 3, 31)


def test_moments_are_german_days(contract: GroupContract, mandate: Mandate) -> None:
    late = datetime(2026, 3, 9, 23, 30, tzinfo=UTC)
    stop = suspend_mandate(
        mandate=mandate, reason="Rückfrage", code="", debit=None, user=None, now=late
    )
    assert stop.from_day == MARCH
