"""SEPA direct debit file, ISO 20022 pain.008.001.08, as German banks take it (GBIC 4 and later).

One payment block to a file: one scheme, sequence, due date and creditor account. The same facts
give the same bytes.
"""

from collections.abc import Iterable
from functools import partial
from typing import IO

from lxml import etree

from billing.exports.pain008_amendment import amendment_text
from billing.exports.pain008_check import NAMESPACE, validate_against_schema
from billing.exports.sepa_rules import DebitCheck, UnableToWriteDebitFile
from billing.exports.sepa_text import sepa_name, sepa_remittance
from billing.exports.sepa_xml import (
    add_bank,
    add_branch,
    add_leaf,
    bank_text,
    begin_block,
    build_header,
    euros,
    write_checked,
    write_document,
)
from billing.facts.debit import Creditor, Debit, DebitFile


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
        message_id=file.message_id,
        method="DD",
        count=file.count,
        control_sum=file.control_sum,
        batch_booking=file.batch_booking,
    )
    kind = etree.SubElement(block, "PmtTpInf")
    add_leaf(kind, "SvcLvl/Cd", "SEPA")
    add_leaf(kind, "LclInstrm/Cd", file.scheme.value)
    add_leaf(kind, "SeqTp", file.sequence.value)
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


def _debit(debit: Debit) -> str:
    """One debit that was checked, in the order of the schema."""
    mandate = debit.mandate
    change = "" if mandate.amendment is None else amendment_text(mandate.amendment)
    owing = debit.ultimate_debtor
    owing = "" if owing is None else f"<UltmtDbtr><Nm>{sepa_name(owing)}</Nm></UltmtDbtr>"
    return (
        "<DrctDbtTxInf>"
        f"<PmtId><EndToEndId>{debit.end_to_end_id}</EndToEndId></PmtId>"
        f'<InstdAmt Ccy="EUR">{euros(debit.amount)}</InstdAmt>'
        f"<DrctDbtTx><MndtRltdInf><MndtId>{mandate.reference}</MndtId>"
        f"<DtOfSgntr>{mandate.signed_on.isoformat()}</DtOfSgntr>{change}</MndtRltdInf></DrctDbtTx>"
        f"{bank_text('DbtrAgt', mandate.debtor_bic)}"
        f"<Dbtr><Nm>{sepa_name(mandate.debtor_name)}</Nm></Dbtr>"
        f"<DbtrAcct><Id><IBAN>{mandate.debtor_iban}</IBAN></Id></DbtrAcct>"
        f"{owing}"
        f"<RmtInf><Ustrd>{sepa_remittance(debit.remittance)}</Ustrd></RmtInf>"
        "</DrctDbtTxInf>"
    )
