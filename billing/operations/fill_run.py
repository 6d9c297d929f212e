"""Filling one slice of a run: today's facts -> rule -> lines.

A month that is the contract's only new one is priced by the database (`new_month`); what else
there is, corrections above all, by the general rule in Python, and brought in by COPY.
"""

from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from django.db import connection, transaction
from psycopg import sql

from aupolicy.kernel.memory import paused_garbage_collector
from aupolicy.kernel.money import ZERO
from aupolicy.kernel.month import Month
from aupolicy.operations.bulk import insert_rows
from billing.facts.premium import Charge
from billing.models import BillingRun, BillingSlice, Statement
from billing.operations.crash_points import crash_point
from billing.operations.month_tariffs import MonthTariff, MonthTariffs
from billing.operations.new_month import charge_new_month
from billing.operations.premium_tax import tax_statements
from billing.queries.corrections import Correction, list_corrections
from billing.queries.new_month import group_new_months
from billing.queries.owed import (
    ContractStanding,
    last_notice,
    list_covers,
    list_standings,
    parse_cover,
)


def fill_slice(*, run: BillingRun, now: datetime) -> bool:
    """Claim an unfinished slice of a run and bill it; False when none is left to claim.

    Lines, statements and the done-mark are one transaction, so a worker may be killed at any
    instant. Slices held by other workers are passed over.
    """
    with transaction.atomic():
        part = (
            BillingSlice.objects.select_for_update(skip_locked=True)
            .filter(run=run, done_at=None)
            .order_by("id")
            .first()
        )
        if part is None:
            return False
        crash_point("slice.claimed")
        _bill(run, part)
        part.done_at = now
        part.save(update_fields=["done_at"])
        crash_point("slice.done")
    crash_point("slice.committed")
    return True


def _bill(run: BillingRun, part: BillingSlice) -> None:
    standings = list_standings(run, part)
    notices_through = last_notice()
    tariffs = MonthTariffs([standing.contract_id for standing in standings])
    book = _Book(run)
    with paused_garbage_collector():
        for correction in list_corrections(tariffs.agreed, standings):
            book.add_correction(correction, tariffs)
        done = book.charge_new_months(tariffs, standings)
        rest = [standing for standing in standings if standing.contract_id not in done]
        book.copy(_list_new_months(book.month, tariffs, rest))
    crash_point("slice.lines_written")
    book.copy_statements(standings, notices_through)
    tax_statements(run=run, contracts=tariffs.agreed.list_taxable())
    crash_point("slice.statements_written")


class _NewMonths(NamedTuple):
    """One contract's months not billed before, with the cover of its people as text."""

    contract_id: int
    months: list[MonthTariff]
    covers: dict[int, str]


def _list_new_months(
    run_month: Month, tariffs: MonthTariffs, standings: list[ContractStanding]
) -> list[_NewMonths]:
    """What is to be priced for months not billed before; everything is read here."""
    found: list[_NewMonths] = []
    in_order = sorted(standings, key=attrgetter("first_new_month"))
    for first_month, group in groupby(in_order, key=attrgetter("first_new_month")):
        months = list(first_month.through(run_month))
        contract_ids = [standing.contract_id for standing in group]
        if not months:
            continue
        window = months[0].first_day, run_month.last_day
        for contract_id, covers in list_covers(contract_ids, *window):
            priced = list(tariffs.of_months(contract_id, months))
            found.append(_NewMonths(contract_id, priced, covers))
    return found


class _StatementSums:
    """Running sums of one contract's statement."""

    __slots__ = ("insured", "lines", "payroll", "total")

    def __init__(self) -> None:
        self.total, self.payroll = ZERO, ZERO
        self.lines, self.insured = 0, 0


class _Priced(NamedTuple):
    """What a line says after contract and person, as COPY text, with its amount and pay in EUR."""

    text: str
    amount: Decimal
    pay: Decimal


class _Prices(dict[str, _Priced | None]):
    """The price of every cover met so far in one month: the same days and pay cost the same.

    The rule is asked once for each different cover; None where no day of the month is covered.
    """

    def __init__(self, run: BillingRun, month: MonthTariff) -> None:
        super().__init__()
        self.month = month
        self._head = _line_head(month.first_day, run)

    def __missing__(self, cover: str) -> _Priced | None:
        charge = self.month.compute(parse_cover(cover))
        found = None
        if charge is not None:
            text = self._head + _line_rest(charge.amount, charge, self.month.snapshot_id)
            found = _Priced(text, charge.amount, charge.pay)
        self[cover] = found
        return found


class _Book:
    """Lines of one slice as COPY text, and the sums that follow from them.

    Text is enough: every value is a number or a date.
    """

    def __init__(self, run: BillingRun) -> None:
        self.run = run
        self.month = Month.of(run.month)
        self.sums: dict[int, _StatementSums] = defaultdict(_StatementSums)
        self._changes: list[str] = []
        self._prices: dict[MonthTariff, _Prices] = {}

    def add_correction(self, correction: Correction, tariffs: MonthTariffs) -> None:
        """Add the line of a contract's person and month that was billed differently before."""
        contract_id, person_id, month, difference, charge, tariff = correction
        snapshot_id = None if tariff is None else tariffs.snapshot_of(tariff, month)
        head = _line_head(month.first_day, self.run)
        text = head + _line_rest(difference, charge, snapshot_id)
        self._changes.append(f"{contract_id}\t{person_id}{text}")
        sums = self.sums[contract_id]
        sums.total += difference
        sums.lines += 1

    def charge_new_months(
        self, tariffs: MonthTariffs, standings: list[ContractStanding]
    ) -> set[int]:
        """Have the database charge the run's month; the contracts that are done with it."""
        done: set[int] = set()
        for new, ids in group_new_months(self.month, tariffs.agreed, standings).items():
            snapshot_id = tariffs.snapshot_of(new.tariff, new.month)
            for charged in charge_new_month(
                run=self.run, new=new, contract_ids=ids, snapshot_id=snapshot_id
            ):
                sums = self.sums[charged.contract_id]
                sums.total += charged.total
                sums.lines += charged.line_count
                sums.insured, sums.payroll = charged.insured_count, charged.payroll
            done.update(ids)
        return done

    def copy(self, new_months: list[_NewMonths]) -> None:
        """Price the months not billed before and bring all lines into the database.

        One stream: the database takes lines in while the next ones are priced.
        """
        into_lines = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(self.run.lines_table))
        with connection.cursor() as cursor, cursor.copy(into_lines) as copy:
            copy.write("".join(self._changes))
            for contract_id, months, covers in new_months:
                copy.write("".join(self._charge_people(contract_id, months, covers)))

    def copy_statements(self, standings: list[ContractStanding], notices_through: int) -> None:
        """Bring the statements into the database, once all lines are counted.

        Not by COPY: PostgreSQL refuses it where row-level security holds.
        """
        known = {s.contract_id: (s.terms, s.end) for s in standings}
        statements = [
            (contract_id, self.run.pk, self.run.month, sums.total, sums.lines, sums.insured,
             sums.payroll, notices_through, *known[contract_id])
            for contract_id, sums in self.sums.items()
            if sums.lines
        ]  # fmt: skip
        insert_rows(Statement, _STATEMENT, statements)

    def _charge_people(
        self, contract_id: int, months: list[MonthTariff], covers: dict[int, str]
    ) -> list[str]:
        lines: list[str] = []
        for month in months:
            prices = self._prices.get(month)
            if prices is None:
                prices = self._prices[month] = _Prices(self.run, month)
            lines += self._charge_month(contract_id, covers, prices)
        return lines

    def _charge_month(self, contract_id: int, covers: dict[int, str], prices: _Prices) -> list[str]:
        """The loop that runs once for every insured person: a look-up and two additions."""
        lines, total, payroll = [], ZERO, ZERO
        for person_id, cover in covers.items():
            priced = prices[cover]
            if priced is not None:
                text, amount, pay = priced
                lines.append(f"{contract_id}\t{person_id}{text}")
                total += amount
                payroll += pay
        sums = self.sums[contract_id]
        sums.total += total
        sums.lines += len(lines)
        if prices.month.first_day == self.run.month:
            sums.insured = len(lines)
            sums.payroll = payroll
        return lines


_NULL = r"\N"
_NOT_COVERED = (0, _NULL, None)
_STATEMENT = (
    "contract_id", "run_id", "month", "total", "line_count", "insured_count", "payroll",
    "notices_through", "terms_through", "contract_end",
)  # fmt: skip


def _line_head(month: date, run: BillingRun) -> str:
    """What follows the person in a line, in the order of the table's columns: month and run."""
    return f"\t{month}\t{run.pk}\t"


def _line_rest(amount: Decimal, charge: Charge | None, tariff_id: int | None) -> str:
    """What follows month and run in a line."""
    days, pay, band = (charge.covered_days, charge.pay, charge.band) if charge else _NOT_COVERED
    return (
        f"{amount}\t{days}\t{pay}\t{_NULL if band is None else band}\t"
        f"{_NULL if tariff_id is None else tariff_id}\n"
    )
