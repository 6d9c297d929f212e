"""What notices would change on the next statement, before they are applied."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from django.db import connection

from aupolicy.facts import TariffVersion
from aupolicy.kernel.money import ZERO
from aupolicy.kernel.month import Month
from aupolicy.kernel.period import Period, earliest_end
from aupolicy.models import GroupContract
from billing.models import BillingRun
from billing.queries.month_tariffs import AgreedTariffs
from billing.rules.effect import (
    PersonEffect,
    Stretches,
    Window,
    compute_effect,
    cut_to_window,
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


class EffectPricer:
    """Prices changes of cover, each different one once: many people have equal days and pay."""

    def __init__(self, contract: GroupContract, today: date) -> None:
        self.window = read_window(contract, today)
        self._tariffs = _MonthVersions(contract)
        self._known: dict[tuple[Stretches, Stretches], PersonEffect] = {}
        self._total = self._corrections = ZERO
        self._by_person: dict[str, Decimal] = {}

    def add(self, person: Changed) -> Decimal:
        """Take a person's change in; its EUR on the next statement."""
        days = self.window.days
        key = cut_to_window(person.before, days), cut_to_window(person.after, days)
        effect = self._known.get(key)
        if effect is None:
            effect = compute_effect(*key, window=self.window, tariffs=self._tariffs)
            self._known[key] = effect
        if effect.total:
            self._by_person[person.personnel_number] = effect.total
        self._total += effect.total
        self._corrections += effect.corrections
        return effect.total

    def result(self) -> MoneyEffect:
        """What all changes together do."""
        return MoneyEffect(self.window.month, self._total, self._corrections, self._by_person)


class _MonthVersions(dict[Month, TariffVersion | None]):
    """The tariff version of each month of a contract, looked up when it is first asked for."""

    def __init__(self, contract: GroupContract) -> None:
        super().__init__()
        self._contract_id = contract.pk
        self._agreed = AgreedTariffs([contract.pk])

    def __missing__(self, month: Month) -> TariffVersion | None:
        version = self[month] = self._agreed.of_month(self._contract_id, month)
        return version


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
