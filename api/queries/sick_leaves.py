"""Leaves as the employer's side reported them; nothing of what became of them."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from api.facts import Fault, Problem
from api.queries.contracts import list_employers, parse_key
from aupolicy.models import Employer, Right
from aupolicy.queries.access import Rights
from claims.models import Certificate, SickLeave
from claims.operations.leaves import EMPLOYER_SIDE
from members.models import Person

_CHANNELS = [channel.value for channel in EMPLOYER_SIDE]


def find_sick_person(employer: Employer, number: str) -> Person:
    """The person of a personnel number. Raises Problem (422)."""
    person = Person.objects.filter(employer=employer, personnel_number=number).first()
    if person is None:
        fault = Fault("UNKNOWN_PERSON", "personnel_number")
        raise Problem(422, "LEAVE_NOT_TAKEN", faults=(fault,))
    return person


def find_leave(rights: Rights, name: str) -> SickLeave:
    """The leave of an id or of the sender's reference. Raises Problem (404)."""
    key = parse_key(name)
    named = Q(public_id=key) if key else Q(reference=name) & ~Q(reference="")
    # A reference that was let go may have been used anew: the newest counts.
    leave = _own(list_employers(rights, Right.READ)).filter(named).order_by("-pk").first()
    if leave is None:
        raise Problem(404, "NOT_FOUND")
    return leave


def _own(employers: list[int]) -> QuerySet[SickLeave]:
    papers = Certificate.objects.filter(channel__in=_CHANNELS, withdrawn_at=None)
    return (
        SickLeave.objects.filter(employer__in=employers, channel__in=_CHANNELS)
        .select_related("person")
        .prefetch_related(
            Prefetch("certificates", papers.order_by("period", "pk"), to_attr="own_certificates")
        )
    )


def write_leave(leave: SickLeave) -> dict[str, Any]:
    """A leave of `find_leave` as an answer tells it."""
    papers: list[Certificate] = leave.own_certificates  # type: ignore[attr-defined]
    return {
        "id": leave.public_id,
        "personnel_number": leave.person.personnel_number,
        "person": leave.person.public_id,
        "first_day": leave.first_day,
        "expected_last_day": leave.expected_last_day,
        "reference": leave.reference or None,
        "reported_at": leave.reported_at.replace(microsecond=0),
        "withdrawn": leave.withdrawn_at is not None,
        "certificates": [
            {
                "first_day": paper.period.first_day,
                "last_day": paper.period.last_day,
                "source": paper.source,
            }
            for paper in papers
        ],
    }
