"""Whether a program may still do what it sent: workers act outside the fence, so they ask."""

from datetime import date

from api.models import Job
from aupolicy.facts.machine import ApiScope
from aupolicy.models import Right
from aupolicy.queries.access import includes
from aupolicy.queries.machine import get_client_rights


def find_refusal(job: Job, day: date) -> str:
    """Why a job may not be worked on a day, as a code; "" where it may."""
    client, contract = job.client, job.contract
    if client.ended_at is not None:
        return "CLIENT_ENDED"
    rights = get_client_rights(client, day)
    theirs = contract.employer_id in rights.employers or contract.broker_id in rights.brokers
    may_report = includes(rights.right_for(contract.employer_id), Right.EDIT)
    if theirs and may_report and ApiScope.NOTICES_WRITE in client.scopes:
        return ""
    return "NO_AUTHORITY"
