"""The kind `benefit`: what the certificates of a person pay, as if everything were granted."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from aupolicy.facts import TariffVersion
from aupolicy.kernel.money import ZERO, total
from aupolicy.kernel.month import Month
from aupolicy.kernel.period import ONE_DAY, Period
from aupolicy.queries import get_tariff
from aupolicy.rules import compute_price
from claims.facts import BenefitTerms, DayState, Entitlement, Episode, InsuredSpan, SliceDue
from claims.queries.cover import benefit_terms
from claims.rules import entitle
from members.facts import CoverEnd, EndReason, NoticeKind
from members.queries import retirement_steps
from members.rules import decide_cover_end

Given = Mapping[str, Any]
Outcome = dict[str, Any]


def benefit(given: Given) -> Outcome:
    """Compute what is due for all leaves of a person through `as_of`.

    Keys that concern one leave are those of the first with benefit (`first_benefit_day`,
    `deferral_until`) and of the last (`end_reason`, `days_counted`, `brought`, `monthly_sum`).
    """
    versions = get_tariff(given["tariff"]).versions

    def terms_on(day: date) -> BenefitTerms:
        return benefit_terms(_version_on(versions, day))

    found = entitle(
        [_episode(number, item) for number, item in enumerate(given["sick_leaves"])],
        spans=_spans(given["membership"], versions, given["tariff"]),
        terms_on=terms_on,
        rulings_of=None,
        as_of=_optional_day(given.get("as_of")),
    )
    return _describe(found) if found else {"leaves": "0", "total": str(ZERO)}


def _episode(number: int, item: Given) -> Episode:
    reintegration = item.get("reintegration")
    return Episode(
        key=number,
        illness=item["illness"],
        certified=tuple(map(_period, item["certificates"])),
        reintegration=(_period(reintegration),) if reintegration else (),
        exclusion=item.get("exclusion", ""),
    )


def _spans(
    membership: Given, versions: Sequence[TariffVersion], tariff_key: str
) -> tuple[InsuredSpan, ...]:
    """The cover of a membership, cut where pay or the tariff's version changes."""
    end = _cover_end(membership)
    cover = Period(_day(membership["joined"]), end.last_day if end else None)
    pays = {cover.first_day: membership["pay"]}
    pays |= {_day(change["from"]): change["pay"] for change in membership.get("pay_changes", ())}
    cuts = sorted(day for day in {*pays, *(v.valid_from for v in versions)} if day in cover)
    ends = [day - ONE_DAY for day in cuts[1:]] + [cover.last_day]
    spans = []
    for first, last in zip(cuts, ends, strict=True):
        version = _version_on(versions, first)
        pay = Decimal(pays[max(day for day in pays if day <= first)])
        price = compute_price(version, pay)
        spans.append(
            InsuredSpan(
                period=Period(first, last),
                benefit=price.benefit,
                pay=pay,
                band=price.band,
                tariff_key=tariff_key,
                tariff_from=version.valid_from,
                end_reason=end.reason.value if end and last == end.last_day else "",
            )
        )
    return tuple(spans)


def _cover_end(membership: Given) -> CoverEnd | None:
    left, reason = _optional_day(membership.get("left")), membership.get("end_reason")
    return decide_cover_end(
        birth_date=_optional_day(membership.get("birth_date")),
        event=(NoticeKind.LEAVE, left, EndReason(reason) if reason else None) if left else None,
        contract_end=None,
        steps=retirement_steps(),
    )


def _version_on(versions: Sequence[TariffVersion], day: date) -> TariffVersion:
    """The version of a day; before the tariff was sold its first."""
    return max(
        (version for version in versions if version.valid_from <= day),
        key=lambda version: version.valid_from,
        default=versions[0],
    )


def _describe(found: Sequence[Entitlement]) -> Outcome:
    leaves = [owed.leave for owed in found]
    pieces = [piece for leave in leaves for piece in leave.pieces]
    numbers = [
        p.first_number + (p.period.days or 1) - 1 for p in leaves[-1].pieces if p.first_number
    ]
    outcome: Outcome = {
        "leaves": str(len(found)),
        "slices": _slices(found),
        "total": str(total(owed.total for owed in found)),
        "days_counted": str(numbers[-1] if numbers else 0),
        "brought": str(leaves[-1].brought),
        "monthly_sum": str(leaves[-1].monthly_sum),
    }
    for state in DayState:
        days = sum(p.period.days or 0 for p in pieces if p.state is state)
        outcome[f"{state.value.lower()}_days"] = str(days)
    first = next((owed for owed in found if owed.first_benefit_day), None)
    if first is not None:
        waited = [p.period.last_day for p in first.leave.pieces if p.state is DayState.DEFERRAL]
        outcome["first_benefit_day"] = str(first.first_benefit_day)
        outcome |= {"deferral_until": str(waited[-1])} if waited else {}
    if found[-1].end is not None:
        outcome["end_reason"] = found[-1].end.value
    causes = [p.cause for p in pieces if p.state is DayState.COVER_ENDED]
    return outcome | ({"cover_end_reason": causes[0]} if causes else {})


def _slices(found: Sequence[Entitlement]) -> dict[str, dict[str, str]]:
    """Days and EUR of every month from the first day ill to the last, nought where none is due."""
    periods = [owed.leave.period for owed in found]
    first = min(period.first_day for period in periods)
    last = max(period.last_day or period.first_day for period in periods)
    due: dict[Month, list[SliceDue]] = {
        month: [] for month in Month.of(first).through(Month.of(last))
    }
    for owed in found:
        for part in owed.slices:
            due[part.month].append(part)
    return {
        str(month): {
            "days": str(sum(part.days for part in parts)),
            "amount": str(total(part.amount for part in parts)),
        }
        for month, parts in due.items()
    }


def _period(days: Sequence[str]) -> Period:
    return Period(_day(days[0]), _day(days[1]))


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _optional_day(text: str | None) -> date | None:
    return None if text is None else _day(text)
