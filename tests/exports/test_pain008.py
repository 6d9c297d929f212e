import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from billing.exports.pain008 import write_debit_file
from billing.exports.pain008_check import (
    NAMESPACE,
    UnableToAcceptDebitFile,
    read_control,
    validate_against_schema,
)
from billing.facts.debit import Debit, DebitFile, Scheme
from tests.exports.debit_samples import CREDITOR, make_debit, make_file, texts, write

GOLDEN = Path(__file__).parent / "golden"

AMOUNTS = st.decimals(Decimal("0.01"), Decimal("999999999.99"), places=2)


def three_employers() -> DebitFile:
    """What the demonstration collects: a salon, a car dealer and a factory."""
    return make_file(
        (
            make_debit(1, amount=Decimal("76.70"), debtor_name="Haarschön"),
            make_debit(
                2,
                amount=Decimal("249.00"),
                debtor_name="Autohaus Fahrspaß GmbH",
                debtor_iban="DE02500105170137075030",
            ),
            make_debit(
                3,
                amount=Decimal("5920.00"),
                debtor_name="Luftdruck AG",
                debtor_iban="DE02100500000054540402",
                debtor_bic="BELADEBEXXX",
            ),
        )
    )


def company_debits() -> DebitFile:
    """B2B, with everything that is optional and texts too long for their fields."""
    debit = make_debit(
        1,
        scheme=Scheme.B2B,
        amount=Decimal("999999999.99"),
        debtor_name="Gesellschaft für Käse, Öl & „Süßes“ aus dem Großraum Köln-Düsseldorf mbH",
        debtor_iban="AT611904300234573201",
        debtor_bic="BKAUATWW",
        ultimate_debtor="Käse-Süd GmbH",
        remittance="Prämie " + "ä" * 140,
    )
    return make_file(
        (debit,),
        scheme=Scheme.B2B,
        created_at=datetime(2026, 12, 1, 9, 30, 15, 123456, tzinfo=timezone(timedelta(hours=1))),
    )


@pytest.mark.parametrize(
    ("name", "file"),
    [("core-three-employers", three_employers()), ("b2b-all-options", company_debits())],
)
def test_golden_files(name: str, file: DebitFile) -> None:
    """The exact bytes. After a wanted change run with UPDATE_GOLDEN=1 and read the difference."""
    path = GOLDEN / f"{name}.xml"
    written = write(file)
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_bytes(written)
        pytest.fail(f"{path.name} was written anew")
    assert written == path.read_bytes()
    validate_against_schema(path)


def test_same_facts_same_bytes() -> None:
    assert write(three_employers()) == write(three_employers())


def test_what_german_banks_expect_in_the_head() -> None:
    xml = write(three_employers())
    assert xml.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="')
    assert xml.count(b"xmlns") == 1
    expected = {
        "GrpHdr/MsgId": ["BAU-20261228-1"],
        "GrpHdr/CreDtTm": ["2026-12-01T09:30:00"],
        "GrpHdr/NbOfTxs": ["3"],
        "GrpHdr/CtrlSum": ["6245.70"],
        "GrpHdr/InitgPty/Nm": ["Musterleben Versicherung AG"],
        "PmtInf/PmtInfId": ["BAU-20261228-1"],
        "PmtInf/PmtMtd": ["DD"],
        "PmtInf/BtchBookg": ["true"],
        "PmtInf/NbOfTxs": ["3"],
        "PmtInf/CtrlSum": ["6245.70"],
        "PmtTpInf/SvcLvl/Cd": ["SEPA"],
        "PmtTpInf/LclInstrm/Cd": ["CORE"],
        "PmtTpInf/SeqTp": ["RCUR"],
        "PmtInf/ReqdColltnDt": ["2026-12-28"],
        "PmtInf/Cdtr/Nm": ["Musterleben Versicherung AG"],
        "CdtrAcct/Id/IBAN": ["DE89370400440532013000"],
        "CdtrAgt/FinInstnId/BICFI": ["COBADEFFXXX"],
        "PmtInf/ChrgBr": ["SLEV"],
        "CdtrSchmeId/Id/PrvtId/Othr/Id": ["DE98ZZZ09999999999"],
        "CdtrSchmeId/Id/PrvtId/Othr/SchmeNm/Prtry": ["SEPA"],
    }
    assert {path: texts(xml, path) for path in expected} == expected


def test_what_a_debit_says() -> None:
    xml = write(three_employers())
    text = "Beitrag betriebliche AU-Versicherung Dezember 2026, Vertrag BAU-0001"
    expected = {
        "PmtId/EndToEndId": ["BU-2026-000001", "BU-2026-000002", "BU-2026-000003"],
        "DrctDbtTxInf/InstdAmt": ["76.70", "249.00", "5920.00"],
        "MndtRltdInf/MndtId": ["BAU-2026-0001", "BAU-2026-0002", "BAU-2026-0003"],
        "MndtRltdInf/DtOfSgntr": ["2026-11-02"] * 3,
        "DbtrAgt/FinInstnId/Othr/Id": ["NOTPROVIDED", "NOTPROVIDED"],
        "DbtrAgt/FinInstnId/BICFI": ["BELADEBEXXX"],
        "Dbtr/Nm": ["Haarschoen", "Autohaus Fahrspass GmbH", "Luftdruck AG"],
        "DbtrAcct/Id/IBAN": [
            "DE02120300000000202051",
            "DE02500105170137075030",
            "DE02100500000054540402",
        ],
        "RmtInf/Ustrd": [text] * 3,
        "UltmtDbtr/Nm": [],
        "PstlAdr": [],
        "AmdmntInd": [],
    }
    assert {path: texts(xml, path) for path in expected} == expected
    amounts = etree.fromstring(xml).iterfind(f".//{{{NAMESPACE}}}InstdAmt")
    assert {amount.get("Ccy") for amount in amounts} == {"EUR"}


def test_options_of_a_company_debit() -> None:
    xml = write(company_debits())
    (name,) = texts(xml, "Dbtr/Nm")
    (remittance,) = texts(xml, "RmtInf/Ustrd")
    assert name == "Gesellschaft fuer Kaese, OEl + 'Suesses' aus dem Grossraum Koeln-Duess"
    assert remittance is not None
    assert (len(name or ""), len(remittance)) == (70, 140)
    assert texts(xml, "LclInstrm/Cd") == ["B2B"]
    assert texts(xml, "UltmtDbtr/Nm") == ["Kaese-Sued GmbH"]
    assert texts(xml, "GrpHdr/CreDtTm") == ["2026-12-01T09:30:15+01:00"]
    assert texts(xml, "InstdAmt") == ["999999999.99"]


def test_a_creditor_without_bic() -> None:
    xml = write(make_file(creditor=replace(CREDITOR, bic=None)))
    assert texts(xml, "CdtrAgt/FinInstnId/Othr/Id") == ["NOTPROVIDED"]


def test_debits_are_read_once_as_a_stream() -> None:
    asked = 0

    def stream() -> Iterator[Debit]:
        nonlocal asked
        for number in range(1, 2001):
            asked += 1
            yield make_debit(number, amount=Decimal("0.35"))

    file = replace(make_file(), debits=stream(), count=2000, control_sum=Decimal("700.00"))
    target = BytesIO()
    write_debit_file(file=file, target=target)
    assert asked == 2000
    assert read_control(BytesIO(target.getvalue())) == (2000, Decimal("700.00"), Decimal("700.00"))


@pytest.mark.parametrize(("amount", "written"), [("1E+2", "100.00"), ("76.7", "76.70")])
def test_amounts_are_written_with_two_decimals(amount: str, written: str) -> None:
    xml = write(make_file((make_debit(amount=Decimal(amount)),)))
    assert texts(xml, "InstdAmt") == texts(xml, "GrpHdr/CtrlSum") == [written]


def test_what_only_the_schema_notices_is_not_written_either() -> None:
    # The offset of Berlin's local mean time, which some time zone libraries hand out.
    created_at = datetime(2026, 12, 1, 9, tzinfo=timezone(timedelta(minutes=53, seconds=28)))
    target = BytesIO()
    with pytest.raises(UnableToAcceptDebitFile, match="CreDtTm"):
        write_debit_file(file=make_file(created_at=created_at), target=target)
    assert target.getvalue() == b""


def test_a_target_is_written_from_where_it_stands() -> None:
    target = BytesIO(b"before")
    target.seek(0, os.SEEK_END)
    write_debit_file(file=make_file(), target=target)
    assert target.getvalue() == b"before" + write(make_file())


@settings(deadline=None)
@given(st.lists(AMOUNTS, min_size=1, max_size=30))
def test_sum_of_debits_is_the_control_sum(amounts: list[Decimal]) -> None:
    debits = [make_debit(number, amount=amount) for number, amount in enumerate(amounts, start=1)]
    control = read_control(BytesIO(write(make_file(debits))))
    assert control.payment_count == len(amounts)
    assert control.control_sum == control.sum_of_amounts == sum(amounts)


@settings(deadline=None)
@given(name=st.text(), remittance=st.text())
def test_any_name_and_text_make_a_valid_file(name: str, remittance: str) -> None:
    file = make_file((make_debit(debtor_name=f"x{name}", remittance=f"7{remittance}"),))
    validate_against_schema(BytesIO(write(file)))


@pytest.mark.parametrize("day", [date(2026, 12, 28), date(2026, 12, 30)])
def test_one_due_date_to_a_file(day: date) -> None:
    assert texts(write(make_file(due_date=day)), "ReqdColltnDt") == [day.isoformat()]
