"""Our own workbook to fill in: headings, drop-down lists, explanations and an example."""

from members.facts import UploadKind


def write_template(kind: UploadKind, *, language: str = "de") -> bytes:
    """An XLSX workbook for a file of this kind, headings in "de" or "en".

    The first sheet has the headings (frozen), date and money formats and drop-down lists; the
    second explains every column and shows a constructed example. The same arguments give the
    same bytes.
    """
    raise NotImplementedError
