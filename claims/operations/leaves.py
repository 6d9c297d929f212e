"""Sick leaves as they are reported and taken back; what proves and links them is beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.db.models import Q

from aupolicy.kernel.period import Period
from aupolicy.models import User
from aupolicy.operations.fence import ALL, acting_within
from claims.facts import CertificateSource, Channel
from claims.models import Certificate, Decision, Review, SickLeave
from claims.operations.arrange import open_claim
from claims.operations.certificates import (
    UnableToAddCertificate,
    add_certificate,
    check_and_add,
    is_known,
    withdraw_certificate,
)
from claims.operations.changing import changing, withdraw_row
from claims.operations.reintegration import (
    ReintegrationStep,
    UnableToRecordReintegration,
    record_reintegration,
    withdraw_reintegration,
)
from claims.operations.relapses import UnableToLinkRelapse, link_relapse, unlink_relapse
from claims.operations.reviews import open_review_work
from claims.queries.contracts import find_contract, load_contracts
from members.models import Person

__all__ = [
    "EMPLOYER_SIDE",
    "ReintegrationStep",
    "ReportedLeave",
    "UnableToAddCertificate",
    "UnableToLinkRelapse",
    "UnableToRecordReintegration",
    "UnableToReportLeave",
    "UnableToWithdraw",
    "add_certificate",
    "link_relapse",
    "record_reintegration",
    "report_leave",
    "unlink_relapse",
    "withdraw_certificate",
    "withdraw_leave",
    "withdraw_reintegration",
]

EMPLOYER_SIDE = frozenset({Channel.EMPLOYER, Channel.BROKER, Channel.API})
"""What is reported on these ways is seen by the employer and its broker, and nothing else is."""

_REFERENCE_ONCE = "sick_leave_reference_once"


class UnableToReportLeave(ValueError):
    """A sick leave that cannot be reported like this; `code` says why.

    IN_FUTURE (it has not begun), ENDS_BEFORE_START, NOT_A_MEMBER (the person is and was not
    insured), REFERENCE_USED (for another leave of the employer), WITHIN_OTHER (its first day
    lies in a leave known already, and it is not said to be another illness).
    """

    def __init__(self, code: str, **params: date | str) -> None:
        super().__init__(code)
        self.code, self.params = code, params


class UnableToWithdraw(ValueError):
    """A leave that its sender cannot take back; `code` says why.

    OF_OTHERS (it was not reported on the employer's side), DECIDED (told to the insured person
    only: an examiner must do it).
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
        self.params: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class ReportedLeave:
    """A leave as it is known now; `is_new`: whoever reported it did not know of it before.

    To the employer's side a leave is new unless that side reported it, so that nobody learns
    there what the insured person has told the insurer.
    """

    sick_leave: SickLeave
    is_new: bool


def report_leave(
    *,
    person: Person,
    first_day: date,
    expected_last_day: date | None = None,
    channel: Channel,
    user: User | None,
    reference: str = "",
    certificate: Period | None = None,
    source: CertificateSource = CertificateSource.PAPER,
    new_illness: bool = False,
    now: datetime,
) -> ReportedLeave:
    """Record that a person is sick from a day on, with the first certificate where there is one.

    The same person and first day again is the same leave, whichever way it comes in: what is
    said newly is added to it. `new_illness` says that a leave which begins during another one is
    another illness. Raises UnableToReportLeave and UnableToAddCertificate.
    """
    with changing(person_id=person.pk, user=user, now=now) as today:
        _check_days(first_day, expected_last_day, today)
        told = SickLeave(
            person=person,
            employer_id=person.employer_id,
            first_day=first_day,
            expected_last_day=expected_last_day,
            channel=channel.value,
            reference=reference.strip(),
            reported_by=user,
            reported_at=now,
        )
        leave, is_new = _record(told, new_illness=new_illness)
        if certificate is not None:
            added = Certificate(
                sick_leave=leave,
                period=certificate,
                source=source.value,
                channel=channel.value,
                recorded_by=user,
                received_at=now,
            )
            if not is_known(added):
                check_and_add(added, today)
    with acting_within(ALL):
        leave.refresh_from_db()
    return ReportedLeave(leave, is_new)


def _check_days(first_day: date, expected_last_day: date | None, today: date) -> None:
    if first_day > today:
        raise UnableToReportLeave("IN_FUTURE", first_day=first_day)
    if expected_last_day is not None and expected_last_day < first_day:
        raise UnableToReportLeave("ENDS_BEFORE_START", first_day=first_day)


def _record(told: SickLeave, *, new_illness: bool) -> tuple[SickLeave, bool]:
    """The leave as it is known from now on, and whether it is new to whoever told of it."""
    known = list(SickLeave.objects.filter(person=told.person_id, withdrawn_at=None))
    same = next((leave for leave in known if leave.first_day == told.first_day), None)
    _check_reference(told, same)
    if same is not None:
        return same, _repeat(same, told)
    contract_id = find_contract(
        load_contracts([told.person_id]).get(told.person_id, ()), told.first_day
    )
    if contract_id is None:
        raise UnableToReportLeave("NOT_A_MEMBER")
    if not new_illness and _lies_within(told, known):
        raise UnableToReportLeave("WITHIN_OTHER")
    told.claim = open_claim(
        person_id=told.person_id,
        contract_id=contract_id,
        first_day=told.first_day,
        now=told.reported_at,
    )
    _save(told)
    return told, True


def _check_reference(told: SickLeave, same: SickLeave | None) -> None:
    used = Q(employer=told.employer_id, reference=told.reference, withdrawn_at=None)
    others = SickLeave.objects.filter(used)
    if same is not None:
        others = others.exclude(pk=same.pk)
    if told.reference and others.exists():
        raise UnableToReportLeave("REFERENCE_USED", reference=told.reference)


def _lies_within(told: SickLeave, known: Sequence[SickLeave]) -> bool:
    """Whether the first day is one of another leave that whoever tells of it may know of."""
    papers = Certificate.objects.filter(sick_leave__in=known, withdrawn_at=None)
    if told.channel in EMPLOYER_SIDE:
        known = [leave for leave in known if leave.channel in EMPLOYER_SIDE]
        papers = papers.filter(channel__in=[channel.value for channel in EMPLOYER_SIDE])
    ends: dict[int, list[date]] = {
        leave.pk: [leave.first_day, leave.expected_last_day or leave.first_day] for leave in known
    }
    for leave_id, period in papers.values_list("sick_leave_id", "period"):
        if leave_id in ends:
            ends[leave_id].append(period.last_day)
    return any(leave.first_day < told.first_day <= max(ends[leave.pk]) for leave in known)


def _repeat(same: SickLeave, told: SickLeave) -> bool:
    """Add to a leave what is told of it again; whether it is new to whoever tells it."""
    is_employers = told.channel in EMPLOYER_SIDE
    is_new = is_employers and same.channel not in EMPLOYER_SIDE
    if is_new:
        # From now on the employer sees it, with what it told itself. History keeps the rest.
        same.channel, same.reported_by, same.reported_at = (
            told.channel,
            told.reported_by,
            told.reported_at,
        )
        same.expected_last_day = told.expected_last_day
    elif told.expected_last_day and is_employers == (same.channel in EMPLOYER_SIDE):
        same.expected_last_day = told.expected_last_day
    same.reference = same.reference or told.reference
    _save(same)
    return is_new


def _save(leave: SickLeave) -> None:
    try:
        with transaction.atomic():
            leave.save()
    except IntegrityError as error:
        # Another report of the same employer, about somebody else, came between.
        if _REFERENCE_ONCE not in str(error):
            raise
        raise UnableToReportLeave("REFERENCE_USED", reference=leave.reference) from None


def withdraw_leave(
    *, sick_leave: SickLeave, channel: Channel, user: User | None, now: datetime
) -> None:
    """Take back a leave that was reported by mistake; again does nothing.

    The employer's side takes back what it reported. Where somebody else has told something of
    this leave or decided about it, the claim goes on without the employer, who does not learn
    of it, and an examiner looks at it. Raises UnableToWithdraw.
    """
    with changing(person_id=sick_leave.person_id, user=user, now=now) as today:
        held = SickLeave.objects.select_related("claim").get(pk=sick_leave.pk)
        if channel is not Channel.EXAMINER and held.withdrawn_at is not None:
            return
        is_employers = channel in EMPLOYER_SIDE
        if is_employers and held.channel not in EMPLOYER_SIDE:
            raise UnableToWithdraw("OF_OTHERS")
        if is_employers and _concerns_others(held):
            _leave_to_examiner(held, user, today, now)
        elif channel is Channel.PERSON and _is_decided(held):
            raise UnableToWithdraw("DECIDED")
        else:
            withdraw_row(held, user, now)


def _is_decided(leave: SickLeave) -> bool:
    decisions = Decision.objects.filter(claim=leave.claim_id)
    return decisions.exclude(status="RETURNED").exists()


def _concerns_others(leave: SickLeave) -> bool:
    """Whether anything is known of a leave that its employer did not tell."""
    hidden = [channel.value for channel in Channel if channel not in EMPLOYER_SIDE]
    return (
        leave.same_illness_as_id is not None
        or leave.relapses.filter(withdrawn_at=None).exists()
        or leave.certificates.filter(channel__in=hidden, withdrawn_at=None).exists()
        or leave.reintegrations.filter(withdrawn_at=None).exists()
        or leave.claim.payees.exists()
        or leave.claim.consents.exists()
        or _is_decided(leave)
    )


def _leave_to_examiner(leave: SickLeave, user: User | None, today: date, now: datetime) -> None:
    """Keep a leave out of its employer's sight, to whom a copy is shown as taken back."""
    copy = SickLeave.objects.get(pk=leave.pk)
    copy.pk = None
    copy.same_illness_as, copy.withdrawn_at, copy.withdrawn_by = None, now, user
    # References and ways are used once among the leaves that stand. The copy keeps the key by
    # which the employer's program knows the leave.
    leave.channel, leave.reference, leave.public_id = Channel.EXAMINER.value, "", uuid4()
    leave.save(update_fields=["channel", "reference", "public_id"])
    copy.save(force_insert=True)
    review = Review.objects.create(
        claim=leave.claim,
        due_on=today,
        question="Der Arbeitgeber nimmt die Krankmeldung zurück. Besteht sie weiter?",
        created_at=now,
        created_by=user,
    )
    open_review_work(reviews=[review.pk], today=today, now=now)
