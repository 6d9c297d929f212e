"""Writing payment files of ISO 20022: streamed, and nothing leaves before all was checked."""

import shutil
from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import IO

from lxml import etree

from billing.exports.sepa_check import F, FileCheck, Finding, P, UnableToWriteFile
from billing.exports.sepa_text import sepa_name

# Up to here the draft stays in memory; a larger one goes to an unnamed temporary file.
DRAFT_IN_MEMORY = 4 * 1024 * 1024

# As many are put together before they are written.
_PAYMENTS_AT_ONCE = 500

_DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'
_NO_BIC = "NOTPROVIDED"


def write_checked(
    *,
    target: IO[bytes],
    check: FileCheck[F, P],
    payments: Iterable[P],
    write: Callable[[IO[bytes], Iterable[P]], None],
    unable: Callable[[Iterable[Finding]], UnableToWriteFile],
    validate: Callable[[IO[bytes]], None],
) -> None:
    """Write a file to `target` once everything has been checked; `payments` are read once.

    `write` writes the document with the payments that are sound, `validate` asks the ISO schema.
    Raises what `unable` makes of broken rules, and what `validate` raises.
    """
    with SpooledTemporaryFile(max_size=DRAFT_IN_MEMORY) as draft:
        if check.findings:
            check.exhaust(payments)
        else:
            write(draft, check.sound(payments))
        if findings := check.finish():
            raise unable(findings)
        draft.seek(0)
        validate(draft)
        draft.seek(0)
        shutil.copyfileobj(draft, target)


def write_document(
    target: IO[bytes],
    *,
    namespace: str,
    message: str,
    header: etree._Element,
    block: Iterable[etree._Element],
    payments: Iterable[str],
) -> None:
    """A document of a message with its group header and one payment block.

    `payments` are elements already written. They are text because making an element of each and
    writing that takes three times as long; they hold nothing that XML would have to escape, since
    it is not among the characters of SEPA and only checked payments come here.
    """
    # Elements without a namespace stand inside one that declares a default: they inherit it, and
    # the declaration is not repeated on each of them.
    head = "".join(map(_text_of, block))
    opening = f'<Document xmlns="{namespace}"><{message}>\n{_text_of(header)}\n<PmtInf>{head}\n'
    target.write(_DECLARATION + opening.encode())
    rest = iter(payments)
    while lines := list(islice(rest, _PAYMENTS_AT_ONCE)):
        lines.append("")
        target.write("\n".join(lines).encode())
    target.write(f"</PmtInf>\n</{message}></Document>\n".encode())


def _text_of(element: etree._Element) -> str:
    return etree.tostring(element, encoding="unicode")


def build_header(
    *, message_id: str, created_at: datetime, count: int, control_sum: Decimal, party: str
) -> etree._Element:
    """Who sends a file of how many payments, and their sum in euros."""
    header = etree.Element("GrpHdr")
    add_leaf(header, "MsgId", message_id)
    add_leaf(header, "CreDtTm", created_at.isoformat(timespec="seconds"))
    add_leaf(header, "NbOfTxs", str(count))
    add_leaf(header, "CtrlSum", euros(control_sum))
    add_leaf(header, "InitgPty/Nm", sepa_name(party))
    return header


def begin_block(
    *,
    message_id: str,
    method: str,
    count: int,
    control_sum: Decimal,
    batch_booking: bool = True,
) -> etree._Element:
    """The beginning of the payment block, which has the identifier of its message."""
    block = etree.Element("PmtInf")
    add_leaf(block, "PmtInfId", message_id)
    add_leaf(block, "PmtMtd", method)
    add_leaf(block, "BtchBookg", "true" if batch_booking else "false")
    add_leaf(block, "NbOfTxs", str(count))
    add_leaf(block, "CtrlSum", euros(control_sum))
    return block


def add_bank(parent: etree._Element, tag: str, bic: str | None) -> None:
    """A bank by its BIC; without one the IBAN leads there."""
    bank = add_branch(parent, f"{tag}/FinInstnId")
    if bic is None:
        add_leaf(bank, "Othr/Id", _NO_BIC)
    else:
        add_leaf(bank, "BICFI", bic)


def add_branch(parent: etree._Element, path: str) -> etree._Element:
    """A new chain of elements under `parent`, the last of which is returned."""
    for tag in path.split("/"):
        parent = etree.SubElement(parent, tag)
    return parent


def add_leaf(parent: etree._Element, path: str, text: str) -> etree._Element:
    """A new chain of elements with a text in the last, which is returned."""
    element = add_branch(parent, path)
    element.text = text
    return element


def bank_text(tag: str, bic: str | None) -> str:
    """A bank as `add_bank` adds it, as text."""
    if bic is None:
        return f"<{tag}><FinInstnId><Othr><Id>{_NO_BIC}</Id></Othr></FinInstnId></{tag}>"
    return f"<{tag}><FinInstnId><BICFI>{bic}</BICFI></FinInstnId></{tag}>"


def euros(amount: Decimal) -> str:
    """An amount with two decimals."""
    return f"{amount:.2f}"
