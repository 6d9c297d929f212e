"""What the insured person tells: accounts without overlap, consents, where to be reached."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from aupolicy.kernel.period import Period
from aupolicy.models import Role, User, WorkItem
from aupolicy.operations.fence import NOTHING, acting_within
from claims.facts import Channel
from claims.facts.consent import ConsentKind
from claims.models import Claim, Consent, Contact, DocumentRequest, Payee, Review
from claims.operations.claimant import (
    UnableToDeclare,
    UnableToGiveAccount,
    UnableToSaveContact,
    check_account,
    give_account,
    give_consent,
    save_contact,
    withdraw_consent,
)
from claims.operations.requests import request_documents
from claims.queries.claimant import get_payee, list_payees, missing_consents
from tests.claims.world import at, insure, make_contract, make_examiner, make_user, sick

TODAY = date(2026, 3, 2)
NOW = at(TODAY)
IBANS = ("DE02120300000000202051", "DE02500105170137075030", "AT611904300234573201")


@pytest.fixture
def claim(db: None) -> Claim:
    return sick(insure(make_contract()), "2026-02-01", "2026-02-28").claim


def give(claim: Claim, account: int = 0, days: int = 0, **changes: Any) -> Payee:
    values: dict[str, Any] = {
        "holder": "Zoë Müller",
        "iban": IBANS[account],
        "first_day": TODAY + timedelta(days=days),
        "channel": Channel.PERSON,
        "user": None,
        "now": NOW,
    }
    return give_account(claim=claim, **(values | changes))


def list_accounts(claim: Claim) -> list[tuple[str, Period]]:
    return [(payee.iban, payee.period) for payee in reversed(list_payees(claim))]


def work(claim: Claim) -> list[WorkItem]:
    return list(WorkItem.objects.filter(kind="payee", subject=claim.pk, done_at=None))


def days(first: int, last: int | None = None) -> Period:
    end = None if last is None else TODAY + timedelta(days=last)
    return Period(TODAY + timedelta(days=first), end)


def test_an_account_counts_from_its_day_and_waits_for_an_examiner(claim: Claim) -> None:
    with acting_within(NOTHING):
        given = give(claim, iban="de02 1203 0000 0000 2020 51", holder="  Zoë   Müller ")
    payee = get_payee(claim, TODAY)
    assert payee == given
    assert (given.iban, given.bic, given.holder) == (IBANS[0], "BYLADEM1001", "Zoë Müller")
    assert get_payee(claim, TODAY - timedelta(days=1)) is None
    assert given.checked_at is None
    (item,) = work(claim)
    assert item.employer is None
    assert IBANS[0] not in item.title
    assert "Müller" not in item.title


def test_another_account_ends_the_one_before(claim: Claim) -> None:
    give(claim, 0)
    give(claim, 1, days=10)
    assert list_accounts(claim) == [(IBANS[0], days(0, 9)), (IBANS[1], days(10))]


@pytest.mark.parametrize(
    ("steps", "accounts"),
    [
        ([(0, 0), (0, 0)], [(0, 0, None)]),
        ([(0, 0), (0, 10)], [(0, 0, None)]),
        ([(0, 0), (1, 0)], [(1, 0, None)]),
        ([(0, 0), (1, 10), (2, 5)], [(0, 0, 4), (2, 5, None)]),
        ([(0, 0), (1, 10), (2, 20)], [(0, 0, 19), (2, 20, None)]),
        ([(0, 0), (1, 10), (1, 10)], [(0, 0, 9), (1, 10, None)]),
        ([(0, 0), (1, 10), (2, 0)], [(2, 0, 9), (2, 10, None)]),
        ([(0, 5), (1, 3)], [(1, 3, None)]),
    ],
)
def test_whatever_is_told_in_whatever_order_one_account_counts_on_each_day(
    steps: list[tuple[int, int]], accounts: list[tuple[int, int, int | None]], claim: Claim
) -> None:
    for account, day in steps:
        give(claim, account, days=day)
    told = [(IBANS[which], days(first, last)) for which, first, last in accounts]
    assert list_accounts(claim) == told


def test_an_account_that_was_paid_to_stays_in_the_history(claim: Claim) -> None:
    give(claim, 0)
    give(claim, 1, first_day=date(2026, 5, 4), now=at("2026-05-04"))
    give(claim, 2, first_day=date(2026, 5, 4), now=at("2026-05-04"))
    first, second = list_accounts(claim)
    assert first == (IBANS[0], Period(TODAY, date(2026, 5, 3)))
    assert second == (IBANS[2], Period(date(2026, 5, 4)))
    assert get_payee(claim, date(2026, 5, 3)) is not None


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("HOLDER_MISSING", {"holder": "  "}),
        ("HOLDER_UNREADABLE", {"holder": "Зоя Мюллер"}),
        ("HOLDER_UNREADABLE", {"holder": "Zoë ❤"}),
        ("HOLDER_UNREADABLE", {"holder": "4711"}),
        ("HOLDER_UNREADABLE", {"holder": "Z" * 71}),
        ("IBAN_WRONG", {"iban": "DE02120300000000202052"}),
        ("IBAN_WRONG", {"iban": ""}),
        ("NOT_SEPA", {"iban": "TR330006100519786457841326"}),
        ("TOO_EARLY", {"first_day": TODAY - timedelta(days=1)}),
        ("REASON_MISSING", {"is_person": False}),
        ("MEDICAL_TEXT", {"is_person": False, "reason": "Betreuung wegen Demenz"}),
        ("NOT_ALLOWED", {"channel": Channel.EMPLOYER}),
        ("NOT_ALLOWED", {"channel": Channel.EXAMINER}),
    ],
)
def test_what_is_no_account(code: str, changes: dict[str, Any], claim: Claim) -> None:
    with pytest.raises(UnableToGiveAccount) as refused:
        give(claim, **changes)
    assert refused.value.code == code
    assert "DE02" not in repr(refused.value)
    assert not Payee.objects.exists()
    assert work(claim) == []


def test_names_of_all_of_europe_are_readable(claim: Claim) -> None:
    for holder in ("Łukasz Żółć", "Şengül Yılmaz", "Ad'Hoc & Söhne (GbR)", "Anna-Lena O’Hara"):
        assert give(claim, holder=holder).holder == holder


def test_an_account_is_checked_by_an_examiner_other_than_who_gave_it(claim: Claim) -> None:
    vera, uwe = make_examiner(), make_examiner("uwe")
    payee = give(claim, channel=Channel.EXAMINER, user=vera)
    for user, code in ((make_user("otto", Role.CLERK), "NOT_ALLOWED"), (vera, "GIVEN_BY_SAME")):
        with pytest.raises(UnableToGiveAccount, match=code):
            check_account(payee=payee, user=user, now=NOW)
    checked = check_account(payee=payee, user=uwe, now=NOW)
    assert (checked.checked_by, checked.checked_at) == (uwe, NOW)
    assert work(claim) == []
    # Once is enough.
    assert check_account(payee=payee, user=make_examiner("ute"), now=NOW).checked_by == uwe
    with pytest.raises(IntegrityError, match="payee_checked_by_another"), transaction.atomic():
        Payee.objects.update(checked_by=vera)


def test_an_account_that_changed_meanwhile_is_not_checked_unseen(claim: Claim) -> None:
    vera = make_examiner()
    shown = give(claim, 0)
    give(claim, 1, now=NOW + timedelta(hours=1))
    with pytest.raises(UnableToGiveAccount, match="CHANGED"):
        check_account(payee=shown, user=vera, now=NOW)
    changed = check_account(payee=Payee.objects.get(), user=vera, now=NOW)
    again = give(claim, 2, now=NOW + timedelta(hours=2))
    assert changed.pk == again.pk
    assert again.checked_at is None
    assert len(work(claim)) == 1


def test_one_check_is_enough_where_both_rows_name_the_account(claim: Claim) -> None:
    give(claim, 0)
    give(claim, 1, days=10)
    payee = give(claim, 2)
    check_account(payee=payee, user=make_examiner(), now=NOW)
    assert not claim.payees.filter(checked_at=None).exists()
    assert work(claim) == []


def declare(claim: Claim, kind: ConsentKind, name: str = "Zoë Müller") -> Consent:
    return give_consent(
        claim=claim, kind=kind, language="en", name=name, channel=Channel.PERSON, user=None, now=NOW
    )


def test_a_consent_is_kept_with_its_wording(claim: Claim) -> None:
    assert missing_consents(claim) == tuple(ConsentKind)
    with acting_within(NOTHING):
        consent = declare(claim, ConsentKind.HEALTH_DATA)
    assert consent.version
    assert consent.wording.startswith("Consent to the processing")
    assert missing_consents(claim) == (ConsentKind.PAYMENT,)
    assert declare(claim, ConsentKind.HEALTH_DATA) == consent
    with pytest.raises(UnableToDeclare, match="NAME_MISSING"):
        declare(claim, ConsentKind.PAYMENT, name=" ")


def test_a_consent_is_withdrawn_and_somebody_looks_at_it(claim: Claim) -> None:
    values: dict[str, Any] = {
        "claim": claim, "kind": ConsentKind.HEALTH_DATA, "name": "Zoë Müller",
        "channel": Channel.PERSON, "user": None, "now": NOW,
    }  # fmt: skip
    with pytest.raises(UnableToDeclare, match="NOT_GIVEN"):
        withdraw_consent(**values)
    given = declare(claim, ConsentKind.HEALTH_DATA)
    withdrawal = withdraw_consent(**values)
    assert (withdrawal.given, withdrawal.wording) == (False, given.wording)
    assert ConsentKind.HEALTH_DATA in missing_consents(claim)
    assert Review.objects.get(claim=claim).due_on == TODAY
    assert declare(claim, ConsentKind.HEALTH_DATA).pk > withdrawal.pk
    assert ConsentKind.HEALTH_DATA not in missing_consents(claim)


def test_what_was_asked_for_has_come_once_all_of_it_is_there(claim: Claim) -> None:
    request = request_documents(claim=claim, kind=DocumentRequest.Kind.ACCOUNT, user=None, now=NOW)
    give(claim)
    declare(claim, ConsentKind.HEALTH_DATA)
    request.refresh_from_db()
    assert request.closed_at is None
    declare(claim, ConsentKind.PAYMENT)
    request.refresh_from_db()
    assert request.received


def test_where_the_person_is_reached(claim: Claim) -> None:
    def save(**values: str) -> None:
        save_contact(claim=claim, user=None, now=NOW, **values)

    save(street="Am  Weg 1", postal_code="12345", town="Ort", email="zoe@example.org")
    save(street="Rue 2", postal_code="L-1234", town="Luxembourg", country="LU", phone="+352 1")
    contact = Contact.objects.get(claim=claim)
    assert (contact.street, contact.email) == ("Rue 2", "")
    for values, code in (
        ({"street": "Weg 1"}, "ADDRESS_INCOMPLETE"),
        ({"street": "Weg 1", "town": "Ort", "postal_code": "1234"}, "POSTAL_CODE_WRONG"),
        ({"email": "zoe@"}, "EMAIL_WRONG"),
    ):
        with pytest.raises(UnableToSaveContact, match=code):
            save(**values)


def test_nobody_of_an_employer_gives_an_account(claim: Claim) -> None:
    hr: User = make_user("hanna")
    with pytest.raises(UnableToGiveAccount, match="NOT_ALLOWED"):
        give(claim, channel=Channel.PERSON, user=hr)
