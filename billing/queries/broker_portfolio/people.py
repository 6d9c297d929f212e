"""The insured people of some contracts on a day, as a stream.

One statement gives both, for every contract first its payroll (how many people have which pay),
then its people: so that a contract's premium is the sum of theirs, whatever is reported while the
file is being written. A cursor on the server keeps the result; only a few thousand rows of it are
here at a time.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection

_ROWS = 5_000
_PEOPLE = """
WITH cover AS (
    SELECT m.contract_id, m.person_id, p.amount,
           lower(m.period * c.period) AS insured_from,
           upper(m.period * c.period) AS excluded_on
    FROM members_membership m
    JOIN aupolicy_groupcontract c ON c.id = m.contract_id
    JOIN members_insuredpay p ON p.membership_id = m.id
    WHERE m.contract_id = ANY(%(contracts)s) AND m.period @> %(day)s::date
      AND c.period @> %(day)s::date AND p.period @> %(day)s::date
), payrolls AS (
    SELECT contract_id, amount, COUNT(*) AS people FROM cover GROUP BY contract_id, amount
)
SELECT contract_id, 0::bigint AS person_id, NULL::numeric AS amount, NULL::date AS insured_from,
       NULL::date AS excluded_on, NULL::text AS personnel_number, NULL::text AS last_name,
       NULL::text AS first_name, NULL::date AS birth_date,
       array_agg(amount) AS pays, array_agg(people) AS counts
FROM payrolls GROUP BY contract_id
UNION ALL
SELECT v.contract_id, v.person_id, v.amount, v.insured_from, v.excluded_on,
       p.personnel_number, p.last_name, p.first_name, p.birth_date, NULL, NULL
FROM cover v JOIN members_person p ON p.id = v.person_id
ORDER BY contract_id, person_id
"""


@dataclass(frozen=True, slots=True)
class InsuredRow:
    """A person insured on the day, with the pay of the day (EUR a month).

    `excluded_on` is the first day without cover, where it is known.
    """

    pay: Decimal
    insured_from: date
    excluded_on: date | None
    personnel_number: str
    last_name: str
    first_name: str
    birth_date: date


@dataclass(frozen=True, slots=True)
class ContractPeople:
    """A contract's payroll as {pay: number of people}, and its people by id, to be read once."""

    contract_id: int
    payroll: dict[Decimal, int]
    people: Iterator[InsuredRow]


def stream_people(contract_ids: Sequence[int], day: date) -> Iterator[ContractPeople]:
    """Contracts with insured people, by id. Each one's people are read before the next contract."""
    for _, group in groupby(_stream(contract_ids, day), key=itemgetter(0)):
        yield _contract_people(group)


def _contract_people(rows: Iterator[tuple[Any, ...]]) -> ContractPeople:
    first = next(rows)
    payroll = dict(zip(first[9], first[10], strict=True))
    return ContractPeople(first[0], payroll, _people(rows))


def _people(rows: Iterator[tuple[Any, ...]]) -> Iterator[InsuredRow]:
    for row in rows:
        yield InsuredRow(*row[2:9])


def _stream(contract_ids: Sequence[int], day: date) -> Iterator[tuple[Any, ...]]:
    if not contract_ids:
        return
    with closing(connection.chunked_cursor()) as cursor:
        cursor.execute(_PEOPLE, {"contracts": list(contract_ids), "day": day})
        while rows := cursor.fetchmany(_ROWS):
            yield from rows
