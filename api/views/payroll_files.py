"""Files for payroll programs: made, listed, taken along."""

from typing import Final

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from api.operations.payroll_files import make_file
from api.parsing.fields import month, text
from api.parsing.payroll_files import read_order
from api.queries.contracts import find_employer
from api.queries.payroll_files import find_file, list_files, write_file
from api.serializers.payroll_files import NewPayrollFile, PayrollFileSerializer
from api.views.gate.access import ApiRequest
from api.views.gate.answers import answer
from api.views.gate.description import describe
from api.views.gate.endpoint import Endpoint, operation
from api.views.gate.paging import (
    PAGING,
    answer_rows,
    page_of,
    query_parameters,
    read_query,
)
from api.views.papers import BINARY, send_file
from aupolicy.facts.machine import ApiScope
from aupolicy.models import Right
from billing.exports.payroll.file import media_type
from billing.facts.payroll_file import PayrollFormat
from billing.queries.payroll_files import get_file_name, read_payroll_file

LISTING: Final = (
    text(
        "contract",
        "Number or id of a contract of the employer; may be left out where there is one employer.",
        longest=36,
    ),
    month("month", "Of this month."),
    *PAGING,
)
_CSV, _OTHERS = "text/csv", ("text/plain", "application/zip")


class PayrollFilesView(Endpoint):
    """An employer's files."""

    @describe(
        "list_payroll_files",
        "Files for payroll in the order they were made",
        answer=page_of(PayrollFileSerializer),
        parameters=query_parameters(LISTING),
        group="Payroll",
    )
    @operation(ApiScope.PAYROLL_READ)
    def get(self, request: ApiRequest) -> HttpResponse:
        """One page."""
        rights, wanted = request.access.rights, read_query(request, LISTING)
        employer = find_employer(rights, wanted.get("contract", ""), needed=Right.READ)
        found = list_files(employer)
        if "month" in wanted:
            found = found.filter(month=wanted["month"].first_day)
        return answer_rows(request, found, wanted, write_file)

    @describe(
        "make_payroll_file",
        "Make the file of a month",
        text="It delivers every value up to the month that no file delivered yet; later"
        " corrections come as differences in the next one. Where there is nothing new there is no"
        " file (422).",
        answer=PayrollFileSerializer,
        status=201,
        body=NewPayrollFile,
        group="Payroll",
    )
    @operation(ApiScope.PAYROLL_WRITE)
    def post(self, request: ApiRequest) -> HttpResponse:
        """The file that was made."""
        read_query(request, ())
        access, order = request.access, read_order(request.data)
        employer = find_employer(access.rights, order.contract, needed=Right.EDIT)
        file = make_file(employer=employer, order=order, now=access.now)
        place = f"{request.path}/{file.public_id}"
        return answer(write_file(file), status=201, headers={"Location": place})


class PayrollFileView(Endpoint):
    """One file."""

    @describe("get_payroll_file", "What a file says", answer=PayrollFileSerializer, group="Payroll")
    @operation(ApiScope.PAYROLL_READ)
    def get(self, request: ApiRequest, file_id: str) -> HttpResponse:
        """By its id."""
        read_query(request, ())
        return answer(write_file(find_file(request.access.rights, file_id)))


class PayrollFileContentView(Endpoint):
    """The file itself."""

    @describe(
        "download_payroll_file",
        "A file, byte for byte as it was made",
        answer=BINARY,
        status=(200, _CSV),
        more={(200, other): BINARY for other in _OTHERS},
        group="Payroll",
    )
    @operation(ApiScope.PAYROLL_READ)
    def get(self, request: ApiRequest, file_id: str) -> HttpResponseBase:
        """By its id."""
        read_query(request, ())
        file = find_file(request.access.rights, file_id)
        kind = media_type(PayrollFormat(file.file_format))
        return send_file(read_payroll_file(file), get_file_name(file), kind)
