"""The bank's lists to take along as CSV: what a page narrows, all of it."""

from collections.abc import Iterable, Iterator, Sequence

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from billing.models import BankEntry
from billing.words.bank import describe_outcome
from billing.words.bank_work import (
    describe_mandate_effect,
    describe_next_step,
    describe_occurrence,
    describe_return_reason,
)
from portal.exports.bank_tables import BANK_ENTRIES, BANK_FILES, REACTIONS, RETURNED_DEBITS
from portal.exports.sheet import Cell
from portal.queries.insurer.bank import (
    filter_entries,
    get_file,
    list_deliveries,
    list_returns,
    list_rules,
    list_unclear,
)
from portal.templatetags.bank import delivery_word
from portal.views.access import InsurerRequest, finance_only
from portal.views.downloads import send_table
from portal.views.insurer.bank import read_entry_filter
from portal.views.insurer.returned_debits import read_return_filter


@require_safe
@finance_only
def export_deliveries(request: InsurerRequest) -> HttpResponse:
    """What was handed in, the latest first."""
    found = list_deliveries(
        text=request.GET.get("q", "").strip(), state=request.GET.get("state", "")
    )
    rows = (
        (
            each.file_name,
            str(delivery_word(each.state)),
            each.received_at.date(),
            each.file.entry_count if each.file else 0,
            each.file.status_count if each.file else 0,
            each.unclear,  # type: ignore[attr-defined]
        )
        for each in found
    )
    return send_table(BANK_FILES, rows, name="Bankdateien")


@require_safe
@finance_only
def export_file(request: InsurerRequest, bank_file_id: int) -> HttpResponse:
    """The entries of a file that the filters let through."""
    file = get_file(bank_file_id)
    found = filter_entries(file.entries.all(), read_entry_filter(request))
    return send_table(BANK_ENTRIES, _entry_cells(found), name=f"Bankdatei_{file.pk}")


@require_safe
@finance_only
def export_unclear(request: InsurerRequest) -> HttpResponse:
    """The entries that wait for a clerk."""
    found = filter_entries(list_unclear(), read_entry_filter(request))
    return send_table(BANK_ENTRIES, _entry_cells(found), name="Unklare_Umsaetze")


def _entry_cells(entries: Iterable[BankEntry]) -> Iterator[Sequence[Cell]]:
    for entry in entries:
        sign = 1 if entry.direction == "CRDT" else -1
        yield (
            entry.booked_on,
            entry.amount * sign,
            entry.charges,
            entry.party_name,
            entry.remittance,
            entry.end_to_end_id,
            entry.bank_reference,
            entry.reason_code,
            describe_outcome(entry.outcome),
            entry.note,
        )


@require_safe
@finance_only
def export_returns(request: InsurerRequest) -> HttpResponse:
    """The returned debits that the filters let through."""
    rows = (
        (
            each.debit.open_item.contract.employer.legal_name,
            each.debit.open_item.contract.number,
            each.debit.end_to_end_id,
            each.returned_on,
            each.reason_code,
            describe_return_reason(each.reason_code),
            each.occurrence,
            each.debit.amount,
            each.fee,
            each.retry_on,
        )
        for each in list_returns(read_return_filter(request))
    )
    return send_table(RETURNED_DEBITS, rows, name="Ruecklastschriften")


@require_safe
@finance_only
def export_reactions(request: InsurerRequest) -> HttpResponse:
    """The rules that count today."""
    rules = [rule for row in list_rules(request.access.today) for rule in (row.first, row.repeat)]
    rows = (
        (
            rule.code,
            describe_return_reason(rule.code),
            describe_occurrence(rule.occurrence),
            describe_mandate_effect(rule.mandate_effect),
            describe_next_step(rule.next_step),
            rule.retry_after_days,
            int(rule.charge_fee),
            rule.valid_from,
        )
        for rule in rules
    )
    return send_table(REACTIONS, rows, name="Reaktionen")
