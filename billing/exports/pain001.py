"""SEPA credit transfer file, ISO 20022 pain.001.001.09, as German banks take it (GBIC 4 and later).

One payment block to a file: one execution day, one debtor account, booked as one sum. The same
facts give the same bytes.
"""

from collections.abc import Iterable
from functools import partial
from typing import IO

from lxml import etree

from billing.exports.pain001_check import NAMESPACE, validate_against_schema
from billing.exports.sepa_text import sepa_name, sepa_remittance
from billing.exports.sepa_transfer_rules import TransferCheck, UnableToWriteTransferFile
from billing.exports.sepa_xml import (
    add_bank,
    add_leaf,
    bank_text,
    begin_block,
    build_header,
    euros,
    write_checked,
    write_document,
)
from billing.facts.transfer import Transfer, TransferFile


def write_transfer_file(*, file: TransferFile, target: IO[bytes]) -> None:
    """Check a credit transfer file against all rules and the ISO schema, then write it.

    The transfers are read once, as a stream; 100,000 of them need no more memory than ten,
    besides their end-to-end ids. Nothing reaches `target` before everything has been checked.
    Raises UnableToWriteTransferFile, whose findings name the transfers at fault, and
    UnableToAcceptTransferFile should the schema notice what the rules do not.
    """
    write_checked(
        target=target,
        check=TransferCheck(file),
        payments=file.transfers,
        write=partial(_write_document, file),
        unable=UnableToWriteTransferFile,
        validate=validate_against_schema,
    )


def _write_document(file: TransferFile, target: IO[bytes], transfers: Iterable[Transfer]) -> None:
    write_document(
        target,
        namespace=NAMESPACE,
        message="CstmrCdtTrfInitn",
        header=build_header(
            message_id=file.message_id,
            created_at=file.created_at,
            count=file.count,
            control_sum=file.control_sum,
            party=file.debtor.name,
        ),
        block=_block_head(file),
        payments=map(_transfer, transfers),
    )


def _block_head(file: TransferFile) -> Iterable[etree._Element]:
    """What is said once for all transfers, in the order of the schema."""
    block = begin_block(
        message_id=file.message_id, method="TRF", count=file.count, control_sum=file.control_sum
    )
    add_leaf(block, "PmtTpInf/SvcLvl/Cd", "SEPA")
    add_leaf(block, "ReqdExctnDt/Dt", file.execution_date.isoformat())
    add_leaf(block, "Dbtr/Nm", sepa_name(file.debtor.name))
    add_leaf(block, "DbtrAcct/Id/IBAN", file.debtor.iban)
    add_bank(block, "DbtrAgt", file.debtor.bic)
    add_leaf(block, "ChrgBr", "SLEV")
    return list(block)


def _transfer(transfer: Transfer) -> str:
    """One transfer that was checked, in the order of the schema."""
    # Left out without a BIC, unlike the debtor's bank, which the schema demands.
    bank = "" if transfer.bic is None else bank_text("CdtrAgt", transfer.bic)
    return (
        "<CdtTrfTxInf>"
        f"<PmtId><EndToEndId>{transfer.end_to_end_id}</EndToEndId></PmtId>"
        f'<Amt><InstdAmt Ccy="EUR">{euros(transfer.amount)}</InstdAmt></Amt>'
        f"{bank}"
        f"<Cdtr><Nm>{sepa_name(transfer.name)}</Nm></Cdtr>"
        f"<CdtrAcct><Id><IBAN>{transfer.iban}</IBAN></Id></CdtrAcct>"
        f"<RmtInf><Ustrd>{sepa_remittance(transfer.remittance)}</Ustrd></RmtInf>"
        "</CdtTrfTxInf>"
    )
