"""Constructed transfers for the tests of bank files."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from lxml import etree

from billing.exports.pain001 import write_transfer_file
from billing.exports.pain001_check import NAMESPACE
from billing.facts.transfer import Debtor, Transfer, TransferFile

DEBTOR = Debtor(
    name="Musterleben Versicherung AG", iban="DE89370400440532013000", bic="COBADEFFXXX"
)
TRANSFER = Transfer(
    end_to_end_id="BAU-L-20261228-000001",
    amount=Decimal("300.00"),
    name="Zoë Müller",
    iban="DE02120300000000202051",
    remittance="Leistung 11/2026 Vertrag GV-2026-0001",
)


def make_transfer(number: int = 1, **changes: Any) -> Transfer:
    """A sound transfer."""
    return replace(TRANSFER, **{"end_to_end_id": f"BAU-L-20261228-{number:06d}", **changes})


def make_file(transfers: Sequence[Transfer] = (TRANSFER,), **changes: Any) -> TransferFile:
    """A sound file of the transfers, with count and sum that fit."""
    facts = TransferFile(
        message_id="BAU-L-20261228-0001",
        created_at=datetime(2026, 12, 21, 9, 30),  # noqa: DTZ001 - local time, as in the file
        execution_date=date(2026, 12, 28),
        debtor=DEBTOR,
        transfers=transfers,
        count=len(transfers),
        control_sum=sum((transfer.amount for transfer in transfers), start=Decimal("0.00")),
    )
    return replace(facts, **changes)


def write(file: TransferFile) -> bytes:
    """The file's bytes."""
    target = BytesIO()
    write_transfer_file(file=file, target=target)
    return target.getvalue()


def texts(xml: bytes, path: str) -> list[str | None]:
    """Texts of the elements a path of local names leads to, such as "GrpHdr/MsgId"."""
    steps = "/".join(f"{{{NAMESPACE}}}{name}" for name in path.split("/"))
    return [element.text for element in etree.fromstring(xml).iterfind(f".//{steps}")]
