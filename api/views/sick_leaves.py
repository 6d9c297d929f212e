"""Incapacity: who cannot work and since when. What becomes of it is told to nobody here."""

from django.http import HttpResponse

from api.operations.sick_leaves import take_leave
from api.parsing.sick_leaves import read_report
from api.queries.contracts import find_employer
from api.queries.sick_leaves import find_leave, find_sick_person, write_leave
from api.serializers.sick_leaves import (
    NewSickLeave,
    ReportedSickLeaveSerializer,
    SickLeaveSerializer,
)
from api.views.gate.access import ApiRequest
from api.views.gate.answers import answer
from api.views.gate.description import describe
from api.views.gate.endpoint import Endpoint, operation
from api.views.gate.paging import read_query
from aupolicy.facts.machine import ApiScope
from aupolicy.models import Right


class SickLeavesView(Endpoint):
    """Reporting a leave."""

    @describe(
        "report_sick_leave",
        "Report that somebody cannot work",
        text="The same person and first day again is the same leave: what is said newly is added."
        " Send no diagnosis; there is no field for one.",
        answer=ReportedSickLeaveSerializer,
        body=NewSickLeave,
        group="Sick leaves",
    )
    @operation(ApiScope.SICK_LEAVES_WRITE)
    def post(self, request: ApiRequest) -> HttpResponse:
        """The leave, and whether it is new to the sender."""
        read_query(request, ())
        access, told = request.access, read_report(request.data)
        employer = find_employer(access.rights, told.contract, needed=Right.EDIT)
        person = find_sick_person(employer, told.personnel_number)
        reported = take_leave(person=person, told=told, now=access.now)
        return answer({"id": reported.sick_leave.public_id, "is_new": reported.is_new})


class SickLeaveView(Endpoint):
    """One leave."""

    @describe(
        "get_sick_leave",
        "One leave as it was reported",
        text="What you or your broker told, and nothing of what became of it.",
        answer=SickLeaveSerializer,
        group="Sick leaves",
    )
    @operation(ApiScope.SICK_LEAVES_WRITE)
    def get(self, request: ApiRequest, leave_id: str) -> HttpResponse:
        """By its id or your reference."""
        read_query(request, ())
        return answer(write_leave(find_leave(request.access.rights, leave_id)))
