"""What people are insured for, day by day: cover, pay and terms as spans with their monthly sum."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from django.db import connection

from aupolicy.facts import TariffVersion
from aupolicy.kernel.period import ONE_DAY, Period
from aupolicy.queries import get_tariff, list_tariffs
from aupolicy.rules import compute_price
from claims.exports.slice_text import write_parameters
from claims.facts import BenefitTerms, InsuredSpan
from members.facts import EndReason

# Cover, pay and agreed terms overlap in these days; a contract's own end may be the earliest.
_SPANS = """
SELECT m.person_id, lower(days.r), upper(days.r), p.amount, v.tariff_key,
       lower(m.period * c.period), upper(m.period * c.period), upper(m.period), m.end_reason
FROM unnest(%s::bigint[]) AS asked (person_id)
JOIN members_membership m ON m.person_id = asked.person_id
JOIN aupolicy_groupcontract c ON c.id = m.contract_id
JOIN members_insuredpay p ON p.membership_id = m.id
JOIN aupolicy_contractversion v ON v.contract_id = c.id
CROSS JOIN LATERAL (SELECT m.period * c.period * p.period * v.period AS r) AS days
WHERE NOT isempty(days.r)
ORDER BY m.person_id, lower(days.r), m.id
"""
# Terms also for days on which nobody is insured yet or any more: the nearest ones agreed.
_TERMS = """
SELECT p.id, lower(v.period), v.tariff_key
FROM members_person p
JOIN aupolicy_groupcontract c ON c.employer_id = p.employer_id
JOIN aupolicy_contractversion v ON v.contract_id = c.id
WHERE p.id = ANY(%s)
ORDER BY p.id, lower(v.period), v.id
"""


@dataclass(frozen=True, slots=True)
class PersonCover:
    """The spans of a person, in order of their days, and the terms of benefit of any day."""

    spans: tuple[InsuredSpan, ...]
    terms_on: Callable[[date], BenefitTerms]


def load_cover(person_ids: Sequence[int]) -> dict[int, PersonCover]:
    """What some people are insured for; two queries, however many there are."""
    spans: dict[int, list[InsuredSpan]] = {}
    terms: dict[int, list[tuple[date, str]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SPANS, [list(person_ids)])
        for person, first, end, pay, tariff, *cover in cursor.fetchall():
            known = spans.setdefault(person, [])
            period = _period(first, end)
            known += _not_before(_price(period, pay, tariff, _end_reason(period, *cover)), known)
        cursor.execute(_TERMS, [list(person_ids)])
        for person, first, tariff in cursor.fetchall():
            terms.setdefault(person, []).append((first, tariff))
    return {
        person: PersonCover(tuple(spans.get(person, ())), _terms_by_day(tuple(agreed)))
        for person, agreed in terms.items()
    }


def _period(first: date, end: date | None) -> Period:
    return Period(first, end - ONE_DAY if end else None)


def _end_reason(
    period: Period, _first: date, cover_end: date | None, own_end: date | None, reason: str
) -> str:
    """Why cover ends with this period; "" where it goes on."""
    if cover_end is None or period.last_day != cover_end - ONE_DAY:
        return ""
    return reason if own_end == cover_end else EndReason.CONTRACT_ENDED.value


def _price(period: Period, pay: Decimal, tariff_key: str, end_reason: str) -> Iterator[InsuredSpan]:
    """The period, cut where a new version of its tariff begins."""
    versions = get_tariff(tariff_key).versions
    ends = [version.valid_from - ONE_DAY for version in versions[1:]] + [None]
    for version, last in zip(versions, ends, strict=True):
        part = period.intersection(Period(version.valid_from, last))
        if part is not None:
            price = compute_price(version, pay)
            is_last = part.last_day == period.last_day
            yield InsuredSpan(
                period=part,
                benefit=price.benefit,
                pay=pay,
                band=price.band,
                tariff_key=tariff_key,
                tariff_from=version.valid_from,
                end_reason=end_reason if is_last else "",
            )


def _not_before(spans: Iterable[InsuredSpan], known: Sequence[InsuredSpan]) -> list[InsuredSpan]:
    """Without days that are insured already: two contracts of an employer may overlap."""
    last = known[-1].period.last_day if known else date.min
    return [span for span in spans if last is not None and span.period.first_day > last]


@lru_cache(maxsize=4096)
def _terms_by_day(agreed: tuple[tuple[date, str], ...]) -> Callable[[date], BenefitTerms]:
    """The terms of a day, from the versions agreed (first day, tariff), oldest first."""

    # A run asks three times for each person, and leaves begin on the same days.
    @lru_cache(maxsize=1024)
    def terms_on(day: date) -> BenefitTerms:
        key = next((key for first, key in reversed(agreed) if first <= day), agreed[0][1])
        tariff = get_tariff(key)
        return benefit_terms(tariff.version_on(day) or tariff.versions[0])

    return terms_on


@lru_cache(maxsize=1)
def list_benefit_prices() -> str:
    """What every tariff pays, as JSON for rules that the database applies by itself.

    One object for each version and wage band: EUR a month (`fixed`) for a pay above `above` up to
    and including `up_to`, or `percent` of it, `most` at most; `terms` go into the slice.
    """
    rows = [
        _tell_version(version, tariff.versions[place + 1 :]) | price
        for tariff in list_tariffs()
        for place, version in enumerate(tariff.versions)
        for price in _tell_prices(version)
    ]
    return json.dumps(rows, default=str)


def _tell_version(version: TariffVersion, later: Sequence[TariffVersion]) -> dict[str, object]:
    terms = benefit_terms(version)
    return {
        "tariff_key": version.key,
        "since": version.valid_from,
        "until": later[0].valid_from if later else "infinity",
        "deferral_days": terms.deferral_days,
        "until_day": terms.benefit_until_day,
        "terms": json.loads(f"{{{write_parameters(terms)}}}"),
    }


def _tell_prices(version: TariffVersion) -> Iterator[dict[str, object]]:
    if version.rate is not None:
        rate = version.rate
        yield {
            "above": -1, "up_to": "Infinity", "percent": rate.benefit_percent,
            "most": rate.largest_benefit,
        }  # fmt: skip
        return
    above: object = -1
    for band in version.bands:
        up_to = "Infinity" if band.up_to is None else band.up_to
        yield {"above": above, "up_to": up_to, "band": band.number, "fixed": band.benefit}
        above = up_to


@lru_cache(maxsize=64)
def benefit_terms(version: TariffVersion) -> BenefitTerms:
    """The parameters of benefit of a tariff version."""
    parameters = version.parameters
    return BenefitTerms(
        deferral_days=parameters.deferral_days,
        benefit_until_day=parameters.benefit_until_day,
        relapse=parameters.relapse,
        benefit_proration=parameters.benefit_proration,
        run_off=parameters.run_off,
    )
