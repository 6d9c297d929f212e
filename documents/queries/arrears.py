"""Letters about arrears: which are still to be written, and what each says."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from billing.facts.arrears import StepKind
from billing.models import ArrearsCase, ArrearsStep, LedgerTransaction, ReturnedDebit
from billing.queries.dunning import get_dunning_parameters
from billing.rules.reminders import assume_receipt
from documents.facts import ArrearsInterest, ArrearsItemRow, ArrearsLetter, DocumentKind
from documents.queries.parties import employer_address, get_insurer

KINDS: Mapping[StepKind, DocumentKind] = {
    StepKind.PAYMENT_REQUEST: DocumentKind.ARREARS_REQUEST,
    StepKind.FIRST_NOTICE: DocumentKind.ARREARS_FIRST,
    StepKind.REMINDER: DocumentKind.ARREARS_REMINDER,
    StepKind.TERMINATION: DocumentKind.ARREARS_TERMINATION,
    StepKind.WITHDRAWAL: DocumentKind.ARREARS_WITHDRAWAL,
    StepKind.REVIVAL: DocumentKind.ARREARS_SETTLED,
    StepKind.PAID: DocumentKind.ARREARS_SETTLED,
}
# Whoever was told of consequences is told that they are over.
_GRAVE = (StepKind.FIRST_NOTICE, StepKind.REMINDER, StepKind.TERMINATION, StepKind.WITHDRAWAL)
_MOST_REMITTANCE = 140


def list_steps_without_letter() -> QuerySet[ArrearsStep]:
    """Steps that the policyholder has not been told of, oldest first.

    Payment is confirmed where consequences had been told and money came: what the insurer gave up
    itself is no payment.
    """
    grave = ArrearsCase.objects.filter(steps__kind__in=_GRAVE)
    given_up = ArrearsCase.objects.filter(
        items__open_item__allocations__transaction__kind=LedgerTransaction.WRITE_OFF
    )
    paid = Q(kind=StepKind.PAID.value)
    silent = paid & (~Q(case__in=grave) | Q(case__in=given_up))
    # The reminder has declared it already.
    declared = Q(kind=StepKind.TERMINATION.value, case__in=_list_combined())
    return (
        ArrearsStep.objects.filter(kind__in=KINDS, letter=None)
        .exclude(silent | declared)
        .select_related("case__contract__employer")
        .order_by("pk")
    )


def _list_combined() -> QuerySet[ArrearsCase]:
    return ArrearsCase.objects.filter(steps__kind=StepKind.REMINDER.value, steps__combined=True)


def build_arrears_letter(step: ArrearsStep) -> ArrearsLetter:
    """What the letter of a step says: what was open when it was taken. Raises nothing of its own.

    All of it comes from the step and those before it, so that it says the same when made again.
    """
    case, contract = step.case, step.case.contract
    before = [each for each in case.steps.order_by("position") if each.position < step.position]
    parameters = get_dunning_parameters(step.day)
    asked = _last(before, StepKind.REMINDER, StepKind.FIRST_NOTICE, StepKind.PAYMENT_REQUEST)
    freed = _last(before, StepKind.BENEFIT_FREEDOM)
    ended = step if step.contract_end else _last(before, StepKind.TERMINATION, StepKind.WITHDRAWAL)
    is_over = step.kind in (StepKind.PAID, StepKind.REVIVAL)
    items = tuple(_read_row(row) for row in step.items if Decimal(row["open"]) or is_over)
    return ArrearsLetter(
        insurer=get_insurer(),
        recipient=employer_address(contract.employer),
        employer_name=contract.employer.legal_name,
        contract_number=contract.number,
        written_on=step.day,
        received_by=assume_receipt(step.day, days=parameters.receipt_days),
        items=items,
        premium=step.premium,
        interest=step.interest,
        costs=step.costs,
        interest_rows=tuple(_list_interest(step.items)),
        interest_unknown_from=_find_unknown(step.items),
        pay_until=step.deadline,
        remittance=_write_remittance(contract.number, items),
        returned_on=_find_returned(case, step.day),
        is_first_premium=case.is_first_premium,
        weeks=parameters.reminder_weeks,
        combined=step.combined,
        asked_on=asked.day if asked else None,
        asked_until=_find_period(before, asked),
        free_from=freed.first_day if freed else None,
        free_through=_find_last_free(step, freed),
        contract_end=ended.contract_end if ended else None,
        paid_on=step.first_day if is_over else None,
        was_revived=step.kind == StepKind.REVIVAL,
    )


def _last(steps: Sequence[ArrearsStep], *kinds: StepKind) -> ArrearsStep | None:
    return next((step for step in reversed(steps) if step.kind in kinds), None)


def _find_period(steps: Sequence[ArrearsStep], asked: ArrearsStep | None) -> date | None:
    """The last day of the period of a letter, longer ones by hand included."""
    if asked is None:
        return None
    longer = (StepKind.EXTENSION, StepKind.RECEIPT)
    days = [
        step.deadline
        for step in steps
        if step.deadline
        and (step is asked or (step.position > asked.position and step.kind in longer))
    ]
    return max(days, default=None)


def _find_last_free(step: ArrearsStep, freed: ArrearsStep | None) -> date | None:
    """The last day free of benefit, once it is known; None where there were none."""
    if freed is None or freed.first_day is None or step.first_day is None:
        return None
    last = step.first_day - timedelta(days=1)
    return last if last >= freed.first_day else None


def _find_returned(case: ArrearsCase, day: date) -> date | None:
    returned = ReturnedDebit.objects.filter(
        debit__open_item__arrears_items__case=case, returned_on__lte=day
    )
    days = returned.order_by("-returned_on").values_list("returned_on", flat=True)
    return days.first()


def _read_row(row: Mapping[str, Any]) -> ArrearsItemRow:
    return ArrearsItemRow(
        number=row["number"],
        kind=row["kind"],
        month=date.fromisoformat(row["month"]) if "month" in row else None,
        text=row["text"],
        due=date.fromisoformat(row["due"]),
        amount=Decimal(row["amount"]),
        open_amount=Decimal(row["open"]),
    )


def _list_interest(items: Sequence[Mapping[str, Any]]) -> list[ArrearsInterest]:
    return [
        ArrearsInterest(
            text=row["text"],
            first_day=date.fromisoformat(piece["first"]),
            last_day=date.fromisoformat(piece["last"]),
            days=piece["days"],
            base=Decimal(piece["base"]),
            percent=Decimal(piece["percent"]),
            year_days=piece["year_days"],
            amount=Decimal(piece["amount"]),
        )
        for row in items
        for piece in row.get("pieces", ())
    ]


def _find_unknown(items: Sequence[Mapping[str, Any]]) -> date | None:
    days = [date.fromisoformat(row["unknown_from"]) for row in items if "unknown_from" in row]
    return min(days, default=None)


def _write_remittance(contract_number: str, items: Sequence[ArrearsItemRow]) -> str:
    """The numbers of the premiums, by which a transfer is found; the contract's where too long."""
    numbers = " ".join(item.number for item in items if item.kind == "premium")
    return numbers if numbers and len(numbers) <= _MOST_REMITTANCE else contract_number
