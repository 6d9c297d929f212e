"""Letters of posted statements: set and stored once, by any number of workers at a time.

The statements without a letter are the queue. Whoever takes some holds their rows until the
letters are stored in the same transaction; a process that is killed lets go of them unchanged.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

import structlog
from django.db import transaction
from django.db.models import QuerySet, Sum
from django.template.loader import render_to_string

from billing.models import BillingRun, Statement
from billing.operations.crash_points import crash_point
from documents.exports.canonical import compute_digest
from documents.exports.filenames import file_name
from documents.exports.german import write_month
from documents.exports.lists.letter import add_lists
from documents.exports.lists.table import Cells
from documents.exports.pdf import get_press
from documents.exports.statement_tables import make_tables
from documents.facts import DocumentKind
from documents.models import Document
from documents.operations.issue import IssueReport
from documents.operations.printing import STYLESHEET
from documents.queries.statement import UnableToBuildStatement, build_statement
from documents.queries.statement_lists import StatementLists
from documents.queries.stored import (
    find_statement_papers,
    get_store,
    list_statements_without_letter,
)

# What one transaction sets: a few seconds of work. A longer list is taken alone.
LETTERS_AT_ONCE = 25
ROWS_AT_ONCE = 2_500

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RoundReport:
    """How many letters were set at once, and the keys of statements whose letter could not be."""

    issued: int
    failed: tuple[int, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there was nothing that nobody else works at."""
        return not self.issued and not self.failed


def issue_statement(*, statement: Statement) -> IssueReport:
    """The letter of a posted statement with its lists.

    A statement is final and so is its letter: once issued it is found, whatever the tables say
    later. Waits for whoever sets it at this moment. Raises UnableToBuildStatement.
    """
    existing = find_statement_papers(statement)
    if existing:
        return IssueReport(existing, created=0)
    with transaction.atomic():
        locked = _with_parties().select_for_update(no_key=True, of=("self",)).get(pk=statement.pk)
        existing = find_statement_papers(locked)
        if existing:
            return IssueReport(existing, created=0)
        if locked.number is None:
            raise UnableToBuildStatement(f"{locked} is a preview")
        with StatementLists(locked.run, [locked]) as lists:
            paper = _print(locked, lists)
        paper.save()
    return IssueReport((paper,), created=1)


def issue_statements(*, run: BillingRun, leave_out: Collection[int] = ()) -> RoundReport:
    """Letters of some statements of a posted run that have none and that nobody else works at.

    The longest lists come first, so that no worker is left alone with them in the end. A statement
    whose letter cannot be built is logged and stays open; `leave_out` are such of earlier rounds.
    """
    with transaction.atomic():
        claimed = _claim(run, leave_out)
        papers, failed = [], []
        with StatementLists(run, claimed) as lists:
            for statement in claimed:
                try:
                    papers.append(_print(statement, lists))
                except UnableToBuildStatement:
                    failed.append(statement.pk)
                    _log.exception("statement_letter_failed", statement=statement.pk)
        crash_point("letters.printed")
        Document.objects.bulk_create(papers)
        crash_point("letters.stored")
    crash_point("letters.committed")
    return RoundReport(len(papers), tuple(failed))


def count_rounds(run: BillingRun) -> int:
    """How many times `issue_statements` has something to do for a run, about."""
    waiting = list_statements_without_letter(run)
    rows: int = waiting.aggregate(rows=Sum("line_count", default=0))["rows"]
    return -(-waiting.count() // LETTERS_AT_ONCE) + rows // ROWS_AT_ONCE


def _with_parties() -> QuerySet[Statement]:
    """Statements with what every letter needs of others."""
    return Statement.objects.select_related("run", "contract__employer", "contract__broker")


def _claim(run: BillingRun, leave_out: Collection[int]) -> list[Statement]:
    """Statements without a letter, locked, in the order of their contracts."""
    waiting = (
        list_statements_without_letter(run)
        .exclude(pk__in=leave_out)
        .order_by("-line_count", "pk")
        .select_for_update(no_key=True, skip_locked=True, of=("self",))
    )
    sizes = list(waiting.values_list("pk", "line_count")[:1])
    if sizes:
        # The others are no longer than the first.
        more = min(LETTERS_AT_ONCE, ROWS_AT_ONCE // max(1, sizes[0][1])) - 1
        sizes += waiting.exclude(pk=sizes[0][0]).values_list("pk", "line_count")[: max(0, more)]
    keys = [key for key, _ in sizes]
    # What was locked here may have got its letter from somebody since it was looked for.
    done = Document.objects.filter(statement__in=keys).values("statement")
    return list(_with_parties().filter(pk__in=keys).exclude(pk__in=done).order_by("contract_id"))


def _print(statement: Statement, lists: StatementLists) -> Document:
    """The letter's row, its PDF being kept. Raises UnableToBuildStatement."""
    letter = build_statement(statement, lists.sums(statement))
    html = render_to_string("documents/statement.html", {"c": letter})
    digest = compute_digest(letter)
    content = hashlib.sha256(digest.encode())
    tables = make_tables(
        letter,
        insured=lists.insured(statement),
        leavers=lists.leavers(statement),
        corrections=lists.corrections(statement),
    )
    pdf = add_lists(
        get_press(STYLESHEET).render_open(html, identifier=digest),
        (replace(table, rows=_take_note(table.rows, content)) for table in tables),
        heads=(
            f"Beitragsabrechnung {write_month(letter.month)}",
            f"{letter.employer_name}, Gruppenvertrag {letter.contract_number}",
        ),
    )
    name = ("Beitragsabrechnung", f"{letter.month:%Y-%m}", letter.employer_name, letter.number)
    return Document(
        kind=DocumentKind.STATEMENT.value,
        contract=statement.contract,
        statement=statement,
        file_name=file_name(*name),
        source_digest=content.hexdigest(),
        sha256=get_store().put(pdf),
        byte_count=len(pdf),
    )


def _take_note(rows: Iterable[Cells], content: "hashlib._Hash") -> Iterator[Cells]:
    """The rows as they are; what they say goes into the paper's digest."""
    for row in rows:
        content.update("\x1f".join(row).encode())
        content.update(b"\x1e")
        yield row
