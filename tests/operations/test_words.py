"""Every code that can reach a user has words."""

import re
from pathlib import Path

from billing.exports import sepa_rules
from billing.exports.sepa_check import Finding
from billing.exports.sepa_rules import DebitCheck
from billing.words import describe_finding

_PARAMS = dict.fromkeys(
    ("due", "submit_by", "expected", "given", "amount", "signed_on", "country"), "x"
)


def test_every_finding_of_the_bank_rules_has_words() -> None:
    told = set(re.findall(r"`([a-z_]+)`", DebitCheck.__doc__ or "")) - {"reason"}
    raised = set(re.findall(r'Finding\(\s*"([a-z_]+)"', Path(sepa_rules.__file__).read_text()))
    assert len(told) > 20
    assert raised <= told
    for code in told:
        text = describe_finding(Finding(code, "AB-1", _PARAMS))
        assert text.startswith("AB-1: ")
        assert text != f"AB-1: {code}"
