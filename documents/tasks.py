"""Celery edges of the papers. Rows are the queue: a message only says "there is work".

A task sets one unit and may be killed at any moment; the next one finds what is stored and goes
on. Inside a worker everything is set in its own process.
"""

from celery import shared_task
from django.utils import timezone

from aupolicy.kernel.file_store import UnableToStoreFile
from aupolicy.models import GroupContract
from billing.models import BillingRun
from documents.operations import (
    count_rounds,
    issue_confirmations,
    issue_due_letters,
    issue_statements,
)
from documents.operations.arrears import issue_arrears_letters
from documents.operations.commission import issue_commission_letters
from documents.operations.full_store import forget_full_store, note_full_store
from documents.operations.mail import send_due_mails
from documents.operations.webhooks import EVENTS_A_ROUND, collect_messages, deliver_due
from documents.queries.stored import list_runs_without_letters

# More than all workers can do in the minute until the next are sent.
_MOST_MESSAGES = 400
_A_MINUTE = 60
# A task ends after so many rounds of calls; what is left is the next one's.
_ROUNDS_OF_CALLS = 25


@shared_task(ignore_result=True)
def send_mails() -> None:
    """Send the mails that are due; the clock calls it every minute, and who cannot wait at once."""
    send_due_mails(now=timezone.now())


@shared_task(ignore_result=True)
def issue_statement_letters(run_id: int) -> None:
    """Set some letters of a posted run, whichever are free: a few seconds of work."""
    run = BillingRun.objects.filter(pk=run_id, posted_at__isnull=False).first()
    if run is None:
        return
    try:
        report = issue_statements(run=run)
    except UnableToStoreFile:
        note_full_store(run_id=run_id)
        raise
    if report.issued:
        forget_full_store(run_id=run_id)


@shared_task(ignore_result=True)
def send_open_letters() -> None:
    """Have the letters of posted runs set by all workers; the clock calls it every minute.

    Messages may be lost and may be too many: the statements without a letter are what counts. What
    nobody has taken up within the minute is forgotten, for the next minute sends it again.
    """
    for run in list_runs_without_letters(timezone.now()):
        rounds = count_rounds(run)
        for _ in range(min(rounds, _MOST_MESSAGES)):
            issue_statement_letters.apply_async((run.pk,), expires=_A_MINUTE)


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
def issue_letters_of_arrears() -> None:
    """Write the letters about arrears that are due; the clock calls it every minute."""
    issue_arrears_letters()


@shared_task(ignore_result=True)
def issue_letters_of_commission() -> None:
    """Write the letters of commission statements; the clock calls it every minute."""
    issue_commission_letters()


@shared_task(ignore_result=True)
def send_webhooks() -> None:
    """Tell programs of what has happened; the clock calls it all the time, a change at once."""
    while collect_messages(now=timezone.now()) >= EVENTS_A_ROUND:
        pass
    for _ in range(_ROUNDS_OF_CALLS):
        if deliver_due(now=timezone.now()).is_empty:
            break
