"""What German banks demand of every SEPA file: identifiers, amounts, sums, texts.

The ISO schemas allow any currency, five decimals, every character and any date. These rules are
those of the DFÜ agreement, annex 3 (Deutsche Kreditwirtschaft). A bank answers a breach with a
rejected file; better we do it.
"""

import re
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Generic, Protocol, TypeVar

from aupolicy.kernel.identifiers import UnableToReadIdentifier, parse_reference
from aupolicy.kernel.money import CENT, ZERO

SMALLEST_AMOUNT = Decimal("0.01")
LARGEST_AMOUNT = Decimal("999999999.99")
# Enough for a clerk to see the pattern; a file wrong throughout must not fill the memory.
MOST_FINDINGS = 200

# European Union, Iceland, Liechtenstein, Norway: banks there ask for no more than the IBAN.
_EEA = re.compile(
    "AT|BE|BG|CY|CZ|DE|DK|EE|ES|FI|FR|GR|HR|HU|IE|IS|IT|LI|LT|LU|LV|MT|NL|NO|PL|PT|RO|SE|SI|SK"
)
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_BIC = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?")


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule. `end_to_end_id` names the payment, None means the file as a whole.

    `code` and `params` are for the edge to put into words; no account number is among them.
    """

    code: str
    end_to_end_id: str | None = None
    params: Mapping[str, str | int] = field(default_factory=dict)

    def __str__(self) -> str:
        place = "file" if self.end_to_end_id is None else f"payment {self.end_to_end_id!r}"
        details = ", ".join(f"{name}={value}" for name, value in self.params.items())
        return f"{place}: {self.code}" + (f" ({details})" if details else "")


class Payment(Protocol):
    """What debits and transfers have in common; amounts in euros."""

    @property
    def end_to_end_id(self) -> str:
        """Names the payment, also when it comes back."""

    @property
    def amount(self) -> Decimal:
        """Euros."""


class Stated(Protocol):
    """What the head of a file says about its payments."""

    @property
    def count(self) -> int:
        """Number of payments."""

    @property
    def control_sum(self) -> Decimal:
        """Sum of their amounts in euros."""


P = TypeVar("P", bound=Payment)
F = TypeVar("F", bound=Stated)


class UnableToWriteFile(ValueError):
    """A rule is broken; `findings` lists what (the first 200), and nothing was written."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("; ".join(str(finding) for finding in self.findings[:5]))


class FileCheck(ABC, Generic[F, P]):
    """Checks a file while its payments stream by: head first, each payment once, then the sums.

    Codes for every file: `count` and `control_sum` (expected, given); for every payment
    `end_to_end_id_twice`. `empty` is the code for a file without payments.
    """

    empty: str

    def __init__(self, file: F) -> None:
        self.file = file
        self._ids: set[str] = set()
        self._sum = ZERO
        self._count = 0
        self.findings: list[Finding] = list(self.check_head())

    @abstractmethod
    def check_head(self) -> Iterable[Finding]:
        """What is wrong with the file as a whole."""

    @abstractmethod
    def check_payment(self, payment: P) -> Iterable[Finding]:
        """What is wrong with one payment by itself."""

    def sound(self, payments: Iterable[P]) -> Iterator[P]:
        """Check and count every payment; hand them on for as long as nothing was found."""
        for payment in payments:
            self._count += 1
            if payment.amount.is_finite():
                self._sum += payment.amount
            if len(self.findings) < MOST_FINDINGS:
                self.findings.extend(self.check_payment(payment))
                if payment.end_to_end_id in self._ids:
                    self.findings.append(Finding("end_to_end_id_twice", payment.end_to_end_id))
                self._ids.add(payment.end_to_end_id)
            if not self.findings:
                yield payment

    def exhaust(self, payments: Iterable[P]) -> None:
        """Check every payment without wanting the sound ones."""
        deque(self.sound(payments), maxlen=0)

    def finish(self) -> list[Finding]:
        """All findings, those about count and sum included. Call once, after the last payment."""
        if self._count == 0:
            self.findings.append(Finding(self.empty))
        if self._count != self.file.count:
            counts = {"expected": self.file.count, "given": self._count}
            self.findings.append(Finding("count", params=counts))
        if self._sum != self.file.control_sum:
            sums = {"expected": str(self.file.control_sum), "given": str(self._sum)}
            self.findings.append(Finding("control_sum", params=sums))
        return self.findings


def check_reference_and_amount(payment: Payment) -> Iterator[Finding]:
    """Codes `end_to_end_id` (reason), `amount_range` and `amount_decimals` (amount)."""
    name, amount = payment.end_to_end_id, payment.amount
    yield from check_identifier("end_to_end_id", parse_reference, name, name)
    if not amount.is_finite() or not SMALLEST_AMOUNT <= amount <= LARGEST_AMOUNT:
        yield Finding("amount_range", name, {"amount": str(amount)})
    elif amount != amount.quantize(CENT):
        yield Finding("amount_decimals", name, {"amount": str(amount)})


def check_identifier(
    code: str, parse: Callable[[str], str], value: str, name: str | None = None
) -> Iterator[Finding]:
    """A file takes an identifier only in its stored form; spaces or another case are a fault."""
    try:
        parsed = parse(value)
    except UnableToReadIdentifier as error:
        yield Finding(code, name, {"reason": error.code})
    else:
        if parsed != value:
            yield Finding(code, name, {"reason": "not_stored_form"})


def is_bic(bic: str | None) -> bool:
    """Whether a BIC is built as one, or none is given."""
    return bic is None or _BIC.fullmatch(bic) is not None


def is_in_eea(country: str) -> bool:
    """Whether a country (two letters) is in the European Economic Area."""
    return _EEA.fullmatch(country) is not None


def has_words(text: str) -> bool:
    """Whether a text says anything; what cannot be transliterated is left as points."""
    return _LETTER_OR_DIGIT.search(text) is not None
