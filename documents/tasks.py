"""Celery edges of the papers. Rows are the queue: a message only says "there is work".

A task sets one unit and may be killed at any moment; the next one finds what is stored and goes
on. Inside a worker everything is set in its own process.
"""

from celery import shared_task
from django.utils import timezone

from aupolicy.models import GroupContract
from billing.models import Statement
from documents.operations import issue_confirmations, issue_due_letters, issue_statement
from documents.operations.mail import send_due_mails
from documents.operations.webhooks import EVENTS_A_ROUND, collect_messages, deliver_due
from documents.queries.stored import list_statements_without_letter

LETTERS_A_ROUND = 2_000
# A task ends after so many rounds of calls; what is left is the next one's.
_ROUNDS_OF_CALLS = 25


@shared_task(ignore_result=True)
def send_mails() -> None:
    """Send the mails that are due; the clock calls it every minute, and who cannot wait at once."""
    send_due_mails(now=timezone.now())


@shared_task(ignore_result=True)
def issue_statement_letter(statement_id: int) -> None:
    """Set the letter of one posted statement, if it has none yet."""
    statement = Statement.objects.filter(pk=statement_id, number__isnull=False).first()
    if statement is not None:
        issue_statement(statement=statement, processes=1)


@shared_task(ignore_result=True)
def send_open_letters() -> None:
    """Send out one message for each posted statement without a letter; messages may be lost."""
    for statement in list_statements_without_letter(LETTERS_A_ROUND):
        issue_statement_letter.delay(statement.pk)


@shared_task(ignore_result=True)
def issue_contract_confirmations(contract_id: int) -> None:
    """Set the confirmations of one contract that say something new today."""
    contract = GroupContract.objects.filter(pk=contract_id).first()
    if contract is not None:
        issue_confirmations(contract=contract, as_of=timezone.localdate(), processes=1)


@shared_task(ignore_result=True)
def issue_claim_letters() -> None:
    """Write the letters about claims that are due; the clock calls it every minute."""
    issue_due_letters(now=timezone.now())


@shared_task(ignore_result=True)
def send_webhooks() -> None:
    """Tell programs of what has happened; the clock calls it all the time, a change at once."""
    while collect_messages(now=timezone.now()) >= EVENTS_A_ROUND:
        pass
    for _ in range(_ROUNDS_OF_CALLS):
        if deliver_due(now=timezone.now()).is_empty:
            break
