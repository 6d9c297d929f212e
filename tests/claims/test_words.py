"""Every code of claims has words in both languages, and no error says nothing."""

import ast
from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from claims import words
from claims.facts import (
    CertificateSource,
    Channel,
    CheckCode,
    CheckResult,
    ClaimStatus,
    DayState,
    DecisionKind,
    Finding,
    LeaveEnd,
    ReasonCode,
)
from claims.models import REASON_WORDS, Claim, Decision, DocumentRequest
from claims.operations.decisions import UnableToDecide
from claims.operations.links import UnableToOpen
from claims.operations.notes import UnableToNote
from claims.words.errors import error_texts
from members.facts import EndReason
from tests.house.source import PROJECT

# Raised inside of a process of its own, and told as another error outside.
_INNER = frozenset({"UnableToUse", "UnableToUnseal"})


def _list_raised() -> set[tuple[str, str]]:
    """Every `UnableTo...("CODE")` of claims, as (class, code)."""
    return {
        (node.func.id, str(node.args[0].value))
        for path in (PROJECT / "claims").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id.startswith("UnableTo")
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }


def test_every_error_that_is_raised_has_words() -> None:
    known = error_texts()
    raised = {(name, code) for name, code in _list_raised() if name not in _INNER}
    assert len(raised) > 80
    missing = [pair for pair in raised if pair[1] not in known and " ".join(pair) not in known]
    assert sorted(missing) == []


def test_errors_say_days_amounts_checks_and_times_as_people_write_them() -> None:
    outside = UnableToDecide("DAY_OUTSIDE", first="2026-02-12", last="2026-05-31")
    assert "12.02.2026 und dem 31.05.2026" in words.describe_error(outside)
    changed = UnableToDecide("EFFECT_CHANGED", amount="1083.16")
    assert "1.083,16 €" in words.describe_error(changed)
    open_checks = UnableToDecide("CHECK_OPEN", checks="NO_GAP, WITHIN_LIMIT")
    assert "Nachweis ohne Lücke, Höchstdauer" in words.describe_error(open_checks)
    locked = UnableToOpen("LOCKED", until=datetime(2026, 5, 4, 7, 30, tzinfo=UTC))
    assert "ab 09:30 Uhr" in words.describe_error(locked)
    assert "medizinischen Notizen" in words.describe_error(UnableToNote("MEDICAL_TEXT"))
    assert "medizinischen Notizen" not in words.describe_error(UnableToDecide("MEDICAL_TEXT"))


def test_an_error_without_words_or_without_its_parameter_still_reads_well() -> None:
    assert words.describe_error(ValueError("AU wegen X")) == (
        "Das geht so nicht. Bitte prüfen Sie die Angaben."
    )
    assert "zwischen dem – und" in words.describe_error(UnableToDecide("DAY_OUTSIDE"))


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_value_has_words(language: str) -> None:
    with translation.override(language):
        said = [
            *(words.describe_day(state) for state in DayState),
            *(words.explain_day(state) for state in DayState),
            *(words.describe_leave_end(end) for end in LeaveEnd),
            *(words.describe_cover_end(reason.value) for reason in EndReason),
            *(words.describe_reason(code) for code in ReasonCode),
            *(words.explain_reason(code) for code in ReasonCode),
            *(words.describe_status(status) for status in ClaimStatus),
            *(words.describe_decision(kind) for kind in DecisionKind),
            *(words.describe_channel(channel) for channel in Channel),
            *(words.describe_source(source) for source in CertificateSource),
            *(words.describe_finding(finding) for finding in Finding),
            *(words.name_check(code) for code in CheckCode),
            *(
                words.describe_check(CheckResult(code, finding, (date(2026, 5, 4),)))
                for code in CheckCode
                for finding in Finding
            ),
            *(words.describe_request(kind) for kind in DocumentRequest.Kind.values),
        ]
    assert all(said)
    assert words.describe_leave_end(None) == ""


def test_the_words_of_pages_are_those_of_the_tables() -> None:
    statuses = dict(Claim._meta.get_field("status").choices or ())
    assert {words.describe_status(ClaimStatus(key)): text for key, text in statuses.items()} == {
        text: text for text in statuses.values()
    }
    kinds = dict(Decision._meta.get_field("kind").choices or ())
    assert [words.describe_decision(DecisionKind(key)) for key in kinds] == list(kinds.values())
    assert [words.describe_reason(code) for code in REASON_WORDS] == list(REASON_WORDS.values())


def test_an_exclusion_is_told_as_agreed_on_the_day() -> None:
    day = date(2026, 5, 4)
    text = words.explain_exclusion("DRUNKENNESS", "bau-2016", day)
    assert "Trunkenheit" in text
    with translation.override("en"):
        assert "drunkenness" in words.explain_exclusion("DRUNKENNESS", "bau-2016", day)
    assert words.explain_exclusion("NOTHING", "bau-2016", day) == ""
    assert all(evidence for _code, _text, evidence in words.list_exclusions("bau-2016", day))


def test_a_cause_tells_why_cover_ended_and_never_what_was_excluded() -> None:
    retired = words.describe_row_cause(DayState.COVER_ENDED, "RETIREMENT_AGE")
    assert "§§ 35, 235 SGB VI" in retired
    excluded = words.describe_row_cause(DayState.EXCLUDED, "DRUNKENNESS")
    assert excluded == words.explain_day(DayState.EXCLUDED)
    assert "DRUNKENNESS" not in words.counter_words().causes


def test_days_are_written_in_the_language_of_the_reader() -> None:
    result = CheckResult(CheckCode.WITHIN_LIMIT, Finding.ATTENTION, (date(2026, 5, 4),))
    assert "(04.05.2026)" in words.describe_check(result)
    with translation.override("en"):
        assert "(4 May 2026)" in words.describe_check(result)
        assert words.counter_words().write_tick(date(2026, 5, 4)) == "4\u00a0May"


def test_a_check_tells_stretches_and_when_cover_was_reported() -> None:
    first, last = date(2026, 5, 4), date(2026, 5, 8)
    gaps = CheckResult(CheckCode.NO_GAP, Finding.ATTENTION, (first, last, last, last))
    assert "(04.05.2026 bis 08.05.2026, 08.05.2026)" in words.describe_check(gaps)
    joined = CheckResult(CheckCode.JOINED_IN_TIME, Finding.ATTENTION, (first, last))
    assert "(Schutz ab 04.05.2026, gemeldet am 08.05.2026)" in words.describe_check(joined)
