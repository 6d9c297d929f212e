"""What has been issued."""

from datetime import date
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from aupolicy.kernel.file_store import FileStore
from aupolicy.models import GroupContract, Quote
from billing.models import Statement
from documents.facts import DocumentKind
from documents.models import Document
from members.queries import coming_after, insured_on


def get_store() -> FileStore:
    """Where the PDFs lie."""
    return FileStore(Path(settings.FILES_ROOT))


def document_path(document: Document) -> Path:
    """Where a document's PDF lies."""
    return get_store().path(document.sha256)


def read_document(document: Document) -> bytes:
    """A document byte for byte as it was made. Raises FileNotFoundError."""
    return get_store().get(document.sha256)


def find_statement_papers(statement: Statement) -> tuple[Document, ...]:
    """The letter of a statement and its annexes in order; nothing while none is issued."""
    # "statement" sorts before "statement_annex".
    return tuple(Document.objects.filter(statement=statement).order_by("kind", "part"))


def find_quote_papers(quote: Quote) -> tuple[Document, ...]:
    """The letter of a quote; nothing while none is issued."""
    return tuple(Document.objects.filter(quote=quote, kind=DocumentKind.QUOTE).order_by("pk"))


def list_current_papers(contract: GroupContract, *, as_of: date) -> list[Document]:
    """The newest of both copies for everybody whose cover runs on a day or begins later."""
    running = insured_on(as_of, "membership__") | coming_after(as_of, "membership__")
    papers = (
        Document.objects.filter(
            running,
            contract=contract,
            kind__in=[DocumentKind.CONFIRMATION, DocumentKind.CONFIRMATION_EMPLOYER],
        )
        .order_by("membership_id", "kind", "-id")
        .distinct("membership_id", "kind")
    )
    return list(papers)


def list_statements_without_letter(limit: int) -> QuerySet[Statement]:
    """Posted statements that have no letter yet, oldest first."""
    return Statement.objects.filter(number__isnull=False, documents=None).order_by("id")[:limit]
