"""What has been issued."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from aupolicy.kernel.file_store import FileStore
from aupolicy.models import GroupContract, Quote
from aupolicy.queries.progress import read_progress
from billing.models import BillingRun, Statement
from documents.facts import DocumentKind
from documents.models import Document
from members.queries import coming_after, insured_on

# Days after which a statement that still has no letter gets one only when somebody asks for it.
LETTERS_ARE_MADE_FOR = 400


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
    """The letter of a statement; nothing while none is issued.

    Until November 2026 long lists were papers of their own: "statement_annex" sorts behind.
    """
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


def list_statements_without_letter(run: BillingRun) -> QuerySet[Statement]:
    """Posted statements of a run that have no letter yet."""
    letter = Document.objects.filter(statement=OuterRef("pk"))
    return Statement.objects.filter(~Exists(letter), run=run, number__isnull=False)


def list_runs_without_letters(now: datetime) -> list[BillingRun]:
    """Runs posted in the last year or so that have statements without a letter, oldest first."""
    since = now - timedelta(days=LETTERS_ARE_MADE_FOR)
    runs = BillingRun.objects.filter(posted_at__gte=since).order_by("pk")
    return [run for run in runs if list_statements_without_letter(run).exists()]


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of all are done."""

    done: int
    total: int


def get_statement_progress(run: BillingRun) -> Progress:
    """How many of a run's posted statements have their letter; 0 of 0 while it is a preview."""
    statements = Statement.objects.filter(run=run, number__isnull=False)
    with_letter = Document.objects.filter(statement__in=statements, kind=DocumentKind.STATEMENT)
    return Progress(with_letter.count(), statements.count())


def name_letters_job(run_id: int) -> str:
    """The letters of a run as a job that waits for storage, or does not."""
    return f"statement-letters:{run_id}"


def waits_for_storage(run: BillingRun) -> bool:
    """Whether letters of a run could not be kept in the last minutes: the disk is full."""
    return bool(read_progress(name_letters_job(run.pk)))
