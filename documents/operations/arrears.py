"""Letters to policyholders about arrears: each is written once and found from then on."""

from django.db import transaction

from billing.facts.arrears import StepKind
from billing.models import ArrearsStep
from documents.exports.filenames import file_name
from documents.models import Document, LetterCause
from documents.operations.printing import UnableToIssue, make_draft, print_drafts
from documents.operations.rounds import LETTERS_A_ROUND, issue_each
from documents.queries.arrears import KINDS, build_arrears_letter, list_steps_without_letter


def issue_arrears_letter(*, step: ArrearsStep) -> Document:
    """The letter of a step; once written it is found, whatever comes later.

    Raises UnableToIssue (NO_LETTER) for a step that nobody is written about.
    """
    existing = Document.objects.filter(causes__arrears_step=step).first()
    if existing is not None:
        return existing
    kind = KINDS.get(StepKind(step.kind))
    if kind is None:
        raise UnableToIssue("NO_LETTER")
    contract = step.case.contract
    name = file_name(str(kind.value), contract.number, step.day.isoformat())
    draft = make_draft(
        Document(kind=kind.value, contract=contract, file_name=name), build_arrears_letter(step)
    )
    row = next(print_drafts([draft], processes=1))
    with transaction.atomic():
        # Two issuers at once: the second finds what the first has stored.
        ArrearsStep.objects.select_for_update(no_key=True, of=("self",)).get(pk=step.pk)
        existing = Document.objects.filter(causes__arrears_step=step).first()
        if existing is not None:
            return existing
        row.save()
        LetterCause.objects.create(document=row, arrears_step=step)
    return row


def issue_arrears_letters(*, limit: int = LETTERS_A_ROUND) -> int:
    """Write the letters of steps that have none yet; returns how many.

    A letter that fails keeps no other from being written; failures are raised together.
    """
    return issue_each(
        list_steps_without_letter()[:limit], lambda step: issue_arrears_letter(step=step)
    )
