"""The insurer's own books of a month as a DATEV batch (EXTF Buchungsstapel)."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Final

from aupolicy.kernel.money import total
from aupolicy.kernel.month import Month
from billing.exports.extf import MOST_BOOKINGS, BatchHead, Booking, write_batch
from billing.models import LedgerTransaction
from billing.queries.bookkeeping import Batch
from billing.queries.journal import JournalFilter, JournalRow, list_journal, sum_journal
from billing.rules.booking_pairs import pair_sides

# A file for German books: its texts are German, whoever asks for it.
KIND_WORDS: Final = dict(
    LedgerTransaction._meta.get_field("kind").flatchoices  # noqa: SLF001 - Django's public way
)
# The accounts of the ledger have four digits.
_ACCOUNT_LENGTH: Final = 4
_NOT_IN_NUMBERS = re.compile(r"[^A-Za-z0-9_$&%*+\-/]")
_LONGEST_NUMBER: Final = 36


@dataclass(frozen=True, slots=True)
class OwnBooks:
    """How the insurer's tax adviser or accounting knows its books: DATEV consultant and client.

    `fiscal_year_month` is the month in which the fiscal year begins.
    """

    consultant: int
    client: int
    fiscal_year_month: int


def build_ledger_batch(
    *, month: Month, books: OwnBooks, created_at: datetime, in_sums: bool = False
) -> Batch:
    """Every booking of a month as pairs of accounts; with `in_sums` one a day, kind and pair.

    What moves within one account alone (set-off) is left out, as are sides that cancel out.
    Raises UnableToWriteBatch: nothing to book, or more bookings than DATEV takes in one file;
    then `in_sums` helps.
    """
    rows = list_journal(JournalFilter(month))
    bookings = list(_in_sums(rows) if in_sums else _in_detail(rows))
    head = BatchHead(
        consultant=books.consultant,
        client=books.client,
        fiscal_year_start=_fiscal_year_start(books.fiscal_year_month, month),
        account_length=_ACCOUNT_LENGTH,
        first_day=month.first_day,
        last_day=month.last_day,
        name=f"bAU Hauptbuch {month.number:02d}/{month.year}",
        created_at=created_at,
    )
    return Batch(
        file_name=f"EXTF_Buchungsstapel_Hauptbuch_{month}.csv",
        content=write_batch(head, bookings),
        bookings=len(bookings),
        total=total(booking.amount for booking in bookings),
        left_out=(),
    )


def needs_sums(month: Month) -> bool:
    """Whether a month may have more bookings than one file takes."""
    return sum_journal(JournalFilter(month)).rows > MOST_BOOKINGS


def _in_detail(rows: Iterable[JournalRow]) -> Iterator[Booking]:
    for _, sides in groupby(rows, key=lambda row: row.booking_id):
        known = list(sides)
        first = known[0]
        number = _NOT_IN_NUMBERS.sub("-", first.document)[:_LONGEST_NUMBER]
        whose = next((row.contract_number for row in known if row.contract_number), "")
        text = " ".join(part for part in (KIND_WORDS[first.kind], whose) if part)
        for debit, credit, amount in _pairs(known):
            yield Booking(
                amount=amount,
                account=debit,
                contra_account=credit,
                day=first.booked_on,
                document_number=number or f"B{first.booking_id}",
                text=text,
            )


def _in_sums(rows: Iterable[JournalRow]) -> Iterator[Booking]:
    sums: dict[tuple[date, str, str, str], Decimal] = defaultdict(Decimal)
    for _, sides in groupby(rows, key=lambda row: row.booking_id):
        known = list(sides)
        for debit, credit, amount in _pairs(known):
            sums[known[0].booked_on, known[0].kind, debit, credit] += amount
    for (day, kind, debit, credit), amount in sorted(sums.items()):
        yield Booking(
            amount=amount,
            account=debit,
            contra_account=credit,
            day=day,
            document_number=f"BAU-{day:%Y%m%d}",
            text=KIND_WORDS[kind],
        )


def _pairs(sides: Iterable[JournalRow]) -> Iterator[tuple[str, str, Decimal]]:
    found = pair_sides((row.account, row.amount) for row in sides)
    return ((debit, credit, amount) for debit, credit, amount in found if debit != credit)


def _fiscal_year_start(begins_in: int, month: Month) -> date:
    year = month.year if month.number >= begins_in else month.year - 1
    return date(year, begins_in, 1)
