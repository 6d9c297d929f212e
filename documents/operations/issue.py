"""Issuing papers: context -> HTML -> PDF -> file store -> row. What says nothing new is found.

Rendering happens outside of transactions; only storing is one. A process killed in between
leaves files without a row, which the next try takes up again.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

from aupolicy.models import GroupContract, Quote
from billing.models import Mandate
from documents.exports.archive import write_archive
from documents.exports.batch import count_processes
from documents.exports.filenames import file_name
from documents.facts import DocumentKind
from documents.models import Document
from documents.operations.printing import Draft, UnableToIssue, make_draft, print_drafts
from documents.queries import (
    build_mandate_form,
    build_quote,
    document_path,
    list_confirmations,
)
from documents.queries.confirmation import ConfirmationDue
from documents.queries.stored import (
    find_quote_papers,
    list_current_papers,
)

STORE_BATCH = 40
Progress = Callable[[int, int], None]
"""Told how many papers are done and how many there are."""


@dataclass(frozen=True, slots=True)
class IssueReport:
    """All papers that were asked for, and how many of them are new."""

    documents: tuple[Document, ...]
    created: int


@dataclass(frozen=True, slots=True)
class ArchiveReport:
    """An archive of papers: where it lies and how many papers are in it."""

    path: Path
    count: int


_Key = tuple[str, int | None, int | None, str]


def _key(document: Document) -> _Key:
    """What makes two papers of one contract the same, apart from statements."""
    row = document
    return (row.kind, row.membership_id, row.mandate_id, row.source_digest)


def issue_confirmations(
    *,
    contract: GroupContract,
    as_of: date,
    progress: Progress | None = None,
    processes: int | None = None,
) -> IssueReport:
    """Both copies of the confirmation for everybody insured on a day or from a later one on.

    Only what says something new is set and stored, a few at a time, so that a run that is
    stopped goes on where it was. `processes` None: as many as the machine has cores.
    """
    return _issue_due(
        contract,
        list_confirmations(contract, as_of=as_of),
        progress=progress or (lambda _done, _all: None),
        processes=processes,
    )


def issue_mandate_form(*, mandate: Mandate) -> IssueReport:
    """The SEPA mandate form of a mandate, to be signed."""
    context = build_mandate_form(mandate)
    document = Document(
        kind=DocumentKind.MANDATE_FORM.value,
        contract=mandate.contract,
        mandate=mandate,
        file_name=file_name("SEPA-Mandat", mandate.reference),
    )
    draft = make_draft(document, context)
    return _issue(mandate.contract, [draft], progress=lambda _done, _all: None, processes=1)


def issue_quote(*, quote: Quote) -> IssueReport:
    """The letter of a quote. A quote is final and so is its letter: once issued it is found."""
    existing = find_quote_papers(quote)
    if existing:
        return IssueReport(existing, created=0)
    document = Document(
        kind=DocumentKind.QUOTE.value,
        quote=quote,
        file_name=file_name("Angebot", quote.number, quote.employer_name),
    )
    rows = list(print_drafts([make_draft(document, build_quote(quote))], processes=1))
    # Another issuer may have stored the same paper meanwhile: then its row stands.
    Document.objects.bulk_create(rows, ignore_conflicts=True)
    return IssueReport(find_quote_papers(quote), created=1)


def zip_papers(*, contract: GroupContract, as_of: date, out: Path) -> ArchiveReport:
    """Write the confirmations in force of everybody insured on a day into one ZIP.

    The same papers give the same bytes. Raises UnableToIssue when none has been issued.
    """
    papers = list_current_papers(contract, as_of=as_of)
    if not papers:
        raise UnableToIssue("NO_PAPERS", contract=contract.number, day=as_of.isoformat())
    files = zip(_archive_names(papers), map(document_path, papers), strict=True)
    return ArchiveReport(path=out, count=write_archive(out, files))


ARCHIVE_FOLDERS = {
    DocumentKind.CONFIRMATION: "Fuer_die_versicherten_Personen",
    DocumentKind.CONFIRMATION_EMPLOYER: "Fuer_die_Personalakte",
}


def _archive_names(papers: Sequence[Document]) -> Iterator[str]:
    """Folder and file name of each paper; of equal ones the later ones are numbered."""
    seen: dict[str, int] = {}
    for paper in papers:
        name = f"{ARCHIVE_FOLDERS[DocumentKind(paper.kind)]}/{paper.file_name}"
        count = seen[name.casefold()] = seen.get(name.casefold(), 0) + 1
        yield name if count == 1 else f"{name.removesuffix('.pdf')}_{count}.pdf"


def _issue_due(
    contract: GroupContract,
    due: Sequence[ConfirmationDue],
    *,
    progress: Progress,
    processes: int | None,
) -> IssueReport:
    drafts = [
        make_draft(
            Document(
                kind=paper.kind.value,
                contract=contract,
                membership_id=paper.membership_id,
                file_name=_confirmation_name(paper),
            ),
            paper.context,
        )
        for paper in due
    ]
    return _issue(contract, drafts, progress=progress, processes=processes)


def _confirmation_name(paper: ConfirmationDue) -> str:
    person = (paper.context.personnel_number, paper.context.last_name)
    if paper.kind is DocumentKind.CONFIRMATION_EMPLOYER:
        return file_name("Versicherungsbestaetigung", "Arbeitgeber", *person)
    return file_name("Versicherungsbestaetigung", *person)


def _issue(
    contract: GroupContract,
    drafts: Sequence[Draft],
    *,
    progress: Progress,
    processes: int | None,
) -> IssueReport:
    """Print and store what is not there yet; returns everything that was asked for."""
    known = _find_known(contract, drafts)
    missing = [draft for draft in drafts if _key(draft.document) not in known]
    done = len(drafts) - len(missing)
    progress(done, len(drafts))
    printed = print_drafts(missing, processes=processes or count_processes(len(missing)))
    while batch := list(islice(printed, STORE_BATCH)):
        # Another issuer may have stored the same paper meanwhile: then its row stands.
        Document.objects.bulk_create(batch, ignore_conflicts=True)
        done += len(batch)
        progress(done, len(drafts))
    known = _find_known(contract, drafts)
    return IssueReport(tuple(known[_key(draft.document)] for draft in drafts), len(missing))


def _find_known(contract: GroupContract, drafts: Sequence[Draft]) -> dict[_Key, Document]:
    rows = Document.objects.filter(
        contract=contract, source_digest__in={draft.document.source_digest for draft in drafts}
    )
    return {_key(row): row for row in rows}
