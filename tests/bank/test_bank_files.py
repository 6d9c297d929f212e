"""Files of the bank: each movement is booked once, whatever tells of it and in which order."""

from decimal import Decimal

import pytest

from billing.models import (
    BankEntry,
    BankFile,
    CollectionItem,
    LedgerTransaction,
    OpenItem,
    Outcome,
    ReturnedDebit,
)
from billing.parsing.bank_files import UnableToReadBankFile
from tests.bank.world import (
    BACK,
    DUE,
    FIRST,
    SECOND,
    balances,
    came_back,
    check_audit,
    collect_two,
    credited,
    entry,
    insure,
    notification,
    open_amounts,
    outcomes,
    receive,
    statement,
    sum_account,
    transaction,
    transfer,
)
from tests.broken_books import find, one
from tests.laws.world import bill
from tests.parsing.bank_samples import (
    COLLECTED,
    UNPAID,
    make_notification,
    make_report,
    make_return,
    make_status,
    pack,
)

pytestmark = pytest.mark.django_db
SUM, NOTHING = FIRST + SECOND, Decimal(0)


def test_a_collection_is_credited_and_a_debit_comes_back() -> None:
    first, _ = collect_two()
    report = receive(notification(credited(first), came_back(first)))
    assert outcomes(report) == ["settlement", "returned_debit"]
    first.refresh_from_db()
    assert (first.ended_on, first.ended_how) == (BACK, "returned")
    assert sum_account("1360") == 0
    assert sum_account("1200") == SUM - FIRST - 3
    assert sum_account("4970") == 3
    returned = ReturnedDebit.objects.get()
    assert (returned.reason_code, returned.fee, returned.occurrence) == ("MS03", Decimal(3), 1)
    assert returned.reaction["next_step"] == "request_payment"
    assert returned.retry_on is not None
    # The fee is passed on: a demand of its own.
    fee = OpenItem.objects.get(kind="bank_fee")
    assert (fee.amount, fee.cause_id) == (Decimal(3), first.open_item_id)
    assert open_amounts()[first.open_item.number] == FIRST
    check_audit()


def test_the_same_file_twice_does_nothing() -> None:
    first, _ = collect_two()
    content = notification(credited(first), came_back(first))
    assert receive(content).is_new
    before = balances()
    again = receive(content, name="other.xml")
    assert not again.is_new
    assert (BankFile.objects.count(), BankEntry.objects.count()) == (1, 2)
    assert balances() == before


def test_a_notification_and_then_the_statement_count_once() -> None:
    first, _ = collect_two()
    told = (credited(first), came_back(first))
    receive(notification(*told))
    before = balances()
    report = receive(statement(*told, moved=SUM - FIRST - 3))
    assert outcomes(report) == ["known", "known"]
    assert balances() == before
    check_audit()


def test_a_batch_and_its_parts_count_once_in_either_order() -> None:
    first, second = collect_two()
    parts = [
        transaction(debit.amount, "CRDT", end_to_end_id=debit.end_to_end_id)
        for debit in (first, second)
    ]
    singly = notification(entry(SUM, "CRDT", *parts, code=COLLECTED, day=DUE, reference="S9"))
    report = receive(singly)
    assert outcomes(report) == ["settlement", "settlement"]
    assert outcomes(receive(statement(credited(first), moved=SUM))) == ["known"]
    assert (sum_account("1200"), sum_account("1360")) == (SUM, NOTHING)
    check_audit()


def test_parts_after_the_batch_are_known() -> None:
    first, second = collect_two()
    receive(statement(credited(first), moved=SUM))
    parts = [
        transaction(debit.amount, "CRDT", end_to_end_id=debit.end_to_end_id)
        for debit in (first, second)
    ]
    report = receive(notification(entry(SUM, "CRDT", *parts, code=COLLECTED, day=DUE)))
    assert outcomes(report) == ["known", "known"]
    assert (sum_account("1200"), sum_account("1360")) == (SUM, NOTHING)


@pytest.mark.parametrize("batch_first", [True, False])
def test_a_batch_of_returns_waits_for_its_parts(batch_first: bool) -> None:  # noqa: FBT001
    first, second = collect_two()
    head = "<Btch><NbOfTxs>2</NbOfTxs></Btch>"
    batch = statement(
        credited(first),
        entry(SUM, "DBIT", code=UNPAID, batch=head, reference="B7"),
        moved=Decimal(0),
    )
    singles = notification(came_back(first, charges=""), came_back(second, charges=""))
    for content in (batch, singles) if batch_first else (singles, batch):
        receive(content)
    assert not BankEntry.objects.filter(outcome=Outcome.UNCLEAR).exists()
    assert (sum_account("1200"), sum_account("1360"), sum_account("1400")) == (
        NOTHING,
        NOTHING,
        SUM,
    )
    check_audit()


def test_a_damaged_file_changes_nothing() -> None:
    first, _ = collect_two()
    before = balances()
    content = notification(credited(first), came_back(first))
    with pytest.raises(UnableToReadBankFile):
        receive(content[:-30])
    assert not BankEntry.objects.exists()
    assert not BankFile.objects.exists()
    assert balances() == before
    assert not CollectionItem.objects.exclude(ended_how="").exists()


def test_several_messages_in_an_archive() -> None:
    first, second = collect_two()
    content = pack(
        notification(credited(first), message_id="A"),
        notification(came_back(first, charges=""), came_back(second, charges=""), message_id="B"),
    )
    report = receive(content, name="bank.zip")
    assert report.counts == {"settlement": 1, "returned_debit": 2}
    assert [each["message_id"] for each in report.file.messages] == ["A", "B"]
    assert balances() == {"1400": SUM, "4000": -SUM}


def test_an_older_bank_is_read_too() -> None:
    collect_two()
    content = make_return("02", end_to_end_id="AB-2026-0000009")
    report = receive(make_notification(content, version="02"), on=BACK.replace(year=2027))
    assert outcomes(report) == ["unclear"]


def test_a_rejected_debit_is_open_again_and_its_money_never_came() -> None:
    first, _ = collect_two()
    report = receive(make_report(make_status(first.end_to_end_id, amount="13.00")))
    assert report.counts == {"rejected_debit": 1}
    first.refresh_from_db()
    assert first.ended_how == "rejected"
    assert sum_account("1360") == SECOND
    receive(notification(credited(first, SECOND)))
    assert (sum_account("1360"), sum_account("1200")) == (NOTHING, SECOND)
    check_audit()


def test_a_rejected_file_rejects_all_its_debits() -> None:
    first, _ = collect_two()
    message = first.collection.message_id
    whole = "<GrpSts>RJCT</GrpSts><StsRsnInf><Rsn><Cd>FF01</Cd></Rsn></StsRsnInf>"
    content = make_report(file=whole).replace(b"BAU-1-1", message.encode())
    content = content.replace(b"BAU-1<", f"{message}<".encode())
    assert receive(content).counts["rejected_debit"] == 1
    assert set(CollectionItem.objects.values_list("ended_how", flat=True)) == {"rejected"}
    assert ReturnedDebit.objects.filter(reason_code="FF01").count() == 2
    assert sum_account("1360") == 0
    check_audit()


def test_what_was_credited_although_rejected_goes_back_without_a_second_return() -> None:
    first, _ = collect_two()
    files = [
        make_report(make_status(first.end_to_end_id, amount="13.00")),
        notification(credited(first), came_back(first, charges="")),
    ]
    for content in files:
        receive(content)
    assert ReturnedDebit.objects.count() == 1
    assert (sum_account("1360"), sum_account("1200")) == (NOTHING, SECOND)
    check_audit()


@pytest.mark.parametrize(
    ("amount", "mandate"), [("13.00", "ANOTHER"), ("12.00", ""), ("99.00", "")]
)
def test_what_does_not_agree_is_unclear(amount: str, mandate: str) -> None:
    first, _ = collect_two()
    details = transaction(
        amount, "DBIT", end_to_end_id=first.end_to_end_id, mandate=mandate, reason="MS03"
    )
    report = receive(notification(entry(amount, "DBIT", details, code=UNPAID)))
    assert outcomes(report) == ["unclear"]
    assert not ReturnedDebit.objects.exists()


def test_a_transfer_that_names_its_statement_pays_it() -> None:
    contract = insure()
    bill("2026-01")
    report = receive(notification(transfer(FIRST, "Beitrag AB 2026-0000001 danke")))
    assert outcomes(report) == ["receipt"]
    assert open_amounts() == {"AB-2026-0000001": 0}
    assert sum_account("1200", contract) == FIRST
    check_audit()


def test_a_transfer_that_names_its_contract_pays_what_has_its_amount() -> None:
    contract = insure()
    bill("2026-01")
    report = receive(notification(transfer(FIRST, f"Vertrag {contract.number}")))
    assert outcomes(report) == ["receipt"]
    assert open_amounts() == {"AB-2026-0000001": 0}


@pytest.mark.parametrize(("amount", "text"), [("12.99", "AB-2026-0000001"), ("13.00", "Beitrag")])
def test_other_money_is_kept_aside(amount: str, text: str) -> None:
    insure()
    bill("2026-01")
    report = receive(notification(transfer(amount, text)))
    assert outcomes(report) == ["unclear"]
    assert (sum_account("1370"), sum_account("1200")) == (-Decimal(amount), Decimal(amount))
    assert open_amounts() == {"AB-2026-0000001": FIRST}
    check_audit()


def test_the_audit_finds_money_that_is_not_where_the_bank_s_entries_say() -> None:
    insure()
    bill("2026-01")
    receive(notification(transfer("12.99", "Beitrag")))
    kept = one("billing_ledgerentry", "account = '4970'", "account = '1370'")
    assert set(find(kept).broken) == {"KEPT_ASIDE"}
    matched = one("billing_bankentry", "outcome = 'receipt'")
    assert set(find(matched).broken) == {"KEPT_ASIDE"}
    other = one("billing_bankentry", "amount = amount + 1")
    assert set(find(other).broken) == {"BANK", "KEPT_ASIDE"}


def test_equal_transfers_of_a_day_are_two() -> None:
    told = (transfer("5.00", "Spende", reference=""), transfer("5.00", "Spende", reference=""))
    assert outcomes(receive(notification(*told))) == ["unclear", "unclear"]
    assert outcomes(receive(statement(*told, moved=Decimal(10)))) == ["known", "known"]
    assert sum_account("1200") == 10


def test_a_movement_is_known_also_when_only_one_file_has_the_banks_reference() -> None:
    receive(notification(transfer("5.00", "Spende", reference="X1")))
    report = receive(statement(transfer("5.00", "Spende", reference=""), moved=Decimal(5)))
    assert outcomes(report) == ["known"]
    assert sum_account("1200") == 5


def test_money_that_came_before_the_return_finds_its_demand() -> None:
    first, _ = collect_two()
    number = first.open_item.number
    receive(notification(transfer(FIRST, number), message_id="A"))
    assert sum_account("1370") == -FIRST
    report = receive(notification(credited(first), came_back(first, charges=""), message_id="B"))
    assert report.matched_later == 1
    assert sum_account("1370") == 0
    assert open_amounts()[number] == 0
    assert LedgerTransaction.objects.filter(kind="RECEIPT_CLEARED").count() == 1
    check_audit()


def test_an_entry_of_nothing_is_kept() -> None:
    assert outcomes(receive(notification(transfer("0.00", "Zins")))) == ["known"]
