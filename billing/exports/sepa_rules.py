"""What German banks demand of a direct debit file and the ISO schema does not say.

Beside the rules for every SEPA file those of the SEPA direct debit rulebooks. A bank answers a
breach with a rejected file or debit; better we do it.
"""

from collections.abc import Iterator

from aupolicy.kernel.bank_calendar import is_target_day, previous_target_day
from aupolicy.kernel.identifiers import (
    country_of_iban,
    parse_creditor_identifier,
    parse_iban,
    parse_mandate_reference,
    parse_reference,
)
from billing.exports.sepa_amendment_rules import check_amendment
from billing.exports.sepa_check import (
    FileCheck,
    Finding,
    UnableToWriteFile,
    check_identifier,
    check_reference_and_amount,
    has_words,
    is_bic,
    is_in_eea,
)
from billing.exports.sepa_text import sepa_name, sepa_remittance
from billing.facts.debit import Creditor, Debit, DebitFile, MandateFacts


class UnableToWriteDebitFile(UnableToWriteFile):
    """A direct debit file breaks a rule; nothing was written."""


class DebitCheck(FileCheck[DebitFile, Debit]):
    """Checks a direct debit file while its debits stream by.

    Codes for the file: `message_id`, `creditor_name`, `creditor_identifier`, `creditor_iban`,
    `creditor_bic`, `due_date_closed` (due), `due_too_soon` (submit_by), `no_debits`, `count` and
    `control_sum` (expected, given).
    For a debit: `end_to_end_id`, `end_to_end_id_twice`, `amount_range` and `amount_decimals`
    (amount), `scheme` (expected, given), `mandate_reference`, `mandate_signed_after_due`
    (signed_on), `debtor_name`, `debtor_iban`, `debtor_outside_eea` (country), `debtor_bic`,
    `remittance_empty`, `ultimate_debtor_name`, and those of `check_amendment`.
    Findings about identifiers carry the reader's own code as `reason`.
    """

    empty = "no_debits"

    def check_head(self) -> Iterator[Finding]:
        """Identifiers, the creditor, and whether the bank still has time."""
        return _check_head(self.file)

    def check_payment(self, payment: Debit) -> Iterator[Finding]:
        """One debit with its mandate."""
        return _check_debit(self.file, payment)


def check_debit_file(file: DebitFile) -> list[Finding]:
    """Every broken rule of a file, none when banks will take it. Reads the debits once."""
    check = DebitCheck(file)
    check.exhaust(file.debits)
    return check.finish()


def _check_head(file: DebitFile) -> Iterator[Finding]:
    yield from check_identifier("message_id", parse_reference, file.message_id)
    yield from _check_creditor(file.creditor)
    if not is_target_day(file.due_date):
        yield Finding("due_date_closed", params={"due": file.due_date.isoformat()})
    submit_by = previous_target_day(file.due_date)
    if file.created_at.date() > submit_by:
        yield Finding("due_too_soon", params={"submit_by": submit_by.isoformat()})


def _check_creditor(creditor: Creditor) -> Iterator[Finding]:
    if not has_words(sepa_name(creditor.name)):
        yield Finding("creditor_name")
    yield from check_identifier(
        "creditor_identifier", parse_creditor_identifier, creditor.identifier
    )
    yield from check_identifier("creditor_iban", parse_iban, creditor.iban)
    if not is_bic(creditor.bic):
        yield Finding("creditor_bic")


def _check_debit(file: DebitFile, debit: Debit) -> Iterator[Finding]:
    name = debit.end_to_end_id
    yield from check_reference_and_amount(debit)
    yield from _check_mandate(file, debit.mandate, name)
    yield from _check_debtor(debit.mandate, name)
    if not has_words(sepa_remittance(debit.remittance)):
        yield Finding("remittance_empty", name)
    if debit.ultimate_debtor is not None and not has_words(sepa_name(debit.ultimate_debtor)):
        yield Finding("ultimate_debtor_name", name)


def _check_mandate(file: DebitFile, mandate: MandateFacts, name: str) -> Iterator[Finding]:
    if mandate.scheme is not file.scheme:
        yield Finding("scheme", name, {"expected": file.scheme, "given": mandate.scheme})
    if mandate.signed_on > file.due_date:
        signed_on = mandate.signed_on.isoformat()
        yield Finding("mandate_signed_after_due", name, {"signed_on": signed_on})
    yield from check_identifier(
        "mandate_reference", parse_mandate_reference, mandate.reference, name
    )
    if mandate.amendment is not None:
        yield from check_amendment(
            amendment=mandate.amendment, mandate=mandate, file=file, end_to_end_id=name
        )


def _check_debtor(mandate: MandateFacts, name: str) -> Iterator[Finding]:
    if not has_words(sepa_name(mandate.debtor_name)):
        yield Finding("debtor_name", name)
    faults = list(check_identifier("debtor_iban", parse_iban, mandate.debtor_iban, name))
    yield from faults
    country = country_of_iban(mandate.debtor_iban)
    # Elsewhere in SEPA (Switzerland, United Kingdom ...) the debtor's bank demands the debtor's
    # address, which a mandate here does not hold.
    if not faults and not is_in_eea(country):
        yield Finding("debtor_outside_eea", name, {"country": country})
    if not is_bic(mandate.debtor_bic):
        yield Finding("debtor_bic", name)
