"""The rules of the letters."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from aupolicy.kernel.month import Month
from aupolicy.kernel.period import Period
from documents.facts import CoverTerms, MonthState, TermsStretch
from documents.rules import (
    decide_terms,
    describe_change,
    describe_correction,
    is_minor,
    mask_iban,
)

DECEMBER, OCTOBER = Month(2026, 12), Month(2026, 10)
BAND_4 = MonthState(covered_days=31, pay=Decimal("2400.00"), band=4, tariff_id=1)
BAND_5 = replace(BAND_4, pay=Decimal("2600.00"), band=5)
SINCE_MAY = Period(date(2026, 5, 1))


@pytest.mark.parametrize(
    ("before", "now", "cover", "words"),
    [
        (BAND_4, BAND_4, SINCE_MAY, ""),
        (None, BAND_4, Period(date(2026, 12, 16)), "Zugang 16.12.2026"),
        (None, BAND_4, Period(date(2026, 11, 16)), "Zugang 16.11.2026"),
        (replace(BAND_4, covered_days=0), BAND_4, SINCE_MAY, "Zugang 01.05.2026"),
        (BAND_4, BAND_5, SINCE_MAY, "Lohnstufe 4 → 5"),
        (BAND_5, BAND_4, SINCE_MAY, "Lohnstufe 5 → 4"),
        (BAND_4, replace(BAND_4, pay=Decimal("2450.00")), SINCE_MAY, "Entgelt geändert"),
        (BAND_4, replace(BAND_4, tariff_id=2), SINCE_MAY, "neuer Tarifstand"),
        (BAND_4, BAND_4, Period(date(2026, 5, 1), date(2026, 12, 31)), "Abgang 31.12.2026"),
        (BAND_4, BAND_4, Period(date(2026, 5, 1), date(2027, 1, 1)), ""),
        (
            BAND_4,
            BAND_5,
            Period(date(2026, 5, 1), date(2026, 12, 15)),
            "Lohnstufe 4 → 5, Abgang 15.12.2026",
        ),
        (
            None,
            BAND_4,
            Period(date(2026, 12, 7), date(2026, 12, 20)),
            "Zugang 07.12.2026, Abgang 20.12.2026",
        ),
        (
            replace(BAND_4, band=None),
            replace(BAND_5, band=None),
            SINCE_MAY,
            "Entgelt geändert",
        ),
    ],
)
def test_what_changed_since_last_month(
    before: MonthState | None, now: MonthState, cover: Period, words: str
) -> None:
    assert describe_change(month=DECEMBER, before=before, now=now, cover=cover) == words


NOTHING = MonthState(covered_days=0, pay=None, band=None, tariff_id=None)
PART = replace(BAND_4, covered_days=15)


@pytest.mark.parametrize(
    ("before", "now", "covers", "words"),
    [
        (BAND_4, NOTHING, [Period(date(2026, 1, 1), date(2026, 9, 30))], "Abgang 30.09.2026"),
        (BAND_4, NOTHING, [], "Zugang zurückgenommen"),
        (BAND_4, NOTHING, [Period(date(2026, 11, 1))], "Zugang zurückgenommen"),
        (BAND_4, PART, [Period(date(2026, 1, 1), date(2026, 10, 15))], "Abgang 15.10.2026"),
        (BAND_4, PART, [Period(date(2026, 10, 17))], "Zugang 17.10.2026"),
        (None, PART, [Period(date(2026, 10, 17))], "Zugang 17.10.2026"),
        (NOTHING, BAND_4, [Period(date(2026, 10, 1))], "Zugang 01.10.2026"),
        (BAND_4, BAND_5, [SINCE_MAY], "Lohnstufe 4 → 5"),
        (BAND_4, replace(BAND_4, tariff_id=2), [SINCE_MAY], "neuer Tarifstand"),
        (BAND_4, BAND_4, [SINCE_MAY], "berichtigt"),
    ],
)
def test_why_a_past_month_costs_otherwise(
    before: MonthState | None, now: MonthState, covers: list[Period], words: str
) -> None:
    assert describe_correction(month=OCTOBER, before=before, now=now, covers=covers) == words


def _terms(benefit: str) -> CoverTerms:
    return CoverTerms(date(2026, 1, 1), Decimal(benefit), Decimal(1), 4, None, None, None)


def test_terms_are_valid_since_they_have_been_the_same() -> None:
    stretches = [
        TermsStretch(date(2026, 1, 1), _terms("335")),
        TermsStretch(date(2026, 3, 1), _terms("385")),
        TermsStretch(date(2026, 5, 1), _terms("385")),
        TermsStretch(date(2026, 8, 1), _terms("335")),
    ]
    expected = {
        date(2026, 2, 28): (date(2026, 1, 1), "335"),
        date(2026, 4, 1): (date(2026, 3, 1), "385"),
        date(2026, 7, 31): (date(2026, 3, 1), "385"),
        date(2026, 8, 1): (date(2026, 8, 1), "335"),
    }
    for day, (valid_from, benefit) in expected.items():
        terms = decide_terms(stretches, day)
        assert terms is not None
        assert (terms.valid_from, terms.benefit) == (valid_from, Decimal(benefit))
    assert decide_terms(stretches, date(2025, 12, 31)) is None


def test_a_masked_iban_shows_its_ends_only() -> None:
    assert mask_iban("DE02120300000000202051") == "DE02 xxxx xxxx xxxx xx20 51"
    assert mask_iban("NO9386011117947") == "NO93 xxxx xxx7 947"


def test_a_minor_comes_of_age_on_the_birthday() -> None:
    assert is_minor(date(2008, 12, 2), date(2026, 12, 1))
    assert not is_minor(date(2008, 12, 1), date(2026, 12, 1))
    assert is_minor(date(2008, 2, 29), date(2026, 2, 28))
    assert not is_minor(date(2008, 2, 29), date(2026, 3, 1))
