"""Telling that a job came to an end, or waits to be confirmed."""

from datetime import datetime

from api.models import Job
from aupolicy.facts.machine import WebhookTopic
from documents.operations.webhooks import record_message


def tell_finished(job: Job, now: datetime) -> None:
    """Tell the employer's programs, in the transaction that ends the work.

    A job can be checked several times; each is told once.
    """
    record_message(
        employer=job.contract.employer,
        topic=WebhookTopic.JOB_FINISHED,
        subject=f"{job.pk}/{job.state}/{int(now.timestamp())}",
        data={"job": str(job.pk), "state": job.state, "contract": job.contract.number},
        now=now,
    )
