"""Answers under an Idempotency-Key: given once, repeated as they were."""

from datetime import datetime, timedelta

from django.db import connection

from api.facts import Problem
from api.models import GivenAnswer
from aupolicy.models import ApiClient

KEPT = timedelta(days=7)


def find_given(client: ApiClient, key: str, request_sha256: str) -> GivenAnswer | None:
    """The answer given under a key, None where there is none yet.

    Holds the key until the end of the transaction: a second request with it waits for the first.
    Raises Problem (409) where the key stands for another request.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [key, client.pk])
    given = GivenAnswer.objects.filter(client=client, key=key).first()
    if given is not None and given.request_sha256 != request_sha256:
        raise Problem(409, "IDEMPOTENCY_KEY_REUSED")
    return given


def forget_old_answers(*, now: datetime) -> int:
    """Delete answers that nobody will ask for again; how many."""
    return GivenAnswer.objects.filter(answered_at__lt=now - KEPT).delete()[0]
