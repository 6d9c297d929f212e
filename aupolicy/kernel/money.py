"""Euro amounts as Decimal: rounding, reading what people type, writing what they read."""

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
# One field of numeric(12,2) holds no more; it also stops absurd input early.
LARGEST_AMOUNT = Decimal("9999999999.99")

_GERMAN = re.compile(r"\d{1,3}(\.\d{3})*(,\d{1,2})?|\d+(,\d{1,2})?")
_ENGLISH = re.compile(r"\d{1,3}(,\d{3})+(\.\d{1,2})?|\d+\.\d{1,2}")
_DECORATION = re.compile(r"€|Euro|EUR", re.IGNORECASE)
_SPACES = str.maketrans("", "", " \u00a0\u202f\u2009'\t")


class UnableToReadAmount(ValueError):
    """The text is no euro amount; `text` is what was given."""

    def __init__(self, text: str) -> None:
        super().__init__(f"no euro amount: {text!r}")
        self.text = text


def round_cent(amount: Decimal) -> Decimal:
    """Round a euro amount half up to the cent, the rule of every clause that makes a sum due."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def total(amounts: Iterable[Decimal]) -> Decimal:
    """Sum of euro amounts, 0.00 for none."""
    return sum(amounts, start=ZERO)


def parse_amount(text: str) -> Decimal:
    """Read a non-negative euro amount as people and payroll programs write it.

    Accepts "2.400,00", "2400.00", "2400", "2400 €", "EUR 2,400.00". A lone group of three
    digits after a point ("2.400") is a German thousands separator, since pay never has three
    decimals. Raises UnableToReadAmount.
    """
    bare = _DECORATION.sub("", text).translate(_SPACES).removesuffix(",-").removesuffix(",--")
    if _GERMAN.fullmatch(bare):
        number = bare.replace(".", "").replace(",", ".")
    elif _ENGLISH.fullmatch(bare):
        number = bare.replace(",", "")
    else:
        raise UnableToReadAmount(text)
    amount = Decimal(number)
    if amount > LARGEST_AMOUNT:
        raise UnableToReadAmount(text)
    return amount.quantize(CENT)


def format_amount(amount: Decimal) -> str:
    """Write an amount the German way, "1.234,56", without the currency."""
    return f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))
