"""The automatic checks of a claim, from what the tables know of the person."""

from datetime import date

from django.utils import timezone

from aupolicy.kernel.period import Period
from aupolicy.models import PremiumDefault
from claims.facts import CheckFacts, CheckResult
from claims.models import Claim
from claims.queries.facts import PersonFacts, get_entitlements, load_people
from claims.queries.parameters import get_claims_parameters
from claims.rules.checks import find_cover, run_checks
from members.facts import NoticeKind, NoticeStatus
from members.models import NoticeRecord, Person
from members.queries import retirement_steps
from members.rules import compute_retirement_end

_BEGINNINGS = (NoticeKind.JOIN.value, NoticeKind.RETURN.value)


def check_claim(
    claim: Claim, *, today: date, facts: PersonFacts | None = None
) -> tuple[CheckResult, ...]:
    """Every check of a claim; none while nothing is certified.

    `facts` are those of the claim's person where they have been read already.
    """
    facts = facts or load_people([claim.person_id]).get(claim.person_id)
    if facts is None:
        return ()
    found = get_entitlements(facts, as_of=None, granted=True)
    leave = next((each.entitlement.leave for each in found if each.claim_id == claim.pk), None)
    if leave is None:
        return ()
    first_day = leave.period.first_day
    cover = find_cover(facts.spans, day=first_day)
    looked_at = CheckFacts(
        leave=leave,
        terms=facts.terms_on(first_day),
        episodes=facts.episodes,
        spans=facts.spans,
        joined_told_on=_find_told(claim.person, cover.first_day) if cover else None,
        retirement_end=compute_retirement_end(claim.person.birth_date, retirement_steps()),
        defaults=_list_defaults(claim),
    )
    return run_checks(looked_at, parameters=get_claims_parameters(today), today=today)


def _list_defaults(claim: Claim) -> tuple[Period, ...]:
    """Days on which the policyholder was in default, those that were withdrawn left out."""
    defaults = PremiumDefault.objects.filter(contract=claim.contract_id, withdrawn_at=None)
    return tuple(defaults.order_by("period").values_list("period", flat=True))


def _find_told(person: Person, cover_began: date) -> date | None:
    """The local day on which the beginning of a cover was reported."""
    # A cover may begin after the day that the notice names: not before the contract does.
    told = NoticeRecord.objects.filter(
        contract__employer=person.employer_id,
        personnel_number=person.personnel_number,
        kind__in=_BEGINNINGS,
        status=NoticeStatus.APPLIED.value,
        effective__lte=cover_began,
    )
    received = told.order_by("-effective", "received_at").values_list("received_at", flat=True)
    first = received.first()
    return timezone.localdate(first) if first else None
