"""What becomes of a file of debits, and what the next one may collect."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from aupolicy.kernel.file_store import FileStore
from aupolicy.models import GroupContract, Role, User
from aupolicy.operations import give_grant
from billing.facts.debit import Creditor
from billing.facts.mandate import NoDebitReason
from billing.models import (
    Collection,
    CollectionItem,
    LedgerEntry,
    Mandate,
    OpenItem,
    ReturnedDebit,
)
from billing.operations import UnableToCollect, create_collections
from billing.operations.books import Booking, Cause, Settled, post
from billing.operations.collection_files import (
    UnableToReadCollection,
    is_rebuilt_alike,
    read_file,
    read_released_file,
    rebuild_file,
)
from billing.operations.collection_release import discard_collection, release_collection
from billing.operations.instalments import agree_plan
from billing.operations.mandate_stops import suspend_mandate
from billing.operations.mandates import amend_creditor, amend_mandate
from billing.rules.instalments import Part
from members.facts import NoticeKind
from tests.laws.world import agree, at, bill, creditor, give_mandate, notice, settle, tell

pytestmark = pytest.mark.django_db
JAN = date(2026, 1, 1)
DUE = date(2026, 1, 15)
NEXT = date(2026, 2, 16)
OTHER_BANK = "DE02500105170137075030"


@pytest.fixture
def people() -> tuple[User, User]:
    found = User.objects.create_user("maker"), User.objects.create_user("releaser")
    for user in found:
        give_grant(user=user, role=Role.FINANCE, first_day=JAN)
    return found


@pytest.fixture
def contract() -> GroupContract:
    contract = agree(start=JAN)
    tell(contract, notice(NoticeKind.JOIN, "1", JAN, "2400"))
    give_mandate(contract, signed_on=JAN)
    bill("2026-01")
    return contract


def collect(due: date = DUE, *, by: User | None = None, on: date = JAN) -> Collection:
    report = create_collections(due=due, now=at(on), creditor=creditor(), user=by)
    settle()
    (collection,) = report.created
    return collection


def left(due: date, *, on: date = JAN) -> list[NoDebitReason]:
    report = create_collections(due=due, now=at(on), creditor=creditor())
    settle()
    assert report.created == ()
    return [each.reason for each in report.not_collected]


def give_back(debit: CollectionItem, *, on: date, retry_on: date | None) -> None:
    """The debit comes back, as the bank's file would have it."""
    contract_id = debit.open_item.contract_id
    post(
        [
            Booking(
                kind="RETURNED_DEBIT",
                booked_on=on,
                contract_id=contract_id,
                sides=(
                    (LedgerEntry.RECEIVABLE, contract_id, debit.amount),
                    (LedgerEntry.IN_TRANSIT, contract_id, -debit.amount),
                ),
                cause=Cause(debit_id=debit.pk),
                settles=[Settled(debit.open_item_id, -debit.amount, debit.pk)],
            )
        ]
    )
    debit.ended_on, debit.ended_how = on, "returned"
    debit.save()
    ReturnedDebit.objects.create(
        debit=debit,
        how="return",
        reason_code="MS03",
        returned_on=on,
        occurrence=1,
        reaction={},
        retry_on=retry_on,
        recorded_at=at(on),
    )


def test_two_people_send_a_file(contract: GroupContract, people: tuple[User, User]) -> None:
    collection = collect(by=people[0])
    with pytest.raises(UnableToReadCollection, match="NOT_RELEASED"):
        read_released_file(collection)
    with pytest.raises(UnableToCollect, match="SAME_PERSON"):
        release_collection(collection=collection, user=people[0], now=at(JAN))
    stranger = User.objects.create_user("stranger")
    with pytest.raises(UnableToCollect, match="NOT_ALLOWED"):
        release_collection(collection=collection, user=stranger, now=at(JAN))
    released = release_collection(collection=collection, user=people[1], now=at(JAN))
    assert released.released_by == people[1]
    assert read_released_file(released) == read_file(collection)
    for act in (release_collection, discard_collection):
        with pytest.raises(UnableToCollect, match="RELEASED"):
            act(collection=collection, user=people[1], now=at(JAN))


def test_the_database_refuses_a_release_by_the_maker(
    contract: GroupContract, people: tuple[User, User]
) -> None:
    collection = collect(by=people[0])
    collection.released_at, collection.released_by = at(JAN), people[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        collection.save()


def test_the_bank_takes_a_file_until_its_hour(
    contract: GroupContract, people: tuple[User, User], settings: Any
) -> None:
    collection = collect(by=people[0])
    late = datetime(2026, 1, 14, 16, 1, tzinfo=UTC)
    with pytest.raises(UnableToCollect, match="TOO_LATE"):
        release_collection(collection=collection, user=people[1], now=late)
    release_collection(collection=collection, user=people[1], now=late - timedelta(minutes=1))


def test_a_mandate_that_was_stopped_meanwhile_holds_the_file(
    contract: GroupContract, people: tuple[User, User]
) -> None:
    collection = collect(by=people[0])
    suspend_mandate(
        mandate=Mandate.objects.get(), reason="Rückfrage", code="", debit=None, user=None,
        now=at(JAN),
    )  # fmt: skip
    with pytest.raises(UnableToCollect, match="MANDATES_CHANGED") as refused:
        release_collection(collection=collection, user=people[1], now=at(JAN))
    assert refused.value.params == {"count": 1}


def test_a_new_account_meanwhile_holds_the_file(
    contract: GroupContract, people: tuple[User, User]
) -> None:
    collection = collect(by=people[0])
    amend_mandate(
        mandate=Mandate.objects.get(), first_day=date(2026, 1, 5), user=None, now=at(JAN),
        iban=OTHER_BANK,
    )  # fmt: skip
    with pytest.raises(UnableToCollect, match="MANDATES_CHANGED"):
        release_collection(collection=collection, user=people[1], now=at(JAN))


def test_what_was_discarded_is_collected_again(
    contract: GroupContract, people: tuple[User, User]
) -> None:
    first = collect(by=people[0])
    discard_collection(collection=first, user=people[0], now=at(JAN))
    settle()
    (debit,) = first.items.all()
    assert (debit.ended_how, debit.ended_on) == ("discarded", JAN)
    assert sum(a.amount for a in debit.open_item.allocations.all()) == 0
    in_transit = LedgerEntry.objects.filter(account=LedgerEntry.IN_TRANSIT)
    assert sum(entry.amount for entry in in_transit) == 0
    second = collect(by=people[0])
    (again,) = second.items.all()
    assert (again.attempt, again.end_to_end_id) == (2, f"{debit.end_to_end_id}-2")
    assert second.message_id != first.message_id
    with pytest.raises(UnableToCollect, match="DISCARDED"):
        release_collection(collection=first, user=people[1], now=at(JAN))


def test_the_file_is_made_again_byte_for_byte(contract: GroupContract, settings: Any) -> None:
    collection = collect()
    stored = read_file(collection)
    assert rebuild_file(Collection.objects.get(pk=collection.pk)) == stored
    settings.INSURER = {**settings.INSURER, "name": "Neue Versicherung AG"}
    assert is_rebuilt_alike(Collection.objects.get(pk=collection.pk))
    FileStore(settings.FILES_ROOT).path(collection.file_sha256).unlink()
    assert read_file(collection) == stored
    assert FileStore(settings.FILES_ROOT).get(collection.file_sha256) == stored
    Mandate.objects.update(account_holder="Jemand anders")
    assert not is_rebuilt_alike(collection)
    FileStore(settings.FILES_ROOT).path(collection.file_sha256).unlink()
    with pytest.raises(UnableToReadCollection, match="LOST"):
        read_file(collection)


def test_a_released_file_lies_in_the_folder_of_the_bank(
    contract: GroupContract,
    people: tuple[User, User],
    settings: Any,
    tmp_path: Path,
    django_capture_on_commit_callbacks: Any,
) -> None:
    outbox = tmp_path / "outbox"
    outbox.mkdir()
    settings.BANK_OUTBOX = str(outbox)
    with django_capture_on_commit_callbacks(execute=True):
        collection = collect(by=people[0])
    assert list(outbox.iterdir()) == []
    with django_capture_on_commit_callbacks(execute=True):
        release_collection(collection=collection, user=people[1], now=at(JAN))
    (file,) = outbox.iterdir()
    assert (file.name, file.read_bytes()) == (f"{collection.message_id}.xml", read_file(collection))


def test_a_new_account_is_told_once(contract: GroupContract, people: tuple[User, User]) -> None:
    release_collection(collection=collect(), user=people[1], now=at(JAN))
    old = Mandate.objects.get()
    amend_mandate(mandate=old, first_day=date(2026, 1, 20), user=None, now=at(JAN), iban=OTHER_BANK)
    bill("2026-02")
    told = collect(NEXT, on=date(2026, 2, 1))
    (debit,) = told.items.all()
    assert debit.amendment is not None
    assert debit.amendment["same_mandate_new_account"] is True
    content = read_file(told).decode()
    assert "<AmdmntInd>true</AmdmntInd>" in content
    assert "SMNDA" in content
    assert f"<MndtId>{old.reference}</MndtId>" in content
    assert rebuild_file(told) == read_file(told)
    release_collection(collection=told, user=people[1], now=at(date(2026, 2, 1)))
    bill("2026-03")
    (silent,) = collect(date(2026, 3, 16), on=date(2026, 3, 1)).items.all()
    assert silent.amendment is None


def test_a_rejected_debit_tells_it_again(
    contract: GroupContract, people: tuple[User, User]
) -> None:
    release_collection(collection=collect(), user=people[1], now=at(JAN))
    amend_mandate(
        mandate=Mandate.objects.get(), first_day=date(2026, 1, 20), user=None, now=at(JAN),
        iban=OTHER_BANK,
    )  # fmt: skip
    bill("2026-02")
    told = collect(NEXT, on=date(2026, 2, 1))
    release_collection(collection=told, user=people[1], now=at(date(2026, 2, 1)))
    told.items.update(ended_on=NEXT, ended_how="rejected")
    bill("2026-03")
    (again,) = collect(date(2026, 3, 16), on=date(2026, 3, 1)).items.all()
    assert again.amendment is not None
    assert again.amendment["same_mandate_new_account"] is True


def test_another_creditor_needs_versions_that_name_it(contract: GroupContract) -> None:
    other = Creditor("Neue Versicherung AG", "DE51ZZZ12345678901", creditor().iban)
    report = create_collections(due=DUE, now=at(JAN), creditor=other)
    assert [each.reason for each in report.not_collected] == [NoDebitReason.OTHER_CREDITOR]
    assert amend_creditor(creditor=other, first_day=date(2026, 1, 5)) == 1
    assert amend_creditor(creditor=other, first_day=date(2026, 1, 6)) == 0
    (collection,) = create_collections(due=DUE, now=at(JAN), creditor=other).created
    (debit,) = collection.items.all()
    assert debit.mandate.creditor_name == "Neue Versicherung AG"
    assert debit.amendment is None


def test_a_returned_debit_waits_for_its_day(
    contract: GroupContract, people: tuple[User, User]
) -> None:
    collection = collect()
    release_collection(collection=collection, user=people[1], now=at(JAN))
    retry_on = date(2026, 1, 29)
    give_back(collection.items.get(), on=date(2026, 1, 20), retry_on=retry_on)
    assert left(date(2026, 1, 28), on=date(2026, 1, 20)) == [NoDebitReason.CAME_BACK]
    (again,) = collect(retry_on, on=date(2026, 1, 20)).items.all()
    assert again.attempt == 2


def test_without_a_day_it_waits_for_another_account(
    contract: GroupContract, people: tuple[User, User]
) -> None:
    collection = collect()
    release_collection(collection=collection, user=people[1], now=at(JAN))
    give_back(collection.items.get(), on=date(2026, 1, 20), retry_on=None)
    day = date(2026, 1, 20)
    assert left(date(2026, 1, 28), on=day) == [NoDebitReason.CAME_BACK]
    amend_mandate(
        mandate=Mandate.objects.get(), first_day=date(2026, 1, 21), user=None, now=at(day),
        iban=OTHER_BANK,
    )  # fmt: skip
    assert collect(date(2026, 1, 28), on=day).items.get().amendment is not None


def test_of_a_plan_only_what_is_due(contract: GroupContract, people: tuple[User, User]) -> None:
    item = OpenItem.objects.get()
    first = Decimal("4.00")
    agree_plan(
        contract=contract,
        items=[item],
        parts=[Part(date(2026, 2, 2), first), Part(date(2026, 3, 2), item.amount - first)],
        reason="Liquidität",
        user=people[0],
        now=at(JAN),
    )
    settle()
    assert left(DUE) == [NoDebitReason.IN_PLAN]
    (debit,) = collect(date(2026, 2, 2)).items.all()
    assert debit.amount == first
    assert left(date(2026, 2, 16)) == [NoDebitReason.IN_PLAN]
    (rest,) = collect(date(2026, 3, 2)).items.all()
    assert rest.amount == item.amount - first


def test_files_hold_no_more_than_the_bank_takes(settings: Any) -> None:
    settings.MAX_DEBITS_PER_FILE = 2
    for _ in range(3):
        contract = agree(start=JAN)
        tell(contract, notice(NoticeKind.JOIN, "1", JAN, "2400"))
        give_mandate(contract, signed_on=JAN)
    bill("2026-01")
    made = create_collections(due=DUE, now=at(JAN), creditor=creditor()).created
    settle()
    assert [each.debit_count for each in made] == [2, 1]
    assert len({each.message_id for each in made}) == 2


def test_a_tariff_is_collected_on_its_own_account(settings: Any) -> None:
    iban = "DE02100500000054540402"
    settings.COLLECTION_ACCOUNTS = {"bau-2016": {"iban": iban, "bic": ""}}
    contract = agree(start=JAN)
    tell(contract, notice(NoticeKind.JOIN, "1", JAN, "2400"))
    give_mandate(contract, signed_on=JAN)
    bill("2026-01")
    collection = collect()
    assert collection.creditor["iban"] == iban
    assert f"<CdtrAcct><Id><IBAN>{iban}</IBAN>" in read_file(collection).decode()
