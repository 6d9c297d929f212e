"""Constructed debits for the tests of bank files."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from lxml import etree

from billing.exports.pain008 import write_debit_file
from billing.exports.pain008_check import NAMESPACE
from billing.facts.debit import Creditor, Debit, DebitFile, MandateFacts, Scheme

CREDITOR = Creditor(
    name="Musterleben Versicherung AG",
    identifier="DE98ZZZ09999999999",
    iban="DE89370400440532013000",
    bic="COBADEFFXXX",
)
MANDATE = MandateFacts(
    reference="BAU-2026-0001",
    signed_on=date(2026, 11, 2),
    scheme=Scheme.CORE,
    debtor_name="Haarschön",
    debtor_iban="DE02120300000000202051",
)
DEBIT = Debit(
    end_to_end_id="BU-2026-000001",
    amount=Decimal("76.70"),
    mandate=MANDATE,
    remittance="Beitrag betriebliche AU-Versicherung Dezember 2026, Vertrag BAU-0001",
)


def make_debit(number: int = 1, **changes: Any) -> Debit:
    """A sound debit; `changes` go to the debit or, where it has no such field, to its mandate."""
    own = {name: value for name, value in changes.items() if hasattr(DEBIT, name)}
    of_mandate = {name: value for name, value in changes.items() if name not in own}
    mandate = replace(MANDATE, **{"reference": f"BAU-2026-{number:04d}", **of_mandate})
    return replace(DEBIT, **{"end_to_end_id": f"BU-2026-{number:06d}", "mandate": mandate, **own})


def make_file(debits: Sequence[Debit] = (DEBIT,), **changes: Any) -> DebitFile:
    """A sound file of the debits, with count and sum that fit."""
    facts = DebitFile(
        message_id="BAU-20261228-1",
        created_at=datetime(2026, 12, 1, 9, 30),  # noqa: DTZ001 - local time, as in the file
        due_date=date(2026, 12, 28),
        scheme=Scheme.CORE,
        creditor=CREDITOR,
        debits=debits,
        count=len(debits),
        control_sum=sum((debit.amount for debit in debits), start=Decimal("0.00")),
    )
    return replace(facts, **changes)


def write(file: DebitFile) -> bytes:
    """The file's bytes."""
    target = BytesIO()
    write_debit_file(file=file, target=target)
    return target.getvalue()


def texts(xml: bytes, path: str) -> list[str | None]:
    """Texts of the elements a path of local names leads to, such as "GrpHdr/MsgId"."""
    steps = "/".join(f"{{{NAMESPACE}}}{name}" for name in path.split("/"))
    return [element.text for element in etree.fromstring(xml).iterfind(f".//{steps}")]
