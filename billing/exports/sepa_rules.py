"""What German banks demand of a direct debit file and the ISO schema does not say.

The schema of pain.008.001.08 allows any currency, five decimals, every character and any date.
These rules are those of the DFÜ agreement, annex 3 (Deutsche Kreditwirtschaft), and of the SEPA
direct debit rulebooks. A bank answers a breach with a rejected file or debit; better we do it.
"""

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from aupolicy.kernel.bank_calendar import is_target_day, previous_target_day
from aupolicy.kernel.identifiers import (
    UnableToReadIdentifier,
    country_of_iban,
    parse_creditor_identifier,
    parse_iban,
    parse_mandate_reference,
    parse_reference,
)
from aupolicy.kernel.money import CENT, ZERO
from billing.exports.sepa_text import sepa_name, sepa_remittance
from billing.facts.debit import Creditor, Debit, DebitFile, MandateFacts

SMALLEST_AMOUNT = Decimal("0.01")
LARGEST_AMOUNT = Decimal("999999999.99")
# Enough for a clerk to see the pattern; a file wrong throughout must not fill the memory.
MOST_FINDINGS = 200

# European Union, Iceland, Liechtenstein, Norway. A debtor's bank elsewhere in SEPA (Switzerland,
# United Kingdom, Monaco ...) demands the debtor's address, which a mandate here does not hold.
_EEA = re.compile(
    "AT|BE|BG|CY|CZ|DE|DK|EE|ES|FI|FR|GR|HR|HU|IE|IS|IT|LI|LT|LU|LV|MT|NL|NO|PL|PT|RO|SE|SI|SK"
)
_BIC = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?")


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule. `end_to_end_id` names the debit, None means the file as a whole.

    `code` and `params` are for the edge to put into words; no account number is among them.
    """

    code: str
    end_to_end_id: str | None = None
    params: Mapping[str, str | int] = field(default_factory=dict)

    def __str__(self) -> str:
        place = "file" if self.end_to_end_id is None else f"debit {self.end_to_end_id!r}"
        details = ", ".join(f"{name}={value}" for name, value in self.params.items())
        return f"{place}: {self.code}" + (f" ({details})" if details else "")


class UnableToWriteDebitFile(ValueError):
    """A rule is broken; `findings` lists what (the first 200), and nothing was written."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("; ".join(str(finding) for finding in self.findings[:5]))


class DebitCheck:
    """Checks a file while its debits stream by: head first, each debit once, then the sums.

    Codes for the file: `message_id`, `creditor_name`, `creditor_identifier`, `creditor_iban`,
    `creditor_bic`, `due_date_closed` (due), `due_too_soon` (submit_by), `no_debits`, `count` and
    `control_sum` (expected, given).
    For a debit: `end_to_end_id`, `end_to_end_id_twice`, `amount_range` and `amount_decimals`
    (amount), `scheme` (expected, given), `mandate_reference`, `mandate_signed_after_due`
    (signed_on), `debtor_name`, `debtor_iban`, `debtor_outside_eea` (country), `debtor_bic`,
    `remittance_empty`, `ultimate_debtor_name`.
    Findings about identifiers carry the reader's own code as `reason`.
    """

    def __init__(self, file: DebitFile) -> None:
        self._file = file
        self._ids: set[str] = set()
        self._sum = ZERO
        self._count = 0
        self.findings: list[Finding] = list(_check_head(file))

    def sound(self, debits: Iterable[Debit]) -> Iterator[Debit]:
        """Check and count every debit; hand them on for as long as nothing was found."""
        for debit in debits:
            self._count += 1
            if debit.amount.is_finite():
                self._sum += debit.amount
            if len(self.findings) < MOST_FINDINGS:
                self.findings.extend(self._check(debit))
            if not self.findings:
                yield debit

    def exhaust(self, debits: Iterable[Debit]) -> None:
        """Check every debit without wanting the sound ones."""
        deque(self.sound(debits), maxlen=0)

    def finish(self) -> list[Finding]:
        """All findings, those about count and sum included. Call once, after the last debit."""
        if self._count == 0:
            self.findings.append(Finding("no_debits"))
        if self._count != self._file.count:
            counts = {"expected": self._file.count, "given": self._count}
            self.findings.append(Finding("count", params=counts))
        if self._sum != self._file.control_sum:
            sums = {"expected": str(self._file.control_sum), "given": str(self._sum)}
            self.findings.append(Finding("control_sum", params=sums))
        return self.findings

    def _check(self, debit: Debit) -> Iterator[Finding]:
        yield from _check_debit(self._file, debit)
        if debit.end_to_end_id in self._ids:
            yield Finding("end_to_end_id_twice", debit.end_to_end_id)
        self._ids.add(debit.end_to_end_id)


def check_debit_file(file: DebitFile) -> list[Finding]:
    """Every broken rule of a file, none when banks will take it. Reads the debits once."""
    check = DebitCheck(file)
    check.exhaust(file.debits)
    return check.finish()


def _check_head(file: DebitFile) -> Iterator[Finding]:
    yield from _check_identifier("message_id", parse_reference, file.message_id)
    yield from _check_creditor(file.creditor)
    if not is_target_day(file.due_date):
        yield Finding("due_date_closed", params={"due": file.due_date.isoformat()})
    submit_by = previous_target_day(file.due_date)
    if file.created_at.date() > submit_by:
        yield Finding("due_too_soon", params={"submit_by": submit_by.isoformat()})


def _check_creditor(creditor: Creditor) -> Iterator[Finding]:
    if not _has_words(sepa_name(creditor.name)):
        yield Finding("creditor_name")
    yield from _check_identifier(
        "creditor_identifier", parse_creditor_identifier, creditor.identifier
    )
    yield from _check_identifier("creditor_iban", parse_iban, creditor.iban)
    if creditor.bic is not None and not _BIC.fullmatch(creditor.bic):
        yield Finding("creditor_bic")


def _check_debit(file: DebitFile, debit: Debit) -> Iterator[Finding]:
    name = debit.end_to_end_id
    yield from _check_identifier("end_to_end_id", parse_reference, name, name)
    yield from _check_amount(debit)
    yield from _check_mandate(file, debit.mandate, name)
    yield from _check_debtor(debit.mandate, name)
    if not _has_words(sepa_remittance(debit.remittance)):
        yield Finding("remittance_empty", name)
    if debit.ultimate_debtor is not None and not _has_words(sepa_name(debit.ultimate_debtor)):
        yield Finding("ultimate_debtor_name", name)


def _check_amount(debit: Debit) -> Iterator[Finding]:
    amount = debit.amount
    if not amount.is_finite() or not SMALLEST_AMOUNT <= amount <= LARGEST_AMOUNT:
        yield Finding("amount_range", debit.end_to_end_id, {"amount": str(amount)})
    elif amount != amount.quantize(CENT):
        yield Finding("amount_decimals", debit.end_to_end_id, {"amount": str(amount)})


def _check_mandate(file: DebitFile, mandate: MandateFacts, name: str) -> Iterator[Finding]:
    if mandate.scheme is not file.scheme:
        yield Finding("scheme", name, {"expected": file.scheme, "given": mandate.scheme})
    if mandate.signed_on > file.due_date:
        signed_on = mandate.signed_on.isoformat()
        yield Finding("mandate_signed_after_due", name, {"signed_on": signed_on})
    yield from _check_identifier(
        "mandate_reference", parse_mandate_reference, mandate.reference, name
    )


def _check_debtor(mandate: MandateFacts, name: str) -> Iterator[Finding]:
    if not _has_words(sepa_name(mandate.debtor_name)):
        yield Finding("debtor_name", name)
    faults = list(_check_identifier("debtor_iban", parse_iban, mandate.debtor_iban, name))
    yield from faults
    country = country_of_iban(mandate.debtor_iban)
    if not faults and not _EEA.fullmatch(country):
        yield Finding("debtor_outside_eea", name, {"country": country})
    if mandate.debtor_bic is not None and not _BIC.fullmatch(mandate.debtor_bic):
        yield Finding("debtor_bic", name)


def _check_identifier(
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


def _has_words(text: str) -> bool:
    """Whether a text says anything; what cannot be transliterated is left as points."""
    return any(char.isalnum() for char in text)
