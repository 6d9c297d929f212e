"""Incapacity reported by programs."""

from datetime import datetime

from api.facts import Fault, Problem
from api.parsing.sick_leaves import ReportedDays
from claims.facts import Channel
from claims.operations.leaves import (
    ReportedLeave,
    UnableToAddCertificate,
    UnableToReportLeave,
    report_leave,
)
from members.models import Person

_FIELDS = {
    "IN_FUTURE": "first_day",
    "ENDS_BEFORE_START": "expected_last_day",
    "NOT_A_MEMBER": "first_day",
    "REFERENCE_USED": "reference",
    "WITHIN_OTHER": "first_day",
    "BEFORE_LEAVE": "certificate/first_day",
    "TOO_LONG": "certificate/last_day",
}


def take_leave(*, person: Person, told: ReportedDays, now: datetime) -> ReportedLeave:
    """Report a leave with its certificate; the same again changes nothing. Raises Problem (422)."""
    try:
        return report_leave(
            person=person,
            first_day=told.first_day,
            expected_last_day=told.expected_last_day,
            channel=Channel.API,
            user=None,
            reference=told.reference,
            certificate=told.certificate,
            source=told.source,
            new_illness=told.new_illness,
            now=now,
        )
    except (UnableToReportLeave, UnableToAddCertificate) as error:
        params = {name: str(value) for name, value in error.params.items()}
        fault = Fault(f"LEAVE_{error.code}", _FIELDS.get(error.code, ""), params)
        raise Problem(422, "LEAVE_NOT_TAKEN", faults=(fault,)) from None
