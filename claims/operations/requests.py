"""What the insured person is asked for, and the days on which a running claim is looked at again.

While a request is open the clock of § 14 VVG stands still, see `claims.queries.clock`.
"""

from datetime import date, datetime, timedelta

from aupolicy.kernel.period import Period
from aupolicy.models import Role, User, WorkItem
from aupolicy.operations.work import close_work
from aupolicy.queries import has_role
from claims.models import Claim, DocumentRequest, Review
from claims.operations.changing import changing
from claims.queries.parameters import get_claims_parameters
from claims.rules.wording import find_medical_text

_MOST_QUESTION = 200


class UnableToRequest(ValueError):
    """A request or a review that cannot be opened or closed like this; `code` says why.

    NOT_EXAMINER, TEXT_MISSING (what else is asked for, or asked on review), DUE_TOO_EARLY (before
    today), ALREADY_OPEN (the same is asked for already), CLOSED, MEDICAL_TEXT.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
        self.params: dict[str, str] = {}


def request_documents(
    *,
    claim: Claim,
    kind: DocumentRequest.Kind,
    period: Period | None = None,
    text: str = "",
    due_on: date | None = None,
    user: User | None,
    now: datetime,
    confirmed: bool = False,
) -> DocumentRequest:
    """Ask the insured person for something, by a day: that of the parameters unless told.

    `user` None: the product asks by itself. Raises UnableToRequest.
    """
    with changing(person_id=claim.person_id, user=user, now=now) as today:
        _check(user, text, today, confirmed=confirmed)
        if kind is DocumentRequest.Kind.OTHER and not text.strip():
            raise UnableToRequest("TEXT_MISSING")
        due = due_on or today + timedelta(days=get_claims_parameters(today).request_days)
        if due < today:
            raise UnableToRequest("DUE_TOO_EARLY")
        same = DocumentRequest.objects.filter(
            claim=claim, kind=kind, period=period, text=text.strip(), closed_at=None
        )
        if same.exists():
            raise UnableToRequest("ALREADY_OPEN")
        return DocumentRequest.objects.create(
            claim=claim,
            kind=kind,
            period=period,
            text=text.strip(),
            asked_at=now,
            asked_by=user,
            due_on=due,
        )


def _check(user: User | None, text: str, today: date, *, confirmed: bool) -> None:
    if user is None:
        return
    if not has_role(user, {Role.EXAMINER}, today):
        raise UnableToRequest("NOT_EXAMINER")
    if not confirmed and find_medical_text(text):
        raise UnableToRequest("MEDICAL_TEXT")


def close_request(
    *, request: DocumentRequest, received: bool, user: User | None, now: datetime
) -> DocumentRequest:
    """Close a request: what was asked for has come, or is no longer waited for.

    From now on the clock of § 14 VVG runs again. Raises UnableToRequest.
    """
    with changing(person_id=request.claim.person_id, user=user, now=now) as today:
        _check(user, "", today, confirmed=True)
        held = DocumentRequest.objects.get(pk=request.pk)
        if held.closed_at is not None:
            raise UnableToRequest("CLOSED")
        held.closed_at, held.closed_by, held.received = now, user, received
        held.save(update_fields=["closed_at", "closed_by", "received"])
    return held


def plan_review(
    *,
    claim: Claim,
    due_on: date,
    question: str,
    user: User | None,
    now: datetime,
    confirmed: bool = False,
) -> Review:
    """Have a claim looked at again on a day. Raises UnableToRequest."""
    with changing(person_id=claim.person_id, user=user, now=now) as today:
        _check(user, question, today, confirmed=confirmed)
        if not question.strip():
            raise UnableToRequest("TEXT_MISSING")
        if due_on < today:
            raise UnableToRequest("DUE_TOO_EARLY")
        return Review.objects.create(
            claim=claim,
            due_on=due_on,
            question=question.strip()[:_MOST_QUESTION],
            created_at=now,
            created_by=user,
        )


def finish_review(
    *,
    review: Review,
    result: str,
    user: User,
    now: datetime,
    next_on: date | None = None,
    confirmed: bool = False,
) -> Review:
    """Record what a review came to, and plan the next one with the same question where wanted.

    Raises UnableToRequest.
    """
    with changing(person_id=review.claim.person_id, user=user, now=now) as today:
        _check(user, result, today, confirmed=confirmed)
        if not result.strip():
            raise UnableToRequest("TEXT_MISSING")
        held = Review.objects.get(pk=review.pk)
        if held.done_at is not None:
            raise UnableToRequest("CLOSED")
        held.done_at, held.done_by, held.result = now, user, result.strip()
        held.save(update_fields=["done_at", "done_by", "result"])
        close_work(kind=WorkItem.Kind.REVIEW, subjects=[held.pk], now=now, by=user)
        if next_on is not None:
            plan_review(
                claim=held.claim,
                due_on=next_on,
                question=held.question,
                user=user,
                now=now,
                confirmed=True,
            )
    return held
