"""A month not billed before, priced by the database for everybody in many contracts at once.

It writes the lines that the general rule (`billing.rules.premium.compute_charge`) would make of
the same cover, in a third of the time; `tests/laws/test_new_month_laws.py` holds the two equal.
The general rule alone prices corrections, contracts with several months not billed yet, quotes,
cases and previews. What a tariff says comes from its version: nothing of it stands here.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from psycopg import sql

from aupolicy.kernel.month import Month
from aupolicy.kernel.period import ONE_DAY
from billing.facts.premium import StatementSum
from billing.models import BillingRun
from billing.operations.month_tariffs import MonthTariff, MonthTariffs
from billing.queries.owed import ContractStanding
from billing.rules.premium import DAYS_OF_A_PREMIUM_MONTH
from billing.rules.price_table import BandTable, PriceTable, tabulate_prices


class NewMonth(NamedTuple):
    """A month priced by one tariff, and the days of it on which a contract runs."""

    month: MonthTariff
    prices: PriceTable
    first_day: date
    last_day: date


def group_new_months(
    run_month: Month, tariffs: MonthTariffs, standings: Iterable[ContractStanding]
) -> dict[NewMonth, list[int]]:
    """Contracts for which the run's month is the only one not billed yet, by what prices it.

    Without those whose tariff is for the general rule only.
    """
    found: dict[NewMonth, list[int]] = defaultdict(list)
    tables: dict[MonthTariff, PriceTable | None] = {}
    for standing in standings:
        if standing.first_new_month != run_month:
            continue
        month = tariffs.of_month(standing.contract_id, run_month)
        if month is None:
            continue
        if month not in tables:
            tables[month] = tabulate_prices(month.tariff)
        prices, days = tables[month], standing.days_in(run_month)
        if prices is not None and days is not None:
            found[NewMonth(month, prices, *days)].append(standing.contract_id)
    return found


# Stretches of cover along the indexes, cut to the contract's days in the month. Whoever is insured
# with one pay on all of them needs no counting; only the others are gathered by person.
_CHARGE = """
WITH stretch AS MATERIALIZED (
    SELECT m.contract_id, m.person_id, p.amount AS pay,
        GREATEST(lower(p.period), %(first_day)s) AS first_day,
        LEAST(upper(p.period), %(next_day)s) AS next_day
    FROM members_membership m
    JOIN members_insuredpay p ON p.membership_id = m.id
    WHERE m.contract_id = ANY(%(contracts)s) AND lower(p.period) < %(next_day)s
        AND COALESCE(upper(p.period) > %(first_day)s, true)
), covered AS (
    SELECT contract_id, person_id, pay, %(days)s AS days
    FROM stretch WHERE first_day = %(first_day)s AND next_day = %(next_day)s
    UNION ALL
    SELECT contract_id, person_id, (array_agg(pay ORDER BY first_day))[1],
        SUM(next_day - first_day)
    FROM stretch WHERE NOT (first_day = %(first_day)s AND next_day = %(next_day)s)
    GROUP BY contract_id, person_id
), written AS (
    INSERT INTO {lines} (
        contract_id, person_id, covered_month, run_id, amount, covered_days, pay, band, tariff_id)
    SELECT contract_id, person_id, %(month)s, %(run)s,
        CASE WHEN days >= %(month_days)s THEN {premium}
            ELSE LEAST({premium}, ROUND({premium} * days / %(divisor)s, 2)) END,
        days, pay, {band}, %(tariff)s
    FROM covered
    RETURNING contract_id, amount, pay
)
SELECT contract_id, SUM(amount), COUNT(*), COUNT(*), SUM(pay) FROM written GROUP BY contract_id
"""
# Else every slice of a large book would read the pay of the whole book once to hash it.
_ALONG_INDEXES = "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off"
_AS_ALWAYS = "SET LOCAL enable_hashjoin TO DEFAULT; SET LOCAL enable_mergejoin TO DEFAULT"
_BANDED = {
    "premium": sql.SQL(
        "(%(premiums)s::numeric[])[1 + width_bucket(pay, %(beginnings)s::numeric[])]"
    ),
    "band": sql.SQL("(%(bands)s::smallint[])[1 + width_bucket(pay, %(beginnings)s::numeric[])]"),
}
_PERCENT = {"premium": sql.SQL("ROUND(pay * %(share)s, 2)"), "band": sql.SQL("NULL")}


def charge_new_month(
    *, run: BillingRun, new: NewMonth, contract_ids: Sequence[int]
) -> list[StatementSum]:
    """Write the lines of everybody in some contracts for the run's month; what they come to.

    Whoever calls holds the contracts.
    """
    values: dict[str, Any] = {
        "contracts": list(contract_ids),
        "month": new.month.first_day,
        "month_days": new.month.last_day.day,
        "first_day": new.first_day,
        "next_day": new.last_day + ONE_DAY,
        "days": (new.last_day - new.first_day).days + 1,
        "divisor": DAYS_OF_A_PREMIUM_MONTH,
        "run": run.pk,
        "tariff": new.month.snapshot_id,
    }
    parts = _PERCENT
    if isinstance(new.prices, BandTable):
        parts = _BANDED
        values["premiums"] = list(new.prices.premiums)
        values["beginnings"] = list(new.prices.beginnings)
        values["bands"] = list(new.prices.numbers)
    else:
        values["share"] = new.prices.share
    statement = sql.SQL(_CHARGE).format(lines=sql.Identifier(run.lines_table), **parts)
    with connection.cursor() as cursor:
        cursor.execute(_ALONG_INDEXES)
        cursor.execute(statement, values)
        sums = [StatementSum(*row) for row in cursor.fetchall()]
        cursor.execute(_AS_ALWAYS)
    return sums
