"""One side of `benchmarks.money_pain008` in a process of its own; prints one line of JSON."""

import hashlib
import json
import os
import resource
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from lxml import etree
from sepaxml import SepaDD

from benchmarks.debit_population import (
    CREDITOR,
    DUE,
    MESSAGE_ID,
    make_both,
    make_debits,
    make_file,
    make_texts,
    sum_of,
)
from billing.exports.pain008 import write_debit_file
from billing.exports.pain008_check import MESSAGE, NAMESPACE, read_control

Texts = tuple[str, ...]


def write_by_product(path: Path, count: int) -> None:
    """Checked by all rules, by the schema and against count and control sum, then written."""
    with path.open("wb") as target:
        write_debit_file(file=make_file(count), target=target)


def write_by_xmlfile(path: Path, count: int) -> None:
    """The same bytes by `lxml.etree.xmlfile` alone, element by element; nothing is checked."""
    _write_bare(path, count, _write_elements)


def write_by_xmlfile_in_pieces(path: Path, count: int) -> None:
    """The same bytes again: each debit built as an element, then written by `xmlfile`."""
    _write_bare(path, count, _write_piece)


def write_by_sepaxml(path: Path, count: int) -> None:
    """What sepaxml makes of the same debits, validated as it is by default."""
    generator = SepaDD(
        {
            "name": CREDITOR.name,
            "IBAN": CREDITOR.iban,
            "BIC": CREDITOR.bic,
            "batch": True,
            "creditor_id": CREDITOR.identifier,
            "currency": "EUR",
            "instrument": "CORE",
            "msg_id": MESSAGE_ID,
        },
        schema="pain.008.001.08",
    )
    for debit, texts in make_both(count):
        payment: dict[str, Any] = {
            # Already without umlauts, which it writes otherwise.
            "name": texts[5],
            "IBAN": texts[6],
            "amount": int(debit.amount * 100),
            "type": "RCUR",
            "collection_date": DUE,
            "mandate_id": texts[2],
            "mandate_date": debit.mandate.signed_on,
            "description": texts[7],
            "endtoend_id": texts[0],
        }
        generator.add_payment(payment | ({"BIC": texts[4]} if texts[4] else {}))
    path.write_bytes(generator.export(validate=True))


def _write_bare(
    path: Path, count: int, write: Callable[["etree._IncrementalFileWriter", Texts], None]
) -> None:
    header, block = _frame(count)
    with path.open("wb") as target:
        target.write(b'<?xml version="1.0" encoding="UTF-8"?>\n')
        with (
            etree.xmlfile(target, encoding="UTF-8") as xml,
            xml.element("Document", nsmap={None: NAMESPACE}),
            xml.element("CstmrDrctDbtInitn"),
        ):
            xml.write("\n", header, "\n")
            with xml.element("PmtInf"):
                for element in block:
                    xml.write(element)
                for texts in make_texts(count):
                    xml.write("\n")
                    write(xml, texts)
                xml.write("\n")
            xml.write("\n")
        target.write(b"\n")


@cache
def _frame(count: int) -> tuple[etree._Element, list[etree._Element]]:
    """Head and beginning of the block, taken from a file of one debit and its count and sum."""
    document = BytesIO()
    write_debit_file(file=make_file(1), target=document)
    text = document.getvalue().replace(f' xmlns="{NAMESPACE}"'.encode(), b"")
    root = etree.fromstring(text)
    for path, value in (("NbOfTxs", str(count)), ("CtrlSum", f"{sum_of(count):.2f}")):
        for element in root.iterfind(f".//{path}"):
            element.text = value
    header, block = root[0]
    for element in (header, *block):
        element.tail = None
    return header, list(block)[:-1]


def _write_elements(xml: "etree._IncrementalFileWriter", texts: Texts) -> None:
    end_to_end_id, amount, reference, signed_on, bic, name, iban, remittance = texts
    tag = xml.element
    with tag("DrctDbtTxInf"):
        with tag("PmtId"), tag("EndToEndId"):
            xml.write(end_to_end_id)
        with tag("InstdAmt", Ccy="EUR"):
            xml.write(amount)
        with tag("DrctDbtTx"), tag("MndtRltdInf"):
            with tag("MndtId"):
                xml.write(reference)
            with tag("DtOfSgntr"):
                xml.write(signed_on)
        with tag("DbtrAgt"), tag("FinInstnId"):
            if bic:
                with tag("BICFI"):
                    xml.write(bic)
            else:
                with tag("Othr"), tag("Id"):
                    xml.write("NOTPROVIDED")
        with tag("Dbtr"), tag("Nm"):
            xml.write(name)
        with tag("DbtrAcct"), tag("Id"), tag("IBAN"):
            xml.write(iban)
        with tag("RmtInf"), tag("Ustrd"):
            xml.write(remittance)


def _write_piece(xml: "etree._IncrementalFileWriter", texts: Texts) -> None:
    end_to_end_id, amount, reference, signed_on, bic, name, iban, remittance = texts
    sub = etree.SubElement
    debit = etree.Element("DrctDbtTxInf")
    sub(sub(debit, "PmtId"), "EndToEndId").text = end_to_end_id
    sub(debit, "InstdAmt", Ccy="EUR").text = amount
    mandate = sub(sub(debit, "DrctDbtTx"), "MndtRltdInf")
    sub(mandate, "MndtId").text = reference
    sub(mandate, "DtOfSgntr").text = signed_on
    bank = sub(sub(debit, "DbtrAgt"), "FinInstnId")
    if bic:
        sub(bank, "BICFI").text = bic
    else:
        sub(sub(bank, "Othr"), "Id").text = "NOTPROVIDED"
    sub(sub(debit, "Dbtr"), "Nm").text = name
    sub(sub(sub(debit, "DbtrAcct"), "Id"), "IBAN").text = iban
    sub(sub(debit, "RmtInf"), "Ustrd").text = remittance
    xml.write(debit)


def read_facts(path: Path) -> dict[str, str]:
    """What a file says: digests of its bytes and of its debits' elements, and its control sum.

    The schema is asked on the way, also about the files of the other sides.
    """
    digest = hashlib.sha256()
    for debit in MESSAGE.elements(path, (MESSAGE.payment,)):
        for element in debit.iter():
            digest.update(f"{etree.QName(element).localname}={element.text};".encode())
    control = read_control(path)
    if control.control_sum != control.sum_of_amounts:
        sys.exit("the control sum is not that of the debits")
    return {
        "bytes": hashlib.sha256(path.read_bytes()).hexdigest(),
        "elements": digest.hexdigest(),
        "control": f"{control.payment_count} / {control.control_sum}",
    }


# Each side with what makes its debits, which is measured beside it and taken off.
SIDES: dict[str, tuple[Callable[[Path, int], None], Callable[[int], Iterator[object]]]] = {
    "product": (write_by_product, make_debits),
    "xmlfile": (write_by_xmlfile, make_texts),
    "xmlfile in pieces": (write_by_xmlfile_in_pieces, make_texts),
    "sepaxml": (write_by_sepaxml, make_both),
}


def main(side: str, path: str, count: str) -> None:
    """Measure, and tell; memory is that beyond the interpreter with all imports."""
    write, source = SIDES[side]
    _frame(int(count))
    making = _time(lambda: deque(source(int(count)), maxlen=0))
    before = _peak_kib()
    all_of_it = _time(lambda: write(Path(path), int(count)))
    found: dict[str, Any] = {
        "seconds": all_of_it[0] - making[0],
        "cpu": all_of_it[1] - making[1],
        "extra_mib": (_peak_kib() - before) / 1024,
        "load": os.getloadavg()[0],
    }
    sys.stdout.write(json.dumps(found | read_facts(Path(path))))


def _time(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds and processor seconds of some work."""
    began, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - began, time.process_time() - cpu


def _peak_kib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main(*sys.argv[1:])
