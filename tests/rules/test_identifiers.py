import string
from collections.abc import Callable

import pytest
import schwifty
from hypothesis import given, settings
from hypothesis import strategies as st

from aupolicy.kernel.identifiers import (
    UnableToReadBetriebsnummer,
    UnableToReadCreditorIdentifier,
    UnableToReadIban,
    UnableToReadIdentifier,
    UnableToReadMandateReference,
    UnableToReadReference,
    bank_name,
    bic_of,
    country_of_iban,
    identity_of_creditor,
    parse_betriebsnummer,
    parse_creditor_identifier,
    parse_iban,
    parse_mandate_reference,
    parse_reference,
)

IBAN = "DE89370400440532013000"


@pytest.mark.parametrize(
    ("text", "iban"),
    [
        (IBAN, IBAN),
        ("DE89 3704 0044 0532 0130 00", IBAN),
        (" de89 3704 0044 0532 0130 00\n", IBAN),
        ("DE89\u00a03704\u00a00044\u00a00532\u00a00130\u00a000", IBAN),
        ("AT61 1904 3002 3457 3201", "AT611904300234573201"),
        ("NL91 ABNA 0417 1643 00", "NL91ABNA0417164300"),
    ],
)
def test_iban_is_read_as_people_write_it(text: str, iban: str) -> None:
    assert parse_iban(text) == iban


@pytest.mark.parametrize(
    ("text", "code", "params"),
    [
        ("", "missing", {}),
        ("  ", "missing", {}),
        ("DE89-3704-0044-0532-0130-00", "characters", {}),
        ("DE89 3704 0044 0532 0130 0O", "structure", {}),
        ("DE8937040044053201300", "length", {"expected": 22, "given": 21, "country": "DE"}),
        ("DE893704004405320130000", "length", {"expected": 22, "given": 23, "country": "DE"}),
        ("DE89370400440532013001", "check_digits", {}),
        ("DE98370400440532013000", "check_digits", {}),
        ("XX89370400440532013000", "country", {"country": "XX"}),
        ("370400440532013000", "structure", {}),
        ("DEß9370400440532013000", "characters", {}),
        ("DE８９370400440532013000", "characters", {}),
    ],
)
def test_faulty_iban_is_refused_with_its_reason(
    text: str, code: str, params: dict[str, str | int]
) -> None:
    with pytest.raises(UnableToReadIban) as refused:
        parse_iban(text)
    assert (refused.value.kind, refused.value.code) == ("iban", code)
    assert refused.value.params == params


@settings(deadline=None)
@given(position=st.integers(2, len(IBAN) - 1), digit=st.sampled_from(string.digits))
def test_any_single_wrong_digit_in_an_iban_is_noticed(position: int, digit: str) -> None:
    changed = IBAN[:position] + digit + IBAN[position + 1 :]
    if changed == IBAN:
        assert parse_iban(changed) == IBAN
    else:
        with pytest.raises(UnableToReadIban):
            parse_iban(changed)


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (parse_iban, "DE89370400440532013001"),
        (parse_iban, "XX89370400440532013000"),
        (parse_iban, "DE89A70400440532013000"),
        (parse_creditor_identifier, "DE97ZZZ09999999999"),
        (parse_mandate_reference, "MANDAT//4711"),
        (parse_betriebsnummer, "09912343"),
    ],
)
def test_errors_keep_the_value_to_themselves(parse: Callable[[str], str], text: str) -> None:
    with pytest.raises(UnableToReadIdentifier) as refused:
        parse(text)
    error = refused.value
    assert text not in str(error)
    assert text not in repr(error)
    assert text[4:] not in str(error.params)
    assert error.__context__ is None


def test_bank_of_an_iban() -> None:
    assert bank_name(IBAN) == "Commerzbank"
    assert bic_of(IBAN) == "COBADEFFXXX"
    assert country_of_iban(IBAN) == "DE"


def test_an_unknown_bank_has_no_name_and_no_bic() -> None:
    iban = parse_iban("DE93 9999 9999 0000 0000 01")
    assert bank_name(iban) is None
    assert bic_of(iban) is None


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("DE98ZZZ09999999999", "DE98ZZZ09999999999"),
        ("de98 zzz 0999 9999 999", "DE98ZZZ09999999999"),
        # The business code is free and not covered by the check digits.
        ("DE98ABC09999999999", "DE98ABC09999999999"),
        ("NL79ZZZ999999990000", "NL79ZZZ999999990000"),
    ],
)
def test_creditor_identifier(text: str, identifier: str) -> None:
    assert parse_creditor_identifier(text) == identifier


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "missing"),
        ("DE97ZZZ09999999999", "check_digits"),
        ("DE98ZZZ09999999998", "check_digits"),
        ("DE98ZZZ0999999999", "structure"),
        ("DE98ZZZ099999999990", "structure"),
        ("DE98ZZZ0999999999A", "structure"),
        ("DE98-ZZZ-09999999999", "structure"),
        ("DE98", "structure"),
    ],
)
def test_faulty_creditor_identifier(text: str, code: str) -> None:
    with pytest.raises(UnableToReadCreditorIdentifier) as refused:
        parse_creditor_identifier(text)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("m-2026/0001", "M-2026/0001"),
        (" Mandat+1 ", "MANDAT+1"),
        ("A?:().,'-+/9", "A?:().,'-+/9"),
        ("x" * 35, "X" * 35),
    ],
)
def test_mandate_reference_is_stored_in_capitals(text: str, reference: str) -> None:
    assert parse_mandate_reference(text) == reference


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "missing"),
        ("x" * 36, "length"),
        ("MANDAT 1", "characters"),
        ("MANDAT_1", "characters"),
        ("GRÖSSE", "characters"),
        ("STRAßE", "characters"),
        ("/M1", "slash"),
        ("M1/", "slash"),
        ("M//1", "slash"),
        ("/", "slash"),
    ],
)
def test_faulty_references(text: str, code: str) -> None:
    for parse, error in (
        (parse_mandate_reference, UnableToReadMandateReference),
        (parse_reference, UnableToReadReference),
    ):
        with pytest.raises(error) as refused:
            parse(text)
        assert refused.value.code == code


def test_other_references_keep_their_case() -> None:
    assert parse_reference("Bu-2026-000001") == "Bu-2026-000001"


@settings(deadline=None)
@given(st.text(max_size=40))
def test_what_is_read_as_a_reference_reads_back_as_itself(text: str) -> None:
    for parse in (parse_reference, parse_mandate_reference):
        try:
            parsed = parse(text)
        except UnableToReadReference:
            continue
        assert parse(parsed) == parsed
        assert 1 <= len(parsed) <= 35
        assert parsed.isascii()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        # 0*1, 9*2=18, 9*1, 1*2, 2*1, 3*2, 4*1: digit sums 0+9+9+2+2+6+4 = 32, so 2, or 2+5.
        ("09912342", "09912342"),
        ("09912347", "09912347"),
        (" 099 123 42 ", "09912342"),
        ("00100001", "00100001"),
        ("11100004", "11100004"),
        # 9*1, 8*2=16, 7*1, 6*2=12, 5*1, 4*2, 3*1: 9+7+7+3+5+8+3 = 42.
        ("98765432", "98765432"),
    ],
)
def test_betriebsnummer(text: str, number: str) -> None:
    assert parse_betriebsnummer(text) == number


def test_just_two_last_digits_fit_a_betriebsnummer() -> None:
    fitting = []
    for digit in string.digits:
        try:
            fitting.append(parse_betriebsnummer(f"0991234{digit}"))
        except UnableToReadBetriebsnummer as error:
            assert error.code == "check_digits"  # noqa: PT017 - the refusal is the expected part
    assert fitting == ["09912342", "09912347"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "missing"),
        ("0991234", "length"),
        ("099123422", "length"),
        ("0991234A", "characters"),
        ("099-12342", "characters"),
        ("٠٩٩١٢٣٤٢", "characters"),
    ],
)
def test_faulty_betriebsnummer(text: str, code: str) -> None:
    with pytest.raises(UnableToReadBetriebsnummer) as refused:
        parse_betriebsnummer(text)
    assert refused.value.code == code


@pytest.mark.parametrize("prefix", ["000", "100", "105", "110"])
def test_betriebsnummern_never_issued(prefix: str) -> None:
    for digit in string.digits:
        with pytest.raises(UnableToReadBetriebsnummer) as refused:
            parse_betriebsnummer(f"{prefix}0000{digit}")
        assert refused.value.code == "range"


@settings(deadline=None)
@given(st.text("0123456789", min_size=18, max_size=18), st.integers(0, 99))
def test_german_ibans_are_judged_as_the_library_does(bban: str, digits: int) -> None:
    right = f"DE{98 - int(bban + '131400') % 97:02d}{bban}"
    assert parse_iban(right) == right
    assert schwifty.IBAN(right, allow_invalid=True).is_valid
    drawn = f"DE{digits:02d}{bban}"
    if drawn != right:
        assert not schwifty.IBAN(drawn, allow_invalid=True).is_valid
        with pytest.raises(UnableToReadIban) as refused:
            parse_iban(drawn)
        assert refused.value.code == "check_digits"


def test_the_business_code_does_not_name_another_creditor() -> None:
    ours = identity_of_creditor("DE98ZZZ09999999999")
    assert identity_of_creditor("DE98ABC09999999999") == ours
    assert identity_of_creditor("DE97ZZZ09999999998") != ours
