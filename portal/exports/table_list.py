"""Every CSV table of the portal, described: `docs/formats.md` is written from here."""

from collections.abc import Iterator

from portal.exports.bank_tables import BANK_ENTRIES, BANK_FILES, REACTIONS, RETURNED_DEBITS
from portal.exports.commission_tables import COMMISSION, COMMISSION_ENTRIES
from portal.exports.ledger_tables import ACCOUNT, JOURNAL, OPEN_ITEMS, TRIAL_BALANCE
from portal.exports.tables import (
    APPLICATIONS,
    ARREARS,
    BENEFITS,
    CLIENT_ARREARS,
    CLIENTS,
    COLLECTIONS,
    CONTRACTS,
    LINES,
    MANDATES,
    NOTICES,
    PAYOUT_ORDERS,
    PEOPLE,
    PEOPLE_OF_CONTRACT,
    QUOTES,
    RECOVERIES,
    RUN_CONTRACTS,
    RUN_REASONS,
    STATEMENTS,
    WORK,
)

TABLES = (
    PEOPLE, STATEMENTS, LINES, BENEFITS, NOTICES, CLIENTS, QUOTES, APPLICATIONS, CONTRACTS,
    PEOPLE_OF_CONTRACT, RUN_CONTRACTS, RUN_REASONS, WORK, COLLECTIONS, PAYOUT_ORDERS, RECOVERIES,
    MANDATES, OPEN_ITEMS, ARREARS, CLIENT_ARREARS, ACCOUNT, TRIAL_BALANCE, JOURNAL,
    BANK_FILES, BANK_ENTRIES, RETURNED_DEBITS, REACTIONS,
    COMMISSION, COMMISSION_ENTRIES,
)  # fmt: skip


def describe_tables() -> Iterator[str]:
    """Every table with its columns, as lines of Markdown."""
    for table in TABLES:
        yield f"### {table.name}.csv"
        yield ""
        yield f"Taken from: {table.where}."
        yield ""
        yield "| Column | Type | Unit | Meaning |"
        yield "|---|---|---|---|"
        for column in table.columns:
            yield f"| {column.heading} | {column.kind} | {column.unit} | {column.meaning} |"
        yield ""
