"""Who was insured with what pay, as it was known on a past day."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from aupolicy.models import GroupContract
from members.facts import Cover, NoticeCode, NoticeStatus
from members.models import NoticeDecision, Person
from members.queries.day_terms import ContractTerms, received_on
from members.queries.notices import retirement_steps
from members.queries.recorded import RecordedNotice, read_notices
from members.rules import Said, find_limits, reaches_too_far, settle_person

Verdict = NoticeDecision.Verdict


def list_covers_as_of(
    *, person: Person, contract: GroupContract, known_on: datetime
) -> tuple[Cover, ...]:
    """The covers that followed from what had been received and decided by a moment.

    As the notices say, not cut to the contract's own period (see `cut_to_contract`).
    """
    terms = ContractTerms(contract)
    verdicts = dict(
        NoticeDecision.objects.filter(
            notice__contract=contract,
            notice__personnel_number=person.personnel_number,
            decided_at__lte=known_on,
        )
        .order_by("id")
        .values_list("notice_id", "verdict")
    )
    said = [
        _as_known(recorded, terms, verdicts.get(recorded.key))
        for recorded in read_notices(contract, [person.personnel_number])
        if recorded.notice.received_at <= known_on
    ]
    return _settle(said, terms)


def list_covers_through(
    *,
    contract: GroupContract,
    numbers: Collection[str],
    last_notice: int,
    decided_until: datetime | None,
) -> dict[str, tuple[Cover, ...]]:
    """The covers of some personnel numbers that followed from the notices up to a record's id.

    `decided_until` is the moment up to which clerks' decisions count, None: all of them. Two
    queries and the contract's terms, however many people.
    """
    terms = ContractTerms(contract)
    decisions = NoticeDecision.objects.filter(
        notice__contract=contract, notice__personnel_number__in=numbers
    )
    if decided_until is not None:
        decisions = decisions.filter(decided_at__lte=decided_until)
    verdicts = dict(decisions.order_by("id").values_list("notice_id", "verdict"))
    said: dict[str, list[Said]] = defaultdict(list)
    for recorded in read_notices(contract, numbers):
        if recorded.key <= last_notice:
            known = _as_known(recorded, terms, verdicts.get(recorded.key))
            said[recorded.notice.personnel_number].append(known)
    return {number: _settle(of_person, terms) for number, of_person in said.items()}


def _settle(said: Sequence[Said], terms: ContractTerms) -> tuple[Cover, ...]:
    _, timeline = settle_person(
        said,
        steps=retirement_steps(),
        is_too_late=lambda day, correction: reaches_too_far(
            day, received_on(correction.received_at), terms.on(day).parameters.retro_months
        ),
    )
    return timeline.covers


def _as_known(recorded: RecordedNotice, terms: ContractTerms, verdict: str | None) -> Said:
    """A notice with what was known about it then; limits of time are found anew."""
    notice, standing = recorded.notice, recorded.standing
    said = Said(recorded.key, notice, accepted=verdict == Verdict.ACCEPT)
    refused_later = standing.codes == (NoticeCode.REFUSED_BY_CLERK,) and verdict is None
    if standing.status is NoticeStatus.REFUSED and not refused_later:
        said.faults = standing.codes
    elif not said.accepted:
        said.limits = find_limits(
            notice,
            received=received_on(notice.received_at),
            parameters=terms.on(notice.effective).parameters,
        )
    return said
