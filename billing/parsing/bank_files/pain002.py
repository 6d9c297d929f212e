"""pain.002.001.10: what became of a file of debits or transfers that we handed in."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from lxml import etree

from aupolicy.kernel.money import ZERO
from billing.facts.bank import BankMessage, BankMessageKind, PaymentStatus
from billing.parsing.bank_files.camt_entry import read_reference
from billing.parsing.bank_files.elements import (
    Paths,
    Shape,
    Values,
    amount,
    forget,
    get_line,
    group,
    text,
    texts,
)
from billing.parsing.bank_files.problems import UnableToReadBankFile

_CODE = 4
_MOMENT = 40
_COUNT = 15

_REASONS: Paths = {
    "StsRsnInf": group(
        "reasons",
        {
            "Rsn/Cd": text("code", _CODE),
            "Rsn/Prtry": text("code"),
            "AddtlInf": texts("text", 105),
        },
    )
}
_COUNTS: Paths = {
    "OrgnlNbOfTxs": text("count", _COUNT),
    "OrgnlCtrlSum": text("sum"),
    "NbOfTxsPerSts": group(
        "per_status",
        {
            "DtldNbOfTxs": text("count", _COUNT),
            "DtldSts": text("status", _CODE),
            "DtldCtrlSum": text("sum"),
        },
    ),
}
_PATHS: dict[str, Paths] = {
    "GrpHdr": {"MsgId": text("message_id"), "CreDtTm": text("created_at", _MOMENT)},
    "OrgnlGrpInfAndSts": {
        **_REASONS,
        **_COUNTS,
        "OrgnlMsgId": text("original_message_id"),
        "GrpSts": text("status", _CODE),
    },
    "OrgnlPmtInfAndSts": {
        **_REASONS,
        **_COUNTS,
        "OrgnlPmtInfId": text("original_payment_id"),
        "PmtInfSts": text("status", _CODE),
    },
    "TxInfAndSts": {
        **_REASONS,
        "OrgnlEndToEndId": text("end_to_end_id"),
        "TxSts": text("status", _CODE),
        "OrgnlTxRef/Amt/InstdAmt": amount("instructed"),
        "OrgnlTxRef/IntrBkSttlmAmt": amount("settled"),
    },
    "CstmrPmtStsRpt": {},
}


@dataclass(slots=True)
class _Count:
    """Payments told of one by one. `amounts` is None once one of them has no amount."""

    number: int = 0
    amounts: Decimal | None = ZERO

    def add(self, amount: Decimal | None) -> None:
        """Count one in."""
        self.number += 1
        known = self.amounts is not None and amount is not None
        self.amounts = (self.amounts or ZERO) + (amount or ZERO) if known else None


@dataclass(slots=True)
class _Block:
    """The file, or one of its payment blocks, and the statuses of its payments so far."""

    values: Values
    counts: defaultdict[str, _Count]

    def add(self, status: PaymentStatus) -> None:
        """Count the status of a payment in, under its code and under all."""
        for code in (status.status, ""):
            self.counts[code].add(status.amount)

    def check(self) -> None:
        """Raise UnableToReadBankFile if more, or other payments are told of than it says.

        Banks may leave out payments that they took; rejected ones are told of all or none.
        """
        values, everything = self.values, self.counts[""]
        _check(values, everything, must_be_all=False)
        for stated in values.group("per_status"):
            count = self.counts[stated.needed("status")]
            is_told = stated.text("status") == "RJCT" and count.number > 0
            _check(stated, count, must_be_all=is_told)


class StatusReader:
    """Reads the elements of one document as they end; its statuses come before the message."""

    def __init__(self, version: str, namespace: str) -> None:
        self._version = version
        self._shapes = {name: Shape(namespace, paths) for name, paths in _PATHS.items()}
        self.tags = {f"{{{namespace}}}{name}": name for name in _PATHS}
        self._head: Values | None = None
        self._file: _Block | None = None
        self._block: _Block | None = None
        self._blocks = 0
        self._payments = 0
        self._messages = 0

    def read(self, element: etree._Element) -> Iterator[PaymentStatus | BankMessage]:
        """What an element that ended says. Raises UnableToReadBankFile."""
        match self.tags[element.tag]:
            case "GrpHdr":
                self._head = self._shapes["GrpHdr"].read(element, "GrpHdr")
            case "OrgnlGrpInfAndSts":
                values = self._shapes["OrgnlGrpInfAndSts"].read(element, "OrgnlGrpInfAndSts")
                self._file = _Block(values, defaultdict(_Count))
                if values.text("status"):
                    yield self._make(values, None, None)
            case "TxInfAndSts":
                yield from self._read_payment(element)
                forget(element)
            case "OrgnlPmtInfAndSts":
                yield from self._enter(element)
                self._leave()
                forget(element)
            case _:
                yield self._read_message(element)

    def finish(self) -> None:
        """Raise UnableToReadBankFile if the document had no message."""
        if self._messages == 0:
            raise UnableToReadBankFile("ELEMENT_MISSING", path="CstmrPmtStsRpt", line=1)

    def _enter(self, element: etree._Element | None) -> Iterator[PaymentStatus]:
        """Read the head of a payment block once, and its own status."""
        if self._block is not None:
            return
        place = f"OrgnlPmtInfAndSts {self._blocks + 1}"
        shape = self._shapes["OrgnlPmtInfAndSts"]
        if element is None or self.tags.get(element.tag) != "OrgnlPmtInfAndSts":
            raise Values(shape, place, 0).problem("ELEMENT_MISSING", "original_payment_id")
        values = shape.read(element, place)
        self._block = _Block(values, defaultdict(_Count))
        if values.text("status"):
            yield self._make(values, values.needed("original_payment_id"), None)

    def _leave(self) -> None:
        if self._block is not None:
            self._block.check()
        self._block, self._payments = None, 0
        self._blocks += 1

    def _read_payment(self, element: etree._Element) -> Iterator[PaymentStatus]:
        yield from self._enter(element.getparent())
        block, file = self._block, self._file
        if block is None or file is None:
            raise UnableToReadBankFile(
                "ELEMENT_MISSING", path="OrgnlGrpInfAndSts", line=get_line(element)
            )
        self._payments += 1
        place = f"{block.values.place} / TxInfAndSts {self._payments}"
        values = self._shapes["TxInfAndSts"].read(element, place)
        payment_id = block.values.needed("original_payment_id")
        status = self._make(values, payment_id, values.needed("end_to_end_id"))
        for counted in (block, file):
            counted.add(status)
        yield status

    def _make(
        self, values: Values, payment_id: str | None, end_to_end_id: str | None
    ) -> PaymentStatus:
        """A payment without a status of its own has that of its block, or that of the file."""
        file, block = self._file, self._block
        if file is None:
            raise UnableToReadBankFile(
                "ELEMENT_MISSING", path="OrgnlGrpInfAndSts", line=values.line
            )
        levels = (values, *((block.values,) if block else ()), file.values)
        status = next((level.text("status") for level in levels if level.text("status")), "")
        code, reason = _read_reasons(values)
        return PaymentStatus(
            original_message_id=read_reference(file.values, "original_message_id"),
            original_payment_id=payment_id,
            end_to_end_id=end_to_end_id,
            status=status or values.needed("status"),
            reason_code=code,
            reason_text=reason,
            amount=_read_amount(values),
            position=values.place,
        )

    def _read_message(self, element: etree._Element) -> BankMessage:
        head, file = self._head, self._file
        if head is None or file is None:
            path = "GrpHdr" if head is None else "OrgnlGrpInfAndSts"
            line = get_line(element)
            raise UnableToReadBankFile("ELEMENT_MISSING", path=path, line=line)
        file.values.needed("original_message_id")
        file.check()
        self._messages += 1
        return BankMessage(
            kind=BankMessageKind.STATUS_REPORT,
            version=self._version,
            message_id=head.needed("message_id"),
            statement_id="",
            created_at=head.moment("created_at"),
        )


def _read_amount(values: Values) -> Decimal | None:
    """The amount of the payment, if the bank repeats it; ours are in euros."""
    for name in ("instructed", "settled"):
        if values.has(name):
            return values.amount(name)
    return None


def _read_reasons(values: Values) -> tuple[str, str]:
    """The first code, and all that is said besides."""
    reasons = values.group("reasons")
    if not reasons:
        return "", ""
    code = reasons[0].text("code")
    more = [f"{reason.text('code')} {reason.text('text')}" for reason in reasons[1:]]
    return code, " ".join([reasons[0].text("text"), *more]).strip()


def _check(stated: Values, count: _Count, *, must_be_all: bool) -> None:
    number, amounts = stated.number("count"), stated.sum("sum")
    if number is not None and (count.number > number or (must_be_all and count.number < number)):
        raise stated.problem("COUNT_DIFFERS", "count", stated=number, found=count.number)
    if amounts is None or count.amounts is None:
        return
    is_complete = number is not None and count.number == number
    if count.amounts > amounts or (is_complete and count.amounts != amounts):
        raise stated.problem("SUM_DIFFERS", "sum", stated=str(amounts), found=str(count.amounts))
