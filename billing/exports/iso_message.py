"""Reading bank files back: does the ISO 20022 schema accept one, and do its sums agree."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import IO, NamedTuple

from lxml import etree

from aupolicy.kernel.money import ZERO

_ISO_PREFIX = "urn:iso:std:iso:20022:tech:xsd:"
# Such as: Element '{urn:iso:...}MsgId': [facet 'maxLength'] The value has a length of ...
_SCHEMA_MESSAGE = re.compile(
    r"Element '(?:\{[^}]*\})?(\w+)'(?:, attribute '\w+')?: (?:\[facet '(\w+)'\])?"
)


class UnableToAcceptFile(ValueError):
    """A file is no sound file of its version.

    Codes: `not_xml`, `document_type`, `version_retired` (found, expected, since),
    `version_unknown` (found, expected), `schema` (element, and as rule the facet of the schema or
    "content"), `count` (stated, counted), `control_sum` (stated). The offending text is left out:
    it may be an account number.
    """

    def __init__(self, code: str, **params: str | int) -> None:
        details = ", ".join(f"{name}={value}" for name, value in params.items())
        super().__init__(f"{code} ({details})" if details else code)
        self.code = code
        self.params: Mapping[str, str | int] = params


class FileControl(NamedTuple):
    """What a file says about itself, beside what is in it. Amounts in euros.

    `payment_count` payments were counted, as many as the file states twice; `control_sum` stands
    in its head; `sum_of_amounts` is the sum of its payments.
    """

    payment_count: int
    control_sum: Decimal
    sum_of_amounts: Decimal


@dataclass(frozen=True)
class MessageVersion:
    """One version of an ISO 20022 message, such as pain.008.001.08.

    `retired` are older versions, each with the day from which even the last German banks refuse
    it (format life cycle of Deutsche Kreditwirtschaft): their own schemas would accept them, so
    they are refused by name. `payment` is the element of one payment, `error` what is raised.
    """

    name: str
    retired: Mapping[str, str]
    payment: str
    error: type[UnableToAcceptFile]

    @cached_property
    def namespace(self) -> str:
        """Of every element."""
        return _ISO_PREFIX + self.name

    def validate(self, source: Path | IO[bytes]) -> None:
        """Validate a file as a stream against the ISO schema. Raises `error`.

        `source` is a path, or a binary stream that can be read again from where it stands.
        """
        for _ in self.elements(source, (self.payment,)):
            pass

    def read_control(self, source: Path | IO[bytes]) -> FileControl:
        """Count and sums of a file with one payment block, to prove that its payments add up.

        The file is validated on the way. Raises `error`, also when a count it states is not that
        of its payments, or when it states two different sums.
        """
        count, amounts = 0, ZERO
        counts, sums = set[Decimal](), set[Decimal]()
        names = ("InstdAmt", "NbOfTxs", "CtrlSum", self.payment)
        for element in self.elements(source, names):
            match etree.QName(element).localname:
                case "InstdAmt":
                    count, amounts = count + 1, amounts + _number(element)
                case "NbOfTxs":
                    counts.add(_number(element))
                case "CtrlSum":
                    sums.add(_number(element))
        if counts != {count}:
            raise self.error("count", stated=_listed(counts), counted=count)
        if len(sums) != 1:
            raise self.error("control_sum", stated=_listed(sums))
        return FileControl(count, sums.pop(), amounts)

    def elements(
        self, source: Path | IO[bytes], names: tuple[str, ...]
    ) -> Iterator[etree._Element]:
        """The elements of these names as they end; each is emptied once the next is asked for."""
        schema = self._load_schema()
        with _opened(source) as stream:
            self._check_version(stream)
            tags = [f"{{{self.namespace}}}{name}" for name in names]
            try:
                # With entities off, lxml 6.1 takes a truncated file for a valid one when it
                # validates while it parses. There are none to resolve: declarations were refused.
                events = etree.iterparse(
                    stream, tag=tags, schema=schema, resolve_entities="internal", collect_ids=False
                )
                for _, element in events:
                    yield element
                    _forget(element)
            except etree.XMLSyntaxError as error:
                fault = self._fault(error.msg or "")
            else:
                return
        # Raised out here so that the parser's message, which quotes the text, does not come along.
        raise fault

    def _load_schema(self) -> etree.XMLSchema:
        text = (files("sepaxml") / "schemas" / f"{self.name}.xsd").read_bytes()
        return etree.XMLSchema(etree.fromstring(text))

    def _check_version(self, stream: IO[bytes]) -> None:
        start = stream.tell()
        found = self._find_version(stream)
        stream.seek(start)
        if found is None:
            raise self.error("not_xml")
        if since := self.retired.get(found):
            raise self.error("version_retired", found=found, expected=self.name, since=since)
        if found != self.name:
            raise self.error("version_unknown", found=found, expected=self.name)

    def _find_version(self, stream: IO[bytes]) -> str | None:
        """The message version the root element's namespace names, None if there is no root.

        A document type declaration is refused here: ISO 20022 has none, it can define entities,
        and with them libxml2 crashes when it validates while it parses.
        """
        try:
            for _, root in etree.iterparse(stream, events=("start",), resolve_entities=False):
                if root.getroottree().docinfo.doctype:
                    raise self.error("document_type")
                namespace = etree.QName(root).namespace or ""
                return namespace.removeprefix(_ISO_PREFIX)
        except etree.XMLSyntaxError:
            pass
        return None

    def _fault(self, message: str) -> UnableToAcceptFile:
        """What the parser complains of, without the text it quotes.

        The logs of parser and schema cannot be used: those of iterparse are shared by all files.
        """
        place = _SCHEMA_MESSAGE.match(message)
        if place is None:
            return self.error("not_xml")
        return self.error("schema", element=place[1], rule=place[2] or "content")


def _forget(element: etree._Element) -> None:
    """Free the element and what stands before it; iterparse would keep the whole tree.

    What stands after it may be there already, though its turn is yet to come.
    """
    element.clear()
    parent = element.getparent()
    if parent is not None:
        while parent[0] is not element:
            del parent[0]


@contextmanager
def _opened(source: Path | IO[bytes]) -> Iterator[IO[bytes]]:
    if isinstance(source, Path):
        with source.open("rb") as stream:
            yield stream
    else:
        yield source


def _number(element: etree._Element) -> Decimal:
    """An element's number; one that is none breaks the schema, which the parser tells later."""
    try:
        return Decimal(element.text or "")
    except InvalidOperation:
        return ZERO


def _listed(values: Iterable[object]) -> str:
    return ", ".join(sorted(str(value) for value in values))
