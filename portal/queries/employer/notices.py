"""Reads for reporting: what a notice would do, in figures; past notices; finding a person."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from aupolicy.facts import Price, TariffVersion
from aupolicy.kernel.money import ZERO
from aupolicy.kernel.period import Period
from aupolicy.models import GroupContract
from aupolicy.queries import NoTermsInForce, get_tariff_version
from aupolicy.rules import compute_price
from billing.models import BillingRun, Statement
from billing.queries.effect import NoticePreview
from billing.rules.effect import cut_to_window, find_first_difference
from members.facts import (
    Cover,
    Finding,
    Notice,
    NoticeKind,
    NoticeResult,
    NoticeStatus,
    PersonPlan,
    Severity,
)
from members.models import Membership, NoticeRecord, Person
from members.queries.draft_rows import UNUSUAL_PAY
from portal.queries.employer.start import with_persons
from portal.queries.people import PeopleFilter, filter_people

PAGE_SIZE = 30
MOST_HITS = 20
# Farther than any notice reaches.
_FAR = date(2999, 12, 31)


@dataclass(frozen=True, slots=True)
class DayState:
    """How a person stands on a day: the stretch of cover of that day, pay and price, EUR."""

    cover: Cover | None
    pay: Decimal | None
    price: Price | None

    @property
    def tells_end(self) -> bool:
        """Whether the end is worth telling: one that is not reached by age alone."""
        return self.cover is not None and self.cover.end_reason not in {None, "RETIREMENT_AGE"}


@dataclass(frozen=True, slots=True)
class NoticeEffect:
    """What one notice would do. `since` is the first day that changes, None where none does."""

    result: NoticeResult
    plan: PersonPlan
    since: date | None
    before: DayState
    after: DayState
    amount: Decimal
    corrections: Decimal
    month: date
    warnings: Sequence[Finding]

    @property
    def needs_clerk(self) -> bool:
        """Whether it waits for a decision."""
        return self.result.status is NoticeStatus.NEEDS_CLERK

    @property
    def is_refused(self) -> bool:
        """Whether it would be refused."""
        return self.result.status is NoticeStatus.REFUSED

    @property
    def premium_after(self) -> Decimal:
        """What a full month costs then, EUR."""
        return self.after.price.premium if self.after.price else ZERO

    @property
    def changes_price(self) -> bool:
        """Whether premium and benefit change."""
        return self.before.price != self.after.price


def describe_effect(
    contract: GroupContract, notice: Notice, preview: NoticePreview
) -> NoticeEffect:
    """What a notice would do, from its preview."""
    plan = preview.plan.persons[notice.personnel_number]
    window = Period(contract.period.first_day, _FAR)
    since = find_first_difference(
        cut_to_window(plan.before, window), cut_to_window(plan.after, window)
    )
    day = since or notice.effective
    tariff = _find_tariff(contract, day)
    effect = preview.effect
    return NoticeEffect(
        result=preview.plan.results[0],
        plan=plan,
        since=since,
        before=_state_on(plan.before, day, tariff),
        after=_state_on(plan.after, day, tariff),
        amount=effect.total,
        corrections=effect.corrections,
        month=effect.month.first_day,
        warnings=list(_warn(contract, notice, plan)),
    )


def _find_tariff(contract: GroupContract, day: date) -> TariffVersion | None:
    try:
        return get_tariff_version(contract, day)
    except NoTermsInForce:
        return None


def _state_on(covers: Sequence[Cover], day: date, tariff: TariffVersion | None) -> DayState:
    cover = next((each for each in covers if day in each.period), None)
    if cover is None:
        return DayState(None, None, None)
    pay = next((each.amount for each in cover.pays if day in each.period), None)
    price = compute_price(tariff, pay) if tariff is not None and pay is not None else None
    return DayState(cover, pay, price)


def _warn(contract: GroupContract, notice: Notice, plan: PersonPlan) -> Iterator[Finding]:
    """The warnings that a row of a file would get."""
    pay = notice.pay
    before = _state_on(plan.before, notice.effective, None).pay
    changes = notice.kind is NoticeKind.PAY_CHANGE
    if changes and pay is not None and before is not None and abs(pay - before) * 2 > before:
        yield Finding(Severity.WARNING, "PAY_JUMP", params={"before": str(before), "pay": str(pay)})
    if notice.kind is not NoticeKind.JOIN or notice.birth_date is None:
        return
    if pay is not None and pay > UNUSUAL_PAY:
        yield Finding(Severity.WARNING, "PAY_UNUSUAL", params={"pay": str(pay)})
    namesake = (
        Person.objects.filter(
            employer=contract.employer_id,
            first_name__iexact=notice.first_name,
            last_name__iexact=notice.last_name,
            birth_date=notice.birth_date,
        )
        .exclude(personnel_number=notice.personnel_number)
        .first()
    )
    if namesake is not None:
        yield Finding(Severity.WARNING, "SAME_PERSON", params={"number": namesake.personnel_number})


def is_billed(record: NoticeRecord) -> bool:
    """Whether a statement has taken a notice in already."""
    return Statement.objects.filter(
        contract=record.contract_id,
        run__kind=BillingRun.PREMIUM,
        number__isnull=False,
        notices_through__gte=record.pk,
    ).exists()


def find_people(contract: GroupContract, text: str, day: date) -> list[Membership]:
    """The last cover of each person whose name, number or birth date fits, some at most."""
    found = filter_people(contract, PeopleFilter(text=text, show="all"), day)
    people: dict[int, Membership] = {}
    for membership in found[: MOST_HITS * 3]:
        known = people.get(membership.person_id)
        if known is None or known.period.first_day < membership.period.first_day:
            people[membership.person_id] = membership
    return list(people.values())[:MOST_HITS]


def page_of_notices(
    contract: GroupContract, *, status: str, text: str, page: str | int
) -> Page[NoticeRecord]:
    """One page of a contract's notices, newest first; `status` empty for all."""
    notices = filter_notices(contract, status=status, text=text)
    return Paginator(with_persons(notices, contract), PAGE_SIZE).get_page(page)


def filter_notices(contract: GroupContract, *, status: str, text: str) -> QuerySet[NoticeRecord]:
    """A contract's notices with this status (empty: any) about people whom the text fits."""
    notices = NoticeRecord.objects.filter(contract=contract).select_related("sender")
    if status:
        notices = notices.filter(status=status)
    if text:
        numbers = Person.objects.filter(
            employer=contract.employer_id, last_name__icontains=text
        ).values("personnel_number")
        notices = notices.filter(personnel_number__iexact=text) | notices.filter(
            personnel_number__in=numbers
        )
    return notices
