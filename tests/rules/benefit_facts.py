"""Leaves for tests of rules, from days written as text."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from aupolicy.kernel.period import Period
from claims.facts import (
    BenefitTerms,
    ClaimsParameters,
    Entitlement,
    Episode,
    HoldOn,
    InsuredSpan,
    Leave,
    Ruling,
)
from claims.rules import compute_leaves, entitle

TERMS = BenefitTerms(deferral_days=42, benefit_until_day=546)
PARAMETERS = ClaimsParameters(
    valid_from=date(2016, 8, 1),
    four_eyes_above=Decimal("1000.00"),
    review_weeks=12,
    examine_days_before=14,
    request_days=14,
    most_reminders=2,
    interim_after_months=1,
    limitation_years=3,
    smallest_group=10,
    retro_join_days=90,
    limit_warning_days=60,
    age_warning_months=12,
    link_days=180,
    largest_upload_bytes=15 * 1024 * 1024,
)


def day(text: str) -> date:
    return date.fromisoformat(text)


def period(first: str, last: str | None = None) -> Period:
    return Period(day(first), day(last) if last else None)


def cover(first: str = "2020-01-01", last: str | None = None, reason: str = "") -> InsuredSpan:
    return InsuredSpan(
        period=period(first, last),
        benefit=Decimal("335.00"),
        pay=Decimal("2400.00"),
        band=4,
        tariff_key="bau-2016",
        tariff_from=date(2016, 8, 1),
        end_reason=reason,
    )


COVER = (cover(),)


def ill(*certified: tuple[str, str], key: int = 0, illness: str = "A", code: str = "") -> Episode:
    return Episode(key, illness, tuple(period(*days) for days in certified), exclusion=code)


def leave_of(*episodes: Episode, spans: Sequence[InsuredSpan] = COVER) -> Leave:
    """The last leave of a person, as if all were granted."""
    return compute_leaves(episodes, spans=spans, terms_on=lambda _day: TERMS)[-1]


def owed(
    *episodes: Episode,
    rulings: Sequence[Ruling] = (),
    holds: Sequence[HoldOn] = (),
    spans: Sequence[InsuredSpan] = COVER,
) -> Entitlement:
    """What the last leave of a person is owed after decisions."""
    return entitle(
        episodes,
        spans=spans,
        terms_on=lambda _day: TERMS,
        rulings_of=lambda _leave: (rulings, holds),
        as_of=None,
    )[-1]
