"""What clerks do: entries nobody could match, returns told by telephone, rules of their own."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from aupolicy.kernel.period import Period
from aupolicy.models import Grant, Role, User, WorkItem
from billing.facts.reactions import MandateEffect, NextStep, Occurrence
from billing.models import BankEntry, LedgerTransaction, MandateStop, OpenItem, ReturnedDebit
from billing.operations.clearing import ClearAs, UnableToClear, clear_as_return, clear_entry
from billing.operations.reactions import UnableToChangeReaction, change_reaction
from billing.operations.returned_debits import UnableToRecordReturn, record_return_by_hand
from billing.queries.bank_proposals import list_live_debits, list_proposals
from billing.rules.receipt_matching import Reason
from tests.bank.world import (
    BACK,
    FIRST,
    came_back,
    check_audit,
    collect_again,
    collect_two,
    credited,
    entry,
    insure,
    notification,
    open_amounts,
    receive,
    sum_account,
    transaction,
    transfer,
)
from tests.laws.world import IBAN, at, bill, give_mandate, settle
from tests.parsing.bank_samples import UNPAID

pytestmark = pytest.mark.django_db
NOW = at(BACK)
NUMBER = "AB-2026-0000001"


@pytest.fixture
def clerk() -> User:
    user = User.objects.create(username="finance")
    Grant.objects.create(user=user, role=Role.FINANCE, period=Period(date(2020, 1, 1)))
    return user


def receive_unclear(amount: str = "13.00", purpose: str = "Beitrag", **told: Any) -> BankEntry:
    receive(notification(transfer(amount, purpose, **told)))
    return BankEntry.objects.get()


def owed() -> OpenItem:
    insure()
    bill("2026-01")
    return OpenItem.objects.get()


def test_a_clerk_gives_money_to_a_demand(clerk: User) -> None:
    item = owed()
    entry = receive_unclear()
    assert WorkItem.objects.filter(kind="bank", done_at=None).count() == 1
    clear_entry(
        entry=entry, clear_as=ClearAs.ITEMS, items={item.pk: FIRST}, note="", user=clerk, now=NOW
    )
    settle()
    entry.refresh_from_db()
    assert (entry.outcome, entry.cleared_by) == ("cleared", clerk)
    assert sum_account("1370") == 0
    assert open_amounts() == {NUMBER: 0}
    assert not WorkItem.objects.filter(kind="bank", done_at=None).exists()
    check_audit()


@pytest.mark.parametrize(
    ("amount", "given", "note", "code"),
    [
        ("13.00", "13.01", "", "MORE_THAN_CAME"),
        ("20.00", "13.01", "", "NO_NOTE"),
        ("20.00", "13.01", "zu viel", "TOO_MUCH"),
        ("13.00", "0.00", "", "NOTHING_CHOSEN"),
    ],
)
def test_what_does_not_fit_is_refused(
    clerk: User, amount: str, given: str, note: str, code: str
) -> None:
    item = owed()
    entry = receive_unclear(amount)
    with pytest.raises(UnableToClear) as refused:
        clear_entry(
            entry=entry, clear_as=ClearAs.ITEMS, items={item.pk: Decimal(given)}, note=note,
            user=clerk, now=NOW,
        )  # fmt: skip
    assert refused.value.code == code
    assert open_amounts() == {NUMBER: FIRST}


def test_too_much_stays_aside_with_a_note(clerk: User) -> None:
    item = owed()
    entry = receive_unclear("20.00")
    clear_entry(
        entry=entry, clear_as=ClearAs.ITEMS, items={item.pk: FIRST}, note="Rest zurück",
        user=clerk, now=NOW,
    )  # fmt: skip
    assert sum_account("1370") == FIRST - 20
    check_audit()


def test_twice_is_refused_and_so_are_strangers(clerk: User) -> None:
    entry = receive_unclear()
    with pytest.raises(UnableToClear, match="NOT_ALLOWED"):
        clear_entry(
            entry=entry, clear_as=ClearAs.OTHER, items={}, note="x",
            user=User.objects.create(username="other"), now=NOW,
        )  # fmt: skip
    told: dict[str, Any] = {"clear_as": ClearAs.OTHER, "items": {}, "note": "Irrläufer", "now": NOW}
    clear_entry(entry=entry, user=clerk, **told)
    with pytest.raises(UnableToClear, match="NOT_UNCLEAR"):
        clear_entry(entry=entry, user=clerk, **told)
    assert sum_account("1370") == -FIRST


def test_a_fee_of_the_bank_is_booked_as_one(clerk: User) -> None:
    receive(notification(entry("7.50", "DBIT", code=UNPAID, reference="F1")))
    assert not LedgerTransaction.objects.exists()
    clear_entry(
        entry=BankEntry.objects.get(), clear_as=ClearAs.FEE, items={}, note="Kontoführung",
        user=clerk, now=NOW,
    )  # fmt: skip
    assert (sum_account("4970"), sum_account("1200")) == (Decimal("7.50"), Decimal("-7.50"))


def test_a_return_without_reference_is_given_to_its_debit(clerk: User) -> None:
    debit, _ = collect_two()
    told = entry("16.00", "DBIT", transaction("16.00", "DBIT", reason="AM04"), code=UNPAID)
    receive(notification(credited(debit), told))
    unclear = BankEntry.objects.get(outcome="unclear")
    assert debit in list_live_debits(unclear)
    clear_as_return(
        entry=unclear, debit=debit, reason_code="", note="Telefonat", user=clerk, now=NOW
    )
    returned = ReturnedDebit.objects.get()
    assert (returned.reason_code, returned.bank_entry) == ("AM04", unclear)
    assert returned.fee == 3
    check_audit()


def test_proposals_say_why(clerk: User) -> None:
    contract = insure()
    give_mandate(contract, signed_on=date(2026, 1, 1))
    bill("2026-01")
    by_iban = list_proposals(receive_unclear("12.00", "Danke", iban=IBAN, name="Wer anders"))
    [best] = by_iban
    assert (best.item.number, best.reasons) == (NUMBER, (Reason.IBAN,))
    assert best.amount == 12


def test_a_stranger_s_transfer_proposes_nothing() -> None:
    owed()
    assert list_proposals(receive_unclear("12.00", "Danke", iban="DE89370400440532013000")) == []


def test_a_return_is_recorded_by_hand_and_the_file_finds_it_done(clerk: User) -> None:
    debit, _ = collect_two()
    returned = record_return_by_hand(
        debit=debit, reason_code="MD01", returned_on=BACK, fee=Decimal(3), user=clerk, now=NOW
    )
    assert (returned.how, returned.recorded_by) == ("refund", clerk)
    # No mandate: it rests, and somebody looks.
    assert MandateStop.objects.get().debit == debit
    assert WorkItem.objects.filter(kind="returned_debit", subject=returned.pk).exists()
    assert not OpenItem.objects.filter(kind="bank_fee").exists()
    with pytest.raises(UnableToRecordReturn, match="ENDED"):
        record_return_by_hand(
            debit=debit, reason_code="MD01", returned_on=BACK, fee=Decimal(0), user=clerk, now=NOW
        )
    report = receive(notification(credited(debit), came_back(debit, "MD01")))
    assert report.counts == {"settlement": 1, "known": 1}
    check_audit()


def test_the_second_return_for_no_reason_is_worse_than_the_first(clerk: User) -> None:
    first, _ = collect_two()
    receive(notification(came_back(first)))
    ReturnedDebit.objects.get()
    assert not MandateStop.objects.exists()
    # Another debit of the same contract, while the first is not paid.
    item = first.open_item
    again = collect_again(item)
    receive(notification(came_back(again, charges=""), message_id="N-2"))
    returned = ReturnedDebit.objects.get(debit=again)
    assert (returned.occurrence, returned.reaction["occurrence"]) == (2, "repeat")
    assert MandateStop.objects.get().debit == again


def test_the_insurer_s_own_rule_counts_from_its_day_on(clerk: User) -> None:
    rule: dict[str, Any] = {
        "code": "MS03", "occurrence": Occurrence.FIRST, "mandate_effect": MandateEffect.SUSPEND,
        "next_step": NextStep.CLERK, "retry_after_days": None, "charge_fee": False,
        "user": clerk, "now": NOW,
    }  # fmt: skip
    with pytest.raises(UnableToChangeReaction, match="PAST"):
        change_reaction(**rule, valid_from=BACK - timedelta(days=1), reason="x")
    with pytest.raises(UnableToChangeReaction, match="NO_REASON"):
        change_reaction(**rule, valid_from=BACK, reason=" ")
    first, second = collect_two()
    change_reaction(**rule, valid_from=BACK, reason="Häufung")
    earlier = came_back(first, day=BACK - timedelta(days=1))
    receive(notification(earlier, came_back(second)))
    reactions = {each.debit_id: each.reaction for each in ReturnedDebit.objects.all()}
    assert reactions[first.pk]["own"] is False
    assert (reactions[second.pk]["own"], reactions[second.pk]["next_step"]) == (True, "clerk")
    assert OpenItem.objects.filter(kind="bank_fee").count() == 1
