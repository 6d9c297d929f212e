"""What kind of file this is, by its content; and whether it can be opened without danger."""

import re
import zipfile
from io import BytesIO

from members.parsing.problems import UnableToReadTable, refusal

LARGEST_FILE_BYTES = 20 * 1024 * 1024
LARGEST_UNPACKED_BYTES = 200 * 1024 * 1024
MOST_ENTRIES = 2_000
# A workbook shrinks to a tenth, one full of repetitions to a fiftieth. What shrinks further was
# made to fill a machine; small files may do as they like.
MOST_SHRINKAGE = 150
_SMALL_UNPACKED_BYTES = 20 * 1024 * 1024

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER = (
    (b"%PDF", "PDF"),
    (b"\x1f\x8b", "GZIP"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"{\\rtf", "RTF"),
    (b"SQLite format 3", "SQLite"),
)
# XML and HTML that programs call .xls.
_MARKUP = (
    (re.compile(rb"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?<(!doctype\s+html|html|table|meta)", re.I),
     "HTML"),
    (re.compile(rb"\s*<\?xml", re.I), "XML"),
)  # fmt: skip
_INSIDE_ZIP = (
    ("xl/workbook.bin", "Excel (XLSB)"),
    ("word/document.xml", "Word"),
    ("ppt/presentation.xml", "PowerPoint"),
    ("Index/Document.iwa", "Numbers"),
)
_ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"


def recognise(content: bytes) -> str:
    """CSV (any text), XLSX, XLSM, XLS or ODS. Raises UnableToReadTable for everything else."""
    if len(content) > LARGEST_FILE_BYTES:
        raise refusal("FILE_TOO_LARGE", megabytes=str(LARGEST_FILE_BYTES // 1024 // 1024))
    if not content.strip(b"\xef\xbb\xbf \t\r\n\x00"):
        raise refusal("EMPTY_FILE")
    if content.startswith(b"PK"):
        return _recognise_archive(content)
    if content.startswith(_OLE):
        return _recognise_ole(content)
    if name := _find_other_format(content[:2000]):
        raise refusal("OTHER_FORMAT", format=name)
    return "CSV"


def _find_other_format(beginning: bytes) -> str:
    beginning = beginning.removeprefix(b"\xef\xbb\xbf")
    signed = (name for signature, name in _OTHER if beginning.startswith(signature))
    marked = (name for pattern, name in _MARKUP if pattern.match(beginning))
    return next(signed, "") or next(marked, "")


def _recognise_ole(content: bytes) -> str:
    if _utf16("EncryptedPackage") in content:
        raise refusal("PASSWORD")
    for stream, name in (("WordDocument", "Word"), ("PowerPoint Document", "PowerPoint")):
        if _utf16(stream) in content:
            raise refusal("OTHER_FORMAT", format=name)
    return "XLS"


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


def _recognise_archive(content: bytes) -> str:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _check_sizes(archive, len(content))
            return _recognise_entries(archive)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError) as error:
        if isinstance(error, UnableToReadTable):
            raise
        raise refusal("BROKEN_FILE") from None


def _check_sizes(archive: zipfile.ZipFile, packed: int) -> None:
    """What the directory of the archive says; reading it stops at these sizes too."""
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    shrinkage = unpacked // max(packed, 1)
    if len(entries) > MOST_ENTRIES or unpacked > LARGEST_UNPACKED_BYTES:
        raise refusal("WORKBOOK_TOO_LARGE")
    if unpacked > _SMALL_UNPACKED_BYTES and shrinkage > MOST_SHRINKAGE:
        raise refusal("WORKBOOK_TOO_LARGE")
    if any(entry.flag_bits & 1 for entry in entries):
        raise refusal("PASSWORD")


def _recognise_entries(archive: zipfile.ZipFile) -> str:
    names = set(archive.namelist())
    if "xl/workbook.xml" in names:
        return "XLSM" if "xl/vbaProject.bin" in names else "XLSX"
    if "content.xml" in names and "mimetype" in names:
        if not archive.read("mimetype").startswith(_ODS_TYPE):
            raise refusal("OTHER_FORMAT", format="OpenDocument")
        manifest = "META-INF/manifest.xml"
        if manifest in names and b"encryption-data" in archive.read(manifest):
            raise refusal("PASSWORD")
        return "ODS"
    for name, words in _INSIDE_ZIP:
        if name in names:
            raise refusal("OTHER_FORMAT", format=words)
    raise refusal("ARCHIVE_WITHOUT_TABLE")
