"""Collecting due statements by SEPA direct debit: one file a scheme and due date."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from io import BytesIO

from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from aupolicy.kernel.bank_calendar import next_target_day, previous_target_day
from aupolicy.kernel.file_store import FileStore
from aupolicy.kernel.money import total
from billing.exports.pain008 import write_debit_file
from billing.facts.debit import Creditor, Debit, DebitFile, MandateFacts, Scheme
from billing.models import (
    Collection,
    CollectionItem,
    LedgerEntry,
    LedgerTransaction,
    Mandate,
    OpenItem,
)
from billing.operations.books import Booking, Cause, Settled, post
from billing.queries.collectable import Collectable, NotCollected, list_collectable
from billing.queries.open_items import get_booking_day


class UnableToCollect(ValueError):
    """No collection can be made for a day; `code` says why."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(f"{code}: {params}")
        self.code, self.params = code, params


@dataclass(frozen=True, slots=True)
class CollectionReport:
    """What was collected now, what had been collected for the day before, and what was not."""

    due: date
    created: tuple[Collection, ...]
    existing: tuple[Collection, ...]
    not_collected: tuple[NotCollected, ...]


def create_collections(*, due: date, now: datetime, creditor: Creditor) -> CollectionReport:
    """Collect every open item due by a day into one pain.008 file a scheme.

    A closing day of the banks moves to the next TARGET day. A second call finds nothing new.
    Raises UnableToCollect when there is something to collect and the bank could no longer take
    the file, and UnableToWriteDebitFile when a debit breaks a rule; then nothing is collected.
    """
    due = next_target_day(due)
    with transaction.atomic():
        found = list_collectable(due, lock=True)
        if found.ready:
            _check_time(due, timezone.localtime(now).date())
        existing = tuple(Collection.objects.filter(due_date=due).order_by("id"))
        created = tuple(
            _collect(due, now, creditor, scheme, items)
            for scheme in Scheme
            if (items := [item for item in found.ready if item.mandate.scheme == scheme])
        )
    return CollectionReport(due, created, existing, tuple(found.not_collected))


def _check_time(due: date, today: date) -> None:
    submit_by = previous_target_day(due)
    if today > submit_by:
        raise UnableToCollect("TOO_LATE", due=due.isoformat(), submit_by=submit_by.isoformat())


def read_file(collection: Collection) -> bytes:
    """The file of a collection, byte for byte as it was made."""
    return FileStore(settings.FILES_ROOT).get(collection.file_sha256)


def _collect(
    due: date, now: datetime, creditor: Creditor, scheme: Scheme, found: list[Collectable]
) -> Collection:
    number = Collection.objects.filter(due_date=due, scheme=scheme).count() + 1
    message_id = f"BAU-{due:%Y%m%d}-{scheme}-{number:04d}"
    items = _draft_items(found)
    control_sum = total(item.amount for item in items)
    content = BytesIO()
    write_debit_file(
        file=DebitFile(
            message_id=message_id,
            created_at=timezone.localtime(now).replace(tzinfo=None, microsecond=0),
            due_date=due,
            scheme=scheme,
            creditor=creditor,
            debits=map(_debit, items),
            count=len(items),
            control_sum=control_sum,
        ),
        target=content,
    )
    collection = Collection.objects.create(
        due_date=due,
        submit_by=previous_target_day(due),
        scheme=scheme.value,
        message_id=message_id,
        created_at=now,
        debit_count=len(items),
        control_sum=control_sum,
        creditor=asdict(creditor),
        file_sha256=FileStore(settings.FILES_ROOT).put(content.getvalue()),
    )
    for item in items:
        item.collection = collection
    CollectionItem.objects.bulk_create(items, batch_size=2_000)
    _book(items, get_booking_day(timezone.localtime(now).date()))
    return collection


def _draft_items(found: list[Collectable]) -> list[CollectionItem]:
    """The debits to be; a second debit of an item has an end-to-end id of its own."""
    before = dict(
        CollectionItem.objects.filter(open_item__in=[each.item for each in found])
        .values_list("open_item")
        .annotate(count=Count("pk"))
    )
    return [_draft(each, before.get(each.item.pk, 0) + 1) for each in found]


def _draft(found: Collectable, attempt: int) -> CollectionItem:
    item = found.item
    return CollectionItem(
        open_item=item,
        attempt=attempt,
        mandate=found.mandate,
        amount=found.amount,
        end_to_end_id=item.number if attempt == 1 else f"{item.number}-{attempt}",
        remittance=_remittance(item),
    )


def _remittance(item: OpenItem) -> str:
    """What the employer reads on the bank statement."""
    if item.statement is None:
        return f"{item.get_kind_display()} bAU Vertrag {item.contract.number} {item.number}"
    return (
        f"Beitrag bAU {item.statement.month:%m/%Y} Vertrag {item.contract.number}"
        f" Abrechnung {item.number}"
    )


def _debit(item: CollectionItem) -> Debit:
    return Debit(
        end_to_end_id=item.end_to_end_id,
        amount=item.amount,
        mandate=mandate_facts(item.mandate),
        remittance=item.remittance,
    )


def mandate_facts(mandate: Mandate) -> MandateFacts:
    """A mandate as the file says it."""
    return MandateFacts(
        reference=mandate.reference,
        signed_on=mandate.signed_on,
        scheme=Scheme(mandate.scheme),
        debtor_name=mandate.account_holder,
        debtor_iban=mandate.iban,
        debtor_bic=mandate.bic or None,
    )


def _book(items: Sequence[CollectionItem], booked_on: date) -> None:
    """Receivables become debits on their way, one transaction a debit."""
    post([_booking(item, booked_on) for item in items])


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
