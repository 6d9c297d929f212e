"""camt.054 (notification) and camt.053 (statement), versions .02 and .08, entry by entry."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from lxml import etree

from aupolicy.kernel.money import ZERO
from billing.facts.bank import BankEntry, BankMessage, BankMessageKind, CreditDebit
from billing.parsing.bank_files.camt_entry import (
    Part,
    list_entries,
    read_direction,
    read_iban,
)
from billing.parsing.bank_files.camt_paths import (
    ACCOUNT,
    BATCH,
    ENTRY,
    GROUP,
    STATEMENT,
    TRANSACTION,
)
from billing.parsing.bank_files.elements import Shape, Values, forget
from billing.parsing.bank_files.problems import UnableToReadBankFile

_STATEMENT_TAG = {BankMessageKind.STATEMENT: "Stmt", BankMessageKind.NOTIFICATION: "Ntfctn"}
_BODY_TAG = {
    BankMessageKind.STATEMENT: "BkToCstmrStmt",
    BankMessageKind.NOTIFICATION: "BkToCstmrDbtCdtNtfctn",
}
# Announced, for information, for a later day: no money has moved.
_NOT_BOOKED = frozenset({"PDNG", "INFO", "FUTR"})
_OPENING = ("OPBD", "PRCD")
_CLOSING = ("CLBD",)


@dataclass(slots=True)
class _Totals:
    """Numbers and sums of entries by direction: of all, and of those booked alone."""

    counts: dict[str, int] = field(default_factory=lambda: {"all": 0, "credit": 0, "debit": 0})
    sums: dict[str, Decimal] = field(
        default_factory=lambda: {"all": ZERO, "credit": ZERO, "debit": ZERO}
    )

    def add(self, direction: CreditDebit, amount: Decimal) -> None:
        """Count an entry in."""
        for name in ("all", "credit" if direction is CreditDebit.CREDIT else "debit"):
            self.counts[name] += 1
            self.sums[name] += amount


class CamtReader:
    """Reads the elements of one document as they end, and gives its entries and messages.

    The entries of a message come before the message itself.
    """

    def __init__(self, kind: BankMessageKind, version: str, namespace: str) -> None:
        self._kind = kind
        self._version = version
        self._name = _STATEMENT_TAG[kind]
        self._statements = 0
        self._shapes = {
            name: Shape(namespace, paths)
            for name, paths in (
                ("GrpHdr", GROUP),
                ("Acct", ACCOUNT),
                (self._name, STATEMENT),
                ("Ntry", ENTRY),
                ("NtryDtls", BATCH),
                ("TxDtls", TRANSACTION),
            )
        }
        self.tags = {
            f"{{{namespace}}}{name}": name
            for name in ("GrpHdr", self._name, "Ntry", "NtryDtls", "TxDtls")
        }
        self._batch_tag = f"{{{namespace}}}Btch"
        self._group: Values | None = None
        self._start_statement()

    def _start_statement(self) -> None:
        self._account: str | None = None
        self._go_to_entry(0)
        self._pending = 0
        self._all, self._booked = _Totals(), _Totals()
        self._parts: list[Part] = []
        self._in_batches = 0

    def _go_to_entry(self, done: int) -> None:
        self._entries = done
        self._entry_place = f"{self._place} / Ntry {done + 1}"

    def read(self, element: etree._Element) -> Iterable[BankEntry | BankMessage]:
        """What an element that ended says. Raises UnableToReadBankFile."""
        rows: Iterable[BankEntry | BankMessage] = ()
        match self.tags[element.tag]:
            case "TxDtls":
                place = f"{self._entry_place} / TxDtls {len(self._parts) + 1}"
                self._parts.append(Part(self._shapes["TxDtls"].read(element, place)))
            case "NtryDtls":
                self._read_batch(element)
                return rows
            case "Ntry":
                rows = self._read_entry(element)
            case "GrpHdr":
                place = f"{_BODY_TAG[self._kind]} / GrpHdr"
                self._group = self._shapes["GrpHdr"].read(element, place)
            case _:
                rows = (self._read_statement(element),)
        forget(element)
        return rows

    def finish(self) -> None:
        """Raise UnableToReadBankFile if the document had no message."""
        if self._statements == 0:
            raise UnableToReadBankFile("ELEMENT_MISSING", path=self._name, line=1)

    @property
    def _place(self) -> str:
        return f"{self._name} {self._statements + 1}"

    def _read_batch(self, element: etree._Element) -> None:
        """The batch of the transactions since the last one, or a batch in place of them."""
        if len(element) and element[0].tag == self._batch_tag:
            batch = self._shapes["NtryDtls"].read(element, self._entry_place)
            if len(self._parts) == self._in_batches:
                self._parts.append(Part(batch, is_batch=True))
            for part in self._parts[self._in_batches :]:
                part.batch = batch
        self._in_batches = len(self._parts)

    def _read_entry(self, element: etree._Element) -> Sequence[BankEntry]:
        entry = self._shapes["Ntry"].read(element, self._entry_place)
        if self._account is None:
            self._account = self._find_account(element.getparent())
        amount, direction = entry.amount("amount"), read_direction(entry)
        parts, self._parts, self._in_batches = self._parts, [], 0
        self._go_to_entry(self._entries + 1)
        self._all.add(direction, amount)
        status = entry.needed("status")
        if status in _NOT_BOOKED:
            self._pending += 1
            return ()
        if status != "BOOK":
            raise entry.problem("VALUE_UNKNOWN", "status")
        self._booked.add(direction, amount)
        return list_entries(entry, parts, self._account)

    def _find_account(self, statement: etree._Element | None) -> str:
        shape = self._shapes["Acct"]
        if statement is None or statement.tag not in self.tags:
            raise Values(shape, self._place, 0).problem("ELEMENT_MISSING", "iban")
        return _read_account(shape.read(statement, self._place))

    def _read_statement(self, element: etree._Element) -> BankMessage:
        values = self._shapes[self._name].read(element, self._place)
        group = self._group
        if group is None:
            raise UnableToReadBankFile("ELEMENT_MISSING", path="GrpHdr", line=values.line)
        opening = _find_balance(values, _OPENING)
        closing = _find_balance(values, _CLOSING)
        if _is_whole(group) and _is_whole(values):
            self._check_totals(values)
            self._check_balances(values, opening, closing)
        message = BankMessage(
            kind=self._kind,
            version=self._version,
            message_id=group.needed("message_id"),
            statement_id=values.needed("id"),
            created_at=(group if group.text("created_at") else values).moment("created_at"),
            account_iban=_read_account(values),
            opening_balance=opening[0] if opening else None,
            opening_on=opening[1] if opening else None,
            closing_balance=closing[0] if closing else None,
            closing_on=closing[1] if closing else None,
            pending=self._pending,
            page=values.number("page") or group.number("page") or 1,
        )
        self._statements += 1
        self._start_statement()
        return message

    def _check_totals(self, values: Values) -> None:
        """Banks count announced entries in or leave them out: one of both has to be stated."""
        for name in ("all", "credit", "debit"):
            count, stated = values.number(f"{name}_count"), values.sum(f"{name}_sum")
            counts = (self._all.counts[name], self._booked.counts[name])
            if count is not None and count not in counts:
                raise values.problem(
                    "COUNT_DIFFERS", f"{name}_count", stated=count, found=counts[0]
                )
            sums = (self._all.sums[name], self._booked.sums[name])
            if stated is not None and stated not in sums:
                raise values.problem(
                    "SUM_DIFFERS", f"{name}_sum", stated=str(stated), found=str(sums[0])
                )

    def _check_balances(
        self,
        values: Values,
        opening: tuple[Decimal, date] | None,
        closing: tuple[Decimal, date] | None,
    ) -> None:
        if opening is None or closing is None:
            return
        moved = self._booked.sums["credit"] - self._booked.sums["debit"]
        difference = opening[0] + moved - closing[0]
        if difference:
            raise values.problem("BALANCE_DIFFERS", difference=str(difference))


def _read_account(values: Values) -> str:
    values.needed("iban")
    return read_iban(values, "iban")


def _is_whole(values: Values) -> bool:
    """Whether it is not one page of several, whose sums may be those of all of them."""
    page, last = values.text("page"), values.text("last_page")
    return not page or (page.lstrip("0") == "1" and last in {"true", "1"})


def _find_balance(values: Values, codes: tuple[str, ...]) -> tuple[Decimal, date] | None:
    """The first balance of these kinds, in this order: euros, negative when overdrawn, its day."""
    for code in codes:
        for balance in values.group("balances"):
            if balance.text("code") == code:
                amount = balance.amount("amount")
                is_credit = read_direction(balance) is CreditDebit.CREDIT
                return (amount if is_credit else -amount), balance.needed_day("day")
    return None
