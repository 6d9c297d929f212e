"""What a run would charge beside the run before: by contract, by person, with the reasons."""

import tempfile
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import FileResponse, Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aupolicy.models import GroupContract
from billing.facts.line_reasons import ReasonKind
from billing.models import BillingRun
from billing.queries.contract_difference import (
    ComparedContract,
    PersonDifference,
    compare_contract,
    explain_contract,
)
from billing.queries.run_preview import (
    SHOWN_CONTRACTS,
    SORTED_BY,
    PreviewFilter,
    get_previous_run,
)
from billing.words.line_reasons import REASON_KINDS, describe_reason
from portal.exports.sheet import Cell, write_csv_to, write_xlsx_to
from portal.exports.tables import RUN_CONTRACTS, RUN_REASONS, Table
from portal.queries.insurer.run_preview import (
    PEOPLE_PAGE_SIZE,
    PEOPLE_SORTED_BY,
    PeopleFilter,
    filter_differences,
    page_of_contracts,
    stream_contracts,
    turn_to,
)
from portal.templatetags.reasons import hint_words
from portal.views.access import InsurerRequest, finance_only
from portal.views.insurer.find_run import find_run
from portal.views.statement import read_page_number

_LONGEST_SEARCH = 80
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def describe_preview(run: BillingRun, asked: QueryDict) -> dict[str, Any]:
    """One page of the contracts of a run that the address asks for, with sums over all of them."""
    wanted = read_preview_filter(asked)
    previous = get_previous_run(run)
    page, rows, sums = page_of_contracts(
        run, previous, wanted, read_page_number(asked.get("page", "1"))
    )
    return {
        "wanted": wanted,
        "previous": previous,
        "page": page,
        "rows": rows,
        "shown_sums": sums,
        "is_filtered": bool(wanted.text) or wanted.show != "all",
    }


def read_preview_filter(asked: QueryDict) -> PreviewFilter:
    """What the address narrows the contracts to; what it does not know is left out."""
    show, sort = asked.get("show", ""), asked.get("sort", "")
    return PreviewFilter(
        text=asked.get("q", "").strip()[:_LONGEST_SEARCH],
        show=show if show in SHOWN_CONTRACTS else "all",
        sort=sort if sort.removeprefix("-") in SORTED_BY else "employer",
    )


@require_safe
@finance_only
def send_contracts(request: InsurerRequest, month: str, suffix: str) -> FileResponse:
    """The contracts of a run that the filters let through, as CSV or XLSX."""
    run = find_run(month)
    wanted = read_preview_filter(request.GET)
    cells: Iterable[Sequence[Cell]] = (
        (
            hinted.row.employer,
            hinted.row.contract_number,
            hinted.row.statement_number,
            hinted.row.insured,
            hinted.row.insured_difference,
            hinted.row.total_before,
            hinted.row.total,
            hinted.row.difference,
            hinted.row.past_lines,
            hint_words(hinted),
        )
        for hinted in stream_contracts(run, get_previous_run(run), wanted)
    )
    return _send(RUN_CONTRACTS, cells, name=f"{_('Lauf')}_{month}", suffix=suffix)


@require_safe
@finance_only
def show_contract(request: InsurerRequest, month: str, contract_id: int) -> HttpResponse:
    """Why one contract's total differs: the reasons by kind, then person by person."""
    compared = _compare(month, contract_id)
    found = explain_contract(compared)
    wanted = _read_people_filter(request.GET)
    people = filter_differences(found.people, wanted)
    number = read_page_number(request.GET.get("page", "1"))
    page = turn_to(number, size=PEOPLE_PAGE_SIZE, rows=len(people))
    context = {
        "room": "runs",
        "run": compared.run,
        "contract": compared.contract,
        "compared": compared,
        "found": found,
        "wanted": wanted,
        "page": page,
        "people": people[page.offset : page.last],
        "is_filtered": bool(wanted.text) or wanted.kind is not None,
    }
    return render(request, "portal/insurer/runs/contract.html", context)


def _compare(month: str, contract_id: int) -> ComparedContract:
    contracts = GroupContract.objects.select_related("employer")
    return compare_contract(find_run(month), get_object_or_404(contracts, pk=contract_id))


def _read_people_filter(asked: QueryDict) -> PeopleFilter:
    kind, sort = asked.get("kind", ""), asked.get("sort", "")
    return PeopleFilter(
        text=asked.get("q", "").strip()[:_LONGEST_SEARCH],
        kind=ReasonKind(kind) if kind in ReasonKind.__members__ else None,
        sort=sort if sort.removeprefix("-") in PEOPLE_SORTED_BY else "name",
    )


@require_safe
@finance_only
def send_reasons(
    request: InsurerRequest, month: str, contract_id: int, suffix: str
) -> FileResponse:
    """The reasons of one contract that the filters let through, a row each, as CSV or XLSX."""
    compared = _compare(month, contract_id)
    wanted = _read_people_filter(request.GET)
    people = filter_differences(explain_contract(compared).people, wanted)
    name = f"{_('Unterschiede')}_{compared.contract.number}_{month}"
    rows = (row for person in people for row in _reason_cells(person))
    return _send(RUN_REASONS, rows, name=name, suffix=suffix)


def _reason_cells(person: PersonDifference) -> Iterable[Sequence[Cell]]:
    for reason in person.reasons:
        yield (
            f"{person.last_name}, {person.first_name}",
            person.personnel_number,
            str(REASON_KINDS[reason.kind]),
            describe_reason(reason),
            reason.day,
            reason.months,
            reason.amount,
        )


def _send(table: Table, rows: Iterable[Sequence[Cell]], *, name: str, suffix: str) -> FileResponse:
    """A table as a file on disk, not streamed: rows may be read only inside the transaction."""
    if suffix not in _TYPES:
        raise Http404
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed once sent
    if suffix == "csv":
        write_csv_to(file, table.headings, rows)
    else:
        write_xlsx_to(file, table.headings, rows, name=name)
    file.seek(0)
    return FileResponse(
        file, as_attachment=True, filename=f"{name}.{suffix}", content_type=_TYPES[suffix]
    )
