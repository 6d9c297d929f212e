"""Reading direct debit files back: does the ISO schema accept one, and do its sums agree."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import IO, Any, NamedTuple

from lxml import etree

from aupolicy.kernel.money import ZERO

VERSION = "pain.008.001.08"
NAMESPACE = f"urn:iso:std:iso:20022:tech:xsd:{VERSION}"
RETIRED_VERSION = "pain.008.001.02"
# From this day on the last German banks refuse the retired version (most did a year earlier).
RETIRED_ON = "2026-11-14"

_ISO_PREFIX = "urn:iso:std:iso:20022:tech:xsd:"
_ELEMENT_IN_MESSAGE = re.compile(r"Element '(?:\{[^}]*\})?(\w+)'")


class UnableToAcceptDebitFile(ValueError):
    """A file is no sound pain.008.001.08.

    Codes: `not_xml`, `version_retired` (found, expected, since), `version_unknown` (found,
    expected), `schema` (element, rule), `count` (stated, counted), `control_sum` (stated). The
    offending text is left out: it may be an account number.
    """

    def __init__(self, code: str, **params: str | int) -> None:
        details = ", ".join(f"{name}={value}" for name, value in params.items())
        super().__init__(f"{code} ({details})" if details else code)
        self.code = code
        self.params: Mapping[str, str | int] = params


class FileControl(NamedTuple):
    """What a file says about itself, beside what is in it. Amounts in euros.

    `debit_count` debits were counted, as many as the file states twice; `control_sum` stands
    in its head; `sum_of_amounts` is the sum of its debits.
    """

    debit_count: int
    control_sum: Decimal
    sum_of_amounts: Decimal


def validate_against_schema(source: Path | IO[bytes]) -> None:
    """Validate a file as a stream against the ISO schema of pain.008.001.08.

    `source` is a path, or a binary stream that can be read again from where it stands. The
    retired version .02 is refused by name: its own schema accepts it, but no bank does. Raises
    UnableToAcceptDebitFile.
    """
    for _ in _validated_elements(source, ("DrctDbtTxInf",)):
        pass


def read_control(source: Path | IO[bytes]) -> FileControl:
    """Count and sums of a file with one payment block, to prove that its debits add up.

    The file is validated on the way. Raises UnableToAcceptDebitFile, also when a count it states
    is not that of its debits, or when it states two different sums.
    """
    count, amounts = 0, ZERO
    counts, sums = set[int](), set[Decimal]()
    for element in _validated_elements(source, ("InstdAmt", "NbOfTxs", "CtrlSum", "DrctDbtTxInf")):
        match etree.QName(element).localname:
            case "InstdAmt":
                count, amounts = count + 1, amounts + Decimal(element.text or "")
            case "NbOfTxs":
                counts.add(int(element.text or ""))
            case "CtrlSum":
                sums.add(Decimal(element.text or ""))
    if counts != {count}:
        raise UnableToAcceptDebitFile("count", stated=_listed(counts), counted=count)
    if len(sums) != 1:
        raise UnableToAcceptDebitFile("control_sum", stated=_listed(sums))
    return FileControl(debit_count=count, control_sum=sums.pop(), sum_of_amounts=amounts)


def _validated_elements(
    source: Path | IO[bytes], names: tuple[str, ...]
) -> Iterator[etree._Element]:
    """The elements of these names as they end; each is emptied once the next is asked for."""
    # A schema object keeps the errors of every file it has seen, so each file gets its own.
    schema = _load_schema()
    with _opened(source) as stream:
        _check_version(stream)
        tags = [f"{{{NAMESPACE}}}{name}" for name in names]
        try:
            for _, element in etree.iterparse(
                stream, tag=tags, schema=schema, resolve_entities=False
            ):
                yield element
                _forget(element)
        except etree.XMLSyntaxError:
            fault = _fault(schema)
        else:
            return
    # Raised out here so that the parser's message, which quotes the text, does not come along.
    raise fault


def _forget(element: etree._Element) -> None:
    """Free the element and what stands before it; iterparse would keep the whole tree."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _load_schema() -> etree.XMLSchema:
    text = (files("sepaxml") / "schemas" / f"{VERSION}.xsd").read_bytes()
    return etree.XMLSchema(etree.fromstring(text))


@contextmanager
def _opened(source: Path | IO[bytes]) -> Iterator[IO[bytes]]:
    if isinstance(source, Path):
        with source.open("rb") as stream:
            yield stream
    else:
        yield source


def _check_version(stream: IO[bytes]) -> None:
    start = stream.tell()
    found = _find_version(stream)
    stream.seek(start)
    if found is None:
        raise UnableToAcceptDebitFile("not_xml")
    if found == RETIRED_VERSION:
        raise UnableToAcceptDebitFile(
            "version_retired", found=found, expected=VERSION, since=RETIRED_ON
        )
    if found != VERSION:
        raise UnableToAcceptDebitFile("version_unknown", found=found, expected=VERSION)


def _find_version(stream: IO[bytes]) -> str | None:
    """The message version the root element's namespace names, None if there is no root."""
    try:
        for _, root in etree.iterparse(stream, events=("start",), resolve_entities=False):
            namespace = etree.QName(root).namespace or ""
            return namespace.removeprefix(_ISO_PREFIX)
    except etree.XMLSyntaxError:
        pass
    return None


def _fault(schema: etree.XMLSchema) -> UnableToAcceptDebitFile:
    entries: Any = schema.error_log  # the stubs leave out that it can be iterated
    for entry in entries:
        place = _ELEMENT_IN_MESSAGE.search(entry.message)
        element = place[1] if place else ""
        return UnableToAcceptDebitFile("schema", element=element, rule=entry.type_name)
    return UnableToAcceptDebitFile("not_xml")


def _listed(values: Iterable[object]) -> str:
    return ", ".join(sorted(str(value) for value in values))
