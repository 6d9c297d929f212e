"""Setting a sample and reading it back."""

import re
from collections.abc import Iterable
from io import BytesIO

from django.template.loader import render_to_string
from page import validate_pdf_bytes
from pypdf import PdfReader

from documents.exports.canonical import compute_digest
from documents.exports.lists.letter import add_lists
from documents.exports.pdf import get_press, render_pdf
from documents.exports.statement_tables import make_tables
from documents.facts import (
    Context,
    CorrectionRow,
    DocumentKind,
    InsuredRow,
    LeaverRow,
    StatementContext,
)
from documents.operations import STYLESHEET

A4_POINTS = (595, 842)


def set_html(kind: DocumentKind, context: Context) -> str:
    """The page a letter is set from."""
    return render_to_string(f"documents/{kind.value}.html", {"c": context})


def set_pdf(kind: DocumentKind, context: Context) -> bytes:
    """The PDF of a letter."""
    html = set_html(kind, context)
    return render_pdf(html, stylesheet=STYLESHEET, identifier=compute_digest(context))


def set_statement(
    letter: StatementContext,
    *,
    insured: Iterable[InsuredRow] = (),
    leavers: Iterable[LeaverRow] = (),
    corrections: Iterable[CorrectionRow] = (),
) -> bytes:
    """The PDF of a statement with its lists."""
    opened = get_press(STYLESHEET).render_open(
        set_html(DocumentKind.STATEMENT, letter), identifier=compute_digest(letter)
    )
    tables = make_tables(letter, insured=insured, leavers=leavers, corrections=corrections)
    return add_lists(opened, tables, heads=("Beitragsabrechnung", letter.employer_name))


def read_pages(pdf: bytes) -> list[str]:
    """The text of each page, with plain spaces."""
    return [_plain(page.extract_text()) for page in PdfReader(BytesIO(pdf)).pages]


def read_text(pdf: bytes) -> str:
    """The text of all pages in one line."""
    return " ".join(" ".join(read_pages(pdf)).split())


def squeeze(text: str) -> str:
    """Without any space, so that line breaks do not matter."""
    return re.sub(r"\s+", "", text)


def find_faults(pdf: bytes) -> list[str]:
    """What keeps a file from being PDF/UA-1."""
    report = validate_pdf_bytes(pdf, profile="ua1")
    return [f"{failure.rule_id}: {failure.message}" for failure in report.failures]


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")
