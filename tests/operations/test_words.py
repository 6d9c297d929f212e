"""Every code that can reach a user has words."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from billing import words
from billing.exports import sepa_rules, sepa_transfer_rules
from billing.exports.sepa_amendment_rules import check_amendment
from billing.exports.sepa_check import Finding
from billing.exports.sepa_rules import DebitCheck
from billing.exports.sepa_transfer_rules import TransferCheck
from billing.facts.recovery import RecoveryMode, ReturnCode
from billing.operations.payout_returns import UnableToReturn
from billing.operations.payouts import UnableToPay
from billing.operations.recoveries import UnableToRecover
from billing.queries.payouts import WaitReason
from billing.words import describe_finding, describe_transfer_finding

_PARAMS = dict.fromkeys(
    ("due", "submit_by", "expected", "given", "amount", "signed_on", "country", "day", "count",
     "open", "number"), "x"
)  # fmt: skip


# Why an identifier is wrong, in the parameters of findings.
_REASONS = {"reason", "not_stored_form", "unchanged", "empty"}


@pytest.mark.parametrize(
    ("check", "module", "describe"),
    [
        (DebitCheck, sepa_rules, describe_finding),
        (TransferCheck, sepa_transfer_rules, describe_transfer_finding),
    ],
)
def test_every_finding_of_the_bank_rules_has_words(
    check: type[Any], module: Any, describe: Callable[[Finding], str]
) -> None:
    documented = (check.__doc__ or "").replace("`check_amendment`", check_amendment.__doc__ or "")
    told = set(re.findall(r"`([a-z_]+)`", documented)) - _REASONS
    raised = set(re.findall(r'Finding\(\s*"([a-z_]+)"', Path(module.__file__).read_text()))
    assert len(told) > 18
    assert raised <= told
    for code in told:
        text = describe(Finding(code, "AB-1", _PARAMS))
        assert text.startswith("AB-1: ")
        assert text != f"AB-1: {code}"


@pytest.mark.parametrize(
    ("error", "describe"),
    [
        (UnableToPay, words.describe_pay_refusal),
        (UnableToReturn, words.describe_return_refusal),
        (UnableToRecover, words.describe_recover_refusal),
    ],
)
def test_every_refusal_of_payouts_has_words(
    error: type[Exception], describe: Callable[[str, dict[str, str]], str]
) -> None:
    codes = set(re.findall(r"\b[A-Z]{2,}(?:_[A-Z]+)*\b", error.__doc__ or "")) - {"EUR"}
    assert len(codes) > 4
    assert all(describe(code, _PARAMS) != code for code in codes)


def test_every_value_of_payouts_has_words() -> None:
    assert all(map(words.describe_wait, WaitReason))
    assert all(map(words.describe_recovery_mode, RecoveryMode))
    assert len(set(map(words.describe_return_code, ReturnCode))) == len(ReturnCode)
