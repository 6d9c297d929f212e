"""How a mandate stands on a day, and what its next debit tells about changes."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aupolicy.kernel.legal_time import add_months
from aupolicy.kernel.period import Period
from billing.facts.debit import Amendment, Scheme
from billing.facts.mandate import MandateHistory, MandateStanding, MandateState
from billing.rules.mandate_amendment import find_amendment
from billing.rules.mandate_validity import decide_mandate_state

SIGNED = date(2026, 11, 2)
HISTORY = MandateHistory(scheme=Scheme.CORE, period=Period(date(2026, 11, 2)), signed_on=SIGNED)
STATE = MandateState(
    reference="BAU-0001-1",
    creditor_identifier="DE98ZZZ09999999999",
    creditor_name="Musterleben Versicherung AG",
    iban="DE02120300000000202051",
    scheme=Scheme.CORE,
)
SAME_BANK, OTHER_BANK = "DE72120300000000000001", "DE02500105170137075030"
AUSTRIAN, OTHER_AUSTRIAN = "AT611904300234573201", "AT341904300234573202"
DAYS = st.dates(date(2020, 1, 1), date(2045, 12, 31))


@pytest.mark.parametrize(
    ("changes", "day", "standing", "since", "usable_to"),
    [
        ({}, "2026-12-01", "active", "2026-11-02", "2029-11-02"),
        ({"signed_on": None}, "2026-12-01", "pending", None, None),
        ({"signed_on": date(2026, 12, 2)}, "2026-12-01", "pending", "2026-12-02", "2029-12-02"),
        (
            {"period": Period(date(2027, 1, 1))},
            "2026-12-31",
            "pending",
            "2027-01-01",
            "2029-11-02",
        ),
        # Never used: 36 months from the signature; the day itself still counts.
        ({}, "2029-11-02", "active", "2026-11-02", "2029-11-02"),
        ({}, "2029-11-03", "expired", "2029-11-03", "2029-11-02"),
        # Used: 36 months from the due date of the latest debit.
        ({"last_due": date(2028, 2, 29)}, "2031-02-28", "active", "2026-11-02", "2031-02-28"),
        ({"last_due": date(2028, 2, 29)}, "2031-03-01", "expired", "2031-03-01", "2031-02-28"),
        (
            {"period": Period(date(2026, 11, 2), date(2027, 3, 14))},
            "2027-03-15",
            "ended",
            "2027-03-15",
            "2027-03-14",
        ),
        ({"revoked_on": date(2027, 1, 5)}, "2027-01-04", "active", "2026-11-02", "2027-01-04"),
        ({"revoked_on": date(2027, 1, 5)}, "2027-01-05", "revoked", "2027-01-05", "2027-01-04"),
        (
            {"suspended": Period(date(2027, 1, 5))},
            "2027-06-01",
            "suspended",
            "2027-01-05",
            "2029-11-02",
        ),
        (
            {"suspended": Period(date(2027, 1, 5), date(2027, 5, 31))},
            "2027-06-01",
            "active",
            "2026-11-02",
            "2029-11-02",
        ),
        (
            {"suspended": Period(date(2027, 1, 5)), "revoked_on": date(2027, 2, 1)},
            "2027-06-01",
            "revoked",
            "2027-02-01",
            "2027-01-31",
        ),
        ({"scheme": Scheme.B2B}, "2026-12-01", "awaiting_bank", "2026-11-02", "2029-11-02"),
        (
            {"scheme": Scheme.B2B, "bank_confirmed_on": date(2026, 12, 1)},
            "2026-11-30",
            "awaiting_bank",
            "2026-11-02",
            "2029-11-02",
        ),
        (
            {"scheme": Scheme.B2B, "bank_confirmed_on": date(2026, 12, 1)},
            "2026-12-01",
            "active",
            "2026-12-01",
            "2029-11-02",
        ),
        # A CORE mandate needs no word of the bank.
        (
            {"bank_confirmed_on": date(2027, 1, 1)},
            "2026-12-01",
            "active",
            "2026-11-02",
            "2029-11-02",
        ),
    ],
)
def test_how_a_mandate_stands(
    changes: dict[str, Any], day: str, standing: str, since: str | None, usable_to: str | None
) -> None:
    mandate = replace(HISTORY, **changes)
    found = decide_mandate_state(mandate=mandate, day=date.fromisoformat(day))
    assert (found.standing.value, found.since, found.usable_to) == (
        standing,
        since and date.fromisoformat(since),
        usable_to and date.fromisoformat(usable_to),
    )
    assert found.day == date.fromisoformat(day)
    assert found.is_valid == (standing == "active")


@given(signed=DAYS, last_due=st.none() | DAYS, day=DAYS)
def test_a_mandate_is_void_later_than_36_months_after_its_last_use(
    signed: date, last_due: date | None, day: date
) -> None:
    mandate = replace(HISTORY, signed_on=signed, period=Period(date(2000, 1, 1)), last_due=last_due)
    found = decide_mandate_state(mandate=mandate, day=day)
    last_day = add_months(last_due or signed, 36)
    assert found.usable_to == last_day
    assert (found.standing is MandateStanding.EXPIRED) == (day > last_day)
    assert found.is_valid == (signed <= day <= last_day)


@given(day=DAYS, ends=DAYS, revoked=st.none() | DAYS)
def test_what_is_valid_is_usable_and_what_is_over_stays_so(
    day: date, ends: date, revoked: date | None
) -> None:
    mandate = replace(
        HISTORY,
        signed_on=date(2020, 1, 1),
        last_due=date(2044, 1, 1),
        period=Period(date(2020, 1, 1), ends),
        revoked_on=revoked,
    )
    found = decide_mandate_state(mandate=mandate, day=day)
    assert found.usable_to is not None
    assert found.is_valid == (date(2020, 1, 1) <= day <= found.usable_to)
    later = decide_mandate_state(mandate=mandate, day=day + timedelta(days=1))
    assert found.is_valid or not later.is_valid


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ({"reference": "OLD-1"}, Amendment(original_reference="OLD-1")),
        (
            {"creditor_identifier": "DE09ZZZ00000000001"},
            Amendment(original_creditor_identifier="DE09ZZZ00000000001"),
        ),
        ({"creditor_name": "Vorgänger"}, Amendment(original_creditor_name="Vorgänger")),
        ({"iban": SAME_BANK}, Amendment(original_iban=SAME_BANK)),
        ({"iban": OTHER_BANK}, Amendment(same_mandate_new_account=True)),
        ({"iban": AUSTRIAN}, Amendment(same_mandate_new_account=True)),
        (
            {"reference": "OLD-1", "creditor_name": "Vorgänger", "iban": OTHER_BANK},
            Amendment(
                original_reference="OLD-1",
                original_creditor_name="Vorgänger",
                same_mandate_new_account=True,
            ),
        ),
        # Only the business code differs: the same creditor.
        ({"creditor_identifier": "DE98ABC09999999999"}, None),
        # Another mandate, which starts anew.
        ({"scheme": Scheme.B2B, "iban": OTHER_BANK}, None),
        ({}, None),
    ],
)
def test_what_the_next_debit_tells(before: dict[str, Any], expected: Amendment | None) -> None:
    last_accepted = replace(STATE, **before)
    assert find_amendment(last_accepted=last_accepted, now=STATE) == expected


def test_accounts_abroad_are_not_told_though_their_numbers_are_alike() -> None:
    before, now = replace(STATE, iban=AUSTRIAN), replace(STATE, iban=OTHER_AUSTRIAN)
    assert find_amendment(last_accepted=before, now=now) == Amendment(same_mandate_new_account=True)


def test_a_first_debit_amends_nothing() -> None:
    assert find_amendment(last_accepted=None, now=STATE) is None
