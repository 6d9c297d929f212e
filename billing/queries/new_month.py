"""A month not billed before, priced by the database for everybody in many contracts at once.

It comes to what the general rule (`billing.rules.premium.compute_charge`) makes of the same cover,
in a third of the time; `tests/laws/test_new_month_laws.py` holds the two equal. The general rule
alone prices corrections, contracts with several months not billed yet, quotes and cases. What a
tariff says comes from its version: nothing of it stands here.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from psycopg import sql

from aupolicy.facts import TariffVersion
from aupolicy.kernel.month import Month
from aupolicy.kernel.period import ONE_DAY
from billing.facts.premium import StatementSum
from billing.queries.month_tariffs import AgreedTariffs
from billing.queries.owed import ContractStanding
from billing.rules.premium import DAYS_OF_A_PREMIUM_MONTH
from billing.rules.price_table import BandTable, tabulate_prices


class NewMonth(NamedTuple):
    """A month priced by one tariff version, and the days of it on which a contract runs."""

    month: Month
    tariff: TariffVersion
    first_day: date
    last_day: date


def group_new_months(
    run_month: Month, agreed: AgreedTariffs, standings: Iterable[ContractStanding]
) -> dict[NewMonth, list[int]]:
    """Contracts for which the run's month is the only one not billed yet, by what prices it.

    Without those whose tariff is for the general rule only.
    """
    found: dict[NewMonth, list[int]] = defaultdict(list)
    for standing in standings:
        if standing.first_new_month != run_month:
            continue
        tariff, days = agreed.of_month(standing.contract_id, run_month), standing.days_in(run_month)
        if tariff is not None and days is not None:
            found[NewMonth(run_month, tariff, *days)].append(standing.contract_id)
    return {new: ids for new, ids in found.items() if tabulate_prices(new.tariff) is not None}


# Stretches of cover along the indexes, cut to the contract's days in the month. Whoever is insured
# with one pay on all of them needs no counting; only the others are gathered by person.
CHARGED = """
WITH stretch AS MATERIALIZED (
    SELECT m.contract_id, m.person_id, p.amount AS pay, {place} AS place,
        GREATEST(lower(p.period), %(first_day)s) AS first_day,
        LEAST(upper(p.period), %(next_day)s) AS next_day
    FROM members_membership m
    JOIN members_insuredpay p ON p.membership_id = m.id
    WHERE m.contract_id = ANY(%(contracts)s) AND lower(p.period) < %(next_day)s
        AND COALESCE(upper(p.period) > %(first_day)s, true)
), covered AS (
    SELECT contract_id, person_id, pay, place, %(days)s AS days
    FROM stretch WHERE first_day = %(first_day)s AND next_day = %(next_day)s
    UNION ALL
    SELECT contract_id, person_id, (array_agg(pay ORDER BY first_day))[1],
        (array_agg(place ORDER BY first_day))[1], SUM(next_day - first_day)
    FROM stretch WHERE NOT (first_day = %(first_day)s AND next_day = %(next_day)s)
    GROUP BY contract_id, person_id
), charged AS (
    SELECT contract_id, person_id, days, pay, place,
        CASE WHEN days >= %(month_days)s THEN {premium}
            ELSE LEAST({premium}, ROUND({premium} * days / %(divisor)s, 2)) END AS amount
    FROM covered
)
"""
_SUMS = """
SELECT contract_id, SUM(amount), COUNT(*), COUNT(*), SUM(pay) FROM charged GROUP BY contract_id
"""
# A pay's place in the table of bands is looked up once, the most expensive step of a line.
_BANDED = {
    "place": sql.SQL("1 + width_bucket(p.amount, %(beginnings)s::numeric[])"),
    "premium": sql.SQL("(%(premiums)s::numeric[])[place]"),
    "band": sql.SQL("(%(bands)s::smallint[])[place]"),
}
_PERCENT = {
    "place": sql.SQL("0"),
    "premium": sql.SQL("ROUND(pay * %(share)s, 2)"),
    "band": sql.SQL("NULL"),
}
# Else every slice of a large book would read the pay of the whole book once to hash it; its
# stretches are held in memory. What asks for the whole book at once does hash all of it.
ALONG_INDEXES = (
    "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL work_mem = '32MB'"
)
WHOLE_BOOK = "SET LOCAL work_mem = '128MB'"
AS_ALWAYS = (
    "SET LOCAL enable_hashjoin TO DEFAULT; SET LOCAL enable_mergejoin TO DEFAULT;"
    " SET LOCAL work_mem TO DEFAULT"
)


def sum_new_month(new: NewMonth, contract_ids: Sequence[int], *, plan: str) -> list[StatementSum]:
    """What a month comes to by contract; the caller is in a transaction."""
    return execute_charged(_SUMS, new, contract_ids, plan=plan)


def execute_charged(
    statement: str, new: NewMonth, contract_ids: Sequence[int], *, plan: str, **names: Any
) -> list[StatementSum]:
    """A statement about `charged`, what everybody in some contracts owes; it tells sums.

    `plan` is ALONG_INDEXES or WHOLE_BOOK. It may use {premium} and {band} of a line, the values
    of this module, and those of `names`, which are identifiers or numbers. The caller is in a
    transaction.
    """
    parts, values = _tell_prices(new.tariff)
    values |= {
        "contracts": list(contract_ids),
        "month": new.month.first_day,
        "month_days": new.month.last_day.day,
        "first_day": new.first_day,
        "next_day": new.last_day + ONE_DAY,
        "days": (new.last_day - new.first_day).days + 1,
        "divisor": DAYS_OF_A_PREMIUM_MONTH,
    }
    query = sql.SQL(CHARGED + statement).format(**parts, **names)
    with connection.cursor() as cursor:
        cursor.execute(plan)
        cursor.execute(query, values)
        sums = [StatementSum(*row) for row in cursor.fetchall()]
        cursor.execute(AS_ALWAYS)
    return sums


def _tell_prices(tariff: TariffVersion) -> tuple[dict[str, sql.SQL], dict[str, Any]]:
    prices = tabulate_prices(tariff)
    if isinstance(prices, BandTable):
        return _BANDED, {
            "premiums": list(prices.premiums),
            "beginnings": list(prices.beginnings),
            "bands": list(prices.numbers),
        }
    if prices is None:
        raise ValueError(f"{tariff.key} of {tariff.valid_from} is for the general rule only")
    return _PERCENT, {"share": prices.share}
