"""What of a claim is to be computed anew because its papers or its cover changed since."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from aupolicy.kernel.money import total
from claims.models import Claim
from claims.operations.settle import last_month_over
from claims.queries.facts import load_people
from claims.queries.settlement import plan_settlement


@dataclass(frozen=True, slots=True)
class Recompute:
    """Months that would come out differently now, and the EUR by which they would."""

    months: tuple[date, ...]
    difference: Decimal


def find_recompute(claim: Claim, *, today: date) -> Recompute | None:
    """What computing the claim anew would change; None where nothing would."""
    people = load_people([claim.person_id])
    plan = plan_settlement(
        person_ids=[claim.person_id], people=people, as_of=last_month_over(today), today=today
    )
    new = [each for each in plan.new if each.claim_id == claim.pk]
    cancelled = [each for each in plan.cancelled if each.claim_id == claim.pk]
    if not new and not cancelled:
        return None
    difference = total(each.amount for each in new) - total(each.amount for each in cancelled)
    months = {each.month for each in new} | {each.month for each in cancelled}
    return Recompute(tuple(sorted(months)), difference)
