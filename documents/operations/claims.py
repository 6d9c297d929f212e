"""Letters to insured people about a claim: each is written once and found from then on.

What happened to a claim is pulled from its tables, so that no operation of claims calls papers.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import segno
import structlog
from django.db import transaction

from billing.models import Recovery
from claims.facts import DecisionKind, DecisionStatus
from claims.models import Claim, Decision, DocumentRequest, PersonLink
from documents.exports.filenames import file_name
from documents.exports.pdf import render_pdf
from documents.facts import ClaimLetter, Context, DocumentKind, LinkContext
from documents.models import Document, LetterCause
from documents.operations.printing import (
    STYLESHEET,
    UnableToIssue,
    make_draft,
    print_drafts,
    write_html,
)
from documents.queries.claims import (
    UnableToBuildLetter,
    build_correction,
    build_decision_letter,
    build_link_sheet,
    build_request,
)
from documents.queries.letters_due import (
    describe_way,
    list_decisions_without_letter,
    list_recoveries_without_letter,
    list_requests_without_letter,
)

_log = structlog.get_logger(__name__)
LETTERS_A_ROUND = 200
_KINDS = {
    DecisionKind.GRANT: DocumentKind.BENEFIT_GRANT,
    DecisionKind.PARTLY_GRANT: DocumentKind.BENEFIT_GRANT,
    DecisionKind.LIFT_EXCLUSION: DocumentKind.BENEFIT_GRANT,
    DecisionKind.REFUSE: DocumentKind.BENEFIT_REFUSAL,
    DecisionKind.EXCLUDE: DocumentKind.BENEFIT_REFUSAL,
    DecisionKind.END: DocumentKind.BENEFIT_END,
}


@dataclass(frozen=True, slots=True)
class DueReport:
    """How many letters were written, and for how many there is nothing to say yet."""

    issued: int
    waiting: int


@dataclass(frozen=True, slots=True)
class LinkSheet:
    """A sheet to hand over. Only `content` shows the link; `document` is the copy without it."""

    document: Document
    content: bytes


def issue_decision_letter(*, decision: Decision) -> Document:
    """The letter of an effective decision; once written it is found, whatever comes later.

    Raises UnableToIssue (NOT_EFFECTIVE), UnableToBuildLetter.
    """
    existing = Document.objects.filter(causes__decision=decision).first()
    if existing is not None:
        return existing
    if decision.status != DecisionStatus.EFFECTIVE:
        raise UnableToIssue("NOT_EFFECTIVE")
    context = build_decision_letter(decision)
    row = _print(decision.claim, _KINDS[DecisionKind(decision.kind)], context)
    with transaction.atomic():
        # Two issuers at once: the second finds what the first has stored.
        Decision.objects.select_for_update(no_key=True, of=("self",)).get(pk=decision.pk)
        existing = Document.objects.filter(causes__decision=decision).first()
        return existing or _keep(row, [LetterCause(decision=decision)])


def issue_request_letter(*, request: DocumentRequest, reminder: int) -> Document:
    """The letter that asks for something (reminder 0), or reminds of it; once written it is found.

    Raises UnableToIssue (NO_SUCH_REMINDER) for one that is not due.
    """
    step = str(reminder)
    existing = Document.objects.filter(causes__request=request, causes__step=step).first()
    if existing is not None:
        return existing
    if not 0 <= reminder <= request.reminders:
        raise UnableToIssue("NO_SUCH_REMINDER", reminder=step)
    row = _print(request.claim, DocumentKind.CLAIM_REQUEST, build_request(request, reminder))
    with transaction.atomic():
        DocumentRequest.objects.select_for_update(no_key=True, of=("self",)).get(pk=request.pk)
        existing = Document.objects.filter(causes__request=request, causes__step=step).first()
        return existing or _keep(row, [LetterCause(request=request, step=step)])


def issue_correction_letter(*, claim: Claim, recoveries: Sequence[Recovery]) -> Document:
    """The letter that tells what was paid too much and how it comes back, all in the same way.

    Raises UnableToIssue (NOTHING_TO_RECOVER), UnableToBuildLetter (MIXED).
    """
    if not recoveries:
        raise UnableToIssue("NOTHING_TO_RECOVER")
    step = describe_way(recoveries[0])
    if existing := _find_correction(recoveries, step):
        return existing
    context = build_correction(claim, recoveries)
    row = _print(claim, DocumentKind.BENEFIT_CORRECTION, context)
    with transaction.atomic():
        Claim.objects.select_for_update(no_key=True, of=("self",)).get(pk=claim.pk)
        if existing := _find_correction(recoveries, step):
            return existing
        told = LetterCause.objects.filter(recovery__in=recoveries, step=step)
        known = set(told.values_list("recovery_id", flat=True))
        new = [each for each in recoveries if each.pk not in known]
        return _keep(row, [LetterCause(recovery=each, step=step) for each in new])


def _find_correction(recoveries: Sequence[Recovery], step: str) -> Document | None:
    """The letter that tells of all of them, where there is one."""
    causes = LetterCause.objects.filter(recovery__in=recoveries, step=step)
    found = list(causes.select_related("document").order_by("pk"))
    return found[-1].document if len(found) == len(recoveries) else None


def issue_link_sheet(*, link: PersonLink, token: str, url: str) -> LinkSheet:
    """A sheet with the link as text and as a code; `url` is its whole address, with the token.

    The link's secret belongs to the person: what is kept is the sheet without it.
    Raises UnableToIssue (NO_TOKEN) for an address without its token.
    """
    if not token or token not in url:
        raise UnableToIssue("NO_TOKEN")
    kept = build_link_sheet(link, url="", code="")
    row = _print(link.claim, DocumentKind.CLAIM_LINK, kept)
    with transaction.atomic():
        document = _keep(row, [])
    given: LinkContext = build_link_sheet(link, url=url, code=_draw_code(url))
    job = write_html(make_draft(_row(link.claim, DocumentKind.CLAIM_LINK, given), given))
    content = render_pdf(job.html, stylesheet=STYLESHEET, identifier=document.source_digest)
    return LinkSheet(document, content)


def _draw_code(url: str) -> str:
    code = segno.make(url, error="m", micro=False)
    title = "Muster zum Abfotografieren: öffnet Ihren Leistungsfall"
    return str(code.svg_inline(border=2, title=title, omitsize=True))


def _row(claim: Claim, kind: DocumentKind, context: ClaimLetter) -> Document:
    """A row whose name tells nothing but the claim and the day."""
    name = file_name("Leistungsfall", context.claim_number, context.written_on.isoformat())
    return Document(kind=kind.value, claim=claim, file_name=name)


def _print(claim: Claim, kind: DocumentKind, context: Context) -> Document:
    assert isinstance(context, ClaimLetter)  # noqa: S101 -- all letters about claims are
    return next(print_drafts([make_draft(_row(claim, kind, context), context)], processes=1))


def _keep(row: Document, causes: Sequence[LetterCause]) -> Document:
    """Store a letter and what it was written for; one that says the same is found."""
    Document.objects.bulk_create([row], ignore_conflicts=True)
    document = Document.objects.get(
        kind=row.kind, claim=row.claim, source_digest=row.source_digest, part=row.part
    )
    for cause in causes:
        cause.document = document
    LetterCause.objects.bulk_create(causes)
    return document


def issue_due_letters(*, now: datetime, limit: int = LETTERS_A_ROUND) -> DueReport:
    """Write the letters of decisions, requests, reminders and recoveries that have none yet.

    What has nothing to say yet waits. A letter that fails does not keep the others from being
    written; the failures are raised together at the end.
    """
    issued = waiting = 0
    failures: list[Exception] = []
    for issue in _list_due(now):
        if issued >= limit:
            break
        try:
            issue()
        except UnableToBuildLetter as error:
            waiting += 1
            _log.info("letter_waits", code=error.code)
        except Exception as error:  # noqa: BLE001 -- raised below, with all others
            failures.append(error)
        else:
            issued += 1
    if failures:
        raise ExceptionGroup("letters that could not be written", failures)
    return DueReport(issued, waiting)


def _list_due(now: datetime) -> Iterator[Callable[[], Document]]:
    for decision in list_decisions_without_letter():
        yield partial(issue_decision_letter, decision=decision)
    for request in list_requests_without_letter():
        yield partial(issue_request_letter, request=request, reminder=request.reminders)
    for group in list_recoveries_without_letter(now):
        yield partial(issue_correction_letter, claim=group[0].claim, recoveries=group)
