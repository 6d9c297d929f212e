"""The letter's fonts for text that we set ourselves: widths, glyphs, and the part that is used.

A font is cut for each file to the glyphs it shows. They keep their numbers, so that cutting means
leaving outlines out (OpenType 1.9, tables glyf, loca and hmtx); everything else stays as it is.
"""

import hashlib
import string
import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO

from fontTools.ttLib import TTFont

from documents.exports.pdf import FONT_FOLDER

NOT_DEFINED = 0
# In every file, so that nearly all letters carry the same cut of the fonts and it is made once.
USUAL = f"{string.ascii_letters}{string.digits} ,.-/()+&'äöüÄÖÜß€–−→…"
# The fonts of letter.css by file: what PDF calls them, and their weight.
REGULAR, SEMI_BOLD = "SourceSansPro-Regular.ttf", "SourceSansPro-Semibold.ttf"
_NAMES = {REGULAR: ("Letter", 400), SEMI_BOLD: ("Letter-Semi-Bold", 600)}
_COPIED = ("cvt ", "fpgm", "prep")
# Flags of a part of a composite glyph.
_WORDS, _SCALE, _MORE, _XY_SCALE, _TWO_BY_TWO = 0x0001, 0x0008, 0x0020, 0x0040, 0x0080
_CHECKSUM_OF_FILE = 0xB1B0AFBA
_TEXT_MAP = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <ffff>
endcodespacerange
{blocks}
endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""
_MAP_BLOCK = 100


@dataclass(frozen=True, slots=True)
class Typeface:
    """A TrueType font of 1,000 units as it was read; `name` is what PDF files call it."""

    file: str
    name: str
    weight: int
    glyphs: dict[int, int]
    advances: tuple[int, ...]
    outlines: bytes
    offsets: tuple[int, ...]
    head: bytes
    horizontal: bytes
    profile: bytes
    program: dict[str, bytes]
    box: tuple[int, int, int, int]
    ascent: int
    descent: int
    cap_height: int

    def outline(self, glyph: int) -> bytes:
        """The glyph's outline as the font has it."""
        return self.outlines[self.offsets[glyph] : self.offsets[glyph + 1]]


@cache
def read_typeface(file: str) -> Typeface:
    """A font of the letters, read once in a process."""
    name, weight = _NAMES[file]
    font = TTFont(BytesIO((FONT_FOLDER / file).read_bytes()), lazy=True)
    head, wide = font["head"], font["hhea"]
    long_offsets = head.indexToLocFormat == 1
    loca = font.reader["loca"]
    raw = struct.unpack(
        f">{len(loca) // (4 if long_offsets else 2)}{'I' if long_offsets else 'H'}", loca
    )
    return Typeface(
        file=file,
        name=name,
        weight=weight,
        glyphs={code: font.getGlyphID(glyph) for code, glyph in font.getBestCmap().items()},
        advances=tuple(font["hmtx"].metrics[glyph][0] for glyph in font.getGlyphOrder()),
        outlines=font.reader["glyf"],
        offsets=raw if long_offsets else tuple(2 * offset for offset in raw),
        head=font.reader["head"],
        horizontal=font.reader["hhea"],
        profile=font.reader["maxp"],
        program={tag: font.reader[tag] for tag in _COPIED if tag in font},
        box=(head.xMin, head.yMin, head.xMax, head.yMax),
        ascent=wide.ascent,
        descent=wide.descent,
        cap_height=font["OS/2"].sCapHeight,
    )


@dataclass(frozen=True, slots=True)
class CutFont:
    """The part of a typeface that a file carries, as PDF wants it.

    `widths` is the /W array; map and font file are compressed, `length` is the font file's before.
    """

    tag: str
    widths: str
    text_map: bytes
    file: bytes
    length: int


class FontInUse:
    """A typeface in one file, with the glyphs that the file shows and what they mean."""

    def __init__(self, typeface: Typeface) -> None:
        self.typeface = typeface
        self._meanings: dict[int, int] = {}
        self._codes: dict[str, str] = {}
        self._advances: dict[str, int] = {}
        self._meet(USUAL)

    def encode(self, text: str) -> str:
        """A text as the hexadecimal glyph numbers that a page shows it with."""
        codes = self._codes
        try:
            return "".join([codes[character] for character in text])
        except KeyError:
            self._meet(text)
            return "".join([codes[character] for character in text])

    def measure(self, text: str) -> int:
        """Width of a text in thousandths of the font size; a glyph that is missing shows a box."""
        try:
            return sum(map(self._advances.__getitem__, text))
        except KeyError:
            self._meet(text)
            return sum(map(self._advances.__getitem__, text))

    def cut(self) -> CutFont:
        """What the file has to carry of the font."""
        return _cut(self.typeface.file, tuple(sorted(self._meanings.items())))

    def _meet(self, text: str) -> None:
        for character in text:
            glyph = self.typeface.glyphs.get(ord(character), NOT_DEFINED)
            # A glyph that shows several characters, such as the two spaces, means the first.
            self._meanings.setdefault(glyph, ord(character))
            self._codes[character] = f"{glyph:04x}"
            self._advances[character] = self.typeface.advances[glyph]


@lru_cache(maxsize=32)
def _cut(file: str, meanings: tuple[tuple[int, int], ...]) -> CutFont:
    """Most letters show the usual characters only and share one result."""
    face = read_typeface(file)
    glyphs = [glyph for glyph, _ in meanings]
    shown = hashlib.sha256(",".join(map(str, glyphs)).encode()).digest()
    outlines = _write_outlines(face, {NOT_DEFINED, *glyphs})
    widths = "".join(f"{glyph}[{face.advances[glyph]}]" for glyph in glyphs)
    return CutFont(
        tag="".join(chr(ord("A") + byte % 26) for byte in shown[:6]),
        widths=f"[{widths}]",
        text_map=zlib.compress(_write_text_map(meanings)),
        file=zlib.compress(outlines),
        length=len(outlines),
    )


def _write_text_map(meanings: Iterable[tuple[int, int]]) -> bytes:
    """Which character each glyph shows (PDF 2.0, 9.10.3), in blocks of at most a hundred."""
    pairs = [f"<{glyph:04x}> <{chr(code).encode('utf-16-be').hex()}>" for glyph, code in meanings]
    blocks = []
    for start in range(0, len(pairs), _MAP_BLOCK):
        block = pairs[start : start + _MAP_BLOCK]
        blocks.append("\n".join([f"{len(block)} beginbfchar", *block, "endbfchar"]))
    return _TEXT_MAP.format(blocks="\n".join(blocks)).encode()


def _write_outlines(face: Typeface, shown: set[int]) -> bytes:
    """A font file with the outlines of some glyphs and of their parts."""
    wanted = _with_parts(face, shown)
    count = max(wanted) + 1
    outlines, metrics = bytearray(), bytearray(4 * count)
    offsets = [0] * (count + 1)
    for glyph in range(count):
        if glyph in wanted:
            outline = face.outline(glyph)
            outlines += outline + bytes(-len(outline) % 4)
            bearing = struct.unpack_from(">h", outline, 2)[0] if outline else 0
            struct.pack_into(">Hh", metrics, 4 * glyph, face.advances[glyph], bearing)
        offsets[glyph + 1] = len(outlines)
    # Long offsets (head), as many glyphs as are left (maxp), each with its own advance (hhea).
    tables = {
        "glyf": bytes(outlines),
        "head": face.head[:8] + bytes(4) + face.head[12:50] + b"\0\1" + face.head[52:],
        "hhea": face.horizontal[:34] + struct.pack(">H", count),
        "hmtx": bytes(metrics),
        "loca": struct.pack(f">{count + 1}I", *offsets),
        "maxp": face.profile[:4] + struct.pack(">H", count) + face.profile[6:],
        **face.program,
    }
    return _write_font(tables)


def _with_parts(face: Typeface, glyphs: set[int]) -> set[int]:
    wanted, waiting = set(glyphs), list(glyphs)
    while waiting:
        parts = set(_parts_of(face.outline(waiting.pop()))) - wanted
        wanted |= parts
        waiting += parts
    return wanted


def _parts_of(outline: bytes) -> list[int]:
    """The glyphs that a composite glyph is made of; none for a simple one."""
    if not outline or struct.unpack_from(">h", outline)[0] >= 0:
        return []
    parts, at, flags = [], 10, _MORE
    while flags & _MORE:
        flags, glyph = struct.unpack_from(">HH", outline, at)
        parts.append(glyph)
        at += 8 if flags & _WORDS else 6
        at += 2 * bool(flags & _SCALE) + 4 * bool(flags & _XY_SCALE) + 8 * bool(flags & _TWO_BY_TWO)
    return parts


def _write_font(tables: dict[str, bytes]) -> bytes:
    count = len(tables)
    power = count.bit_length() - 1
    head = struct.pack(">IHHHH", 0x00010000, count, 16 << power, power, 16 * count - (16 << power))
    at, records, bodies = len(head) + 16 * count, [], []
    starts = {}
    for tag, table in sorted(tables.items()):
        padded = table + bytes(-len(table) % 4)
        records.append(struct.pack(">4sIII", tag.encode(), _checksum(padded), at, len(table)))
        bodies.append(padded)
        starts[tag] = at
        at += len(padded)
    file = bytearray(head + b"".join(records) + b"".join(bodies))
    adjustment = (_CHECKSUM_OF_FILE - _checksum(bytes(file))) & 0xFFFFFFFF
    struct.pack_into(">I", file, starts["head"] + 8, adjustment)
    return bytes(file)


def _checksum(padded: bytes) -> int:
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}I", padded)
    return sum(words) & 0xFFFFFFFF
