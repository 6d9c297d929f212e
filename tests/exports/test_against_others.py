"""Our files before independent judges: another generator and another bank."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from sepaxml import SepaDD

from billing.exports.pain008_check import NAMESPACE
from billing.facts.debit import Debit, DebitFile
from tests.exports.debit_samples import CREDITOR, make_debit, make_file, texts, write
from tests.mockbank import MockBank

COMPARED = (
    "GrpHdr/NbOfTxs",
    "GrpHdr/CtrlSum",
    "PmtInf/PmtMtd",
    "PmtInf/BtchBookg",
    "PmtInf/NbOfTxs",
    "PmtInf/CtrlSum",
    "PmtTpInf/SvcLvl/Cd",
    "PmtTpInf/LclInstrm/Cd",
    "PmtTpInf/SeqTp",
    "PmtInf/ReqdColltnDt",
    "Cdtr/Nm",
    "CdtrAcct/Id/IBAN",
    "CdtrAgt/FinInstnId/BICFI",
    "PmtInf/ChrgBr",
    "CdtrSchmeId/Id/PrvtId/Othr/Id",
    "CdtrSchmeId/Id/PrvtId/Othr/SchmeNm/Prtry",
    "PmtId/EndToEndId",
    "InstdAmt",
    "MndtRltdInf/MndtId",
    "MndtRltdInf/DtOfSgntr",
    "DbtrAgt/FinInstnId/Othr/Id",
    "DbtrAgt/FinInstnId/BICFI",
    "Dbtr/Nm",
    "DbtrAcct/Id/IBAN",
    "RmtInf/Ustrd",
)


def written_by_sepaxml(file: DebitFile, debits: list[Debit]) -> bytes:
    generator = SepaDD(
        {
            "name": file.creditor.name,
            "IBAN": file.creditor.iban,
            "BIC": file.creditor.bic,
            "batch": True,
            "creditor_id": file.creditor.identifier,
            "currency": "EUR",
            "instrument": file.scheme.value,
            "msg_id": file.message_id,
        },
        schema="pain.008.001.08",
    )
    for debit in debits:
        payment = {
            "name": debit.mandate.debtor_name,
            "IBAN": debit.mandate.debtor_iban,
            "amount": int(debit.amount * 100),
            "type": "RCUR",
            "collection_date": file.due_date,
            "mandate_id": debit.mandate.reference,
            "mandate_date": debit.mandate.signed_on,
            "description": debit.remittance,
            "endtoend_id": debit.end_to_end_id,
        }
        bic = {} if debit.mandate.debtor_bic is None else {"BIC": debit.mandate.debtor_bic}
        generator.add_payment(payment | bic)
    exported: bytes = generator.export(validate=False)
    return exported


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.decimals(Decimal("0.01"), Decimal("99999.99"), places=2),
            st.sampled_from([None, "BYLADEM1001"]),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_another_generator_says_the_same(rows: list[tuple[Decimal, str | None]]) -> None:
    # Without umlauts: sepaxml would write "Haarschon".
    debits = [
        make_debit(number, amount=amount, debtor_bic=bic, debtor_name=f"Haarschoen {number}")
        for number, (amount, bic) in enumerate(rows, start=1)
    ]
    file = make_file(debits)
    ours, theirs = write(file), written_by_sepaxml(file, debits)
    for path in COMPARED:
        assert texts(ours, path) == texts(theirs, path), path


@pytest.fixture
def creditor_bank(mock_bank: MockBank) -> MockBank:
    mock_bank.open_account(iban=CREDITOR.iban, name=CREDITOR.name)
    return mock_bank


def status_of(report: str) -> tuple[list[str | None], list[str | None]]:
    """Group status and transaction statuses of a pain.002."""
    root = etree.fromstring(report.encode())
    return (
        [element.text for element in root.iterfind(".//{*}GrpSts")],
        [element.text for element in root.iterfind(".//{*}TxSts")],
    )


def test_a_bank_accepts_the_golden_file(creditor_bank: MockBank) -> None:
    golden = Path(__file__).parent / "golden" / "core-three-employers.xml"
    reply = creditor_bank.submit(golden.read_bytes())
    assert (reply.status, reply.body["status"], reply.body["findings"]) == (202, "ACCP", [])

    (report,) = creditor_bank.messages("pain.002.001.10")
    assert status_of(report) == (["ACCP"], ["ACCP"] * 3)
    collections = creditor_bank.collections()
    assert sum(row["amount"] for row in collections.values()) == 624570
    assert (
        collections["BU-2026-000001"]
        | {
            "amount": 7670,
            "currency": "EUR",
            "debtor_name": "Haarschoen",
            "debtor_iban": "DE02120300000000202051",
            "mandate_id": "BAU-2026-0001",
            "mandate_signed": "2026-11-02",
            "sequence_type": "RCUR",
            "creditor_scheme_id": "DE98ZZZ09999999999",
            "collection_date": "2026-12-28",
            "settlement_date": "2026-12-28",
        }
        == collections["BU-2026-000001"]
    )


def test_the_bank_credits_what_was_collected(creditor_bank: MockBank) -> None:
    creditor_bank.submit(write(make_file((make_debit(1), make_debit(2)))))
    assert creditor_bank.advance(days=28).status == 200
    notifications = creditor_bank.messages("camt.054")
    booked = [etree.fromstring(text.encode()) for text in notifications]
    ids = [e.text for root in booked for e in root.iterfind(".//{*}EndToEndId")]
    assert sorted(ids, key=str) == ["BU-2026-000001", "BU-2026-000002"]


def test_a_debit_can_come_back(creditor_bank: MockBank) -> None:
    creditor_bank.submit(write(make_file((make_debit(1), make_debit(2)))))
    assert creditor_bank.refuse("BU-2026-000002", reason="MD01").status == 200
    _, refusal = creditor_bank.messages("pain.002.001.10")
    assert "MD01" in refusal
    assert creditor_bank.collections()["BU-2026-000001"]["status"] == "accepted"


def test_a_bank_refuses_the_same_message_twice(creditor_bank: MockBank) -> None:
    file = write(make_file())
    assert creditor_bank.submit(file).status == 202
    again = creditor_bank.submit(file)
    assert (again.status, again.body["reason"]) == (422, "DUPL")


def test_a_bank_refuses_the_retired_version(creditor_bank: MockBank) -> None:
    file = write(make_file()).replace(NAMESPACE.encode(), NAMESPACE[:-2].encode() + b"02")
    reply = creditor_bank.submit(file)
    assert (reply.status, reply.body["status"], reply.body["reason"]) == (422, "RJCT", "FF01")
    assert creditor_bank.collections() == {}
