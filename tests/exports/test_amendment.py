"""Debits that tell what changed in their mandates."""

import os
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from billing.exports.pain008 import write_debit_file
from billing.exports.pain008_check import NAMESPACE, read_control, validate_against_schema
from billing.exports.sepa_check import Finding
from billing.exports.sepa_rules import UnableToWriteDebitFile, check_debit_file
from billing.facts.debit import Amendment, DebitFile, Sequence
from tests.exports.debit_samples import CREDITOR, MANDATE, make_debit, make_file, texts, write
from tests.mockbank import MockBank

GOLDEN = Path(__file__).parent / "golden" / "core-amendments.xml"

FORMER_IBAN = "DE72120300000000000001"
FORMER_CREDITOR = "DE09ZZZ00000000001"
KINDS = {
    "reference": Amendment(original_reference="ALT-0001"),
    "creditor_identifier": Amendment(original_creditor_identifier=FORMER_CREDITOR),
    "creditor_name": Amendment(original_creditor_name="Müller & Söhne Versicherung"),
    "creditor": Amendment(
        original_creditor_identifier=FORMER_CREDITOR,
        original_creditor_name="Vorgängerleben AG",
    ),
    "account": Amendment(original_iban=FORMER_IBAN),
    "new_account": Amendment(same_mandate_new_account=True),
    "everything": Amendment(
        original_reference="ALT-0007",
        original_creditor_identifier=FORMER_CREDITOR,
        original_creditor_name="Vorgängerleben AG",
        same_mandate_new_account=True,
    ),
}


def make_amended(*amendments: Amendment | None, **changes: Any) -> DebitFile:
    debits = [make_debit(n, amendment=amendment) for n, amendment in enumerate(amendments, 1)]
    return make_file(debits, **changes)


def details_of(amendment: Amendment) -> str:
    """The mandate of a debit as it stands in the file, without names of spaces."""
    root = etree.fromstring(write(make_amended(amendment)))
    (mandate,) = root.iterfind(f".//{{{NAMESPACE}}}MndtRltdInf")
    return etree.tostring(mandate, encoding="unicode").replace(f' xmlns="{NAMESPACE}"', "")


def test_golden_file_of_every_kind() -> None:
    """The exact bytes. After a wanted change run with UPDATE_GOLDEN=1 and read the difference."""
    written = write(make_amended(*KINDS.values(), None))
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_bytes(written)
        pytest.fail(f"{GOLDEN.name} was written anew")
    assert written == GOLDEN.read_bytes()
    assert read_control(GOLDEN).payment_count == len(KINDS) + 1


def test_everything_in_the_order_of_the_schema() -> None:
    assert details_of(KINDS["everything"]) == (
        "<MndtRltdInf><MndtId>BAU-2026-0001</MndtId><DtOfSgntr>2026-11-02</DtOfSgntr>"
        "<AmdmntInd>true</AmdmntInd><AmdmntInfDtls><OrgnlMndtId>ALT-0007</OrgnlMndtId>"
        "<OrgnlCdtrSchmeId><Nm>Vorgaengerleben AG</Nm>"
        f"<Id><PrvtId><Othr><Id>{FORMER_CREDITOR}</Id>"
        "<SchmeNm><Prtry>SEPA</Prtry></SchmeNm></Othr></PrvtId></Id></OrgnlCdtrSchmeId>"
        "<OrgnlDbtrAcct><Id><Othr><Id>SMNDA</Id></Othr></Id></OrgnlDbtrAcct>"
        "</AmdmntInfDtls></MndtRltdInf>"
    )


def test_a_former_account_is_told_by_its_iban() -> None:
    assert details_of(KINDS["account"]).endswith(
        f"<AmdmntInfDtls><OrgnlDbtrAcct><Id><IBAN>{FORMER_IBAN}</IBAN></Id></OrgnlDbtrAcct>"
        "</AmdmntInfDtls></MndtRltdInf>"
    )


def test_only_the_debit_at_issue_is_amended() -> None:
    xml = write(make_amended(None, KINDS["new_account"], None))
    assert texts(xml, "AmdmntInd") == ["true"]
    assert texts(xml, "OrgnlDbtrAcct/Id/Othr/Id") == ["SMNDA"]


references = st.text("ABCXYZ0189+?:().,'-", min_size=1, max_size=35).filter(
    lambda text: text != "BAU-2026-0001"
)
ibans = (
    st.integers(1, 10**10 - 1)
    .map(lambda n: f"DE{98 - int(f'12030000{n:010d}131400') % 97:02d}12030000{n:010d}")
    .filter(lambda iban: iban != MANDATE.debtor_iban)
)
creditors = (
    st.integers(0, 10**11 - 1)
    .map(lambda n: f"DE{98 - int(f'{n:011d}131400') % 97:02d}ZZZ{n:011d}")
    .filter(lambda identifier: identifier != CREDITOR.identifier)
)


@st.composite
def amendments(draw: st.DrawFn) -> Amendment:
    """Any that a mandate of the samples can have."""
    iban = draw(st.none() | ibans)
    return Amendment(
        original_reference=draw(st.none() | references),
        original_creditor_identifier=draw(st.none() | creditors),
        original_creditor_name=draw(st.none() | st.text().map(lambda text: f"x{text}")),
        original_iban=iban,
        same_mandate_new_account=draw(st.booleans()) and iban is None,
    )


@settings(deadline=None)
@given(amendments())
def test_any_amendment_makes_a_valid_file(amendment: Amendment) -> None:
    file = make_amended(amendment)
    if amendment == Amendment():
        assert [finding.code for finding in check_debit_file(file)] == ["amendment_empty"]
        return
    xml = write(file)
    validate_against_schema(BytesIO(xml))
    told = {
        "OrgnlMndtId": amendment.original_reference,
        "OrgnlCdtrSchmeId/Id/PrvtId/Othr/Id": amendment.original_creditor_identifier,
        "OrgnlDbtrAcct/Id/IBAN": amendment.original_iban,
    }
    for path, value in told.items():
        assert texts(xml, path) == ([] if value is None else [value])
    named = amendment.original_creditor_name is not None
    assert len(texts(xml, "OrgnlCdtrSchmeId/Nm")) == named
    assert len(texts(xml, "OrgnlDbtrAcct/Id/Othr/Id")) == amendment.same_mandate_new_account


@pytest.mark.parametrize(
    ("amendment", "code", "params"),
    [
        (Amendment(), "amendment_empty", {}),
        (Amendment(original_reference="alt-1"), "original_reference", "not_stored_form"),
        (Amendment(original_reference="ALT 1"), "original_reference", "characters"),
        (Amendment(original_reference="A" * 36), "original_reference", "length"),
        (Amendment(original_reference="BAU-2026-0001"), "original_reference", "unchanged"),
        (
            Amendment(original_creditor_identifier="DE10ZZZ00000000001"),
            "original_creditor_identifier",
            "check_digits",
        ),
        (
            # Another business code: still the same creditor.
            Amendment(original_creditor_identifier="DE98ABC09999999999"),
            "original_creditor_identifier",
            "unchanged",
        ),
        (Amendment(original_creditor_name="…"), "original_creditor_name", "empty"),
        (
            Amendment(original_creditor_name="Musterleben  Versicherung AG"),
            "original_creditor_name",
            "unchanged",
        ),
        (Amendment(original_iban=FORMER_IBAN[:-1] + "2"), "original_iban", "check_digits"),
        (Amendment(original_iban=MANDATE.debtor_iban), "original_iban", "unchanged"),
        (
            Amendment(original_iban=FORMER_IBAN, same_mandate_new_account=True),
            "original_account_twice",
            {},
        ),
    ],
)
def test_broken_rules_of_an_amendment(
    amendment: Amendment, code: str, params: str | dict[str, str]
) -> None:
    reason = {"reason": params} if isinstance(params, str) else params
    file = make_amended(amendment)
    expected = [Finding(code, "BU-2026-000001", reason)]
    assert check_debit_file(file) == expected
    target = BytesIO()
    with pytest.raises(UnableToWriteDebitFile) as refused:
        write_debit_file(file=file, target=target)
    assert target.getvalue() == b""
    assert FORMER_IBAN[:10] not in str(refused.value)


def test_a_mandate_for_one_debit_is_not_amended() -> None:
    file = make_amended(KINDS["new_account"], sequence=Sequence.OOFF)
    assert check_debit_file(file) == [Finding("amendment_of_one_off", "BU-2026-000001")]
    assert texts(write(make_file(sequence=Sequence.OOFF)), "SeqTp") == ["OOFF"]


def test_how_the_bank_books_is_asked_of_it() -> None:
    assert texts(write(make_file(batch_booking=False)), "BtchBookg") == ["false"]
    assert texts(write(make_file(batch_booking=True)), "BtchBookg") == ["true"]


def test_a_bank_takes_every_kind(mock_bank: MockBank) -> None:
    mock_bank.open_account(iban=CREDITOR.iban, name=CREDITOR.name)
    reply = mock_bank.submit(GOLDEN.read_bytes())
    assert (reply.status, reply.body["status"]) == (202, "ACCP")
    # This bank reads past the details, which it does not know; it has no other remark.
    findings = reply.body["findings"]
    assert {finding["level"] for finding in findings} == {"warning"}
    assert all("AmdmntInfDtls" in finding["text"] for finding in findings)
    assert len(mock_bank.collections()) == len(KINDS) + 1
