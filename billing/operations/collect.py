"""Collecting due items by SEPA direct debit: files of a scheme, a due date and an account."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from aupolicy.kernel.bank_calendar import next_target_day, previous_target_day
from aupolicy.kernel.file_store import FileStore
from aupolicy.kernel.money import total
from aupolicy.models import User
from aupolicy.operations.bulk import insert_rows, take_ids
from billing.facts.debit import Creditor, Scheme
from billing.models import Collection, CollectionItem, LedgerEntry, LedgerTransaction, OpenItem
from billing.operations.books import Booking, Cause, Settled, post
from billing.operations.collection_files import build_file, read_file
from billing.operations.crash_points import crash_point
from billing.operations.offsets import set_off_credits
from billing.queries.collectable import Collectable, NotCollected, list_collectable
from billing.queries.open_items import get_booking_day
from billing.rules.due_date import decide_submission

__all__ = [
    "CollectionReport",
    "UnableToCollect",
    "check_time",
    "create_collections",
    "read_file",
]


class UnableToCollect(ValueError):
    """A collection cannot be made, released or discarded; `code` says why.

    TOO_LATE (due, submit_by, hour; the bank takes it no more), NOT_ALLOWED (the role is missing),
    SAME_PERSON (who made a file does not release it), RELEASED, DISCARDED, MANDATES_CHANGED
    (count; they carry no debit on the due day any more, or have another version), DEBITS_ENDED
    (count).
    """

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(f"{code}: {params}")
        self.code, self.params = code, params


@dataclass(frozen=True, slots=True)
class CollectionReport:
    """What was collected now, what had been collected for the day before, and what was not."""

    due: date
    created: tuple[Collection, ...]
    existing: tuple[Collection, ...]
    not_collected: tuple[NotCollected, ...]


def create_collections(
    *,
    due: date,
    now: datetime,
    creditor: Creditor,
    user: User | None = None,
    batch_booking: bool | None = None,
) -> CollectionReport:
    """Collect every open item due by a day into pain.008 files, one a scheme and account.

    Credits are set off first. A closing day of the banks moves to the next TARGET day. A second
    call finds nothing new. The files wait for their release. `batch_booking` None is as the
    settings say. Raises UnableToCollect when there is something to collect and the bank could no
    longer take the file, and UnableToWriteDebitFile when a debit breaks a rule; then nothing is
    collected.
    """
    due = next_target_day(due)
    one_sum = settings.BATCH_BOOKING if batch_booking is None else batch_booking
    with transaction.atomic():
        set_off_credits(now=now)
        found = list_collectable(due, lock=True, creditor=creditor)
        if found.ready:
            check_time(due, now)
        kept = Collection.objects.filter(due_date=due, discarded_at=None)
        existing = tuple(kept.order_by("id"))
        created = []
        for file in _split(found.ready):
            collection = _draft(due, now, file[0].creditor, Scheme(file[0].mandate.scheme))
            collection.created_by, collection.batch_booking = user, one_sum
            created.append(_collect(collection, file))
        crash_point("collection.booked")
    crash_point("collection.committed")
    return CollectionReport(due, tuple(created), existing, tuple(found.not_collected))


def check_time(due: date, now: datetime) -> None:
    """Refuse what the bank could no longer take in time. Raises UnableToCollect (TOO_LATE)."""
    until = decide_submission(due=due, cut_off=settings.BANK_CUT_OFF)
    if now > until:
        raise UnableToCollect(
            "TOO_LATE",
            due=due.isoformat(),
            submit_by=until.date().isoformat(),
            hour=f"{until:%H:%M}",
        )


def _split(ready: Sequence[Collectable]) -> Iterator[list[Collectable]]:
    """Debits by scheme and account, no more in a file than the bank takes."""
    files: dict[tuple[int, str], list[Collectable]] = defaultdict(list)
    order = {scheme.value: place for place, scheme in enumerate(Scheme)}
    for each in ready:
        files[order[each.mandate.scheme], each.creditor.iban].append(each)
    most: int = settings.MAX_DEBITS_PER_FILE
    for key in sorted(files):
        debits = files[key]
        for start in range(0, len(debits), most):
            yield debits[start : start + most]


def _draft(due: date, now: datetime, creditor: Creditor, scheme: Scheme) -> Collection:
    number = Collection.objects.filter(due_date=due, scheme=scheme).count() + 1
    return Collection(
        due_date=due,
        submit_by=previous_target_day(due),
        scheme=scheme.value,
        message_id=f"BAU-{due:%Y%m%d}-{scheme}-{number:04d}",
        created_at=now,
        creditor=asdict(creditor),
    )


def _collect(collection: Collection, found: list[Collectable]) -> Collection:
    items = _draft_items(found)
    collection.debit_count = len(items)
    collection.control_sum = total(item.amount for item in items)
    content = build_file(collection, items)
    collection.file_sha256 = FileStore(settings.FILES_ROOT).put(content)
    crash_point("collection.file_kept")
    collection.save()
    _insert(collection, items)
    day = get_booking_day(timezone.localdate(collection.created_at))
    # Receivables become debits on their way, one transaction a debit.
    post([_booking(item, day) for item in items])
    return collection


_COLUMNS = (
    "id", "collection_id", "open_item_id", "attempt", "mandate_id", "amount", "end_to_end_id",
    "remittance", "amendment", "ended_how",
)  # fmt: skip


def _insert(collection: Collection, items: list[CollectionItem]) -> None:
    rows = []
    for number, item in zip(take_ids(CollectionItem, len(items)), items, strict=True):
        item.pk, item.collection = number, collection
        amendment = json.dumps(item.amendment) if item.amendment else None
        debit = (item.open_item_id, item.attempt, item.mandate_id, item.amount)
        said = (item.end_to_end_id, item.remittance, amendment)
        rows.append((number, collection.pk, *debit, *said, ""))
    insert_rows(CollectionItem, _COLUMNS, rows)


def _draft_items(found: list[Collectable]) -> list[CollectionItem]:
    """The debits to be; a second debit of an item has an end-to-end id of its own."""
    before = dict(
        CollectionItem.objects.filter(open_item__in=[each.item.pk for each in found])
        .values_list("open_item")
        .annotate(count=Count("pk"))
    )
    return [_draft_item(each, before.get(each.item.pk, 0) + 1) for each in found]


def _draft_item(found: Collectable, attempt: int) -> CollectionItem:
    item = found.item
    return CollectionItem(
        open_item=item,
        attempt=attempt,
        mandate=found.mandate,
        amount=found.amount,
        end_to_end_id=item.number if attempt == 1 else f"{item.number}-{attempt}",
        remittance=_remittance(item),
        amendment=asdict(found.amendment) if found.amendment else None,
    )


def _remittance(item: OpenItem) -> str:
    """What the employer reads on the bank statement."""
    if item.statement is None:
        return f"{item.get_kind_display()} bAU Vertrag {item.contract.number} {item.number}"
    return (
        f"Beitrag bAU {item.statement.month:%m/%Y} Vertrag {item.contract.number}"
        f" Abrechnung {item.number}"
    )


def _booking(item: CollectionItem, booked_on: date) -> Booking:
    contract_id = item.open_item.contract_id
    return Booking(
        kind=LedgerTransaction.COLLECTION,
        booked_on=booked_on,
        contract_id=contract_id,
        sides=(
            (LedgerEntry.IN_TRANSIT, contract_id, item.amount),
            (LedgerEntry.RECEIVABLE, contract_id, -item.amount),
        ),
        cause=Cause(debit_id=item.pk, collection_id=item.collection_id),
        settles=[Settled(item.open_item_id, item.amount, item.pk)],
    )
