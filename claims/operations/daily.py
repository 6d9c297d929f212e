"""The daily look at all open claims: where they stand, what is missing, what has come due.

Nothing here ends a claim: a gap stops payment, is asked about, and after the last reminder an
examiner decides. The letters are written by whoever finds requests without one.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F

from aupolicy.operations.fence import ALL, acting_within
from claims.facts import ClaimStatus
from claims.models import Claim, DocumentRequest, Hold, Review
from claims.operations.arrange import arrange_claims
from claims.operations.reviews import open_review_work
from claims.queries.parameters import get_claims_parameters
from claims.queries.standing import ClaimStanding
from claims.rules.evidence import Need

BATCH = 500
_OVER = frozenset({ClaimStatus.REFUSED, ClaimStatus.ENDED, ClaimStatus.JOINED})
_HOLD_QUESTION = "Gilt die vorläufige Entscheidung weiter?"
_ROUTINE_QUESTION = "Dauert die Arbeitsunfähigkeit an?"


@dataclass(frozen=True, slots=True)
class LookReport:
    """What a look found: how many people, the requests made and reminded (ids), reviews due."""

    people: int
    requested: tuple[int, ...]
    reminded: tuple[int, ...]
    reviews: tuple[int, ...]


def look_after_claims(*, today: date, now: datetime) -> LookReport:
    """Bring all open claims in step with a day, ask for what is missing, open what is due.

    In batches of people, each one transaction and the same number of statements. Again on the
    same day does nothing.
    """
    people = 0
    requested: list[int] = []
    reminded: list[int] = []
    for batch in _batch_people():
        with acting_within(ALL):
            standings = arrange_claims(person_ids=batch, today=today, now=now)
            requested += _ask(standings, today, now)
            reminded += _remind(standings, today)
            _plan_reviews(standings, today, now)
        people += len(batch)
    reviews = _open_reviews(today, now)
    return LookReport(people, tuple(requested), tuple(reminded), tuple(reviews))


def _batch_people() -> Iterator[list[int]]:
    """People with an open claim, in order, so that each is looked at once."""
    over = [status.value for status in _OVER]
    last = 0
    while True:
        with acting_within(ALL):
            open_ones = Claim.objects.exclude(status__in=over).filter(person__gt=last)
            batch = list(
                open_ones.order_by("person_id")
                .values_list("person_id", flat=True)
                .distinct()[:BATCH]
            )
        if not batch:
            return
        yield batch
        last = batch[-1]


def _ask(standings: Mapping[int, ClaimStanding], today: date, now: datetime) -> list[int]:
    """Ask for what is missing and not asked for yet; one open request a claim and kind."""
    needs = [(claim, need) for claim, standing in standings.items() for need in standing.needs]
    if not needs:
        return []
    due_on = today + timedelta(days=get_claims_parameters(today).request_days)
    asked = DocumentRequest.objects.filter(claim__in=[claim for claim, _ in needs], closed_at=None)
    known = set(asked.values_list("claim_id", "kind"))
    made = DocumentRequest.objects.bulk_create(
        _make_request(claim, need, due_on, now)
        for claim, need in needs
        if (claim, need.kind.value) not in known
    )
    return [request.pk for request in made]


def _make_request(claim: int, need: Need, due_on: date, now: datetime) -> DocumentRequest:
    return DocumentRequest(
        claim_id=claim, kind=need.kind.value, period=need.period, asked_at=now, due_on=due_on
    )


def _remind(standings: Mapping[int, ClaimStanding], today: date) -> list[int]:
    """Remind of everything that should have come, and give as much time again."""
    parameters = get_claims_parameters(today)
    late = DocumentRequest.objects.filter(
        claim__in=list(_going_on(standings)),
        closed_at=None,
        due_on__lt=today,
        reminders__lt=parameters.most_reminders,
    )
    ids = list(late.order_by("pk").values_list("pk", flat=True))
    if ids:
        DocumentRequest.objects.filter(pk__in=ids).update(
            reminders=F("reminders") + 1,
            reminded_on=today,
            due_on=today + timedelta(days=parameters.request_days),
        )
    return ids


def _going_on(standings: Mapping[int, ClaimStanding]) -> Iterable[int]:
    return (claim for claim, standing in standings.items() if standing.status not in _OVER)


def _plan_reviews(standings: Mapping[int, ClaimStanding], today: date, now: datetime) -> None:
    """Plan the next look at running claims that have none ahead, and at holds that are due."""
    weeks = get_claims_parameters(today).review_weeks
    paying = {key for key, each in standings.items() if each.status is ClaimStatus.PAYING}
    planned = Review.objects.filter(claim__in=paying, done_at=None)
    due_on = today + timedelta(weeks=weeks)
    wanted = {
        (claim, due_on, _ROUTINE_QUESTION)
        for claim in paying - set(planned.values_list("claim_id", flat=True))
    }
    holds = Hold.objects.filter(
        claim__in=list(_going_on(standings)), lifted_at=None, review_on__lte=today
    )
    of_holds = {
        (claim, day, _HOLD_QUESTION) for claim, day in holds.values_list("claim", "review_on")
    }
    if of_holds:
        known = Review.objects.filter(claim__in=[claim for claim, *_ in of_holds])
        of_holds -= set(known.values_list("claim_id", "due_on", "question"))
    Review.objects.bulk_create(
        Review(claim_id=claim, due_on=day, question=question, created_at=now)
        for claim, day, question in sorted(wanted | of_holds)
    )


def _open_reviews(today: date, now: datetime) -> list[int]:
    """Work for every review that has come due."""
    with acting_within(ALL):
        due = Review.objects.filter(done_at=None, due_on__lte=today).order_by("pk")
        reviews = list(due.values_list("pk", flat=True))
        open_review_work(reviews=reviews, today=today, now=now)
    return reviews
