"""SEPA direct debit file, ISO 20022 pain.008.001.08, as German banks take it (GBIC 4 and later).

One payment block to a file: one scheme, one due date, one creditor account, every debit RCUR
(allowed for the first one too since November 2016). The same facts give the same bytes.
"""

from collections.abc import Iterable
from functools import partial
from typing import IO

from lxml import etree

from billing.exports.pain008_check import NAMESPACE, validate_against_schema
from billing.exports.sepa_rules import DebitCheck, UnableToWriteDebitFile
from billing.exports.sepa_text import sepa_name, sepa_remittance
from billing.exports.sepa_xml import (
    add_bank,
    add_branch,
    add_leaf,
    begin_block,
    build_header,
    euros,
    write_checked,
    write_document,
)
from billing.facts.debit import Creditor, Debit, DebitFile, MandateFacts


def write_debit_file(*, file: DebitFile, target: IO[bytes]) -> None:
    """Check a direct debit file against all rules and the ISO schema, then write it.

    The debits are read once, as a stream; 100,000 of them need no more memory than ten, besides
    their end-to-end ids. Nothing reaches `target` before everything has been checked. Raises
    UnableToWriteDebitFile, whose findings name the debits at fault, and UnableToAcceptDebitFile
    should the schema notice what the rules do not, such as an offset with seconds.
    """
    write_checked(
        target=target,
        check=DebitCheck(file),
        payments=file.debits,
        write=partial(_write_document, file),
        unable=UnableToWriteDebitFile,
        validate=validate_against_schema,
    )


def _write_document(file: DebitFile, target: IO[bytes], debits: Iterable[Debit]) -> None:
    write_document(
        target,
        namespace=NAMESPACE,
        message="CstmrDrctDbtInitn",
        header=build_header(
            message_id=file.message_id,
            created_at=file.created_at,
            count=file.count,
            control_sum=file.control_sum,
            party=file.creditor.name,
        ),
        block=_block_head(file),
        payments=map(_debit, debits),
    )


def _block_head(file: DebitFile) -> Iterable[etree._Element]:
    """What is said once for all debits, in the order of the schema."""
    block = begin_block(
        message_id=file.message_id, method="DD", count=file.count, control_sum=file.control_sum
    )
    kind = etree.SubElement(block, "PmtTpInf")
    add_leaf(kind, "SvcLvl/Cd", "SEPA")
    add_leaf(kind, "LclInstrm/Cd", file.scheme.value)
    add_leaf(kind, "SeqTp", "RCUR")
    add_leaf(block, "ReqdColltnDt", file.due_date.isoformat())
    _add_creditor(block, file.creditor)
    return list(block)


def _add_creditor(block: etree._Element, creditor: Creditor) -> None:
    add_leaf(block, "Cdtr/Nm", sepa_name(creditor.name))
    add_leaf(block, "CdtrAcct/Id/IBAN", creditor.iban)
    add_bank(block, "CdtrAgt", creditor.bic)
    add_leaf(block, "ChrgBr", "SLEV")
    scheme_id = add_branch(block, "CdtrSchmeId/Id/PrvtId/Othr")
    add_leaf(scheme_id, "Id", creditor.identifier)
    add_leaf(scheme_id, "SchmeNm/Prtry", "SEPA")


def _debit(debit: Debit) -> etree._Element:
    element = etree.Element("DrctDbtTxInf")
    add_leaf(element, "PmtId/EndToEndId", debit.end_to_end_id)
    add_leaf(element, "InstdAmt", euros(debit.amount)).set("Ccy", "EUR")
    _add_mandate(add_branch(element, "DrctDbtTx/MndtRltdInf"), debit.mandate)
    add_bank(element, "DbtrAgt", debit.mandate.debtor_bic)
    add_leaf(element, "Dbtr/Nm", sepa_name(debit.mandate.debtor_name))
    add_leaf(element, "DbtrAcct/Id/IBAN", debit.mandate.debtor_iban)
    if debit.ultimate_debtor is not None:
        add_leaf(element, "UltmtDbtr/Nm", sepa_name(debit.ultimate_debtor))
    add_leaf(element, "RmtInf/Ustrd", sepa_remittance(debit.remittance))
    return element


def _add_mandate(element: etree._Element, mandate: MandateFacts) -> None:
    # AmdmntInd is left out, which means false; an amendment would follow here.
    add_leaf(element, "MndtId", mandate.reference)
    add_leaf(element, "DtOfSgntr", mandate.signed_on.isoformat())
