"""How contracts' mandates stand on a day, and how a statement is therefore paid."""

from collections import defaultdict
from collections.abc import Collection as Many
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Max
from django.db.models.functions import Coalesce
from django.utils import timezone

from aupolicy.kernel.legal_time import add_months
from aupolicy.kernel.period import ONE_DAY, Period
from billing.facts.debit import Scheme
from billing.facts.mandate import (
    MandateDecision,
    MandateHistory,
    MandateStanding,
    NoDebitReason,
    find_reason,
)
from billing.models import CollectionItem, Mandate, MandateStop, Statement
from billing.queries.creditor import get_creditor
from billing.queries.open_items import PaymentState, get_payment_state
from billing.rules.mandate_validity import EXPIRY_MONTHS, decide_mandate_state

_OVER = (MandateStanding.EXPIRED, MandateStanding.REVOKED, MandateStanding.ENDED)


@dataclass(frozen=True, slots=True)
class StandingMandate:
    """A mandate as it stands on a day: the version of that day, else the latest one.

    `stop` is what keeps it from carrying debits then, `last_due` when one was last due.
    """

    mandate: Mandate
    decision: MandateDecision
    stop: MandateStop | None
    last_due: date | None

    @property
    def reason(self) -> NoDebitReason | None:
        """Why no debit may be due on the day; None where one may."""
        return find_reason(self.decision.standing)


def get_mandate_states(
    contract_ids: Iterable[int], due: date, *, with_last_use: bool = True
) -> dict[int, StandingMandate]:
    """How the mandates of contracts stand on a day, in three queries; none for who has none.

    Without `with_last_use` the last use is only looked up where the signature alone is too old:
    quicker for many, and `usable_to` may then be too early a day.
    """
    mandates = _find_versions(set(contract_ids), due)
    originals = {mandate.original_id or mandate.pk for mandate in mandates}
    stops = _find_stops(originals, due)
    limit = add_months(due, -EXPIRY_MONTHS)
    asked = originals
    if not with_last_use:
        asked = {m.original_id or m.pk for m in mandates if m.signed_on <= limit}
    used = _find_last_uses(asked)
    return {
        mandate.contract_id: _decide(
            mandate,
            stops.get(mandate.original_id or mandate.pk, []),
            used.get(mandate.original_id or mandate.pk),
            due,
        )
        for mandate in mandates
    }


def get_mandate_state(contract_id: int, day: date) -> StandingMandate | None:
    """How the mandate of one contract stands on a day; None without one."""
    return get_mandate_states([contract_id], day).get(contract_id)


def needs_new_mandate(standing: StandingMandate, scheme: Scheme) -> bool:
    """Whether another account needs a mandate of its own instead of another version of this one.

    So it does after a revocation, an expiry or an end, for another scheme, and where the debtor
    says that there never was a mandate (return code MD01).
    """
    is_over = standing.decision.standing in _OVER
    is_denied = standing.stop is not None and standing.stop.reason_code == "MD01"
    return is_over or is_denied or standing.mandate.scheme != scheme


def _find_versions(contract_ids: Many[int], due: date) -> list[Mandate]:
    """Of each contract the version of the day, else the latest one."""
    found: dict[int, Mandate] = {}
    for mandate in Mandate.objects.filter(contract_id__in=contract_ids).order_by("period"):
        known = found.get(mandate.contract_id)
        if known is None or due not in known.period:
            found[mandate.contract_id] = mandate
    return list(found.values())


def _find_stops(originals: Many[int], due: date) -> dict[int, list[MandateStop]]:
    """Stops of mandates that hold on a day."""
    found: dict[int, list[MandateStop]] = defaultdict(list)
    stops = MandateStop.objects.filter(mandate_id__in=originals, from_day__lte=due)
    for stop in stops.order_by("from_day", "pk"):
        if stop.lifted_at is None or timezone.localdate(stop.lifted_at) > due:
            found[stop.mandate_id].append(stop)
    return found


def _find_last_uses(originals: Many[int]) -> dict[int, date]:
    """The latest due date of a debit that was handed in, whatever became of it."""
    if not originals:
        return {}
    debits = CollectionItem.objects.filter(collection__released_at__isnull=False)
    whose = Coalesce("mandate__original_id", "mandate_id")
    uses = debits.annotate(whose=whose).filter(whose__in=originals).order_by().values_list("whose")
    return dict(uses.annotate(last=Max("collection__due_date")))


def _decide(
    mandate: Mandate, stops: list[MandateStop], last_due: date | None, due: date
) -> StandingMandate:
    by_kind = {stop.kind: stop for stop in reversed(stops)}
    suspended = by_kind.get(MandateStop.Kind.SUSPENDED)
    revoked = by_kind.get(MandateStop.Kind.REVOKED)
    history = MandateHistory(
        scheme=Scheme(mandate.scheme),
        period=mandate.period,
        signed_on=mandate.signed_on,
        bank_confirmed_on=mandate.b2b_confirmed_on,
        last_due=last_due,
        suspended=_period(suspended) if suspended else None,
        revoked_on=revoked.from_day if revoked else None,
    )
    decision = decide_mandate_state(mandate=history, day=due)
    return StandingMandate(mandate, decision, revoked or suspended, last_due)


def _period(stop: MandateStop) -> Period:
    if stop.lifted_at is None:
        return Period(stop.from_day)
    return Period(stop.from_day, timezone.localdate(stop.lifted_at) - ONE_DAY)


@dataclass(frozen=True, slots=True)
class ByDebit:
    """A statement that is collected under a mandate."""

    mandate: Mandate
    due: date


@dataclass(frozen=True, slots=True)
class ByTransfer:
    """A statement that the contract pays by transfer, and why it is not collected.

    To our `iban` (electronic form), naming `reference`, by the day `due`.
    """

    reason: NoDebitReason
    due: date
    iban: str
    reference: str


def get_payment_way(statement: Statement, *, today: date | None = None) -> ByDebit | ByTransfer:
    """How a posted statement with something to pay is paid: what its due day allows.

    With `today`, once that is over, what today allows: no debit is made for a day gone by. Four
    queries. A credit is not paid at all: whoever asks has looked at the total.
    """
    due = statement.due_date or statement.month
    standing = get_mandate_state(statement.contract_id, max(due, today or due))
    if standing is not None and standing.reason is None:
        return ByDebit(standing.mandate, due)
    reason = standing.reason if standing else None
    return ByTransfer(
        reason=reason or NoDebitReason.NO_MANDATE,
        due=due,
        iban=get_creditor().iban,
        reference=statement.number or "",
    )


def find_transfer(statement: Statement, today: date) -> ByTransfer | None:
    """What is to be transferred for a statement that nobody collects as things stand today.

    None for a preview, where nothing is to be paid, and once it is paid or its debit is on its way.
    """
    if statement.number is None or statement.total <= 0:
        return None
    if get_payment_state(statement) not in (PaymentState.OPEN, PaymentState.RETURNED):
        return None
    way = get_payment_way(statement, today=today)
    return way if isinstance(way, ByTransfer) else None
