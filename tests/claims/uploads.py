"""Constructed uploads: what people send, and what they had better not."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pikepdf
import pillow_heif
from PIL import Image

MOST = 15 * 1024 * 1024


def make_pdf(
    pages: int = 1,
    *,
    prepare: Callable[[pikepdf.Pdf], None] | None = None,
    text: bytes = b"",
    **options: Any,
) -> bytes:
    """A PDF of blank pages; `text` is drawn on the first one, readable in the file."""
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page()
        if text:
            pdf.pages[0].Contents = pdf.make_stream(b"BT (" + text + b") Tj ET")
        if prepare:
            prepare(pdf)
        out = BytesIO()
        pdf.save(out, compress_streams=False, **options)
    return out.getvalue()


def make_picture(
    file_format: str, size: tuple[int, int] = (40, 20), mode: str = "RGB", **options: Any
) -> bytes:
    """A picture, its left half black and its right half white."""
    if file_format == "HEIF":
        pillow_heif.register_heif_opener()
    picture = Image.new(mode, size, "white")
    picture.paste(Image.new(mode, (size[0] // 2, size[1]), "black"), (0, 0))
    out = BytesIO()
    picture.save(out, file_format, **options)
    return out.getvalue()


def make_png_bomb(side: int = 20_000) -> bytes:
    """A PNG of some hundred kilobytes that unpacks to a byte for each of its pixels."""
    squeeze = zlib.compressobj(9)
    row = bytes(side + 1)
    data = b"".join(squeeze.compress(row) for _ in range(side)) + squeeze.flush()
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    check = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)


def make_pdf_bomb(unpacked: int = 1_000_000_000) -> bytes:
    """A PDF whose packed objects unpack to a gigabyte of spaces."""
    squeeze, blank = zlib.compressobj(9), b" " * 10_000_000
    packed = squeeze.compress(b"9 0 << >> ")
    packed += b"".join(squeeze.compress(blank) for _ in range(unpacked // len(blank)))
    packed += squeeze.flush()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 9 0 R>>",
        b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>\nstream\n" % len(packed)
        + packed
        + b"\nendstream",
    ]
    out, starts = b"%PDF-1.5\n", []
    for number, body in enumerate(objects, 1):
        starts.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    free, row = b"\0" * 6, struct.Struct(">BIB").pack
    table = free + b"".join(row(1, start, 0) for start in starts) + free * 4
    table += row(2, 4, 0) + row(1, len(out), 0)
    tail = b"10 0 obj\n<</Type/XRef/Size 11/W[1 4 1]/Root 1 0 R/Length %d>>\nstream\n" % len(table)
    end = b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % len(out)
    return out + tail + table + end
