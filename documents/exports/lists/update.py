"""Writing behind a finished PDF: an incremental update (PDF 2.0, 7.5.6), object by object.

The file grows as it is written, and nothing but the places of its objects is remembered: a list
of a million rows takes no more memory than its bytes.
"""

import hashlib
import zlib
from io import BytesIO

import pikepdf

# Kind, place and index of an object: 1, 5 and 2 bytes.
_ENTRY = 8
_IN_FILE, _IN_STREAM = b"\x01", b"\x02"


class UnableToExtend(ValueError):
    """A file that cannot be written behind: it has no tags."""


class PdfUpdate:
    """A PDF with objects added and replaced behind it."""

    def __init__(self, content: bytes) -> None:
        self.source = pikepdf.open(BytesIO(content))
        if "/StructTreeRoot" not in self.source.Root:
            raise UnableToExtend("a file without tags")
        self._previous = content[
            content.rindex(b"startxref") + 9 : content.rindex(b"%%EOF")
        ].strip()
        self._first = int(self.source.trailer.Size)
        self._written = bytearray(content)
        self._places = bytearray()
        self._replaced: dict[int, bytes] = {}
        self._numbers: list[int] = []
        self._bodies: list[str] = []

    def close(self) -> None:
        """Let go of the file that was written behind."""
        self.source.close()

    def reserve(self, count: int = 1) -> int:
        """Numbers of so many new objects, in a row; the first is returned."""
        number = self._first + len(self._places) // _ENTRY
        self._places += bytes(_ENTRY * count)
        return number

    def put(self, number: int, body: str) -> None:
        """An object that is no stream; it is written with the next `flush`."""
        self._numbers.append(number)
        self._bodies.append(body)

    def add(self, body: str) -> int:
        """A new object that is no stream, and its number."""
        number = self.reserve()
        self.put(number, body)
        return number

    def put_stream(self, number: int, content: bytes, entries: str = "") -> None:
        """A stream with further `entries` of its dictionary; it is written at once."""
        self._write_stream(number, zlib.compress(content), entries)

    def add_stream(self, content: bytes, entries: str = "") -> int:
        """A new stream, and its number."""
        number = self.reserve()
        self.put_stream(number, content, entries)
        return number

    def add_compressed(self, content: bytes, entries: str = "") -> int:
        """A new stream whose content is compressed (zlib) already, and its number."""
        number = self.reserve()
        self._write_stream(number, content, entries)
        return number

    def flush(self) -> None:
        """Write the waiting objects as one object stream."""
        if not self._numbers:
            return
        stream = self.reserve()
        for index, number in enumerate(self._numbers):
            self._place(number, _IN_STREAM + stream.to_bytes(5) + index.to_bytes(2))
        head, at = [], 0
        for number, body in zip(self._numbers, self._bodies, strict=True):
            head.append(f"{number} {at}")
            at += len(body) + 1
        start = f"{' '.join(head)}\n"
        content = zlib.compress(f"{start}{' '.join(self._bodies)}".encode("latin-1"))
        entries = f"/Type/ObjStm/N {len(self._numbers)}/First {len(start)}"
        self._numbers, self._bodies = [], []
        self._write_stream(stream, content, entries)

    def finish(self) -> bytes:
        """The whole file."""
        self.flush()
        number = self.reserve()
        start = len(self._written)
        self._place(number, _IN_FILE + start.to_bytes(5) + bytes(2))
        old = "".join(f" {replaced} 1" for replaced in sorted(self._replaced))
        count = len(self._places) // _ENTRY
        content = b"".join(place for _, place in sorted(self._replaced.items())) + self._places
        trailer = self.source.trailer
        changed = hashlib.sha256(self._written).hexdigest()[:32]
        entries = (
            f"/Type/XRef/Size {self._first + count}/W[1 5 2]/Index[{old} {self._first} {count}]"
            f"/Prev {self._previous.decode()}/Root {trailer.Root.unparse().decode()}"
            f"/Info {trailer.Info.unparse().decode()}"
            f"/ID[<{bytes(trailer.ID[0]).hex()}><{changed}>]"
        )
        self._write_stream(number, zlib.compress(content), entries)
        self._written += f"startxref\n{start}\n%%EOF\n".encode()
        return bytes(self._written)

    def _write_stream(self, number: int, content: bytes, entries: str) -> None:
        self._place(number, _IN_FILE + len(self._written).to_bytes(5) + bytes(2))
        head = f"{number} 0 obj\n<<{entries}/Filter/FlateDecode/Length {len(content)}>>\nstream\n"
        self._written += head.encode() + content + b"\nendstream\nendobj\n"

    def _place(self, number: int, place: bytes) -> None:
        if number < self._first:
            self._replaced[number] = place
        else:
            at = (number - self._first) * _ENTRY
            self._places[at : at + _ENTRY] = place


def write_dictionary(source: pikepdf.Object, changed: dict[str, str]) -> str:
    """A dictionary of the file as it is, apart from the entries that are `changed` or added."""
    kept = pikepdf.Dictionary({key: source[key] for key, _ in source.items() if key not in changed})
    added = "".join(f"{key} {value}" for key, value in changed.items())
    return f"{kept.unparse().decode('latin-1').removesuffix('>>')}{added}>>"


def write_text(text: str) -> str:
    """A text string as PDF writes it: UTF-16 in hexadecimal."""
    return f"<feff{text.encode('utf-16-be').hex()}>"
