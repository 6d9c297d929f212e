"""What German banks demand of the amendment of a mandate and the ISO schema does not say."""

from collections.abc import Iterator

from aupolicy.kernel.identifiers import (
    identity_of_creditor,
    parse_creditor_identifier,
    parse_iban,
    parse_mandate_reference,
)
from billing.exports.sepa_check import Finding, check_identifier, has_words
from billing.exports.sepa_text import sepa_name
from billing.facts.debit import Amendment, Creditor, DebitFile, MandateFacts, Sequence


def check_amendment(
    *, amendment: Amendment, mandate: MandateFacts, file: DebitFile, end_to_end_id: str
) -> Iterator[Finding]:
    """What is wrong with the amendment a debit tells.

    Codes: `amendment_empty` when nothing changed, `amendment_of_one_off` when the mandate is for
    one debit only, so that none came before; `original_reference`, `original_creditor_identifier`
    and `original_iban` (reason: that of the reader, `not_stored_form`, or `unchanged`),
    `original_creditor_name` (reason: `empty`, `unchanged`), and `original_account_twice` when the
    old account is both told and withheld.
    """
    if amendment == Amendment():
        yield Finding("amendment_empty", end_to_end_id)
    if file.sequence is Sequence.OOFF:
        yield Finding("amendment_of_one_off", end_to_end_id)
    yield from _check_reference(amendment, mandate, end_to_end_id)
    yield from _check_creditor(amendment, file.creditor, end_to_end_id)
    yield from _check_account(amendment, mandate, end_to_end_id)


def _check_reference(amendment: Amendment, mandate: MandateFacts, name: str) -> Iterator[Finding]:
    original = amendment.original_reference
    if original is None:
        return
    yield from check_identifier("original_reference", parse_mandate_reference, original, name)
    if original == mandate.reference:
        yield _unchanged("original_reference", name)


def _check_creditor(amendment: Amendment, creditor: Creditor, name: str) -> Iterator[Finding]:
    identifier, called = amendment.original_creditor_identifier, amendment.original_creditor_name
    if identifier is not None:
        code = "original_creditor_identifier"
        yield from check_identifier(code, parse_creditor_identifier, identifier, name)
        if identity_of_creditor(identifier) == identity_of_creditor(creditor.identifier):
            yield _unchanged(code, name)
    if called is None:
        return
    if not has_words(sepa_name(called)):
        yield Finding("original_creditor_name", name, {"reason": "empty"})
    elif sepa_name(called) == sepa_name(creditor.name):
        yield _unchanged("original_creditor_name", name)


def _check_account(amendment: Amendment, mandate: MandateFacts, name: str) -> Iterator[Finding]:
    original = amendment.original_iban
    if original is None:
        return
    if amendment.same_mandate_new_account:
        yield Finding("original_account_twice", name)
    yield from check_identifier("original_iban", parse_iban, original, name)
    if original == mandate.debtor_iban:
        yield _unchanged("original_iban", name)


def _unchanged(code: str, name: str) -> Finding:
    return Finding(code, name, {"reason": "unchanged"})
