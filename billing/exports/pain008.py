"""SEPA direct debit file, ISO 20022 pain.008.001.08, as German banks take it (GBIC 4 and later).

One payment block to a file: one scheme, one due date, one creditor account, every debit RCUR
(allowed for the first one too since November 2016). The same facts give the same bytes.
"""

import shutil
from collections.abc import Iterable
from decimal import Decimal
from tempfile import SpooledTemporaryFile
from typing import IO

from lxml import etree

from billing.exports.pain008_check import NAMESPACE, validate_against_schema
from billing.exports.sepa_rules import DebitCheck, UnableToWriteDebitFile
from billing.exports.sepa_text import sepa_name, sepa_remittance
from billing.facts.debit import Creditor, Debit, DebitFile, MandateFacts

# Up to here the draft stays in memory; a larger one goes to an unnamed temporary file.
DRAFT_IN_MEMORY = 4 * 1024 * 1024

_DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'
_NO_BIC = "NOTPROVIDED"


def write_debit_file(*, file: DebitFile, target: IO[bytes]) -> None:
    """Check a direct debit file against all rules and the ISO schema, then write it.

    The debits are read once, as a stream; 100,000 of them need no more memory than ten, besides
    their end-to-end ids. Nothing reaches `target` before everything has been checked. Raises
    UnableToWriteDebitFile, whose findings name the debits at fault, and UnableToAcceptDebitFile
    should the schema notice what the rules do not, such as an offset with seconds.
    """
    check = DebitCheck(file)
    with SpooledTemporaryFile(max_size=DRAFT_IN_MEMORY) as draft:
        if check.findings:
            check.exhaust(file.debits)
        else:
            _write_document(draft, file, check.sound(file.debits))
        if findings := check.finish():
            raise UnableToWriteDebitFile(findings)
        draft.seek(0)
        validate_against_schema(draft)
        draft.seek(0)
        shutil.copyfileobj(draft, target)


def _write_document(target: IO[bytes], file: DebitFile, debits: Iterable[Debit]) -> None:
    # Elements without a namespace stand inside one that declares a default: they inherit it, and
    # the declaration is not repeated on each of them.
    target.write(_DECLARATION)
    with (
        etree.xmlfile(target, encoding="UTF-8") as xml,
        xml.element("Document", nsmap={None: NAMESPACE}),
        xml.element("CstmrDrctDbtInitn"),
    ):
        xml.write("\n", _group_header(file), "\n")
        with xml.element("PmtInf"):
            for element in _block_head(file):
                xml.write(element)
            for debit in debits:
                xml.write("\n", _debit(debit))
            xml.write("\n")
        xml.write("\n")
    target.write(b"\n")


def _group_header(file: DebitFile) -> etree._Element:
    header = etree.Element("GrpHdr")
    _leaf(header, "MsgId", file.message_id)
    _leaf(header, "CreDtTm", file.created_at.isoformat(timespec="seconds"))
    _leaf(header, "NbOfTxs", str(file.count))
    _leaf(header, "CtrlSum", _euros(file.control_sum))
    _leaf(header, "InitgPty/Nm", sepa_name(file.creditor.name))
    return header


def _block_head(file: DebitFile) -> Iterable[etree._Element]:
    """What is said once for all debits, in the order of the schema."""
    block = etree.Element("PmtInf")
    _leaf(block, "PmtInfId", file.message_id)
    _leaf(block, "PmtMtd", "DD")
    _leaf(block, "BtchBookg", "true")
    _leaf(block, "NbOfTxs", str(file.count))
    _leaf(block, "CtrlSum", _euros(file.control_sum))
    kind = etree.SubElement(block, "PmtTpInf")
    _leaf(kind, "SvcLvl/Cd", "SEPA")
    _leaf(kind, "LclInstrm/Cd", file.scheme.value)
    _leaf(kind, "SeqTp", "RCUR")
    _leaf(block, "ReqdColltnDt", file.due_date.isoformat())
    _add_creditor(block, file.creditor)
    return list(block)


def _add_creditor(block: etree._Element, creditor: Creditor) -> None:
    _leaf(block, "Cdtr/Nm", sepa_name(creditor.name))
    _leaf(block, "CdtrAcct/Id/IBAN", creditor.iban)
    _add_bank(block, "CdtrAgt", creditor.bic)
    _leaf(block, "ChrgBr", "SLEV")
    scheme_id = _branch(block, "CdtrSchmeId/Id/PrvtId/Othr")
    _leaf(scheme_id, "Id", creditor.identifier)
    _leaf(scheme_id, "SchmeNm/Prtry", "SEPA")


def _debit(debit: Debit) -> etree._Element:
    element = etree.Element("DrctDbtTxInf")
    _leaf(element, "PmtId/EndToEndId", debit.end_to_end_id)
    _leaf(element, "InstdAmt", _euros(debit.amount)).set("Ccy", "EUR")
    _add_mandate(_branch(element, "DrctDbtTx/MndtRltdInf"), debit.mandate)
    _add_bank(element, "DbtrAgt", debit.mandate.debtor_bic)
    _leaf(element, "Dbtr/Nm", sepa_name(debit.mandate.debtor_name))
    _leaf(element, "DbtrAcct/Id/IBAN", debit.mandate.debtor_iban)
    if debit.ultimate_debtor is not None:
        _leaf(element, "UltmtDbtr/Nm", sepa_name(debit.ultimate_debtor))
    _leaf(element, "RmtInf/Ustrd", sepa_remittance(debit.remittance))
    return element


def _add_mandate(element: etree._Element, mandate: MandateFacts) -> None:
    # AmdmntInd is left out, which means false; an amendment would follow here.
    _leaf(element, "MndtId", mandate.reference)
    _leaf(element, "DtOfSgntr", mandate.signed_on.isoformat())


def _add_bank(parent: etree._Element, tag: str, bic: str | None) -> None:
    bank = _branch(parent, f"{tag}/FinInstnId")
    if bic is None:
        _leaf(bank, "Othr/Id", _NO_BIC)
    else:
        _leaf(bank, "BICFI", bic)


def _branch(parent: etree._Element, path: str) -> etree._Element:
    """A new chain of elements under `parent`, the last of which is returned."""
    for tag in path.split("/"):
        parent = etree.SubElement(parent, tag)
    return parent


def _leaf(parent: etree._Element, path: str, text: str) -> etree._Element:
    element = _branch(parent, path)
    element.text = text
    return element


def _euros(amount: Decimal) -> str:
    return f"{amount:.2f}"
