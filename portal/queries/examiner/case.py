"""One claim: the row that every page of it needs, and what it comes to on a day."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q, Sum
from django.shortcuts import get_object_or_404

from aupolicy.kernel.period import ONE_DAY
from billing.models import PayoutItem
from claims.exports.day_counter import CounterRow, list_counter_rows
from claims.facts import BenefitTerms, Entitlement, Leave, LeaveEnd, Piece
from claims.models import Claim, SickLeave
from claims.queries.facts import PersonFacts, get_entitlements, load_people
from claims.rules.checks import find_limit_day
from documents.models import Document


def get_claim(claim_id: int) -> Claim:
    """The claim of an address with its person, contract, employer and examiner, else 404."""
    claims = Claim.objects.select_related("person", "contract__employer", "examiner", "joined_to")
    return get_object_or_404(claims, pk=claim_id)


@dataclass(frozen=True, slots=True)
class CaseView:
    """What a claim with certified days comes to.

    `owed` is after what was decided, `if_granted` as if all were granted. `benefit_number` is
    the number of the first day that may be paid (43), `benefit_day` the day that has it: where
    fewer days are certified, the one it will be if every further day is.
    """

    facts: PersonFacts
    owed: Entitlement
    if_granted: Entitlement
    terms: BenefitTerms
    benefit_number: int
    benefit_day: date
    rows: tuple[CounterRow, ...]

    @property
    def leave(self) -> Leave:
        """The leave with its days as they are decided."""
        return self.owed.leave

    @property
    def last_day(self) -> date:
        """The last certified day."""
        return self.leave.period.last_day or self.leave.period.first_day

    @property
    def end(self) -> LeaveEnd | None:
        """Why benefit ends, None while the claim may go on."""
        return None if self.owed.end is LeaveEnd.RECOVERED else self.owed.end

    def number_on(self, day: date) -> int | None:
        """The number of a day in the day counter; None outside of the leave and in gaps."""
        piece = self.piece_on(day)
        if piece is None or piece.first_number is None:
            return None
        return piece.first_number + (day - piece.period.first_day).days

    def piece_on(self, day: date) -> Piece | None:
        """The days that a day belongs to."""
        return next((piece for piece in self.leave.pieces if day in piece.period), None)

    def day_of(self, number: int) -> date | None:
        """The day that has a number in the day counter, None where none has."""
        for piece in self.leave.pieces:
            if piece.first_number is None:
                continue
            day = piece.period.first_day + timedelta(days=number - piece.first_number)
            if number >= piece.first_number and day in piece.period:
                return day
        return None

    @property
    def last_number(self) -> int | None:
        """The number of the last certified day."""
        return self.number_on(self.last_day)


def get_case(claim: Claim) -> CaseView | None:
    """What a claim comes to from all that is known; None while no day of it is certified."""
    facts = load_people([claim.person_id]).get(claim.person_id)
    if facts is None:
        return None
    owed = _find(facts, claim.pk, granted=False)
    if_granted = _find(facts, claim.pk, granted=True)
    if owed is None or if_granted is None:
        return None
    leave = owed.leave
    terms = facts.terms_on(leave.period.first_day)
    number = max(terms.deferral_days, leave.brought) + 1
    return CaseView(
        facts=facts,
        owed=owed,
        if_granted=if_granted,
        terms=terms,
        benefit_number=number,
        benefit_day=find_limit_day(leave, number=number),
        rows=tuple(list_counter_rows(leave)),
    )


def _find(facts: PersonFacts, claim_id: int, *, granted: bool) -> Entitlement | None:
    owed = get_entitlements(facts, as_of=None, granted=granted)
    return next((each.entitlement for each in owed if each.claim_id == claim_id), None)


def sum_paid(claim: Claim, *, today: date) -> Decimal:
    """EUR paid through a day: executed by a released order, or set off, and not returned."""
    items = PayoutItem.objects.filter(slice__claim=claim, returned=False)
    executed = Q(payout__order__released_at__isnull=False, payout__order__execution_date__lte=today)
    paid = items.filter(Q(payout__order=None) | executed)
    total: Decimal = paid.aggregate(total=Sum("amount", default=Decimal("0.00")))["total"]
    return total


def list_letters(claim: Claim) -> list[Document]:
    """The letters of a claim, newest first."""
    return list(Document.objects.filter(claim=claim).order_by("-created_at", "-pk"))


@dataclass(frozen=True, slots=True)
class Illness:
    """The leaves of the person that are one illness, this claim's among them."""

    leaves: tuple[SickLeave, ...]


def list_relapses(claim: Claim, leave: Leave) -> list[Illness]:
    """Illnesses of the claim that have other leaves too: why days are brought into it."""
    own = SickLeave.objects.filter(pk__in=leave.episodes)
    roots = {each.same_illness_as_id or each.pk for each in own}
    together = SickLeave.objects.filter(
        Q(pk__in=roots) | Q(same_illness_as__in=roots), withdrawn_at=None
    )
    by_root: dict[int, list[SickLeave]] = {}
    for each in together.select_related("claim").order_by("first_day", "pk"):
        by_root.setdefault(each.same_illness_as_id or each.pk, []).append(each)
    return [
        Illness(tuple(leaves))
        for leaves in by_root.values()
        if any(each.claim_id != claim.pk for each in leaves)
    ]


@dataclass(frozen=True, slots=True)
class Counted:
    """Neighbouring days up to the first day of benefit: whether they count, and the sum so far."""

    first_day: date
    last_day: date
    days: int
    counts: bool
    total: int


def list_counted(case: CaseView) -> list[Counted]:
    """How the day counter came to the first day of benefit, stretch by stretch."""
    counted: list[Counted] = []
    total = case.leave.brought
    for piece in case.leave.pieces:
        first, last = piece.period.first_day, piece.period.last_day or piece.period.first_day
        if first >= case.benefit_day:
            break
        last = min(last, case.benefit_day - ONE_DAY)
        days = (last - first).days + 1
        counts = piece.first_number is not None
        total += days if counts else 0
        before = counted[-1] if counted else None
        if before and before.counts == counts:
            counted[-1] = Counted(before.first_day, last, before.days + days, counts, total)
        else:
            counted.append(Counted(first, last, days, counts, total))
    return counted
