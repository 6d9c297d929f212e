"""What banks say, in every version and packing that we read; damaged files give nothing."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import mockbank.schema
import pytest

from billing.facts.bank import (
    BankEntry,
    BankMessage,
    BankMessageKind,
    CreditDebit,
    PaymentStatus,
)
from billing.parsing.bank_files import UnableToReadBankFile, parse_bank_file, stream_bank_file
from tests.exports.debit_samples import CREDITOR, make_debit, make_file, write
from tests.mockbank import MockBank
from tests.parsing.bank_samples import (
    COLLECTED,
    OUR_IBAN,
    RECEIVED,
    THEIR_IBAN,
    make_entry,
    make_notification,
    make_ntfctn,
    make_party,
    make_report,
    make_return,
    make_statement,
    make_status,
    make_summary,
    make_transaction,
    pack,
)

RETURN = BankEntry(
    account_iban=OUR_IBAN,
    direction=CreditDebit.DEBIT,
    amount=Decimal("79.70"),
    original_amount=Decimal("76.70"),
    charges=Decimal("3.00"),
    booked_on=date(2026, 12, 21),
    value_on=date(2026, 12, 22),
    bank_reference="REF-1",
    entry_reference="",
    payment_information_id="BAU-1-1",
    message_id="BAU-1",
    batch_count=None,
    end_to_end_id="BU-2026-000001",
    mandate_reference="BAU-2026-0001",
    transaction_code="PMNT/IDDT/UPDD",
    reason_code="MS03",
    reason_text="sonstige Gründe",
    party_name="Haarschön",
    party_iban=THEIR_IBAN,
    remittance="Beitrag Dezember Vertrag BAU-0001",
    reversal=False,
    position="Ntfctn 1 / Ntry 1 / TxDtls 1",
)


def read_entries(content: bytes) -> list[BankEntry]:
    return [entry for message in parse_bank_file(content).messages for entry in message.entries]


@pytest.mark.parametrize("version", ["08", "02"])
def test_a_returned_debit_reads_the_same_in_both_versions(version: str) -> None:
    (message,) = parse_bank_file(make_notification(make_return(version), version=version)).messages
    assert message.entries == (RETURN,)
    assert message == BankMessage(
        kind=BankMessageKind.NOTIFICATION,
        version=f"camt.054.001.{version}",
        message_id="N-1",
        statement_id="1",
        created_at=datetime(2026, 12, 21, 18, tzinfo=ZoneInfo("Europe/Berlin")),
        account_iban=OUR_IBAN,
        entries=(RETURN,),
    )


@pytest.mark.parametrize("version", ["08", "02"])
def test_a_statement_has_balances(version: str) -> None:
    content = make_statement(make_return(version), version=version)
    (message,) = parse_bank_file(content).messages
    assert message.kind is BankMessageKind.STATEMENT
    assert (message.opening_balance, message.opening_on) == (Decimal(1000), date(2026, 12, 20))
    assert (message.closing_balance, message.closing_on) == (Decimal("920.30"), date(2026, 12, 21))
    assert message.entries == (replace(RETURN, position="Stmt 1 / Ntry 1 / TxDtls 1"),)


def test_a_status_report_tells_of_file_block_and_payments() -> None:
    content = make_report(
        make_status("E-1"),
        make_status("E-2", status="RVNM", code=""),
        file="<GrpSts>PART</GrpSts>",
        block="<PmtInfSts>PART</PmtInfSts>",
    )
    (message,) = parse_bank_file(content).messages
    assert (message.kind, message.message_id) == (BankMessageKind.STATUS_REPORT, "P-1")
    of_file = PaymentStatus("BAU-1", None, None, "PART", "", "", None, "OrgnlGrpInfAndSts")
    place = "OrgnlPmtInfAndSts 1"
    rejected = PaymentStatus(
        "BAU-1", "BAU-1-1", "E-1", "RJCT", "AC01", "Text", Decimal("76.70"),
        f"{place} / TxInfAndSts 1",
    )  # fmt: skip
    assert message.statuses == (
        of_file,
        replace(of_file, original_payment_id="BAU-1-1", position=place),
        rejected,
        replace(
            rejected,
            end_to_end_id="E-2",
            status="RVNM",
            reason_code="",
            reason_text="",
            position=f"{place} / TxInfAndSts 2",
        ),
    )


def test_a_payment_without_status_has_that_of_its_block() -> None:
    payment = make_status("E-1").replace("<TxSts>RJCT</TxSts>", "")
    content = make_report(payment, block="<PmtInfSts>RJCT</PmtInfSts>")
    (message,) = parse_bank_file(content).messages
    assert [status.status for status in message.statuses] == ["RJCT", "RJCT"]
    with pytest.raises(UnableToReadBankFile, match="ELEMENT_MISSING"):
        parse_bank_file(make_report(payment))


@pytest.mark.parametrize(
    "content",
    [
        make_notification(make_entry("5.00", code=COLLECTED)),
        make_statement(make_entry("5.00"), closing="1005.00"),
        make_report(make_status("E-1"), file="<GrpSts>PART</GrpSts>"),
    ],
)
def test_the_samples_are_what_another_bank_would_send(content: bytes) -> None:
    root = ET.fromstring(content)  # noqa: S314 - our own
    assert mockbank.schema.check(mockbank.schema.identify(root), root) == []


def test_a_batch_without_details_is_one_entry_and_with_them_one_each() -> None:
    batch = "<Btch><MsgId>BAU-1</MsgId><PmtInfId>BAU-1-1</PmtInfId><NbOfTxs>2</NbOfTxs></Btch>"
    (alone,) = read_entries(
        make_notification(make_entry("30.00", inside=f"<NtryDtls>{batch}</NtryDtls>"))
    )
    assert (alone.amount, alone.batch_count) == (Decimal(30), 2)
    assert (alone.message_id, alone.payment_information_id) == ("BAU-1", "BAU-1-1")
    details = make_transaction("10.00") + make_transaction("20.00")
    one, two = read_entries(
        make_notification(make_entry("30.00", inside=f"<NtryDtls>{batch}{details}</NtryDtls>"))
    )
    assert (one.amount, two.amount) == (Decimal(10), Decimal(20))
    assert one.batch_count is two.batch_count is None
    assert two.payment_information_id == "BAU-1-1"
    assert two.position == "Ntfctn 1 / Ntry 1 / TxDtls 2"


def test_a_returned_debit_may_stand_among_credits() -> None:
    details = make_transaction("100.00") + make_transaction("25.00", "DBIT")
    one, two = read_entries(
        make_notification(make_entry("75.00", inside=f"<NtryDtls>{details}</NtryDtls>"))
    )
    assert [one.signed_amount, two.signed_amount] == [Decimal(100), Decimal(-25)]


def test_charges_beside_the_amounts_are_told_from_charges_within() -> None:
    charge = '<Chrgs><Rcrd><Amt Ccy="EUR">3.00</Amt></Rcrd></Chrgs>'
    original = '<AmtDtls><InstdAmt><Amt Ccy="EUR">76.70</Amt></InstdAmt></AmtDtls>'
    beside = make_transaction("76.70", "DBIT", original + charge)
    (entry,) = read_entries(
        make_notification(make_entry("79.70", "DBIT", f"<NtryDtls>{beside}</NtryDtls>"))
    )
    expected = (Decimal("79.70"), Decimal("76.70"), Decimal("3.00"))
    assert (entry.amount, entry.original_amount, entry.charges) == expected
    # Booked for themselves: this entry is the payment alone.
    (entry,) = read_entries(
        make_notification(make_entry("76.70", "DBIT", f"<NtryDtls>{beside}</NtryDtls>"))
    )
    assert (entry.amount, entry.charges) == (Decimal("76.70"), Decimal(0))


def test_charges_of_a_whole_entry_move_money_of_their_own() -> None:
    details = make_transaction("10.00", "DBIT") + make_transaction("20.00", "DBIT")
    charges = '<Chrgs><TtlChrgsAndTaxAmt Ccy="EUR">4.00</TtlChrgsAndTaxAmt></Chrgs>'
    entries = read_entries(
        make_notification(
            make_entry("34.00", "DBIT", f"<NtryDtls>{details}</NtryDtls>", before=charges)
        )
    )
    assert [(e.amount, e.charges) for e in entries] == [
        (Decimal(10), Decimal(0)),
        (Decimal(20), Decimal(0)),
        (Decimal(4), Decimal(4)),
    ]


@pytest.mark.parametrize("swapped", [False, True])
def test_the_party_is_the_other_side(swapped: bool) -> None:  # noqa: FBT001 - a case
    tags = ("Cdtr", "Dbtr") if swapped else ("Dbtr", "Cdtr")
    parties = make_party("08", tags[0], "Haarschön", THEIR_IBAN)
    parties += make_party("08", tags[1], "Musterleben", OUR_IBAN)
    inside = f"<NtryDtls><TxDtls><RltdPties>{parties}</RltdPties></TxDtls></NtryDtls>"
    (entry,) = read_entries(make_notification(make_entry("5.00", inside=inside, code=RECEIVED)))
    assert (entry.party_name, entry.party_iban) == ("Haarschön", THEIR_IBAN)


def test_references_that_are_none_are_empty_and_codes_may_be_the_banks_own() -> None:
    inside = (
        "<NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><RmtInf><Strd>"
        "<CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls>"
    )
    code = "<BkTxCd><Prtry><Cd>NTRF+166+00931</Cd><Issr>DK</Issr></Prtry></BkTxCd>"
    (entry,) = read_entries(make_notification(make_entry("5.00", inside=inside, code=code)))
    assert (entry.end_to_end_id, entry.transaction_code) == ("", "NTRF+166+00931")
    assert entry.remittance == "RF18539007547034"


def test_announced_entries_are_counted_and_left_out() -> None:
    content = make_statement(make_entry("5.00", status="PDNG"), closing="1000.00")
    (message,) = parse_bank_file(content).messages
    assert (message.entries, message.pending) == ((), 1)


def test_a_file_may_hold_several_messages_and_accounts() -> None:
    second = make_ntfctn(make_entry("5.00"), own_id="2")
    both = make_notification(make_return(), more=second)
    assert [m.statement_id for m in parse_bank_file(both).messages] == ["1", "2"]
    content = parse_bank_file(pack(both, make_statement(make_return()), make_report()))
    assert [m.kind for m in content.messages] == ["camt.054", "camt.054", "camt.053", "pain.002"]
    assert [len(m.entries) for m in content.messages] == [1, 1, 1, 0]


def test_as_a_stream_the_entries_come_before_their_message() -> None:
    kinds = [type(row) for row in stream_bank_file(make_notification(make_return()))]
    assert kinds == [BankEntry, BankMessage]


PAGE = "<StmtPgntn><PgNb>1</PgNb><LastPgInd>false</LastPgInd></StmtPgntn>"


def test_one_page_of_several_is_not_held_to_the_sums_of_all() -> None:
    content = make_statement(
        make_return(), closing="1.00", summary=make_summary(Sum="1"), pages=PAGE
    )
    assert len(read_entries(content)) == 1


def test_what_an_independent_bank_sends_is_read(mock_bank: MockBank) -> None:
    mock_bank.open_account(iban=CREDITOR.iban, name=CREDITOR.name)
    mock_bank.submit(write(make_file([make_debit(number) for number in (1, 2, 3)])))
    mock_bank.refuse("BU-2026-000003", reason="AC04")
    mock_bank.advance(days=29)
    mock_bank.refuse("BU-2026-000001", reason="MD01")
    mock_bank.advance(days=2)

    def read(kind: str) -> list[BankMessage]:
        files = pack(*[text.encode() for text in mock_bank.messages(kind)])
        return list(parse_bank_file(files).messages)

    statuses = [status for message in read("pain.002") for status in message.statuses]
    rejected = [(s.end_to_end_id, s.reason_code) for s in statuses if s.status == "RJCT"]
    assert rejected == [("BU-2026-000003", "AC04")]
    entries = [entry for message in read("camt.054") for entry in message.entries]
    assert [(e.end_to_end_id, e.signed_amount, e.reason_code) for e in entries] == [
        ("BU-2026-000001", Decimal("76.70"), ""),
        ("BU-2026-000002", Decimal("76.70"), ""),
        ("BU-2026-000001", Decimal("-76.70"), "MD01"),
    ]
    ours = [message for message in read("camt.053") if message.account_iban == CREDITOR.iban]
    assert [replace(e, position="") for m in ours for e in m.entries] == [
        replace(entry, position="") for entry in entries
    ]
    assert ours[-1].closing_balance == Decimal("76.70")
