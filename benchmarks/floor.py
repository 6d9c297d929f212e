"""The floor: one bare INSERT ... SELECT that writes the lines of a run, in SQL alone.

It derives the same rows from the same tables as the product does: days of cover in the month,
pay of the first covered day, price by band or percent, proration. Its table has the columns,
checks and primary key of the real one; foreign keys, statements, ledger and proofs are what the
product does on top.
"""

from collections.abc import Callable
from decimal import Decimal

from psycopg import sql

from aupolicy.facts import TariffVersion
from aupolicy.kernel.month import Month
from aupolicy.parsing import parse_tariff, tariff_files
from benchmarks.database import Connection

TABLE = "bare_line"

_CREATE = """
CREATE TABLE bare_line (
    LIKE billing_premiumline INCLUDING CONSTRAINTS,
    PRIMARY KEY (contract_id, person_id, covered_month, run_id)
)
"""
_INSERT = """
INSERT INTO bare_line
SELECT contract_id, person_id, {first_day}, 1,
       CASE WHEN days >= {month_days} THEN premium
            ELSE LEAST(premium, ROUND(premium * days / 30, 2)) END,
       days, pay, band, 1
FROM (
    SELECT covered.*, {premium} AS premium, {band} AS band
    FROM (
        SELECT m.contract_id, m.person_id,
               SUM(LEAST(upper(p.period), upper(c.period), {next_month})
                   - GREATEST(lower(p.period), lower(c.period), {first_day})) AS days,
               (array_agg(p.amount ORDER BY lower(p.period)))[1] AS pay
        FROM members_membership m
        JOIN aupolicy_groupcontract c ON c.id = m.contract_id
        JOIN members_insuredpay p ON p.membership_id = m.id
        WHERE p.period && daterange({first_day}, {next_month}) AND p.period && c.period
        GROUP BY m.contract_id, m.person_id
    ) covered
    JOIN aupolicy_contractversion v ON v.contract_id = covered.contract_id
        AND v.period && daterange({first_day}, {next_month})
) priced
"""


# What migrations make of a model's foreign keys: each row is checked by itself.
_FOREIGN_KEYS = """
INSERT INTO billing_billingrun (id, kind, month, started_at) VALUES (1, 'bare', '2000-01-01', now())
    ON CONFLICT DO NOTHING;
ALTER TABLE bare_line
    ADD FOREIGN KEY (contract_id) REFERENCES aupolicy_groupcontract DEFERRABLE INITIALLY DEFERRED,
    ADD FOREIGN KEY (person_id) REFERENCES members_person DEFERRABLE INITIALLY DEFERRED,
    ADD FOREIGN KEY (run_id) REFERENCES billing_billingrun DEFERRABLE INITIALLY DEFERRED
"""


def create_table(connection: Connection, *, foreign_keys: bool = False) -> None:
    """Create the table of the bare lines, with or without row-checked foreign keys."""
    connection.execute(_CREATE.encode())
    if foreign_keys:
        connection.execute(_FOREIGN_KEYS.encode())


def insert_lines(connection: Connection, month: Month) -> None:
    """Write the lines of a month in which everything begins; the statement that is measured."""
    versions = _versions_on(month)
    query = sql.SQL(_INSERT).format(
        first_day=sql.SQL("DATE ") + sql.Literal(month.first_day.isoformat()),
        next_month=sql.SQL("DATE ") + sql.Literal(month.plus(1).first_day.isoformat()),
        month_days=sql.Literal(month.last_day.day),
        premium=_by_tariff(versions, _premium),
        band=_by_tariff(versions, _band),
    )
    connection.execute(query)


def _versions_on(month: Month) -> list[TariffVersion]:
    found = (parse_tariff(path).version_on(month.first_day) for path in tariff_files())
    return [version for version in found if version is not None]


def _by_tariff(
    versions: list[TariffVersion], value: Callable[[TariffVersion], sql.Composable]
) -> sql.Composable:
    cases = [
        sql.SQL("WHEN {} THEN {}").format(sql.Literal(version.key), value(version))
        for version in versions
    ]
    return sql.SQL("CASE v.tariff_key {} END").format(sql.SQL(" ").join(cases))


def _premium(version: TariffVersion) -> sql.Composable:
    if version.rate is not None:
        return sql.SQL("ROUND(pay * {} / 100, 2)").format(_number(version.rate.premium_percent))
    return _cases([(band.up_to, _number(band.premium)) for band in version.bands])


def _band(version: TariffVersion) -> sql.Composable:
    if version.rate is not None:
        return sql.SQL("NULL")
    return _cases([(band.up_to, sql.Literal(band.number)) for band in version.bands])


def _cases(steps: list[tuple[Decimal | None, sql.Composable]]) -> sql.Composable:
    whens = [
        sql.SQL("WHEN pay <= {} THEN {}").format(_number(up_to), value)
        for up_to, value in steps
        if up_to is not None
    ]
    return sql.SQL("CASE {} ELSE {} END").format(sql.SQL(" ").join(whens), steps[-1][1])


def _number(value: Decimal) -> sql.Composable:
    return sql.SQL(str(value))


# The lines of a table as three figures that do not depend on their order.
_DIGEST = """
SELECT COUNT(*), SUM(amount), SUM(('x' || substr(md5(concat_ws('|', contract_id, person_id,
       covered_month, amount, covered_days, pay, COALESCE(band, 0))), 1, 15))::bit(60)::bigint)
FROM {}
"""


def read_digest(connection: Connection, table: str) -> tuple[int, Decimal, Decimal]:
    """Count, sum in EUR and digest of a table of lines; runs and tariffs' ids are left out."""
    query = sql.SQL(_DIGEST).format(sql.Identifier(table))
    count, total, digest = connection.execute(query).fetchone() or (0, None, None)
    return count, total or Decimal(0), digest or Decimal(0)
