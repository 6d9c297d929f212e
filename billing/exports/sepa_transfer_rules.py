"""What German banks demand of a credit transfer file and the ISO schema does not say.

Beside the rules for every SEPA file those of the SEPA credit transfer rulebook.
"""

import re
from collections.abc import Iterator

from aupolicy.kernel.bank_calendar import is_target_day
from aupolicy.kernel.identifiers import country_of_iban, parse_iban, parse_reference
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
from billing.facts.transfer import Debtor, Transfer, TransferFile

# Members of SEPA outside the EEA, by the country of their IBANs (European Payments Council,
# EPC409-09). Their banks want the BIC beside the IBAN.
_SEPA_BEYOND_EEA = re.compile("AD|AL|CH|GB|GI|MC|MD|ME|MK|RS|SM|VA")


class UnableToWriteTransferFile(UnableToWriteFile):
    """A credit transfer file breaks a rule; nothing was written."""


class TransferCheck(FileCheck[TransferFile, Transfer]):
    """Checks a credit transfer file while its transfers stream by.

    Codes for the file: `message_id`, `payer_name`, `payer_iban`, `payer_bic`,
    `execution_closed` (day), `execution_past` (day), `no_transfers`, `count` and `control_sum`
    (expected, given).
    For a transfer: `end_to_end_id`, `end_to_end_id_twice`, `amount_range` and `amount_decimals`
    (amount), `payee_name`, `payee_iban`, `payee_outside_sepa` (country), `payee_bic`,
    `payee_bic_needed` (country), `remittance_empty`.
    Findings about identifiers carry the reader's own code as `reason`.
    """

    empty = "no_transfers"

    def check_head(self) -> Iterator[Finding]:
        """Identifiers, the debtor, and the day."""
        file, day = self.file, {"day": self.file.execution_date.isoformat()}
        yield from check_identifier("message_id", parse_reference, file.message_id)
        yield from _check_debtor(file.debtor)
        if not is_target_day(file.execution_date):
            yield Finding("execution_closed", params=day)
        if file.created_at.date() > file.execution_date:
            yield Finding("execution_past", params=day)

    def check_payment(self, payment: Transfer) -> Iterator[Finding]:
        """One transfer with its payee."""
        name = payment.end_to_end_id
        yield from check_reference_and_amount(payment)
        yield from check_payee(
            name=payment.name, iban=payment.iban, bic=payment.bic, end_to_end_id=name
        )
        if not has_words(sepa_remittance(payment.remittance)):
            yield Finding("remittance_empty", name)


def check_transfer_file(file: TransferFile) -> list[Finding]:
    """Every broken rule of a file, none when banks will take it. Reads the transfers once."""
    check = TransferCheck(file)
    check.exhaust(file.transfers)
    return check.finish()


def check_payee(
    *, name: str, iban: str, bic: str | None, end_to_end_id: str | None = None
) -> Iterator[Finding]:
    """Whether money can be sent to an account at all; codes as of a transfer in a file."""
    yield from check_identifier("payee_iban", parse_iban, iban, end_to_end_id)
    yield from check_reach(name=name, iban=iban, bic=bic, end_to_end_id=end_to_end_id)


def check_reach(
    *, name: str, iban: str, bic: str | None, end_to_end_id: str | None = None
) -> Iterator[Finding]:
    """The same for an IBAN whose check digits are known to be right."""
    if not has_words(sepa_name(name)):
        yield Finding("payee_name", end_to_end_id)
    if not is_bic(bic):
        yield Finding("payee_bic", end_to_end_id)
    country = country_of_iban(iban)
    if is_in_eea(country):
        return
    if not _SEPA_BEYOND_EEA.fullmatch(country):
        yield Finding("payee_outside_sepa", end_to_end_id, {"country": country})
    elif bic is None:
        yield Finding("payee_bic_needed", end_to_end_id, {"country": country})


def _check_debtor(debtor: Debtor) -> Iterator[Finding]:
    if not has_words(sepa_name(debtor.name)):
        yield Finding("payer_name")
    yield from check_identifier("payer_iban", parse_iban, debtor.iban)
    if not is_bic(debtor.bic):
        yield Finding("payer_bic")
