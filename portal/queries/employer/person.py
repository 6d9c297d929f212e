"""Reads of one person for the employer: history, what was known on a past day, why a price."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from aupolicy.facts import Price, TariffVersion, WageBand
from aupolicy.kernel.money import ZERO
from aupolicy.models import GroupContract
from aupolicy.queries import get_tariff
from members.facts import Cover, NoticeStatus
from members.models import NoticeRecord, Person
from members.queries import list_covers_as_of
from portal.queries.insurer.tariffs import Value, get_version_page
from portal.queries.people import get_band
from portal.queries.person import PersonHead, PersonLine

MOST_NOTICES = 100


def list_history(person: Person, contract: GroupContract) -> list[NoticeRecord]:
    """Everything reported about a person, the newest first, with who sent it and in which file."""
    records = NoticeRecord.objects.filter(
        contract=contract, personnel_number=person.personnel_number
    )
    found = records.select_related("sender", "upload", "withdrawn_by")
    return list(found.order_by("-received_at", "-pk")[:MOST_NOTICES])


def list_covers_known_on(person: Person, contract: GroupContract, day: date) -> tuple[Cover, ...]:
    """The covers of a person as they were known at the end of a day."""
    midnight = datetime.combine(day + timedelta(days=1), time())
    return list_covers_as_of(
        person=person, contract=contract, known_on=timezone.make_aware(midnight)
    )


@dataclass(frozen=True, slots=True)
class BenefitInKind:
    """What a person's cover was worth in the month billed last, EUR, for payroll."""

    month: date
    amount: Decimal


def find_benefit_in_kind(lines: list[PersonLine]) -> BenefitInKind | None:
    """What the newest statement charges for the person; None before the first."""
    if not lines:
        return None
    newest = max(lines, key=lambda each: each.statement.month).statement
    amounts = [each.line.amount for each in lines if each.statement.pk == newest.pk]
    return BenefitInKind(newest.month, sum(amounts, ZERO))


@dataclass(frozen=True, slots=True)
class PriceExplanation:
    """Why a month of cover costs and pays what it does, EUR.

    `band` in a banded tariff, `premium_value` is the tariff's value as its file has it (an amount
    of the band, or a percentage), with unit and key of its source.
    """

    pay: Decimal
    price: Price
    tariff: TariffVersion
    band: WageBand | None
    premium_value: Value
    benefit_value: Value


def explain_price(head: PersonHead, language: str) -> PriceExplanation | None:
    """Where the price of a person's cover comes from; None where there is none."""
    if head.price is None or head.tariff is None or head.pay is None:
        return None
    shown = get_version_page(get_tariff(head.tariff.key), head.tariff, language)
    band = get_band(head.tariff, head.price.band)
    if band is not None:
        values = next(each for each in shown.bands if each.number == band.number)
        premium, benefit = values.premium, values.benefit
    else:
        rates = {value.key: value for value in shown.rates}
        premium, benefit = rates["premium_percent"], rates["benefit_percent"]
    return PriceExplanation(
        pay=head.pay,
        price=head.price,
        tariff=head.tariff,
        band=band,
        premium_value=premium,
        benefit_value=benefit,
    )


def can_be_withdrawn(notice: NoticeRecord) -> bool:
    """Whether withdrawing a notice would change anything."""
    return notice.status in {NoticeStatus.APPLIED, NoticeStatus.NEEDS_CLERK}
