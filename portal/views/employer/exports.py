"""The list of people to take along: all that the filters let through, as CSV or XLSX."""

import tempfile
from collections.abc import Iterator, Sequence
from typing import IO

from django.http import FileResponse, Http404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aupolicy.models import GroupContract
from members.facts import EndReason
from portal.exports.sheet import Cell, write_csv_to, write_xlsx_to
from portal.exports.tables import PEOPLE
from portal.queries.people import filter_people, stream_people
from portal.views.access import EmployerRequest, employer_room
from portal.views.employer.people import WantedPeople, read_people_filter
from portal.views.employer.room import open_room
from portal.words import END_REASONS

_CSV = "text/csv; charset=utf-8"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@employer_room()
def send_csv_people(request: EmployerRequest) -> FileResponse:
    """The people that the address asks for as CSV."""
    contract = open_room(request).contract
    asked = read_people_filter(request, contract)
    file = _open_file()
    write_csv_to(file, PEOPLE.headings, _list_cells(contract, asked))
    return _send(file, f"{_name(contract, asked)}.csv", _CSV)


@require_safe
@employer_room()
def send_xlsx_people(request: EmployerRequest) -> FileResponse:
    """The people that the address asks for as a workbook."""
    contract = open_room(request).contract
    asked = read_people_filter(request, contract)
    file = _open_file()
    write_xlsx_to(file, PEOPLE.headings, _list_cells(contract, asked), name=_("Personen"))
    return _send(file, f"{_name(contract, asked)}.xlsx", _XLSX)


def _open_file() -> IO[bytes]:
    # On disk, not streamed: the rows may be read only inside the view's transaction.
    return tempfile.TemporaryFile()


def _send(file: IO[bytes], name: str, content_type: str) -> FileResponse:
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=content_type)


def _name(contract: GroupContract, asked: WantedPeople) -> str:
    return f"{_('Personen')}_{contract.number}_{asked.day:%Y-%m-%d}"


def _list_cells(contract: GroupContract, asked: WantedPeople) -> Iterator[Sequence[Cell]]:
    if asked.tariff is None:
        raise Http404
    people = filter_people(contract, asked.wanted, asked.day, asked.tariff)
    reasons = {reason.value: str(word) for reason, word in END_REASONS.items()}
    for row in stream_people(people, day=asked.day, tariff=asked.tariff):
        yield (
            row.name,
            row.personnel_number,
            row.birth_date,
            row.period.first_day if row.period else None,
            row.period.last_day if row.period else None,
            reasons[EndReason(row.end_reason)] if row.end_reason else "",
            row.pay,
            row.band,
            row.premium,
        )
