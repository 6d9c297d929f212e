"""Looks into one untrusted file in a process of its own, and writes a picture anew.

Started by path, so it imports nothing of ours. The file comes on stdin; what it unpacks to is
known only when it is unpacked, so this process gets little memory and time before it begins, and
may be killed.

Output: a line of JSON, {"kind", "media_type"} followed by the content to keep, or {"error"}.
A PDF is kept as it came. A picture is written anew, upright and without what cameras add (place,
device, name): a browser shows it, and nothing else than a picture is left of it.
"""

import json
import resource
import sys
from collections.abc import Iterator
from io import BytesIO
from typing import Any

MEMORY_BYTES = 1024 * 1024 * 1024
SECONDS = 10
MOST_PAGES = 60
MOST_PIXELS = 60_000_000
# What one stream of a PDF may unpack to while its structure is read.
_MOST_UNPACKED = 32 * 1024 * 1024
_END_WITHIN = 1024
_JPEG_QUALITY = 90
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
# Actions that run, start, send or fetch something; going to a page or an address is none.
_ACTIVE = frozenset(
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Rendition", "/GoToE", "/GoTo3DView",
     "/RichMediaExecute", "/Sound", "/Movie"}
)  # fmt: skip
_ACTIVE_KEYS = frozenset({"/JS", "/EmbeddedFiles", "/EF", "/XFA", "/RichMediaContent"})
_DEEPEST = 100
# How qpdf words that it could not read objects packed into a stream.
_UNSEEN = ("decoding stream data", "unfilterable")


class UnableToUse(ValueError):
    """A file that is not taken; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def limit_resources() -> None:
    """From here on too much memory or time ends the process; no core files of health data."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def identify_file(content: bytes) -> str:
    """PDF, JPEG, PNG or HEIC by how the content begins. Raises UnableToUse (NOT_A_DOCUMENT)."""
    if content.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n\t ").startswith(b"%PDF-"):
        return "PDF"
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        return "HEIC"
    raise UnableToUse("NOT_A_DOCUMENT")


def to_viewable(content: bytes, kind: str) -> tuple[str, bytes]:
    """Media type and content of what a browser can show. Raises UnableToUse."""
    if kind == "PDF":
        check_pdf(content)
        return "application/pdf", content
    return write_picture(content, kind)


def check_pdf(content: bytes) -> None:
    """Open a PDF and look for what does something by itself. Raises UnableToUse.

    ENCRYPTED, BROKEN, TOO_MANY_PAGES, ACTIVE_CONTENT.
    """
    # Each kind of file loads only its own library.
    import pikepdf  # noqa: PLC0415

    pikepdf.settings.set_qpdf_limits(
        doc_max_warnings=100,
        flate_max_memory=_MOST_UNPACKED,
        png_max_memory=_MOST_UNPACKED,
        run_length_max_memory=_MOST_UNPACKED,
        tiff_max_memory=_MOST_UNPACKED,
        dct_max_memory=_MOST_UNPACKED,
        max_stream_filters=4,
    )
    # One that was cut off may open, but without its last pages.
    if b"%%EOF" not in content[-_END_WITHIN:]:
        raise UnableToUse("BROKEN")
    try:
        with pikepdf.open(BytesIO(content)) as pdf:
            _look_through(pdf)
    except pikepdf.PasswordError as error:
        raise UnableToUse("ENCRYPTED") from error
    except (pikepdf.PdfError, pikepdf.DataDecodingError, RuntimeError, TypeError) as error:
        raise UnableToUse("BROKEN") from error


def _look_through(pdf: Any) -> None:
    if pdf.is_encrypted:
        raise UnableToUse("ENCRYPTED")
    pages = len(pdf.pages)
    if pages > MOST_PAGES:
        raise UnableToUse("TOO_MANY_PAGES")
    if any(map(_is_active, _list_dictionaries(pdf))):
        raise UnableToUse("ACTIVE_CONTENT")
    # Objects that could not be unpacked, or not within the limit, were not looked into.
    unseen = any(words in told for told in pdf.get_warnings() for words in _UNSEEN)
    if pages == 0 or unseen:
        raise UnableToUse("BROKEN")


def _list_dictionaries(pdf: Any) -> Iterator[Any]:
    """Every dictionary of a PDF, also those inside of others; indirect ones once."""
    import pikepdf  # noqa: PLC0415

    for thing in pdf.objects:
        left = [(thing, 0)]
        while left:
            current, depth = left.pop()
            if depth > _DEEPEST:
                raise UnableToUse("BROKEN")
            if isinstance(current, pikepdf.Array):
                inside = list(current)
            elif isinstance(current, pikepdf.Dictionary | pikepdf.Stream):
                yield current
                inside = [value for _, value in current.items()]
            else:
                continue
            left += [
                (value, depth + 1)
                for value in inside
                if isinstance(value, pikepdf.Object) and not value.is_indirect
            ]


def _is_active(dictionary: Any) -> bool:
    keys = set(dictionary.keys())
    return not keys.isdisjoint(_ACTIVE_KEYS) or str(dictionary.get("/S", "")) in _ACTIVE


def write_picture(content: bytes, kind: str) -> tuple[str, bytes]:
    """A picture written anew: PNG as PNG, others as JPEG. Raises UnableToUse.

    TOO_MANY_PIXELS is known from the head, before anything is unpacked; BROKEN also for one that
    ends too early.
    """
    from PIL import Image, ImageOps  # noqa: PLC0415

    if kind == "HEIC":
        import pillow_heif  # noqa: PLC0415

        pillow_heif.register_heif_opener(thumbnails=False)
    try:
        with Image.open(BytesIO(content), formats=["HEIF" if kind == "HEIC" else kind]) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise UnableToUse("TOO_MANY_PIXELS")
            opened.load()
            picture = ImageOps.exif_transpose(opened)
    except Image.DecompressionBombError as error:
        raise UnableToUse("TOO_MANY_PIXELS") from error
    except (OSError, SyntaxError, ValueError, RuntimeError, EOFError) as error:
        if isinstance(error, UnableToUse):
            raise
        raise UnableToUse("BROKEN") from error
    return _save(picture, kind)


def _save(picture: Any, kind: str) -> tuple[str, bytes]:
    # Everything but the pixels goes; only what makes a palette's colour transparent is kept.
    picture.info = {key: v for key, v in picture.info.items() if key == "transparency"}
    out = BytesIO()
    if kind == "PNG":
        picture.save(out, "PNG")
        return "image/png", out.getvalue()
    if picture.mode not in {"L", "RGB"}:
        picture = picture.convert("RGB")
    picture.save(out, "JPEG", quality=_JPEG_QUALITY)
    return "image/jpeg", out.getvalue()


def main() -> None:
    """Take the file from stdin."""
    limit_resources()
    content = sys.stdin.buffer.read()
    kept = b""
    try:
        kind = identify_file(content)
        media_type, kept = to_viewable(content, kind)
        head = {"kind": kind, "media_type": media_type}
    except UnableToUse as error:
        head = {"error": error.code}
    except MemoryError:
        head = {"error": "TOO_LARGE"}
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + kept)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
