"""Open items that unclear entries may pay, and debits that may have come back with them."""

from collections.abc import Sequence
from functools import reduce
from operator import or_

from django.db.models import Q

from billing.facts.bank_match import ItemState
from billing.models import BankEntry, CollectionItem, Mandate, OpenItem
from billing.queries.open_items import list_open_items
from billing.rules.receipt_matching import (
    Candidate,
    Proposal,
    find_numbers,
    find_tokens,
    propose_items,
)

_MOST = 400
_SHOWN = 10


def list_proposals_of(entries: Sequence[BankEntry]) -> dict[int, list[Proposal]]:
    """For each entry the open items that fit best, in three queries however many there are."""
    credits_ = [entry for entry in entries if entry.direction == "CRDT"]
    if not credits_:
        return {}
    candidates = _candidates(reduce(or_, (_wanted(entry, "") for entry in credits_)))
    return {entry.pk: _propose(entry, "", candidates) for entry in credits_}


def list_proposals(entry: BankEntry, *, also: str = "") -> list[Proposal]:
    """The open items that fit an entry best, by reference, amount, account and name.

    `also` is what a clerk searches for, a number or an employer: such items are shown as well.
    """
    if entry.direction != "CRDT":
        return []
    candidates = _candidates(_wanted(entry, also))
    found = _propose(entry, also, candidates)
    if also:
        shown = {each.item.item_id for each in found}
        found += [
            Proposal(each.item, 0, (), min(entry.amount, each.item.open_amount))
            for each in candidates
            if each.item.item_id not in shown and _is_asked(each, also)
        ]
    return found[:_SHOWN]


def _purpose(entry: BankEntry, also: str) -> str:
    return f"{entry.remittance} {entry.end_to_end_id} {also}"


def _wanted(entry: BankEntry, also: str) -> Q:
    """What items may be meant."""
    text = _purpose(entry, also)
    wanted = (
        Q(number__in=find_numbers(text))
        | Q(contract__number__in=find_tokens(text))
        | Q(amount=entry.amount)
    )
    if entry.party_iban:
        mandates = Mandate.objects.filter(iban=entry.party_iban)
        wanted |= Q(contract__in=mandates.values("contract"))
    if entry.party_name:
        wanted |= Q(contract__employer__legal_name__iexact=entry.party_name)
    if also:
        wanted |= Q(contract__employer__legal_name__icontains=also)
    return wanted


def _propose(entry: BankEntry, also: str, candidates: Sequence[Candidate]) -> list[Proposal]:
    return propose_items(
        amount=entry.amount,
        text=_purpose(entry, also),
        iban=entry.party_iban,
        name=entry.party_name,
        candidates=candidates,
    )[:_SHOWN]


def _is_asked(candidate: Candidate, text: str) -> bool:
    return any(text.casefold() in name.casefold() for name in candidate.names)


def _candidates(wanted: Q) -> list[Candidate]:
    found = list_open_items(OpenItem.objects.filter(wanted, amount__gt=0))
    items = list(found.select_related("contract__employer")[:_MOST])
    mandates: dict[int, list[Mandate]] = {}
    for mandate in Mandate.objects.filter(contract__in={item.contract_id for item in items}):
        mandates.setdefault(mandate.contract_id, []).append(mandate)
    return [_candidate(item, mandates.get(item.contract_id, [])) for item in items]


def _candidate(item: OpenItem, mandates: Sequence[Mandate]) -> Candidate:
    state = ItemState(
        item.pk,
        item.number,
        item.contract_id,
        item.contract.number,
        item.open_amount,
        item.due_date,
    )
    names = {each.account_holder for each in mandates} | {item.contract.employer.legal_name}
    return Candidate(state, {each.iban for each in mandates}, names)


def list_live_debits(entry: BankEntry) -> list[CollectionItem]:
    """Debits that money that went may have brought back: by account, reference and amount."""
    if entry.direction != "DBIT":
        return []
    wanted = (
        Q(end_to_end_id=entry.end_to_end_id)
        | Q(open_item__number__in=find_numbers(_purpose(entry, "")))
        | Q(amount=entry.amount)
    )
    if entry.mandate_reference:
        wanted |= Q(mandate__reference=entry.mandate_reference)
    if entry.party_iban:
        wanted |= Q(mandate__iban=entry.party_iban)
    found = CollectionItem.objects.filter(wanted, ended_how="", amount__lte=entry.amount)
    related = ("collection", "open_item__contract__employer")
    return list(found.select_related(*related).order_by("-pk")[:_SHOWN])
