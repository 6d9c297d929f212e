"""Reading a file of the bank: one XML message, or a ZIP of several.

A file is used as a whole or not at all. Reading it as a stream needs little memory, but what was
given before an error must then be taken back by the caller, such as by its transaction.
"""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Protocol

from lxml import etree

from billing.facts.bank import (
    BankEntry,
    BankFileContent,
    BankMessage,
    BankMessageKind,
    PaymentStatus,
)
from billing.parsing.bank_files.archive import is_archive, list_files
from billing.parsing.bank_files.camt import CamtReader
from billing.parsing.bank_files.pain002 import StatusReader
from billing.parsing.bank_files.problems import UnableToReadBankFile

Row = BankEntry | PaymentStatus | BankMessage
MessageRows = tuple[BankMessage, list[BankEntry], list[PaymentStatus]]
"""A message without its rows, its entries, its statuses."""

_ISO_PREFIX = "urn:iso:std:iso:20022:tech:xsd:"
_MESSAGE_NAME = re.compile(r"[a-z]{4}\.\d{3}\.\d{3}\.\d{2}", re.ASCII)
_VERSIONS = {
    "camt.053.001.02": BankMessageKind.STATEMENT,
    "camt.053.001.08": BankMessageKind.STATEMENT,
    "camt.054.001.02": BankMessageKind.NOTIFICATION,
    "camt.054.001.08": BankMessageKind.NOTIFICATION,
    "pain.002.001.10": BankMessageKind.STATUS_REPORT,
}
# Given up by the last German banks in November 2026: the version of ISO, and those made of it here.
_RETIRED = dict.fromkeys(
    ("pain.002.001.03", "pain.002.002.03", "pain.002.003.03"), "pain.002.001.10"
)


class _Source(Protocol):
    """What the parser reads from."""

    def read(self, size: int) -> bytes:
        """The next bytes, none at the end."""


_Opener = Callable[[], _Source]
_Key = tuple[BankMessageKind, str, str, str | None, int]


def parse_bank_file(content: bytes) -> BankFileContent:
    """All that a file says. Raises UnableToReadBankFile."""
    return BankFileContent(
        tuple(
            replace(message, entries=tuple(entries), statuses=tuple(statuses))
            for message, entries, statuses in read_messages(content)
        )
    )


def read_messages(content: bytes) -> Iterator[MessageRows]:
    """A file message by message: no more of it is held than one message says.

    Raises UnableToReadBankFile, also after messages were given.
    """
    entries: list[BankEntry] = []
    statuses: list[PaymentStatus] = []
    for row in stream_bank_file(content):
        match row:
            case BankEntry():
                entries.append(row)
            case PaymentStatus():
                statuses.append(row)
            case BankMessage():
                yield row, entries, statuses
                entries, statuses = [], []


def stream_bank_file(content: bytes) -> Iterator[Row]:
    """The entries and statuses of each message, and then the message without them.

    Raises UnableToReadBankFile, perhaps after much was given; none of it may then be used.
    """
    if not content or content.isspace():
        raise UnableToReadBankFile("EMPTY")
    seen = set[_Key]()
    if not is_archive(content):
        yield from _read_unique(lambda: io.BytesIO(content), seen)
        return
    for number, opener in enumerate(list_files(content), start=1):
        try:
            yield from _read_unique(opener, seen)
        except UnableToReadBankFile as error:
            raise UnableToReadBankFile(error.code, **{"file": number, **error.params}) from None


def _read_unique(opener: _Opener, seen: set[_Key]) -> Iterator[Row]:
    """The rows of one document, none of whose messages may have been seen."""
    number = 0
    for row in _read_document(opener):
        if isinstance(row, BankMessage):
            number += 1
            key = (row.kind, row.message_id, row.statement_id, row.account_iban, row.page)
            if key in seen:
                raise UnableToReadBankFile("DUPLICATE_MESSAGE", message=number)
            seen.add(key)
        yield row


def _read_document(opener: _Opener) -> Iterator[Row]:
    namespace = _find_namespace(opener())
    kind = _find_kind(namespace)
    version = namespace.removeprefix(_ISO_PREFIX)
    reader: StatusReader | CamtReader
    if kind is BankMessageKind.STATUS_REPORT:
        reader = StatusReader(version, namespace)
    else:
        reader = CamtReader(kind, version, namespace)
    for element in _parse(opener(), tags=tuple(reader.tags)):
        yield from reader.read(element)
    reader.finish()


def _find_kind(namespace: str) -> BankMessageKind:
    name = namespace.removeprefix(_ISO_PREFIX)
    if name in _RETIRED:
        raise UnableToReadBankFile("RETIRED_VERSION", found=name, expected=_RETIRED[name])
    kind = _VERSIONS.get(name)
    if kind is None or not namespace.startswith(_ISO_PREFIX):
        known = name if _MESSAGE_NAME.fullmatch(name) else ""
        raise UnableToReadBankFile("UNKNOWN_MESSAGE", name=known)
    return kind


def _find_namespace(source: _Source) -> str:
    """That of the root element. A document type is refused here: it could define entities."""
    for root in _parse(source, events=("start",)):
        declared: object = root.getroottree().docinfo.internalDTD
        if declared is not None:
            raise UnableToReadBankFile("DTD")
        # Taken apart by hand: a damaged name may be none that the library likes.
        namespace, _, name = str(root.tag).rpartition("}")
        return namespace.removeprefix("{") if name == "Document" else ""
    raise UnableToReadBankFile("NOT_XML", line=1)


def _parse(
    source: _Source, *, events: tuple[str, ...] = ("end",), tags: tuple[str, ...] | None = None
) -> Iterator[etree._Element]:
    """The elements of these tags; no entities, no network, and no limits lifted."""
    try:
        for _, element in etree.iterparse(
            source,
            events=events,
            tag=tags,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            recover=False,
            remove_comments=True,
            remove_pis=True,
        ):
            yield element
    except etree.XMLSyntaxError as error:
        line = error.lineno or 1
    else:
        return
    # Raised out here so that the parser's message, which quotes the text, does not come along.
    raise UnableToReadBankFile("NOT_XML", line=line)
