"""Rules of what leaves the house.

Letters: what changed in words, what is masked. Webhooks: when a call
that failed is tried again.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from aupolicy.kernel.month import Month
from aupolicy.kernel.period import Period
from documents.facts import CoverTerms, MonthState, TermsStretch

ADULT_YEARS = 18
VISIBLE_END = 4
# What is waited after each failed call: nearly three days in all.
TRY_AGAIN_AFTER = (
    timedelta(seconds=5),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=18),
    timedelta(hours=18),
    timedelta(hours=18),
)
LONGEST_TRY = timedelta(days=3)
# A failing address is asked at least so often whether it is back.
_LONGEST_PAUSE = timedelta(minutes=5)


def describe_change(
    *, month: Month, before: MonthState | None, now: MonthState, cover: Period | None
) -> str:
    """What is new about an insured person since the last statement, in words; "" for nothing.

    `before` is how the person stood in the month before as that statement knew it, `cover` the
    cover that reaches into this month.
    """
    words = []
    if before is None or not before.covered_days:
        words.append(_with_day("Zugang", cover.first_day if cover else None))
    else:
        words.append(_describe_terms(before, now))
    if cover and cover.last_day and cover.last_day <= month.last_day:
        words.append(_with_day("Abgang", cover.last_day))
    return ", ".join(word for word in words if word)


def describe_correction(
    *, month: Month, before: MonthState | None, now: MonthState, covers: Sequence[Period]
) -> str:
    """Why a month that was billed already now costs something else, in words.

    `before` is how the month was billed, None where it was not billed for this person;
    `covers` are all covers of the person as they stand now.
    """
    inside = [cover for cover in covers if cover.intersection(month.period)]
    if not inside:
        ended = [c.last_day for c in covers if c.last_day and c.last_day < month.first_day]
        return _with_day("Abgang", max(ended)) if ended else "Zugang zurückgenommen"
    first, last = inside[0], inside[-1]
    if before is None or not before.covered_days:
        return _with_day("Zugang", first.first_day)
    if before.covered_days != now.covered_days:
        if last.last_day and last.last_day < month.last_day:
            return _with_day("Abgang", last.last_day)
        return _with_day("Zugang", first.first_day)
    return _describe_terms(before, now) or "berichtigt"


def _describe_terms(before: MonthState, now: MonthState) -> str:
    if before.band != now.band and before.band is not None and now.band is not None:
        return f"Lohnstufe {before.band} → {now.band}"
    if before.tariff_id != now.tariff_id:
        return "neuer Tarifstand"
    return "Entgelt geändert" if before.pay != now.pay else ""


def _with_day(word: str, day: date | None) -> str:
    return f"{word} {day:%d.%m.%Y}" if day else word


def mask_iban(iban: str) -> str:
    """An IBAN that its owner recognises and nobody else can use: country, check, last four."""
    hidden = "x" * max(0, len(iban) - 4 - VISIBLE_END)
    shown = f"{iban[:4]}{hidden}{iban[-VISIBLE_END:]}"
    return " ".join(shown[start : start + 4] for start in range(0, len(shown), 4))


def is_minor(birth_date: date, day: date) -> bool:
    """Whether a person is under 18 on a day; 29 February counts from 1 March in other years."""
    had_birthday = (day.month, day.day) >= (birth_date.month, birth_date.day)
    return day.year - birth_date.year - (not had_birthday) < ADULT_YEARS


def decide_terms(stretches: Sequence[TermsStretch], day: date) -> CoverTerms | None:
    """The terms on a day, with the first day since which they have been the same all along.

    `stretches` are in order and adjoin; None where none has begun by the day.
    """
    begun = [stretch for stretch in stretches if stretch.first_day <= day]
    if not begun:
        return None
    since = begun[-1]
    for stretch in reversed(begun):
        if stretch.terms != since.terms:
            break
        since = stretch
    return replace(since.terms, valid_from=since.first_day)


def compute_next_try(tries: int, now: datetime) -> datetime | None:
    """When a call that has failed so many times is made again; None: it is given up."""
    if tries > len(TRY_AGAIN_AFTER):
        return None
    return now + TRY_AGAIN_AFTER[max(tries, 1) - 1]


def compute_pause(failing_since: datetime, now: datetime) -> datetime:
    """Until when an address that fails is left alone: longer, the longer it fails."""
    return now + min(max((now - failing_since) / 4, TRY_AGAIN_AFTER[0]), _LONGEST_PAUSE)
