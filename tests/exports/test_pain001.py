import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from sepaxml import SepaTransfer

from billing.exports.pain001 import write_transfer_file
from billing.exports.pain001_check import (
    NAMESPACE,
    UnableToAcceptTransferFile,
    read_control,
    validate_against_schema,
)
from billing.exports.sepa_check import Finding
from billing.exports.sepa_transfer_rules import UnableToWriteTransferFile, check_transfer_file
from billing.facts.transfer import Transfer, TransferFile
from tests.exports.transfer_samples import DEBTOR, make_file, make_transfer, texts, write
from tests.mockbank import MockBank

GOLDEN = Path(__file__).parent / "golden" / "payouts-three-people.xml"
AMOUNTS = st.decimals(Decimal("0.01"), Decimal("999999999.99"), places=2)


def three_people() -> TransferFile:
    """A full month, a part of one to a foreign account, and two months to a named bank."""
    return make_file(
        (
            make_transfer(1),
            make_transfer(
                2, amount=Decimal("123.33"), name="Jörg Groß", iban="AT611904300234573201"
            ),
            make_transfer(
                3,
                amount=Decimal("600.00"),
                name="Elif Çelik",
                iban="DE02100500000054540402",
                bic="BELADEBEXXX",
                remittance="Leistung 10/2026-11/2026 Vertrag GV-2026-0001",
            ),
        )
    )


def test_golden_file() -> None:
    """The exact bytes. After a wanted change run with UPDATE_GOLDEN=1 and read the difference."""
    written = write(three_people())
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_bytes(written)
        pytest.fail(f"{GOLDEN.name} was written anew")
    assert written == GOLDEN.read_bytes() == write(three_people())
    validate_against_schema(GOLDEN)
    assert read_control(GOLDEN) == (3, Decimal("1023.33"), Decimal("1023.33"))


def test_what_german_banks_expect() -> None:
    xml = write(three_people())
    assert xml.count(b"xmlns") == 1
    expected: dict[str, list[str]] = {
        "GrpHdr/MsgId": ["BAU-L-20261228-0001"],
        "GrpHdr/CreDtTm": ["2026-12-21T09:30:00"],
        "GrpHdr/NbOfTxs": ["3"],
        "GrpHdr/CtrlSum": ["1023.33"],
        "PmtInf/PmtInfId": ["BAU-L-20261228-0001"],
        "PmtInf/PmtMtd": ["TRF"],
        "PmtInf/BtchBookg": ["true"],
        "PmtInf/CtrlSum": ["1023.33"],
        "PmtTpInf/SvcLvl/Cd": ["SEPA"],
        "PmtInf/ReqdExctnDt/Dt": ["2026-12-28"],
        "Dbtr/Nm": ["Musterleben Versicherung AG"],
        "DbtrAcct/Id/IBAN": ["DE89370400440532013000"],
        "DbtrAgt/FinInstnId/BICFI": ["COBADEFFXXX"],
        "PmtInf/ChrgBr": ["SLEV"],
        "PmtId/EndToEndId": [f"BAU-L-20261228-00000{number}" for number in (1, 2, 3)],
        "Amt/InstdAmt": ["300.00", "123.33", "600.00"],
        "CdtrAgt/FinInstnId/BICFI": ["BELADEBEXXX"],
        "Cdtr/Nm": ["Zoe Mueller", "Joerg Gross", "Elif Celik"],
        "RmtInf/Ustrd": [
            "Leistung 11/2026 Vertrag GV-2026-0001",
            "Leistung 11/2026 Vertrag GV-2026-0001",
            "Leistung 10/2026-11/2026 Vertrag GV-2026-0001",
        ],
        "PstlAdr": [],
        "Strd": [],
    }
    assert {path: texts(xml, path) for path in expected} == expected
    amounts = etree.fromstring(xml).iterfind(f".//{{{NAMESPACE}}}InstdAmt")
    assert {amount.get("Ccy") for amount in amounts} == {"EUR"}
    without = write(make_file(debtor=replace(DEBTOR, bic=None)))
    assert texts(without, "DbtrAgt/FinInstnId/Othr/Id") == ["NOTPROVIDED"]


def test_transfers_are_read_once_as_a_stream() -> None:
    asked = 0

    def stream() -> Iterator[Transfer]:
        nonlocal asked
        for number in range(1, 2001):
            asked += 1
            yield make_transfer(number, amount=Decimal("0.35"))

    file = replace(make_file(), transfers=stream(), count=2000, control_sum=Decimal("700.00"))
    target = BytesIO()
    write_transfer_file(file=file, target=target)
    assert asked == 2000
    assert read_control(BytesIO(target.getvalue())).payment_count == 2000


@pytest.mark.parametrize(
    ("changes", "code", "params"),
    [
        ({"message_id": "BAU 1"}, "message_id", {"reason": "characters"}),
        ({"debtor": replace(DEBTOR, name="...")}, "payer_name", {}),
        (
            {"debtor": replace(DEBTOR, iban="DE89370400440532013001")},
            "payer_iban",
            {"reason": "check_digits"},
        ),
        ({"debtor": replace(DEBTOR, bic="COBA")}, "payer_bic", {}),
        ({"execution_date": date(2026, 12, 25)}, "execution_closed", {"day": "2026-12-25"}),
        (
            {"created_at": datetime(2026, 12, 29)},  # noqa: DTZ001 - local time
            "execution_past",
            {"day": "2026-12-28"},
        ),
        ({"count": 2}, "count", {"expected": 2, "given": 1}),
        (
            {"control_sum": Decimal("1.00")},
            "control_sum",
            {"expected": "1.00", "given": "300.00"},
        ),
    ],
)
def test_rules_of_the_file(changes: dict[str, Any], code: str, params: dict[str, Any]) -> None:
    assert_refused(make_file(**changes), Finding(code, params=params))


@pytest.mark.parametrize(
    ("changes", "code", "params"),
    [
        ({"amount": Decimal("0")}, "amount_range", {"amount": "0"}),
        ({"amount": Decimal("1.005")}, "amount_decimals", {"amount": "1.005"}),
        ({"name": "???"}, "payee_name", {}),
        ({"iban": "DE02120300000000202052"}, "payee_iban", {"reason": "check_digits"}),
        (
            {"iban": "TR330006100519786457841326"},
            "payee_outside_sepa",
            {"country": "TR"},
        ),
        ({"iban": "CH9300762011623852957"}, "payee_bic_needed", {"country": "CH"}),
        ({"bic": "bela"}, "payee_bic", {}),
        ({"remittance": " "}, "remittance_empty", {}),
    ],
)
def test_rules_of_a_transfer(changes: dict[str, Any], code: str, params: dict[str, Any]) -> None:
    transfer = make_transfer(7, **changes)
    assert_refused(make_file((transfer,)), Finding(code, transfer.end_to_end_id, params))


def assert_refused(file: TransferFile, expected: Finding) -> None:
    """The rules find exactly this, and the writer leaves its target untouched."""
    assert check_transfer_file(file) == [expected]
    target = BytesIO()
    with pytest.raises(UnableToWriteTransferFile) as refused:
        write_transfer_file(file=file, target=target)
    assert refused.value.findings == (expected,)
    assert target.getvalue() == b""
    assert "0300000000202052" not in repr(refused.value)


def test_other_accounts_and_files() -> None:
    swiss = make_transfer(1, iban="CH9300762011623852957", bic="POFICHBEXXX")
    assert check_transfer_file(make_file((swiss,))) == []
    assert check_transfer_file(make_file((make_transfer(1), make_transfer(1)))) == [
        Finding("end_to_end_id_twice", "BAU-L-20261228-000001")
    ]
    assert check_transfer_file(make_file(())) == [Finding("no_transfers")]


@pytest.mark.parametrize("version", [b"pain.001.001.03", b"pain.001.003.03"])
def test_retired_versions_are_refused_by_name(version: bytes) -> None:
    old = write(make_file()).replace(b"pain.001.001.09", version)
    with pytest.raises(UnableToAcceptTransferFile) as refused:
        validate_against_schema(BytesIO(old))
    assert refused.value.code == "version_retired"


@settings(deadline=None, max_examples=40)
@given(st.lists(AMOUNTS, min_size=1, max_size=20), st.text(), st.text())
def test_any_amounts_names_and_texts(amounts: list[Decimal], name: str, text: str) -> None:
    transfers = [
        make_transfer(number, amount=amount, name=f"x{name}", remittance=f"7{text}")
        for number, amount in enumerate(amounts, start=1)
    ]
    control = read_control(BytesIO(write(make_file(transfers))))
    assert control == (len(amounts), sum(amounts), sum(amounts))


def test_another_generator_says_the_same() -> None:
    file = three_people()
    generator = SepaTransfer(
        {
            "name": file.debtor.name,
            "IBAN": file.debtor.iban,
            "BIC": file.debtor.bic,
            "batch": True,
            "currency": "EUR",
            "msg_id": file.message_id,
        },
        schema="pain.001.001.09",
    )
    # Without umlauts: sepaxml would write "Zoe Muller".
    transfers = [replace(t, name=f"Person {n}") for n, t in enumerate(file.transfers)]
    for transfer in transfers:
        payment = {
            "name": transfer.name,
            "IBAN": transfer.iban,
            "amount": int(transfer.amount * 100),
            "execution_date": file.execution_date,
            "description": transfer.remittance,
            "endtoend_id": transfer.end_to_end_id,
        }
        generator.add_payment(payment | ({"BIC": transfer.bic} if transfer.bic else {}))
    theirs: bytes = generator.export(validate=True)
    ours = write(replace(file, transfers=transfers))
    assert said(ours) == said(theirs)


def said(xml: bytes) -> list[tuple[str, str | None]]:
    """Every text with the name of its element, but for what a generator makes up itself."""
    made_up = {"MsgId", "PmtInfId", "CreDtTm"}
    found = [(etree.QName(e).localname, e.text) for e in etree.fromstring(xml).iter()]
    return [(name, text) for name, text in found if text and text.strip() and name not in made_up]


def test_a_bank_takes_the_golden_file_and_pays(mock_bank: MockBank) -> None:
    mock_bank.open_account(iban=DEBTOR.iban, name=DEBTOR.name)
    reply = mock_bank.submit(GOLDEN.read_bytes())
    assert (reply.status, reply.body["status"], reply.body["findings"]) == (202, "ACCP", [])
    (report,) = mock_bank.messages("pain.002.001.10")
    assert report.count("<TxSts>ACCP") == 3
    mock_bank.advance(days=28)
    (notification,) = mock_bank.messages("camt.054")
    booked = etree.fromstring(notification.encode())
    assert sorted(str(e.text) for e in booked.iterfind(".//{*}EndToEndId")) == [
        f"BAU-L-20261228-00000{number}" for number in (1, 2, 3)
    ]
    again = mock_bank.submit(GOLDEN.read_bytes())
    assert (again.status, again.body["reason"]) == (422, "DUPL")
