"""Files of a bank that are not sound: what is said, and that nothing of them is used."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from billing.facts.bank import BankFileContent
from billing.parsing.bank_files import UnableToReadBankFile, parse_bank_file
from billing.words.bank import describe_bank_file_error
from tests.parsing.bank_samples import (
    OUR_IBAN,
    RECEIVED,
    THEIR_IBAN,
    lock,
    make_entry,
    make_notification,
    make_report,
    make_return,
    make_statement,
    make_status,
    make_summary,
    make_transaction,
    pack,
)


def refuse(content: bytes) -> UnableToReadBankFile:
    with pytest.raises(UnableToReadBankFile) as caught:
        parse_bank_file(content)
    return caught.value


def count(content: BankFileContent) -> list[tuple[int, int]]:
    return [(len(m.entries) + m.pending, len(m.statuses)) for m in content.messages]


GOOD = make_notification(make_return())
NO_ACCOUNT = re.sub(rb"<Acct>.*?</Acct>", b"", GOOD)
DOCTYPE = b'<!DOCTYPE Document [<!ENTITY a "a">]>\n<Document'
ONE_OF_TWO = "<NtryDtls>" + make_transaction("1.00") + make_transaction("2.00") + "</NtryDtls>"
OF_ONE = "<OrgnlNbOfTxs>1</OrgnlNbOfTxs><OrgnlCtrlSum>76.70</OrgnlCtrlSum>"
PER_STATUS = "<NbOfTxsPerSts><DtldNbOfTxs>2</DtldNbOfTxs><DtldSts>RJCT</DtldSts></NbOfTxsPerSts>"
REFUSED: list[tuple[str, bytes, dict[str, str | int]]] = [
    ("EMPTY", b" \n", {}),
    ("NOT_XML", b"PDF-1.7", {"line": 1}),
    ("NOT_XML", GOOD[:-40], {"line": 3}),
    ("DTD", GOOD.replace(b"<Document", DOCTYPE), {}),
    ("UNKNOWN_MESSAGE", b"<Document/>", {"name": ""}),
    ("UNKNOWN_MESSAGE", GOOD.replace(b"camt.054", b"camt.052"), {"name": "camt.052.001.08"}),
    ("UNKNOWN_MESSAGE", GOOD.replace(b".001.08", b".001.06"), {"name": "camt.054.001.06"}),
    ("UNKNOWN_MESSAGE", GOOD.replace(b"camt.054.001.08", b"DE89 3704"), {"name": ""}),
    (
        "RETIRED_VERSION",
        make_report().replace(b"pain.002.001.10", b"pain.002.001.03"),
        {"found": "pain.002.001.03", "expected": "pain.002.001.10"},
    ),
    ("ELEMENT_MISSING", make_notification().replace(b"Ntfctn>", b"Other>"), {"path": "Ntfctn"}),
    (
        "ELEMENT_MISSING",
        GOOD.replace(b"<BookgDt>", b"<Other>").replace(b"</BookgDt>", b"</Other>"),
        {"path": "Ntfctn 1 / Ntry 1 / BookgDt/Dt", "line": 3},
    ),
    (
        "ELEMENT_MISSING",
        re.sub(rb"<Acct>.*?</Acct>", b"", GOOD),
        {"path": "Ntfctn 1 / Acct/Id/IBAN"},
    ),
    ("VALUE_UNKNOWN", GOOD.replace(b"BOOK", b"BOOM"), {"path": "Ntfctn 1 / Ntry 1 / Sts"}),
    ("VALUE_UNKNOWN", GOOD.replace(b"DBIT", b"BOTH"), {"path": "Ntfctn 1 / Ntry 1 / CdtDbtInd"}),
    ("TEXT_TOO_LONG", make_notification(message_id="x" * 36), {}),
    ("AMOUNT_UNREADABLE", make_notification(make_entry("1.005")), {}),
    ("AMOUNT_UNREADABLE", make_notification(make_entry("-1.00")), {}),
    ("AMOUNT_UNREADABLE", make_notification(make_entry("1_0.00")), {}),
    ("DATE_UNREADABLE", GOOD.replace(b"2026-12-21<", b"2026-13-21<"), {}),
    ("DATE_UNREADABLE", GOOD.replace(b"18:00:00.123+01:00", b"25:00:00"), {}),
    ("CURRENCY", GOOD.replace(b'"EUR">79.70', b'"USD">79.70'), {}),
    ("SUM_DIFFERS", make_notification(make_entry("4.00", inside=ONE_OF_TWO)), {"found": "3.00"}),
    ("SUM_DIFFERS", make_statement(make_return(), summary=make_summary(Sum="79.71")), {}),
    (
        "COUNT_DIFFERS",
        make_statement(make_return(), summary=make_summary(NbOfNtries="2")),
        {"found": 1},
    ),
    ("BALANCE_DIFFERS", make_statement(make_return(), closing="-1.00"), {"difference": "921.30"}),
    ("COUNT_DIFFERS", make_report(make_status("1"), make_status("2"), block=OF_ONE), {"stated": 1}),
    ("SUM_DIFFERS", make_report(make_status("1", amount="80.00"), file=OF_ONE), {"found": "80.00"}),
    ("COUNT_DIFFERS", make_report(make_status("1"), block=PER_STATUS), {"stated": 2}),
    ("NUMBER_UNREADABLE", make_statement(summary=make_summary(NbOfNtries="two")), {}),
    ("ZIP_ENCRYPTED", lock(pack(GOOD)), {"file": 1}),
    ("DUPLICATE_MESSAGE", pack(GOOD, GOOD), {"file": 2, "message": 1}),
    ("NOTHING_INSIDE", pack(), {}),
    ("ZIP_NESTED", pack(GOOD, pack(GOOD)), {"file": 2}),
    ("EMPTY", pack(GOOD, b""), {"file": 2}),
    ("NOT_XML", pack(GOOD, b"x", names=["a.xml", f"{OUR_IBAN}.xml"]), {"file": 2, "line": 1}),
    ("ZIP_DAMAGED", pack(GOOD)[:-10], {}),
    ("ZIP_TOO_LARGE", pack(*[b""] * 1001), {}),
]


@pytest.mark.parametrize(("code", "content", "params"), REFUSED)
def test_what_is_wrong_is_said_with_its_place(
    code: str, content: bytes, params: dict[str, str | int]
) -> None:
    error = refuse(content)
    assert error.code == code
    assert {name: error.params.get(name) for name in params} == params
    said = f"{error} {error.__cause__} {error.__context__}"
    assert not any(text in said for text in (OUR_IBAN, THEIR_IBAN, "Haarschön", "Musterleben"))


@pytest.mark.parametrize(("code", "content"), [(code, content) for code, content, _ in REFUSED])
def test_every_reason_has_words(code: str, content: bytes) -> None:
    error = refuse(content)
    said = describe_bank_file_error(error.code, error.params)
    assert code not in said
    assert "%(" not in said


def test_a_bomb_is_refused_before_it_is_inflated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("billing.parsing.bank_files.archive.MOST_BYTES", 100_000)
    assert refuse(pack(bytes(50_000), bytes(50_001))).code == "ZIP_TOO_LARGE"


WHOLE = [
    make_notification(make_return(), make_entry("5.00", code=RECEIVED), make_return()),
    make_statement(make_return("02"), version="02"),
    make_report(make_status("E-1"), make_status("E-2", "ACCP", "")),
]
WHOLE.append(pack(*WHOLE))


def check_whole_or_nothing(damaged: bytes, expected: list[tuple[int, int]]) -> None:
    try:
        content = parse_bank_file(damaged)
    except UnableToReadBankFile:
        return
    assert count(content) == expected


@given(content=st.sampled_from(WHOLE), data=st.data())
@settings(max_examples=100, deadline=None)
def test_a_file_cut_off_gives_nothing(content: bytes, data: st.DataObject) -> None:
    length = data.draw(st.integers(0, len(content) - 1))
    refuse(content[:length])


@given(content=st.sampled_from(WHOLE), data=st.data())
@settings(max_examples=150, deadline=None)
def test_damaged_bytes_never_give_a_part(content: bytes, data: st.DataObject) -> None:
    damaged = bytearray(content)
    places = st.integers(0, len(content) - 1)
    for place in data.draw(st.lists(places, min_size=1, max_size=3)):
        damaged[place] = data.draw(st.integers(0, 255))
    check_whole_or_nothing(bytes(damaged), count(parse_bank_file(content)))


@given(content=st.binary(max_size=200))
@example(content=b"PK\x03\x04")
@example(content=b"PK\x05\x06" + bytes(18))
def test_any_other_bytes_are_refused(content: bytes) -> None:
    refuse(content)
