"""Collecting due statements by SEPA direct debit: one file a scheme and due date."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO

from django.conf import settings
from django.db import transaction
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
    Statement,
)
from billing.queries.collectable import Collectable, NotCollected, list_collectable


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
    """Collect every statement due by a day into one pain.008 file a scheme.

    A closing day of the banks moves to the next TARGET day. A statement is collected once: a
    second call finds nothing new. Raises UnableToCollect when there is something to collect and
    the bank could no longer take the file, and UnableToWriteDebitFile when a debit breaks a
    rule; then nothing is collected.
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
    due: date, now: datetime, creditor: Creditor, scheme: Scheme, items: list[Collectable]
) -> Collection:
    control_sum = total(item.statement.total for item in items)
    number = Collection.objects.filter(due_date=due, scheme=scheme).count() + 1
    message_id = f"BAU-{due:%Y%m%d}-{scheme}-{number:04d}"
    content = BytesIO()
    write_debit_file(
        file=DebitFile(
            message_id=message_id,
            created_at=timezone.localtime(now).replace(tzinfo=None, microsecond=0),
            due_date=due,
            scheme=scheme,
            creditor=creditor,
            debits=(_debit(item) for item in items),
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
        file_sha256=FileStore(settings.FILES_ROOT).put(content.getvalue()),
    )
    CollectionItem.objects.bulk_create(_item(collection, item) for item in items)
    _book(collection, [item.statement for item in items], timezone.localtime(now).date())
    return collection


def _item(collection: Collection, item: Collectable) -> CollectionItem:
    return CollectionItem(
        collection=collection,
        statement=item.statement,
        mandate=item.mandate,
        amount=item.statement.total,
    )


def _debit(item: Collectable) -> Debit:
    statement, number = item.statement, item.statement.number or ""
    return Debit(
        end_to_end_id=number,
        amount=statement.total,
        mandate=mandate_facts(item.mandate),
        remittance=(
            f"Beitrag bAU {statement.month:%m/%Y} Vertrag {statement.contract.number}"
            f" Abrechnung {number}"
        ),
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


def _book(collection: Collection, statements: Iterable[Statement], booked_on: date) -> None:
    """Receivables become debits on their way, one transaction a statement."""
    pairs = [
        (
            LedgerTransaction(
                kind=LedgerTransaction.COLLECTION,
                booked_on=booked_on,
                statement=statement,
                collection=collection,
            ),
            statement,
        )
        for statement in statements
    ]
    LedgerTransaction.objects.bulk_create([booking for booking, _ in pairs], batch_size=2_000)
    entries = [
        LedgerEntry(
            transaction=booking, account=account, contract_id=statement.contract_id, amount=amount
        )
        for booking, statement in pairs
        for account, amount in _sides(statement.total)
    ]
    LedgerEntry.objects.bulk_create(entries, batch_size=2_000)


def _sides(amount: Decimal) -> tuple[tuple[str, Decimal], tuple[str, Decimal]]:
    return (LedgerEntry.IN_TRANSIT, amount), (LedgerEntry.RECEIVABLE, -amount)
