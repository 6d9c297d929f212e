"""What default costs a policyholder: interest, lump sum and costs, charged with the reminder."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from aupolicy.kernel.period import ONE_DAY
from billing.facts.arrears import DunningParameters, Interest, StepKind
from billing.models import ArrearsItem, OpenItem
from billing.operations.charges import Charge, charge_all
from billing.queries.arrears_cases import CaseState, Demand, find_due_through
from billing.queries.dunning import get_base_rates
from billing.rules.reminders import compute_interest, find_deadline

_KINDS = OpenItem.Kind


def charge_default(
    state: CaseState, parameters: DunningParameters, *, today: date
) -> dict[int, dict[str, Any]]:
    """Charge what the premiums of a case cost by being late; part of the case from then on.

    Returns, by open item, how its interest was computed, as plain values.
    """
    computed = {
        demand.item.pk: found
        for demand in state.list_open(_KINDS.PREMIUM)
        if (found := _compute(state, demand, parameters, today)) is not None
    }
    charges = _list_charges(state, parameters, computed, today)
    items = charge_all(charges=charges, booked_on=today)
    ArrearsItem.objects.bulk_create(ArrearsItem(case=state.case, open_item=item) for item in items)
    told = {
        item.pk: _describe(computed[item.cause_id])
        for item in items
        if item.kind == _KINDS.INTEREST and item.cause_id is not None
    }
    unknown = {pk: found.unknown_from for pk, found in computed.items() if found.unknown_from}
    return told | {pk: {"unknown_from": day.isoformat()} for pk, day in unknown.items()}


def _list_charges(
    state: CaseState,
    parameters: DunningParameters,
    computed: Mapping[int, Interest],
    today: date,
) -> list[Charge]:
    contract_id, found = state.case.contract_id, []
    premiums = [demand.item for demand in state.list_open(_KINDS.PREMIUM)]
    for item in premiums:
        interest = computed.get(item.pk, Interest())
        if interest.amount and interest.amount >= parameters.least_interest:
            text = f"Verzugszinsen zu {item.number}"
            found.append(
                Charge(contract_id, _KINDS.INTEREST, interest.amount, item.pk, today, text)
            )
        if parameters.lump_sum:
            text, amount = f"Verzugspauschale zu {item.number}", parameters.lump_sum
            found.append(Charge(contract_id, _KINDS.LUMP_SUM, amount, item.pk, today, text))
    if parameters.reminder_costs and premiums:
        text, amount = "Kosten der Mahnung", parameters.reminder_costs
        found.append(Charge(contract_id, _KINDS.COSTS, amount, premiums[0].pk, today, text))
    return found


def find_default_day(state: CaseState, demand: Demand) -> date:
    """The first day of default: after the period of the request, else after the due date.

    The contract sets the due day by the calendar (§ 286 (2) no. 1 BGB); where premium was
    collected before, nothing is to be sent until we ask for it (§ 33 (2) VVG).
    """
    asked = find_deadline(state.facts.steps, StepKind.PAYMENT_REQUEST)
    due = find_due_through(demand.item, is_first=state.case.is_first_premium)
    return max(asked, due) + ONE_DAY if asked else due + ONE_DAY


def _compute(
    state: CaseState, demand: Demand, parameters: DunningParameters, today: date
) -> Interest | None:
    """Interest through yesterday; None where the insurer charges none or nothing is late."""
    first, last = find_default_day(state, demand), today - ONE_DAY
    if not parameters.charges_interest or last < first:
        return None
    return compute_interest(
        demand.balances,
        first_day=first,
        last_day=last,
        rates=get_base_rates(),
        points=parameters.interest_points,
    )


def _describe(interest: Interest) -> dict[str, Any]:
    found: dict[str, Any] = {
        "pieces": [
            {
                "first": piece.first_day.isoformat(),
                "last": piece.last_day.isoformat(),
                "days": piece.days,
                "base": f"{piece.base:.2f}",
                "percent": f"{piece.percent:.2f}",
                "year_days": piece.year_days,
                "amount": f"{piece.amount:.2f}",
            }
            for piece in interest.pieces
        ]
    }
    if interest.unknown_from is not None:
        found["unknown_from"] = interest.unknown_from.isoformat()
    return found
