"""Which letters about claims are still to be written, and which there are."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from billing.models import Recovery
from claims.facts import DecisionKind, DecisionStatus
from claims.models import Claim, Decision, DocumentRequest
from documents.models import Document, LetterCause

_GRANTS = (DecisionKind.GRANT.value, DecisionKind.PARTLY_GRANT.value)
_ALWAYS = (
    *_GRANTS,
    DecisionKind.REFUSE.value,
    DecisionKind.END.value,
    DecisionKind.EXCLUDE.value,
)
# The same in SQL as `describe_way`.
_WAY = Case(
    When(instalment=None, then=F("mode")),
    default=Concat(F("mode"), Value(" "), Cast("instalment", CharField())),
    output_field=CharField(),
)


def list_claim_papers(claim: Claim) -> list[Document]:
    """The letters of a claim and the kept copies of its link sheets, newest first."""
    return list(Document.objects.filter(claim=claim).order_by("-pk"))


def list_decisions_without_letter() -> QuerySet[Decision]:
    """Effective decisions that the insured person has not been told of, oldest first.

    An exclusion that is lifted is told with what is paid then; reopening leads to a decision of
    its own.
    """
    granted = Decision.objects.filter(
        claim=OuterRef("claim"), kind__in=_GRANTS, status=DecisionStatus.EFFECTIVE.value
    )
    lifted = Q(kind=DecisionKind.LIFT_EXCLUSION.value) & Exists(granted)
    return (
        Decision.objects.filter(
            Q(kind__in=_ALWAYS) | lifted, status=DecisionStatus.EFFECTIVE.value, letter=None
        )
        .select_related("claim__person", "claim__contract")
        .order_by("pk")
    )


def list_requests_without_letter() -> QuerySet[DocumentRequest]:
    """Open requests whose asking, or whose latest reminder, has not been written yet."""
    return (
        DocumentRequest.objects.filter(closed_at=None)
        .annotate(step=Cast("reminders", CharField()))
        .filter(~Exists(LetterCause.objects.filter(request=OuterRef("pk"), step=OuterRef("step"))))
        .select_related("claim__person", "claim__contract")
        .order_by("pk")
    )


def describe_way(recovery: Recovery) -> str:
    """How a recovery comes back, as the step that its letter tells of."""
    instalment = recovery.instalment
    return recovery.mode if instalment is None else f"{recovery.mode} {instalment:.2f}"


def list_recoveries_without_letter(now: datetime) -> Iterator[list[Recovery]]:
    """Recoveries to tell of in one letter: those of a claim that come back in the same way.

    An examiner has the rest of the day to choose another way before the letter is written.
    """
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    told = LetterCause.objects.filter(recovery=OuterRef("pk"), step=OuterRef("step"))
    rows = (
        Recovery.objects.filter(decided_at__lt=midnight)
        .annotate(step=_WAY)
        .filter(~Exists(told))
        .select_related("slice", "claim__person", "claim__contract")
        .order_by("claim_id", "step", "pk")
    )
    for _key, group in groupby(rows, key=lambda each: (each.claim_id, describe_way(each))):
        yield list(group)
