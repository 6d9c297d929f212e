"""From a context to a PDF in the store: what all papers have in common."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

from documents.exports.batch import PrintJob, render_many
from documents.exports.canonical import compute_digest
from documents.facts import Context
from documents.models import Document
from documents.queries.stored import get_store

STYLESHEET = Path(settings.BASE_DIR) / "static" / "documents" / "letter.css"


class UnableToIssue(ValueError):
    """No paper can be issued; `code` says why."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(f"{code}: {params}")
        self.code, self.params = code, params


@dataclass(frozen=True, slots=True)
class Draft:
    """A row that waits for its PDF, with what the PDF says."""

    document: Document
    context: Context


def make_draft(document: Document, context: Context) -> Draft:
    """The row with the digest of everything that the paper says."""
    document.source_digest = compute_digest(context)
    return Draft(document, context)


def write_html(draft: Draft) -> PrintJob:
    """The page that a paper is set from; the digest becomes the file's own id."""
    html = render_to_string(f"documents/{draft.document.kind}.html", {"c": draft.context})
    return PrintJob(html=html, identifier=draft.document.source_digest)


def print_drafts(drafts: Sequence[Draft], *, processes: int) -> Iterator[Document]:
    """Rows of the drafts with their PDFs kept, in order; nothing is in the database yet."""
    jobs = (write_html(draft) for draft in drafts)
    pdfs = render_many(jobs, stylesheet=STYLESHEET, processes=processes)
    for draft, pdf in zip(drafts, pdfs, strict=True):
        row = draft.document
        row.sha256, row.byte_count = get_store().put(pdf), len(pdf)
        yield row
