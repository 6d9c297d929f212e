"""Tables to take along: the same rows as the page, all of them, as CSV."""

from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aupolicy.queries import ContractState
from billing.queries.lines import list_lines
from members.facts import EndReason
from portal.exports.sheet import Cell, write_csv
from portal.queries.insurer.contract import describe_people, filter_people
from portal.queries.insurer.contracts import describe_contracts, filter_contracts
from portal.views.access import InsurerRequest, insurer_only
from portal.views.insurer.contract import open_contract, read_people_filter
from portal.views.insurer.contracts import read_filter
from portal.views.insurer.statement import find_statement
from portal.words import CONTRACT_STATES, END_REASONS


@require_safe
@insurer_only
def export_contracts(request: InsurerRequest) -> HttpResponse:
    """The contracts that the filters let through."""
    today = request.access.today
    rows = describe_contracts(filter_contracts(read_filter(request), today), today)
    headings = [
        _("Arbeitgeber"),
        _("Ort"),
        _("Vertrag"),
        _("Status"),
        _("Versicherte"),
        _("Beitrag, € im Monat"),
        _("Tarif"),
        _("Hauptfälligkeit oder Ende"),
    ]
    cells: Iterable[Sequence[Cell]] = (
        (
            r.employer,
            r.town,
            r.number,
            str(CONTRACT_STATES[ContractState(r.state)][1]),
            r.insured,
            r.premium,
            r.tariff,
            r.next_day,
        )
        for r in rows
    )
    return _send(_("Vertraege"), headings, cells)


@require_safe
@insurer_only
def export_people(request: InsurerRequest, contract_id: int) -> HttpResponse:
    """The people of a contract that the filters let through."""
    head, _context = open_contract(request, contract_id, "people")
    day = max(request.access.today, head.contract.period.first_day)
    people = filter_people(head.contract, read_people_filter(request), day)
    headings = [
        _("Name"),
        _("Personalnummer"),
        _("versichert ab"),
        _("bis"),
        _("Grund"),
        _("Entgelt, €"),
        _("Stufe"),
        _("Beitrag, €"),
    ]
    cells: Iterable[Sequence[Cell]] = (
        (
            r.name,
            r.personnel_number,
            r.period.first_day if r.period else None,
            r.period.last_day if r.period else None,
            str(END_REASONS[EndReason(r.end_reason)]) if r.end_reason else "",
            r.pay,
            r.band,
            r.premium,
        )
        for r in describe_people(people, day=day, tariff=head.tariff)
    )
    return _send(f"{_('Personen')}_{head.contract.number}", headings, cells)


@require_safe
@insurer_only
def export_statement(_request: InsurerRequest, statement_id: int) -> HttpResponse:
    """All lines of a statement."""
    statement = find_statement(statement_id)
    headings = [
        _("Name"),
        _("Personalnummer"),
        _("für den Monat"),
        _("Tage"),
        _("Entgelt, €"),
        _("Stufe"),
        _("bisher, €"),
        _("jetzt, €"),
        _("Betrag, €"),
    ]
    cells: Iterable[Sequence[Cell]] = (
        (
            f"{line.last_name}, {line.first_name}",
            line.personnel_number,
            line.covered_month,
            line.covered_days,
            line.pay,
            line.band,
            line.recorded_before,
            line.owed,
            line.amount,
        )
        for line in list_lines(statement)
    )
    name = statement.number or f"{_('Vorschau')}_{statement.month:%Y-%m}"
    return _send(name, headings, cells)


def _send(name: str, headings: Sequence[str], cells: Iterable[Sequence[Cell]]) -> HttpResponse:
    response = HttpResponse(write_csv(headings, cells), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
