"""Reads of the bank's pages: what was handed in, what is unclear, what came back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.shortcuts import get_object_or_404

from billing.facts.reactions import Reaction
from billing.models import (
    BankDelivery,
    BankEntry,
    BankFile,
    BankStatus,
    LedgerEntry,
    LedgerTransaction,
    Outcome,
    ReturnedDebit,
    ReturnReaction,
)
from billing.queries.reactions import as_reaction, get_shipped_reactions
from billing.rules.reactions import find_reaction

PAGE_SIZE = 25
ENTRY_SORTS = {"day": "booked_on", "amount": "amount", "name": "party_name"}
RETURN_SORTS = {"day": "returned_on", "code": "reason_code", "amount": "debit__amount"}


def list_deliveries(*, text: str = "", state: str = "") -> QuerySet[BankDelivery]:
    """What was handed in, the latest first, with how much of it is unclear."""
    found = BankDelivery.objects.select_related("file", "received_by").annotate(
        unclear=Count("file__entries", filter=Q(file__entries__outcome=Outcome.UNCLEAR))
    )
    if text:
        found = found.filter(file_name__icontains=text)
    if state in BankDelivery.State.values:
        found = found.filter(state=state)
    return found.order_by("-received_at", "-pk")


def get_delivery(delivery_id: int) -> BankDelivery:
    """What an address names, else 404."""
    found = BankDelivery.objects.select_related("file", "received_by")
    return get_object_or_404(found, pk=delivery_id)


def get_file(file_id: int) -> BankFile:
    """The file of an address, else 404."""
    return get_object_or_404(BankFile.objects.select_related("received_by"), pk=file_id)


@dataclass(frozen=True, slots=True)
class UnclearSums:
    """How much waits for a clerk, in EUR: what came and what went."""

    count: int
    came: Decimal
    went: Decimal
    statuses: int


def sum_unclear() -> UnclearSums:
    """What waits for a clerk."""
    sums = BankEntry.objects.filter(outcome=Outcome.UNCLEAR).aggregate(
        count=Count("pk"),
        came=Sum("amount", filter=Q(direction="CRDT"), default=Decimal(0)),
        went=Sum("amount", filter=Q(direction="DBIT"), default=Decimal(0)),
    )
    statuses = BankStatus.objects.filter(outcome=Outcome.UNCLEAR).count()
    return UnclearSums(sums["count"], sums["came"], sums["went"], statuses)


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """What a list of entries is narrowed to and sorted by; a minus turns the order round."""

    text: str = ""
    direction: str = ""
    outcome: str = ""
    sort: str = "day"


def filter_entries(entries: QuerySet[BankEntry], wanted: EntryFilter) -> QuerySet[BankEntry]:
    """The entries that the filter lets through, sorted."""
    if wanted.text:
        entries = entries.filter(
            Q(party_name__icontains=wanted.text)
            | Q(remittance__icontains=wanted.text)
            | Q(end_to_end_id__icontains=wanted.text)
        )
    if wanted.direction:
        entries = entries.filter(direction=wanted.direction)
    if wanted.outcome:
        entries = entries.filter(outcome=wanted.outcome)
    sort = wanted.sort
    column = ENTRY_SORTS[sort.lstrip("-")]
    return entries.order_by(f"-{column}" if sort.startswith("-") else column, "pk")


def list_unclear() -> QuerySet[BankEntry]:
    """Entries that wait for a clerk."""
    return BankEntry.objects.filter(outcome=Outcome.UNCLEAR)


def list_unclear_statuses() -> QuerySet[BankStatus]:
    """Statuses that name nothing of ours and wait for a clerk."""
    return BankStatus.objects.filter(outcome=Outcome.UNCLEAR).select_related("file").order_by("pk")


def count_outcomes(file: BankFile) -> list[tuple[str, int]]:
    """How many entries and statuses of a file have which outcome, the most first."""
    counts: dict[str, int] = {}
    for rows in (file.entries, file.statuses):
        for outcome, count in rows.order_by().values_list("outcome").annotate(count=Count("pk")):
            counts[outcome] = counts.get(outcome, 0) + count
    return sorted(counts.items(), key=lambda each: -each[1])


def get_entry(entry_id: int) -> BankEntry:
    """The entry of an address with what it is about, else 404."""
    related = ("file", "collection", "payout", "payout_order", "cleared_by")
    return get_object_or_404(BankEntry.objects.select_related(*related), pk=entry_id)


def get_status(status_id: int) -> BankStatus:
    """The status of an address, else 404."""
    return get_object_or_404(BankStatus.objects.select_related("file", "cleared_by"), pk=status_id)


def list_bookings(entry: BankEntry) -> list[tuple[LedgerTransaction, LedgerEntry]]:
    """Every side of what was booked for an entry."""
    found = LedgerEntry.objects.filter(transaction__bank_entry=entry).select_related("transaction")
    return [(side.transaction, side) for side in found.order_by("transaction", "pk")]


def find_original(entry: BankEntry) -> BankEntry | None:
    """The entry that told of the same movement first."""
    if entry.outcome != Outcome.KNOWN:
        return None
    same = BankEntry.objects.filter(
        account_iban=entry.account_iban,
        direction=entry.direction,
        amount=entry.amount,
        booked_on=entry.booked_on,
        end_to_end_id=entry.end_to_end_id,
    ).exclude(outcome=Outcome.KNOWN)
    exact = same.filter(fingerprint=entry.fingerprint).first()
    return exact or same.order_by("pk").first()


@dataclass(frozen=True, slots=True)
class ReturnFilter:
    """What the list of returned debits is narrowed to and sorted by."""

    text: str = ""
    code: str = ""
    sort: str = "-day"


def list_returns(wanted: ReturnFilter) -> QuerySet[ReturnedDebit]:
    """Debits that came back."""
    found = ReturnedDebit.objects.select_related(
        "debit__open_item__contract__employer", "debit__collection"
    )
    if wanted.text:
        contract = "debit__open_item__contract"
        found = found.filter(
            Q(**{f"{contract}__number__icontains": wanted.text})
            | Q(**{f"{contract}__employer__legal_name__icontains": wanted.text})
            | Q(debit__end_to_end_id__icontains=wanted.text)
        )
    if wanted.code:
        found = found.filter(reason_code=wanted.code)
    column = RETURN_SORTS[wanted.sort.lstrip("-")]
    return found.order_by(f"-{column}" if wanted.sort.startswith("-") else column, "-pk")


def list_codes() -> list[str]:
    """The reasons for which debits came back."""
    found = ReturnedDebit.objects.order_by("reason_code").values_list("reason_code", flat=True)
    return list(found.distinct())


def get_return(returned_id: int) -> ReturnedDebit:
    """The returned debit of an address, else 404."""
    found = ReturnedDebit.objects.select_related(
        "debit__open_item__contract__employer",
        "debit__collection",
        "debit__mandate",
        "bank_entry",
        "bank_status",
        "recorded_by",
    )
    return get_object_or_404(found, pk=returned_id)


@dataclass(frozen=True, slots=True)
class RuleRow:
    """The rules of a code that count on a day: for the first time and for each further one."""

    code: str
    first: Reaction
    repeat: Reaction


def list_rules(day: date) -> list[RuleRow]:
    """The rules of every code on a day, in the order of the shipped table."""
    table = get_shipped_reactions()
    own = [as_reaction(row) for row in ReturnReaction.objects.order_by("pk")]

    def find(code: str, times: int) -> Reaction:
        return find_reaction(code=code, times=times, day=day, shipped=table.reactions, own=own)

    return [RuleRow(code, find(code, 1), find(code, 2)) for code in table.meanings]


def list_changes(code: str) -> Sequence[ReturnReaction]:
    """What the insurer changed for a code, the latest first."""
    return list(
        ReturnReaction.objects.filter(code=code).select_related("changed_by").order_by("-pk")
    )


def shipped_rules(code: str) -> list[Reaction]:
    """The rules of a code that come with the product."""
    return [each for each in get_shipped_reactions().reactions if each.code == code]
