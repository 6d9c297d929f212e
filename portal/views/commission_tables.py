"""Entries of commission as a table to take along, in both rooms."""

from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from billing.models import CommissionEntry
from billing.queries.commission import get_month, is_of_first_year
from portal.exports.sheet import Cell


def list_entry_cells(entries: Iterable[CommissionEntry]) -> Iterator[Sequence[Cell]]:
    """The cells of COMMISSION_ENTRIES."""
    for entry in entries:
        contract = entry.open_item.contract
        yield (
            entry.booked_on,
            contract.number,
            contract.employer.legal_name,
            entry.open_item.number,
            get_month(entry),
            _("erstes Jahr") if is_of_first_year(entry) else _("laufend"),
            entry.base,
            entry.percent,
            entry.amount,
            entry.statement.number if entry.statement else "",
        )
