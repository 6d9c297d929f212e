"""Reads of mandates: how all of them stand, and one with everything that happened to it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator
from django.shortcuts import get_object_or_404
from django.utils import timezone

from aupolicy.models import GroupContract
from billing.facts.debit import Scheme
from billing.facts.mandate import MandateStanding
from billing.models import CollectionItem, Mandate, MandateSignature, MandateStop
from billing.queries.mandate_state import StandingMandate, get_mandate_states

PAGE_SIZE = 50
DEBITS_SHOWN = 24
# Debits are not possible, and somebody has to do something about it.
NEEDS_CARE = frozenset(
    {
        MandateStanding.AWAITING_BANK,
        MandateStanding.SUSPENDED,
        MandateStanding.EXPIRED,
        MandateStanding.REVOKED,
    }
)
SORTS = ("contract", "employer", "usable_to")


@dataclass(frozen=True, slots=True)
class MandateFilter:
    """What the list is narrowed to: standing, scheme and text; "care" are those that need it."""

    standing: str = ""
    scheme: str = ""
    text: str = ""
    sort: str = "contract"


@dataclass(frozen=True, slots=True)
class MandateRow:
    """A contract with its mandate as it stands; None for a contract without any."""

    contract: GroupContract
    standing: StandingMandate | None

    @property
    def state(self) -> MandateStanding | None:
        """How the mandate stands today."""
        return self.standing.decision.standing if self.standing else None


def list_mandates(today: date) -> list[MandateRow]:
    """Every contract in force or agreed with its mandate as it stands; four queries."""
    contracts = GroupContract.objects.select_related("employer").order_by("number")
    running = [each for each in contracts if _runs(each, today)]
    states = get_mandate_states([each.pk for each in running], today)
    return [MandateRow(each, states.get(each.pk)) for each in running]


def _runs(contract: GroupContract, today: date) -> bool:
    last_day = contract.period.last_day
    return last_day is None or last_day >= today


def count_states(rows: Sequence[MandateRow]) -> Counter[MandateStanding | None]:
    """How many contracts there are with a mandate of each standing; None: without one."""
    return Counter(row.state for row in rows)


def filter_mandates(rows: Sequence[MandateRow], wanted: MandateFilter) -> list[MandateRow]:
    """The rows that the filter lets through, sorted."""
    text = wanted.text.casefold()
    found = [
        row
        for row in rows
        if _is_wanted(row, wanted.standing)
        and (not wanted.scheme or _scheme(row) == wanted.scheme)
        and (not text or text in _words(row))
    ]
    if wanted.sort == "employer":
        return sorted(found, key=lambda row: row.contract.employer.legal_name.casefold())
    if wanted.sort == "usable_to":
        return sorted(found, key=_usable_to)
    return found


def _is_wanted(row: MandateRow, standing: str) -> bool:
    if not standing:
        return True
    if standing == "care":
        return row.state is None or row.state in NEEDS_CARE
    if standing == "none":
        return row.state is None
    return row.state == standing


def _scheme(row: MandateRow) -> str:
    return row.standing.mandate.scheme if row.standing else ""


def _words(row: MandateRow) -> str:
    reference = row.standing.mandate.reference if row.standing else ""
    return f"{row.contract.employer.legal_name} {row.contract.number} {reference}".casefold()


def _usable_to(row: MandateRow) -> date:
    usable_to = row.standing.decision.usable_to if row.standing else None
    return usable_to or date.max


def page_of_mandates(rows: Sequence[MandateRow], page: str | int) -> Page[MandateRow]:
    """One page of the list."""
    return Paginator(rows, PAGE_SIZE).get_page(page)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a mandate; `kind` says what, `text` what somebody noted."""

    day: date
    kind: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class MandateView:
    """A mandate with its versions, the newest first, and what happened to it."""

    mandate: Mandate
    standing: StandingMandate
    is_current: bool
    versions: list[Mandate]
    signature: MandateSignature | None
    stops: list[MandateStop]
    debits: list[CollectionItem]
    events: list[Event]

    @property
    def can_be_suspended(self) -> bool:
        """Whether debits are possible, or will be."""
        return self.is_current and not any(stop.lifted_at is None for stop in self.stops)

    @property
    def suspension(self) -> MandateStop | None:
        """The suspension that holds, if one does and the mandate is not revoked."""
        open_stops = {stop.kind: stop for stop in self.stops if stop.lifted_at is None}
        return None if "revoked" in open_stops else open_stops.get("suspended")

    @property
    def is_revoked(self) -> bool:
        """Whether it never carries a debit again."""
        return any(stop.kind == MandateStop.Kind.REVOKED for stop in self.stops)

    @property
    def awaits_bank(self) -> bool:
        """Whether the debtor's bank still has to confirm it."""
        is_b2b = self.mandate.scheme == Scheme.B2B
        return self.is_current and is_b2b and self.mandate.b2b_confirmed_on is None


def get_mandate(mandate_id: int, today: date) -> MandateView:
    """A mandate by any of its versions. Raises Http404."""
    asked = get_object_or_404(Mandate, pk=mandate_id)
    original = asked.original_id or asked.pk
    found = Mandate.objects.select_related("contract__employer", "change__requested_by")
    versions = list(found.filter(pk=original) | found.filter(original_id=original))
    versions.sort(key=lambda each: -each.version)
    stops = list(
        MandateStop.objects.filter(mandate_id=original)
        .select_related("made_by", "lifted_by", "debit")
        .order_by("-from_day", "-pk")
    )
    signature = MandateSignature.objects.filter(mandate_id=original).select_related("user").first()
    debits = CollectionItem.objects.filter(mandate__in=versions).select_related(
        "collection", "open_item", "returned_debit"
    )
    standing = get_mandate_states([asked.contract_id], today)[asked.contract_id]
    return MandateView(
        mandate=versions[0],
        standing=standing,
        is_current=(standing.mandate.original_id or standing.mandate.pk) == original,
        versions=versions,
        signature=signature,
        stops=stops,
        debits=list(debits.order_by("-collection__due_date", "-pk")[:DEBITS_SHOWN]),
        events=_list_events(versions, stops, signature),
    )


def _list_events(
    versions: Sequence[Mandate], stops: Sequence[MandateStop], signature: MandateSignature | None
) -> list[Event]:
    """What happened, the latest first."""
    events = []
    if signature is not None:
        events.append(Event(signature.signed_on, "signed", signature.get_how_display()))
    for version in versions:
        if version.version > 1:
            events.append(Event(version.period.first_day, "version", str(version.version)))
        if version.b2b_confirmed_on is not None:
            events.append(Event(version.b2b_confirmed_on, "confirmed"))
    for stop in stops:
        events.append(Event(stop.from_day, stop.kind, stop.reason))
        if stop.lifted_at is not None:
            events.append(Event(timezone.localdate(stop.lifted_at), "lifted", stop.lift_reason))
    return sorted(set(events), key=lambda event: event.day, reverse=True)
