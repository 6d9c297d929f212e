import re
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest

from billing.exports.iso_message import FileControl
from billing.exports.pain008_check import (
    MESSAGE,
    UnableToAcceptDebitFile,
    read_control,
    validate_against_schema,
)
from tests.exports.debit_samples import make_debit, make_file, write

FILE = write(make_file((make_debit(1), make_debit(2))))


def assert_not_accepted(file: bytes, code: str, **params: str | int) -> UnableToAcceptDebitFile:
    for read in (validate_against_schema, read_control):
        with pytest.raises(UnableToAcceptDebitFile) as refused:
            read(BytesIO(file))
        assert (refused.value.code, refused.value.params) == (code, params)
    return refused.value


def test_a_written_file_is_valid_from_path_and_stream(tmp_path: Path) -> None:
    path = tmp_path / "debits.xml"
    path.write_bytes(FILE)
    expected = FileControl(
        payment_count=2, control_sum=Decimal("153.40"), sum_of_amounts=Decimal("153.40")
    )
    stream = BytesIO(FILE)
    validate_against_schema(path)
    validate_against_schema(stream)
    stream.seek(0)
    assert read_control(path) == read_control(stream) == expected


def test_a_stream_is_read_from_where_it_stands() -> None:
    stream = BytesIO(b"not ours" + FILE)
    stream.seek(8)
    assert read_control(stream).payment_count == 2


def test_elements_are_forgotten_once_read() -> None:
    debits = list(MESSAGE.elements(BytesIO(FILE), ("DrctDbtTxInf",)))
    assert [len(debit) for debit in debits] == [0, 0]


@pytest.mark.parametrize(
    ("version", "since"),
    [
        (b"pain.008.001.02", "2026-11-14"),
        (b"pain.008.003.02", "2022-12-01"),
        (b"pain.008.002.02", "2021-12-01"),
        (b"pain.008.002.01", "2021-12-01"),
    ],
)
def test_retired_versions_are_refused_by_name(version: bytes, since: str) -> None:
    assert_not_accepted(
        FILE.replace(b"pain.008.001.08", version),
        "version_retired",
        found=version.decode(),
        expected="pain.008.001.08",
        since=since,
    )


@pytest.mark.parametrize(
    ("root", "found"),
    [
        (b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"/>', "pain.001.001.09"),
        (b"<html/>", ""),
    ],
)
def test_other_messages_are_refused(root: bytes, found: str) -> None:
    assert_not_accepted(root, "version_unknown", found=found, expected="pain.008.001.08")


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"no xml",
        FILE[:-40],
        FILE[:-4],
        FILE[:900],
        FILE + b"<more/>",
        FILE.replace(b"Haarschoen", b"A & B"),
        FILE.replace(b"Haarschoen", b"\xff"),
        FILE.replace(b"Haarschoen", b"&unknown;"),
    ],
)
def test_what_is_no_whole_xml_is_refused(file: bytes) -> None:
    assert_not_accepted(file, "not_xml")


@pytest.mark.parametrize(
    ("old", "new", "element", "rule"),
    [
        (
            rb"<MsgId>.*?</MsgId>",
            b"<MsgId>" + b"x" * 36 + b"</MsgId>",
            "MsgId",
            "maxLength",
        ),
        (rb"<SeqTp>RCUR", b"<SeqTp>ALL", "SeqTp", "enumeration"),
        (rb"<BICFI>COBADEFFXXX", b"<BICFI>COBA", "BICFI", "pattern"),
        (rb"<PmtMtd>DD</PmtMtd>", b"", "BtchBookg", "content"),
        (rb'Ccy="EUR"', b'Ccy="euro"', "InstdAmt", "pattern"),
        (rb' Ccy="EUR"', b"", "InstdAmt", "content"),
        (rb">76.70<", b">76,70<", "InstdAmt", "content"),
        (rb"<NbOfTxs>2", b"<NbOfTxs>two", "NbOfTxs", "pattern"),
    ],
)
def test_breaches_of_the_schema_name_the_element(
    old: bytes, new: bytes, element: str, rule: str
) -> None:
    changed = re.sub(old, new, FILE, count=1)
    assert changed != FILE
    assert_not_accepted(changed, "schema", element=element, rule=rule)


def test_errors_do_not_repeat_account_numbers() -> None:
    changed = FILE.replace(b"<IBAN>DE0212", b"<IBAN>0212")
    error = assert_not_accepted(changed, "schema", element="IBAN", rule="pattern")
    assert "0300000000202051" not in repr(error) + str(error)
    assert error.__context__ is None


def test_faults_of_one_file_do_not_show_in_the_next() -> None:
    for _ in range(2):
        with pytest.raises(UnableToAcceptDebitFile, match="SeqTp"):
            validate_against_schema(BytesIO(FILE.replace(b"RCUR", b"ALL")))
        validate_against_schema(BytesIO(FILE))


@pytest.mark.parametrize("block", ["GrpHdr", "PmtInf"])
def test_a_wrong_count_is_noticed(block: str) -> None:
    pattern = rf"(<{block}>.*?<NbOfTxs>)2".encode()
    changed = re.sub(pattern, rb"\g<1>3", FILE, count=1, flags=re.DOTALL)
    with pytest.raises(UnableToAcceptDebitFile) as refused:
        read_control(BytesIO(changed))
    assert refused.value.code == "count"
    assert refused.value.params == {"stated": "2, 3", "counted": 2}


def test_two_different_control_sums_are_noticed() -> None:
    changed = FILE.replace(b"<CtrlSum>153.40", b"<CtrlSum>153.41", 1)
    with pytest.raises(UnableToAcceptDebitFile) as refused:
        read_control(BytesIO(changed))
    assert refused.value.code == "control_sum"
    assert refused.value.params == {"stated": "153.40, 153.41"}


def test_a_changed_amount_shows_against_the_control_sum() -> None:
    control = read_control(BytesIO(FILE.replace(b">76.70<", b">76.71<", 1)))
    assert control.control_sum == Decimal("153.40")
    assert control.sum_of_amounts == Decimal("153.41")


@pytest.mark.parametrize(
    "declaration",
    [
        b"<!DOCTYPE Document>",
        b'<!DOCTYPE Document [<!ENTITY x "76.70">]>',
        b'<!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
    ],
)
def test_a_document_type_declaration_is_refused(declaration: bytes) -> None:
    changed = FILE.replace(b"<Document", declaration + b"<Document").replace(b">76.70<", b">&x;<")
    assert_not_accepted(changed, "document_type")
