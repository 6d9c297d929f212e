"""What an examiner looks at before deciding: automatic checks, clock, limitation, requests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from billing.queries.arrears import Arrears, get_arrears
from claims.facts import CheckCode, CheckResult, Clock, Finding
from claims.models import CheckClearance, Claim, DocumentRequest
from claims.queries.checks import check_claim
from claims.queries.clock import get_clock, get_limitation
from claims.queries.facts import PersonFacts


@dataclass(frozen=True, slots=True)
class ShownCheck:
    """A check with what was said to clear it, if anything. `arrears` explain PREMIUM_PAID."""

    result: CheckResult
    clearance: CheckClearance | None
    arrears: Arrears | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody should still look at it."""
        return self.result.finding is not Finding.PASSED and self.clearance is None


@dataclass(frozen=True, slots=True)
class Examination:
    """Checks in a fixed order, the clock of § 14 VVG, limitation, what the claimant still owes."""

    checks: Sequence[ShownCheck]
    clock: Clock
    limitation: date | None
    requests: Sequence[DocumentRequest]

    @property
    def open_checks(self) -> int:
        """How many checks ask for a look."""
        return sum(check.is_open for check in self.checks)


def examine(claim: Claim, *, today: date, facts: PersonFacts | None) -> Examination:
    """Everything there is to look at; `facts` are those of the claim's person, if any."""
    found = check_claim(claim, today=today, facts=facts) if facts else ()
    arrears = get_arrears(claim.contract, today=today)
    cleared = {
        clearance.code: clearance
        for clearance in claim.clearances.select_related("cleared_by").order_by("cleared_at")
    }
    results = [_look_at_arrears(result, arrears, claim.first_day or today) for result in found]
    shown = [
        ShownCheck(
            result,
            cleared.get(result.code.value),
            arrears if result.code is CheckCode.PREMIUM_PAID else None,
        )
        for result in results
    ]
    open_requests = claim.requests.filter(closed_at=None).order_by("due_on", "pk")
    return Examination(
        # What asks for a look comes first, else in the order of the rules.
        checks=sorted(shown, key=lambda check: not check.is_open),
        clock=get_clock(claim, today=today),
        limitation=get_limitation(claim),
        requests=list(open_requests),
    )


def _look_at_arrears(result: CheckResult, arrears: Arrears | None, onset: date) -> CheckResult:
    """The check of the premium, if it has not failed, as arrears without a default make it."""
    if result.code is not CheckCode.PREMIUM_PAID or result.finding is Finding.FAILED:
        return result
    return check_premium(arrears, onset)


def check_premium(arrears: Arrears | None, onset: date) -> CheckResult:
    """Whether premium is in arrears, as far as billing knows.

    § 38 (2) VVG frees the insurer only after a reminder whose period ended before the onset: that
    is found by `check_claim`. Arrears alone ask for a look and never fail by themselves. Days:
    since when, and the onset where the arrears are older.
    """
    if arrears is None:
        return CheckResult(CheckCode.PREMIUM_PAID, Finding.PASSED)
    days = (arrears.since, onset) if arrears.since < onset else (arrears.since,)
    return CheckResult(CheckCode.PREMIUM_PAID, Finding.ATTENTION, days)
