import re
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest

from billing.exports.pain008 import write_debit_file
from billing.exports.sepa_check import MOST_FINDINGS, Finding
from billing.exports.sepa_rules import UnableToWriteDebitFile, check_debit_file
from billing.facts.debit import DebitFile, Scheme
from tests.exports.debit_samples import CREDITOR, DEBIT, make_debit, make_file

SWISS_IBAN = "CH9300762011623852957"


def assert_refused(file: DebitFile, *expected: Finding) -> None:
    """The rules find exactly this, and the writer leaves its target untouched."""
    # The facts may hold their debits as a tuple, so both can read them.
    assert check_debit_file(file) == list(expected)
    target = BytesIO()
    with pytest.raises(UnableToWriteDebitFile) as refused:
        write_debit_file(file=file, target=target)
    assert refused.value.findings == expected
    assert target.getvalue() == b""


def test_a_sound_file_has_no_findings() -> None:
    assert check_debit_file(make_file()) == []


@pytest.mark.parametrize(
    ("changes", "code", "params"),
    [
        ({"message_id": ""}, "message_id", {"reason": "missing"}),
        ({"message_id": "x" * 36}, "message_id", {"reason": "length"}),
        ({"message_id": "BAU 1"}, "message_id", {"reason": "characters"}),
        ({"message_id": "BÄU-1"}, "message_id", {"reason": "characters"}),
        ({"message_id": "/BAU"}, "message_id", {"reason": "slash"}),
        ({"message_id": "BAU//1"}, "message_id", {"reason": "slash"}),
        ({"message_id": " BAU-1"}, "message_id", {"reason": "not_stored_form"}),
        ({"message_id": "BAU\x00"}, "message_id", {"reason": "characters"}),
        ({"count": 2}, "count", {"expected": 2, "given": 1}),
        (
            {"control_sum": Decimal("76.71")},
            "control_sum",
            {"expected": "76.71", "given": "76.70"},
        ),
    ],
)
def test_broken_rules_of_the_head(
    changes: dict[str, Any], code: str, params: dict[str, str | int]
) -> None:
    assert_refused(make_file(**changes), Finding(code, None, params))


@pytest.mark.parametrize("due", ["2026-12-25", "2026-12-26", "2026-12-27", "2027-01-01"])
def test_due_date_is_a_target_day(due: str) -> None:
    file = make_file(due_date=date.fromisoformat(due))
    assert_refused(file, Finding("due_date_closed", None, {"due": due}))


def test_the_file_reaches_the_bank_a_target_day_before() -> None:
    # Due on Monday 28 December: Christmas and the weekend leave the 24th.
    late = datetime(2026, 12, 25, 0, 0, tzinfo=timezone(timedelta(hours=1)))
    in_time = late - timedelta(minutes=1)
    assert check_debit_file(make_file(created_at=in_time)) == []
    assert_refused(
        make_file(created_at=late), Finding("due_too_soon", None, {"submit_by": "2026-12-24"})
    )


@pytest.mark.parametrize(
    ("changes", "code", "params"),
    [
        ({"name": ""}, "creditor_name", {}),
        ({"name": "北京"}, "creditor_name", {}),
        (
            {"identifier": "DE97ZZZ09999999999"},
            "creditor_identifier",
            {"reason": "check_digits"},
        ),
        ({"identifier": ""}, "creditor_identifier", {"reason": "missing"}),
        (
            {"identifier": "DE98 ZZZ09999999999"},
            "creditor_identifier",
            {"reason": "not_stored_form"},
        ),
        ({"iban": "DE89370400440532013001"}, "creditor_iban", {"reason": "check_digits"}),
        (
            {"iban": "DE89 3704 0044 0532 0130 00"},
            "creditor_iban",
            {"reason": "not_stored_form"},
        ),
        ({"bic": "COBADEF"}, "creditor_bic", {}),
        ({"bic": ""}, "creditor_bic", {}),
    ],
)
def test_broken_rules_of_the_creditor(
    changes: dict[str, Any], code: str, params: dict[str, str | int]
) -> None:
    assert_refused(make_file(creditor=replace(CREDITOR, **changes)), Finding(code, None, params))


@pytest.mark.parametrize(
    ("changes", "code", "params"),
    [
        ({"amount": Decimal("0.00")}, "amount_range", {"amount": "0.00"}),
        ({"amount": Decimal("-76.70")}, "amount_range", {"amount": "-76.70"}),
        ({"amount": Decimal("1000000000.00")}, "amount_range", {"amount": "1000000000.00"}),
        ({"amount": Decimal("0.005")}, "amount_range", {"amount": "0.005"}),
        ({"amount": Decimal("76.705")}, "amount_decimals", {"amount": "76.705"}),
        ({"debtor_name": ""}, "debtor_name", {}),
        ({"debtor_name": "\t\n"}, "debtor_name", {}),
        ({"debtor_name": "Ελλάς"}, "debtor_name", {}),
        ({"debtor_iban": "DE02120300000000202052"}, "debtor_iban", {"reason": "check_digits"}),
        ({"debtor_iban": "de02120300000000202051"}, "debtor_iban", {"reason": "not_stored_form"}),
        ({"debtor_iban": ""}, "debtor_iban", {"reason": "missing"}),
        ({"debtor_iban": SWISS_IBAN}, "debtor_outside_eea", {"country": "CH"}),
        ({"debtor_bic": "byladem1001"}, "debtor_bic", {}),
        ({"reference": ""}, "mandate_reference", {"reason": "missing"}),
        ({"reference": "x" * 36}, "mandate_reference", {"reason": "length"}),
        ({"reference": "BAU//1"}, "mandate_reference", {"reason": "slash"}),
        ({"reference": "BAU 1"}, "mandate_reference", {"reason": "characters"}),
        ({"reference": "bau-1"}, "mandate_reference", {"reason": "not_stored_form"}),
        (
            {"signed_on": date(2026, 12, 29)},
            "mandate_signed_after_due",
            {"signed_on": "2026-12-29"},
        ),
        ({"scheme": Scheme.B2B}, "scheme", {"expected": "CORE", "given": "B2B"}),
        ({"remittance": ""}, "remittance_empty", {}),
        ({"remittance": "…"}, "remittance_empty", {}),
        ({"ultimate_debtor": " "}, "ultimate_debtor_name", {}),
    ],
)
def test_broken_rules_of_a_debit_name_the_debit(
    changes: dict[str, Any], code: str, params: dict[str, str | int]
) -> None:
    file = make_file((make_debit(1), make_debit(2, **changes), make_debit(3)))
    assert_refused(file, Finding(code, "BU-2026-000002", params))


@pytest.mark.parametrize(
    ("end_to_end_id", "reason"),
    [
        ("", "missing"),
        ("x" * 36, "length"),
        ("BU 1", "characters"),
        ("BÜ-1", "characters"),
        ("BU\x01", "characters"),
        ("/BU-1", "slash"),
        ("BU-1/", "slash"),
        ("BU//1", "slash"),
        ("BU-1 ", "not_stored_form"),
    ],
)
def test_end_to_end_id(end_to_end_id: str, reason: str) -> None:
    file = make_file((make_debit(1, end_to_end_id=end_to_end_id),))
    assert_refused(file, Finding("end_to_end_id", end_to_end_id, {"reason": reason}))


def test_an_end_to_end_id_stands_once() -> None:
    file = make_file((make_debit(1), make_debit(2), make_debit(1)))
    assert_refused(file, Finding("end_to_end_id_twice", "BU-2026-000001"))


@pytest.mark.parametrize("amount", ["0.01", "999999999.99", "76.7", "1E+2"])
def test_amounts_at_the_edges_are_taken(amount: str) -> None:
    assert check_debit_file(make_file((make_debit(amount=Decimal(amount)),))) == []


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity"])
def test_an_amount_is_a_number(amount: str) -> None:
    file = make_file(
        (make_debit(1), make_debit(2, amount=Decimal(amount))), control_sum=Decimal("76.70")
    )
    assert_refused(file, Finding("amount_range", "BU-2026-000002", {"amount": amount}))


def test_a_mandate_may_be_signed_on_the_due_date() -> None:
    assert check_debit_file(make_file((make_debit(signed_on=date(2026, 12, 28)),))) == []


def test_a_file_of_b2b_debits_is_sound() -> None:
    file = make_file((make_debit(scheme=Scheme.B2B),), scheme=Scheme.B2B)
    assert check_debit_file(file) == []


def test_a_file_has_debits() -> None:
    assert_refused(make_file(()), Finding("no_debits"))


def test_every_broken_rule_is_told_at_once() -> None:
    wrong = make_debit(2, amount=Decimal("0"), debtor_name="", scheme=Scheme.B2B)
    file = make_file((make_debit(1), wrong), message_id="BAU 1", due_date=date(2026, 12, 25))
    codes = {(finding.code, finding.end_to_end_id) for finding in check_debit_file(file)}
    assert codes == {
        ("message_id", None),
        ("due_date_closed", None),
        ("amount_range", "BU-2026-000002"),
        ("debtor_name", "BU-2026-000002"),
        ("scheme", "BU-2026-000002"),
    }


def test_a_file_wrong_throughout_is_told_briefly() -> None:
    debits = [make_debit(number, debtor_name="") for number in range(1, 3 * MOST_FINDINGS)]
    findings = check_debit_file(make_file(debits))
    assert len(findings) == MOST_FINDINGS


def test_the_error_names_debits_but_no_accounts() -> None:
    wrong = make_debit(7, debtor_iban="DE02120300000000202052")
    with pytest.raises(UnableToWriteDebitFile) as refused:
        write_debit_file(file=make_file((wrong,)), target=BytesIO())
    assert str(refused.value) == "payment 'BU-2026-000007': debtor_iban (reason=check_digits)"
    assert not re.search(r"DE0212", repr(refused.value) + repr(refused.value.findings))


def test_findings_read_as_sentences_for_the_log() -> None:
    counts = Finding("count", params={"expected": 2, "given": 1})
    assert str(counts) == "file: count (expected=2, given=1)"
    assert (
        str(Finding("debtor_name", DEBIT.end_to_end_id)) == "payment 'BU-2026-000001': debtor_name"
    )
