"""Identifiers that carry their own check: IBAN, creditor identifier, references, Betriebsnummer.

Each `parse_` function takes what a person typed and returns the one stored form. The errors name
the fault by `code` and `params` so that an edge can say it in the reader's language; they never
hold the value itself, because errors end up in logs and an account number does not belong there.
"""

import re
from collections.abc import Mapping
from typing import ClassVar

from schwifty import IBAN, exceptions
from stdnum.eu import at_02

REFERENCE_MAX_LENGTH = 35

_SPACES = re.compile(r"\s+")
_PLAIN = re.compile(r"[A-Z0-9]+")
_GERMAN_IBAN = re.compile(r"DE[0-9]{20}")
# The letters DE and two zeros as digits (ISO 13616): what the check digits of a German IBAN are
# computed over, after the national part.
_GERMANY = "131400"
_IBAN_SHAPE = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]+")
_CREDITOR_SHAPE = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{3}[A-Z0-9]{1,28}")
_GERMAN_CREDITOR_SHAPE = re.compile(r"DE[0-9]{2}[A-Z0-9]{3}[0-9]{11}")
_REFERENCE_SHAPE = re.compile(r"[A-Za-z0-9+?/:().,'-]+")
_BETRIEBSNUMMER_SHAPE = re.compile(r"[0-9]{8}")
_BETRIEBSNUMMER_WEIGHTS = (1, 2, 1, 2, 1, 2, 1)


class UnableToReadIdentifier(ValueError):
    """A text is not the identifier asked for.

    `kind` says which identifier, `code` what is wrong, `params` what a message needs besides.
    """

    kind: ClassVar[str] = "identifier"

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(f"{self.kind}: {code}")
        self.code = code
        self.params: Mapping[str, str | int] = params


class UnableToReadIban(UnableToReadIdentifier):
    """The text is no IBAN.

    Codes: missing, characters, structure, country(country), length(expected, given, country),
    check_digits.
    """

    kind = "iban"


class UnableToReadCreditorIdentifier(UnableToReadIdentifier):
    """Codes: missing, structure(expected), check_digits."""

    kind = "creditor_identifier"


class UnableToReadReference(UnableToReadIdentifier):
    """Codes: missing, length(expected, given), characters(allowed), slash."""

    kind = "reference"


class UnableToReadMandateReference(UnableToReadReference):
    """Codes as of its parent."""

    kind = "mandate_reference"


class UnableToReadBetriebsnummer(UnableToReadIdentifier):
    """Codes: missing, length(expected, given), characters, range, check_digits."""

    kind = "betriebsnummer"


def parse_iban(text: str) -> str:
    """Electronic form (upper case, no spaces) of an IBAN, checked against ISO 13616.

    Spaces and lower case are allowed. Checked are the country's length and structure and the
    check digits; whether the account exists only its bank knows. Raises UnableToReadIban.
    """
    bare = _bare(text)
    if not bare:
        raise UnableToReadIban("missing")
    if _is_german_iban(bare):
        return bare
    if not _PLAIN.fullmatch(bare):
        raise UnableToReadIban("characters")
    if not _IBAN_SHAPE.fullmatch(bare):
        raise UnableToReadIban("structure")
    error = _iban_error(bare)
    # Raised out here, not inside an except block: the library's message repeats the number and
    # would travel along as the new error's context.
    if error is not None:
        raise error
    return bare


def bank_name(iban: str) -> str | None:
    """Name of the bank an IBAN in electronic form belongs to, None where the registry lacks it."""
    return IBAN(iban, allow_invalid=True).bank_name


def bic_of(iban: str) -> str | None:
    """BIC of the bank an IBAN in electronic form belongs to, None where the registry lacks it.

    A help for people and letters. A direct debit needs no BIC (IBAN only, regulation (EU)
    260/2012 article 5 (7)), so a stale registry can stop none.
    """
    bic = IBAN(iban, allow_invalid=True).bic
    return None if bic is None else str(bic)


def country_of_iban(iban: str) -> str:
    """ISO 3166 country of the bank that keeps the account of an IBAN in electronic form."""
    return iban[:2]


def parse_creditor_identifier(text: str) -> str:
    """SEPA creditor identifier (Gläubiger-ID) in upper case without spaces.

    The check digits cover country and national part, not the three characters of the business
    code (EPC262-08). Of German ones, issued by Deutsche Bundesbank, the 18 characters are checked
    too. Raises UnableToReadCreditorIdentifier.
    """
    bare = _bare(text)
    if not bare:
        raise UnableToReadCreditorIdentifier("missing")
    shape = _GERMAN_CREDITOR_SHAPE if bare.startswith("DE") else _CREDITOR_SHAPE
    if not shape.fullmatch(bare):
        raise UnableToReadCreditorIdentifier("structure", expected="DE98ZZZ09999999999")
    if not at_02.is_valid(bare):
        raise UnableToReadCreditorIdentifier("check_digits")
    return bare


def identity_of_creditor(identifier: str) -> str:
    """What of a creditor identifier in stored form names the creditor, also to mandates.

    The business code, its fifth to seventh character, is the creditor's own to choose and change;
    a mandate stays the same under another one (EPC262-08).
    """
    return identifier[:4] + identifier[7:]


def parse_reference(text: str) -> str:
    """A reference as SEPA messages carry it: message id, end-to-end id; outer spaces are cut.

    1 to 35 characters out of `a-z A-Z 0-9 + ? / : ( ) . , ' -`; no slash at either end and no two
    in a row (EPC130-08 1.4). Inner spaces are refused: banks may drop them, and a reference must
    come back as it went out. Raises UnableToReadReference.
    """
    return _reference(text, UnableToReadReference)


def parse_mandate_reference(text: str) -> str:
    """Mandate reference in upper case, otherwise as `parse_reference`.

    Banks compare mandate references without regard to case, so only one case may be stored.
    Raises UnableToReadMandateReference.
    """
    return _reference(text, UnableToReadMandateReference).upper()


def parse_betriebsnummer(text: str) -> str:
    """Eight digits of a Betriebsnummer (§ 18i SGB IV), spaces removed.

    The first three digits are 001 to 099 or above 110; the last is the sum of the digit sums of
    the first seven digits, weighted 1, 2, 1, 2, 1, 2, 1, modulo 10, or that plus 5 modulo 10
    (Gemeinsames Rundschreiben DEÜV, 1.3.2.2, as the pension insurance's own test program
    computes it). Raises UnableToReadBetriebsnummer.
    """
    bare = _bare(text)
    if not bare:
        raise UnableToReadBetriebsnummer("missing")
    if not (bare.isascii() and bare.isdigit()):
        raise UnableToReadBetriebsnummer("characters")
    if not _BETRIEBSNUMMER_SHAPE.fullmatch(bare):
        raise UnableToReadBetriebsnummer("length", expected=8, given=len(bare))
    if not (1 <= int(bare[:3]) <= 99 or int(bare[:3]) > 110):
        raise UnableToReadBetriebsnummer("range")
    if int(bare[-1]) not in _betriebsnummer_check_digits(bare):
        raise UnableToReadBetriebsnummer("check_digits")
    return bare


def _bare(text: str) -> str:
    # Only ASCII letters are raised: "ß".upper() is "SS", and a reader must not invent letters.
    compact = _SPACES.sub("", text)
    return compact.upper() if compact.isascii() else compact


def _is_german_iban(bare: str) -> bool:
    """Whether this is a right German IBAN, in a twentieth of the time the library needs.

    A file of 100,000 debits reads as many of them; everything else is the library's to judge.
    """
    if not _GERMAN_IBAN.fullmatch(bare):
        return False
    return int(bare[2:4]) == 98 - int(bare[4:] + _GERMANY) % 97


def _iban_error(bare: str) -> UnableToReadIban | None:
    try:
        IBAN(bare)
    except exceptions.InvalidCountryCode:
        return UnableToReadIban("country", country=bare[:2])
    except exceptions.InvalidLength:
        return _iban_length_error(bare)
    except exceptions.InvalidChecksumDigits:
        return UnableToReadIban("check_digits")
    except exceptions.SchwiftyException:
        return UnableToReadIban("structure")
    return None


def _iban_length_error(bare: str) -> UnableToReadIban:
    expected = IBAN(bare, allow_invalid=True).spec.iban_length
    return UnableToReadIban("length", expected=expected, given=len(bare), country=bare[:2])


def _reference(text: str, error: type[UnableToReadReference]) -> str:
    bare = text.strip()
    if not bare:
        raise error("missing")
    if len(bare) > REFERENCE_MAX_LENGTH:
        raise error("length", expected=REFERENCE_MAX_LENGTH, given=len(bare))
    if not _REFERENCE_SHAPE.fullmatch(bare):
        raise error("characters", allowed="a-z A-Z 0-9 + ? / : ( ) . , ' -")
    if bare.startswith("/") or bare.endswith("/") or "//" in bare:
        raise error("slash")
    return bare


def _betriebsnummer_check_digits(number: str) -> tuple[int, int]:
    products = (
        int(digit) * weight for digit, weight in zip(number, _BETRIEBSNUMMER_WEIGHTS, strict=False)
    )
    check_digit = sum(sum(divmod(product, 10)) for product in products) % 10
    return check_digit, (check_digit + 5) % 10
