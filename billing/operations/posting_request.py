"""The wish to have a run posted, which a worker grants, and what becomes of one that cannot be."""

from datetime import datetime

from django.db import IntegrityError, transaction

from aupolicy.models import User
from billing.models import BillingRun
from billing.operations.post_run import post_run

BOOKS_DIFFER = "BOOKS_DIFFER"


def want_posting(*, run: BillingRun, now: datetime, requested_by: User | None = None) -> BillingRun:
    """Note that a run is to be posted; a worker does it once all slices are done.

    A posted run stays as it is, and so does an earlier wish.
    """
    with transaction.atomic():
        run = BillingRun.objects.select_for_update().get(pk=run.pk)
        if run.posted_at is None and run.posting_requested_at is None:
            run.posting_requested_at, run.posting_requested_by = now, requested_by
            run.posting_refusal = ""
            run.save(
                update_fields=["posting_requested_at", "posting_requested_by", "posting_refusal"]
            )
    return run


def post_or_refuse(*, run: BillingRun, now: datetime) -> bool:
    """Post a run as `post_run` does; where the database refuses, the run is a preview again.

    Then the run says that it was refused, nothing is booked, and IntegrityError is raised on for
    whoever watches the workers.
    """
    try:
        return post_run(run=run, now=now)
    except IntegrityError:
        refuse_posting(run=run)
        raise


def refuse_posting(*, run: BillingRun) -> None:
    """Take the wish to post a run back and say why; a posted run stays as it is."""
    BillingRun.objects.filter(pk=run.pk, posted_at=None).update(
        posting_requested_at=None, posting_requested_by=None, posting_refusal=BOOKS_DIFFER
    )
