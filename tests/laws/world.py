"""Short words for tests of billing: contracts, notices, whole runs, and books that agree."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import count

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from aupolicy.facts.insurance_tax import Beneficiary
from aupolicy.kernel.money import ZERO
from aupolicy.kernel.month import Month
from aupolicy.models import Employer, GroupContract
from aupolicy.operations import Terms, sign_contract
from billing.facts.debit import Creditor, Scheme
from billing.models import BillingRun, CollectionItem, LedgerEntry, OpenItem, PremiumLine, Statement
from billing.operations import fill_slice, request_posting, start_run
from billing.operations.mandates import record_mandate
from members.facts import Notice, NoticeKind, NoticeReport
from members.operations import apply_notices

BIRTH_DATE = date(1990, 12, 24)
IBAN = "DE02120300000000202051"
_numbers = count(1)


def at(day: date) -> datetime:
    """A moment of a day, early in the afternoon in Germany."""
    return datetime.combine(day, time(12), tzinfo=UTC)


def agree(
    *, start: date, tariff: str = "bau-2016", beneficiary: Beneficiary = Beneficiary.EMPLOYEE
) -> GroupContract:
    """A contract of a new employer."""
    number = next(_numbers)
    employer = Employer.objects.create(
        legal_name=f"Beispiel {number} GmbH", street="Weg", postal_code="12345", town="Ort"
    )
    return sign_contract(
        number=f"T-{number:06d}",
        employer=employer,
        broker=None,
        start=start,
        terms=Terms(tariff, beneficiary=beneficiary),
    )


def notice(
    kind: NoticeKind | str,
    person: str,
    day: date,
    pay: str | Decimal | None = None,
    received: date | None = None,
) -> Notice:
    """A notice about a person, complete enough to be accepted."""
    kind = NoticeKind(kind)
    return Notice(
        kind=kind,
        personnel_number=person,
        effective=day,
        received_at=at(received or day),
        pay=None if pay is None else Decimal(pay),
        first_name="Zoë",
        last_name=f"Müller {person}",
        birth_date=BIRTH_DATE if kind is NoticeKind.JOIN else None,
    )


def tell(contract: GroupContract, *notices: Notice) -> NoticeReport:
    """Apply notices, and have the database look at them as at the end of a transaction."""
    report = apply_notices(contract=contract, notices=notices)
    settle()
    return report


def settle() -> None:
    """Check now what the database checks at the end of a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def fill(run: BillingRun) -> None:
    """All slices of a run, one after the other."""
    while fill_slice(run=run, now=run.started_at):
        pass


def preview(month: str, *, slice_members: int = 20_000) -> BillingRun:
    """A run of a month, filled and not posted."""
    first_day = Month.parse(month).first_day
    run = start_run(month=Month.parse(month), now=at(first_day), slice_members=slice_members)
    fill(run)
    return run


def bill(month: str, *, slice_members: int = 20_000) -> BillingRun:
    """A run of a month from start to posting."""
    run = preview(month, slice_members=slice_members)
    return request_posting(run=run, now=run.started_at)


def give_mandate(
    contract: GroupContract,
    *,
    signed_on: date,
    scheme: Scheme = Scheme.CORE,
    b2b_confirmed_on: date | None = None,
) -> None:
    """A signed mandate under a reference of its own."""
    record_mandate(
        contract=contract,
        creditor_identifier=settings.INSURER["creditor_identifier"],
        reference=f"M-{contract.number}",
        signed_on=signed_on,
        account_holder="Beispiel GmbH",
        iban=IBAN,
        scheme=scheme,
        b2b_confirmed_on=b2b_confirmed_on,
    )


def creditor() -> Creditor:
    """The insurer of the settings."""
    insurer = settings.INSURER
    return Creditor(insurer["name"], insurer["creditor_identifier"], insurer["iban"])


def read_charges() -> dict[tuple[int, str, Month], Decimal]:
    """What all posted runs have charged by contract, personnel number and month, in EUR."""
    charges: dict[tuple[int, str, Month], Decimal] = {}
    for line in PremiumLine.objects.select_related("person"):
        key = (line.contract_id, line.person.personnel_number, Month.of(line.covered_month))
        charges[key] = charges.get(key, ZERO) + line.amount
    return {key: amount for key, amount in charges.items() if amount}


def check_books() -> Decimal:
    """Lines, statements, ledger and debits agree statement by statement; the total in EUR."""
    settle()
    for statement in Statement.objects.filter(number__isnull=False):
        lines = PremiumLine.objects.filter(run=statement.run_id, contract=statement.contract_id)
        entries = LedgerEntry.objects.filter(transaction__statement=statement)
        booked = entries.filter(transaction__kind="STATEMENT")
        assert sum(line.amount for line in lines) + statement.tax == statement.total
        assert len(lines) == statement.line_count
        assert _sum(booked, LedgerEntry.RECEIVABLE) == statement.total
        assert _sum(booked, LedgerEntry.PREMIUM_INCOME) == statement.tax - statement.total
        assert _sum(booked, LedgerEntry.TAX_OWED) == -statement.tax
        items = OpenItem.objects.filter(statement=statement)
        assert [item.amount for item in items] == ([statement.total] if statement.total else [])
        for item in CollectionItem.objects.filter(open_item__statement=statement):
            # What was set off before is not collected, and then nothing is left.
            settled = [each.amount for each in item.open_item.allocations.all()]
            assert sum(settled) == statement.total
            moved = LedgerEntry.objects.filter(transaction__debit=item)
            assert _sum(moved, LedgerEntry.RECEIVABLE) == -item.amount
            assert _sum(moved, LedgerEntry.IN_TRANSIT) == item.amount
            assert [each.amount for each in item.allocations.all()] == [item.amount]
    return sum((statement.total for statement in Statement.objects.all()), start=ZERO)


def _sum(entries: QuerySet[LedgerEntry], account: str) -> Decimal:
    return sum((entry.amount for entry in entries.filter(account=account)), start=ZERO)


@contextmanager
def rolled_back() -> Iterator[None]:
    """One example of many in one test: whatever it does is gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
