"""What notices would change on the next statement, before they are applied."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from django.db import connection

from aupolicy.kernel.money import ZERO
from aupolicy.kernel.month import Month
from aupolicy.kernel.period import Period, earliest_end
from aupolicy.models import GroupContract
from billing.models import BillingRun
from billing.queries.month_tariffs import AgreedTariffs
from billing.rules.effect import (
    NO_EFFECT,
    PersonEffect,
    PricedMonth,
    Stretches,
    Window,
    compute_effect,
    cut_to_window,
    find_first_difference,
    narrow,
)
from members.facts import Cover, Notice, Plan
from members.queries.plan import plan_notices


@dataclass(frozen=True, slots=True)
class MoneyEffect:
    """EUR more (or less) on the statement of `month`, the contract's next one.

    `by_person` has the people (by personnel number) whose premium changes; `corrections` is the
    part of `total` that is about months billed before.
    """

    month: Month
    total: Decimal
    corrections: Decimal
    by_person: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class NoticePreview:
    """What some notices would do and what that costs."""

    plan: Plan
    effect: MoneyEffect


def preview_notices(
    *, contract: GroupContract, notices: Sequence[Notice], today: date
) -> NoticePreview:
    """What apply_notices would do with these notices and what that costs; nothing is written."""
    plan = plan_notices(contract=contract, notices=notices)
    return NoticePreview(plan, compute_money_effect(contract, plan.persons.values(), today))


class Changed(Protocol):
    """Somebody's cover before and after."""

    @property
    def personnel_number(self) -> str:
        """Who it is."""

    @property
    def before(self) -> tuple[Cover, ...]:
        """Cover on record."""

    @property
    def after(self) -> tuple[Cover, ...]:
        """Cover as it would be."""


def compute_money_effect(
    contract: GroupContract, people: Iterable[Changed], today: date
) -> MoneyEffect:
    """What changed cover changes on the contract's next statement."""
    pricer = EffectPricer(contract, today)
    for person in people:
        pricer.add(person)
    return pricer.result()


# Where everybody earns differently nothing comes again, and 100,000 would take 70 MB.
_KNOWN_AT_ONCE = 5_000


class EffectPricer:
    """Prices changes of cover; many people have equal days and pay, and are priced once."""

    def __init__(self, contract: GroupContract, today: date) -> None:
        self.window = read_window(contract, today)
        self._months = _PricedMonths(contract, self.window.month)
        self._known: dict[tuple[date, Stretches, Stretches], PersonEffect] = {}
        self._total = self._corrections = ZERO
        self._by_person: dict[str, Decimal] = {}

    def take(self, plan: Plan) -> None:
        """Take in everybody of a plan, or of a part of one."""
        for person in plan.persons.values():
            self.add(person)

    def add(self, person: Changed) -> Decimal:
        """Take a person's change in; its EUR on the next statement."""
        effect = self._price(person)
        if effect.total:
            self._by_person[person.personnel_number] = effect.total
        self._total += effect.total
        self._corrections += effect.corrections
        return effect.total

    def _price(self, person: Changed) -> PersonEffect:
        days = self.window.days
        before, after = cut_to_window(person.before, days), cut_to_window(person.after, days)
        since = find_first_difference(before, after)
        if since is None:
            return NO_EFFECT
        first_day = since.replace(day=1)
        key = first_day, narrow(before, first_day), narrow(after, first_day)
        effect = self._known.get(key)
        if effect is None:
            if len(self._known) >= _KNOWN_AT_ONCE:
                self._known.clear()
            effect = self._known[key] = compute_effect(
                *key[1:],
                months=self._months[first_day],
                billed_through=self.window.billed_through,
            )
        return effect

    def result(self) -> MoneyEffect:
        """What all changes together do."""
        return MoneyEffect(self.window.month, self._total, self._corrections, self._by_person)


class _PricedMonths(dict[date, list[PricedMonth]]):
    """The months from a first day through the next statement's, listed when first asked for."""

    def __init__(self, contract: GroupContract, last: Month) -> None:
        super().__init__()
        self._contract_id, self._last = contract.pk, last
        self._agreed = AgreedTariffs([contract.pk])

    def __missing__(self, first_day: date) -> list[PricedMonth]:
        months = self[first_day] = [
            PricedMonth(
                month, month.first_day, month.last_day,
                self._agreed.of_month(self._contract_id, month),
            )
            for month in Month.of(first_day).through(self._last)
        ]  # fmt: skip
        return months


# A slice not filled yet takes the notices in; one that is done does not, though its run may still
# be a preview: it is posted as it is, or discarded and done again.
_MONTHS = """
SELECT run.month, run.waits, (
    SELECT MAX(s.month) FROM billing_statement s JOIN billing_billingrun r ON r.id = s.run_id
    WHERE s.contract_id = %(contract)s AND r.kind = %(kind)s)
FROM (SELECT) AS always LEFT JOIN LATERAL (
SELECT r.month, r.posted_at IS NULL AND EXISTS (
    SELECT 1 FROM billing_billingslice s WHERE s.run_id = r.id AND s.done_at IS NULL
    AND %(contract)s BETWEEN s.first_contract_id AND s.last_contract_id)
FROM billing_billingrun r WHERE r.kind = %(kind)s ORDER BY r.month DESC LIMIT 1
) AS run (month, waits) ON true
"""


def read_window(contract: GroupContract, today: date) -> Window:
    """The month of a contract's next statement, and what of the time before is billed.

    The next month not billed yet; before the first run of all the month of `today`.
    """
    start, end = contract.period.first_day, contract.period.last_day
    parameters: dict[str, Any] = {"contract": contract.pk, "kind": BillingRun.PREMIUM}
    with connection.cursor() as cursor:
        cursor.execute(_MONTHS, parameters)
        last_run, waits, billed = cursor.fetchone()
    month = Month.of(today)
    if last_run is not None:
        month = Month.of(last_run).plus(0 if waits else 1)
    month = max(month, Month.of(start))
    last_day = earliest_end(end, month.last_day)
    return Window(
        days=Period(start, max(last_day or start, start)),
        month=month,
        billed_through=None if billed is None else Month.of(billed),
    )
