"""Letters of commission statements: each is written once and found from then on."""

from django.db import transaction

from aupolicy.operations.fence import ALL, acting_within
from billing.models import CommissionStatement
from documents.exports.filenames import file_name
from documents.facts import DocumentKind
from documents.models import Document
from documents.operations.printing import make_draft, print_drafts
from documents.operations.rounds import LETTERS_A_ROUND, issue_each
from documents.queries.commission import build_commission, list_commission_without_letter


def issue_commission_letter(*, statement: CommissionStatement) -> Document:
    """The letter of a commission statement; once written it is found, whatever comes later.

    Whoever asks: what the statement is about may have gone to another broker since, so the
    letter is built from everything. Raises UnableToBuildCommission.
    """
    existing = Document.objects.filter(commission_statement=statement).first()
    if existing is not None:
        return existing
    with acting_within(ALL):
        document = Document(
            kind=DocumentKind.COMMISSION.value,
            commission_statement=statement,
            file_name=file_name("Courtageabrechnung", f"{statement.month:%Y-%m}", statement.number),
        )
        draft = make_draft(document, build_commission(statement))
        row = next(print_drafts([draft], processes=1))
        # Two issuers at once: the second finds what the first has stored.
        with transaction.atomic():
            Document.objects.bulk_create([row], ignore_conflicts=True)
        return Document.objects.get(commission_statement=statement)


def issue_commission_letters(*, limit: int = LETTERS_A_ROUND) -> int:
    """Write the letters of commission statements that have none yet; returns how many.

    A letter that fails keeps no other from being written; failures are raised together.
    """
    return issue_each(
        list_commission_without_letter()[:limit],
        lambda statement: issue_commission_letter(statement=statement),
    )
