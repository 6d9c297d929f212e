"""The employer's side of posted statements, for the bookkeeping of the employer."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import QuerySet

from aupolicy.kernel.money import total
from aupolicy.kernel.month import Month
from aupolicy.models import Employer, GroupContract
from billing.exports.extf import BatchHead, Booking, UnableToWriteBatch, write_batch
from billing.models import BillingRun, BookkeepingTarget, Statement


@dataclass(frozen=True, slots=True)
class Batch:
    """A file for DATEV: what it is called, its bytes, how many bookings, what they come to (EUR).

    `left_out` are the numbers of statements over nothing: there is nothing to book.
    """

    file_name: str
    content: bytes
    bookings: int
    total: Decimal
    left_out: tuple[str, ...]


def get_target(employer: Employer) -> BookkeepingTarget | None:
    """Where an employer's books take the premium, None as long as nobody said."""
    return BookkeepingTarget.objects.filter(employer=employer).first()


def list_booked_months(employer: Employer) -> list[Month]:
    """The months in which an employer's statements were issued, newest first."""
    days = _posted(employer).dates("issued_on", "month", order="DESC")
    return [Month.of(day) for day in days]


def build_batch(
    *,
    employer: Employer,
    first: Month,
    last: Month,
    created_at: datetime,
    contract: GroupContract | None = None,
) -> Batch:
    """Book every statement issued in the months: premium expense to the insurer's account.

    One booking a statement, on the day it was issued and under its number; a credit goes the
    other way. Without `contract` those of all the employer's contracts. Raises
    UnableToWriteBatch: no target, nothing to book, two fiscal years in one file.
    """
    target = get_target(employer)
    if target is None:
        raise UnableToWriteBatch("NO_TARGET")
    found = _posted(employer).filter(issued_on__range=(first.first_day, last.last_day))
    if contract is not None:
        found = found.filter(contract=contract)
    statements = list(found.select_related("contract").order_by("issued_on", "number"))
    bookings = [_book(target, statement) for statement in statements if statement.total]
    content = write_batch(_head(target, first, last, created_at), bookings)
    whose = contract.number if contract is not None else f"{target.client_number}"
    return Batch(
        file_name=f"EXTF_Buchungsstapel_{whose}_{first}_{last}.csv",
        content=content,
        bookings=len(bookings),
        total=total(booking.amount for booking in bookings),
        left_out=tuple(s.number or "" for s in statements if not s.total),
    )


def _posted(employer: Employer) -> QuerySet[Statement]:
    return Statement.objects.filter(
        contract__employer=employer, number__isnull=False, run__kind=BillingRun.PREMIUM
    )


def _head(target: BookkeepingTarget, first: Month, last: Month, created_at: datetime) -> BatchHead:
    return BatchHead(
        consultant=target.consultant_number,
        client=target.client_number,
        fiscal_year_start=_fiscal_year_start(target.fiscal_year_month, first),
        account_length=target.account_length,
        first_day=first.first_day,
        last_day=last.last_day,
        name=f"bAU {_short(first)}" if first == last else f"bAU {_short(first)} - {_short(last)}",
        created_at=created_at,
    )


def _short(month: Month) -> str:
    return f"{month.number:02d}/{month.year}"


def _fiscal_year_start(begins_in: int, month: Month) -> date:
    """The first day of the fiscal year that a month lies in."""
    year = month.year if month.number >= begins_in else month.year - 1
    return date(year, begins_in, 1)


def _book(target: BookkeepingTarget, statement: Statement) -> Booking:
    # Both are there: only posted statements are booked.
    assert statement.issued_on is not None  # noqa: S101
    assert statement.number is not None  # noqa: S101
    return Booking(
        amount=statement.total,
        account=target.expense_account,
        contra_account=target.creditor_account,
        day=statement.issued_on,
        document_number=statement.number,
        text=f"bAU-Beitrag {statement.month:%m/%Y}, Vertrag {statement.contract.number}",
        cost_centre=target.cost_centre,
        due_date=statement.due_date,
    )
