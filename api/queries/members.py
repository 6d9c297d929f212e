"""Insured people as programs read them: one query a page, however many people there are.

A person is told once for each contract, with the stretch of cover that the day lies in, else the
next one, else the last. Cover counts within the contract's own period.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from django.db import connection

from api.queries.contracts import list_employers, parse_key
from aupolicy.facts import TariffVersion
from aupolicy.kernel.period import Period
from aupolicy.queries import get_tariff
from aupolicy.queries.access import Rights
from aupolicy.rules import compute_price

STATUSES: Final = ("insured", "coming", "left", "all")
_NO_PRICE: Final = {"band": None, "premium": None, "benefit": None}

# The stretches of one contract `c`, one for each person.
_INSURED = """
SELECT m.id, m.person_id, m.period, m.end_reason FROM members_membership m
WHERE m.contract_id = c.id AND m.person_id > {after}
  AND m.period @> %(day)s::date AND c.period @> %(day)s::date
"""
_NEAREST = """
SELECT * FROM (
    SELECT DISTINCT ON (m.person_id) m.id, m.person_id, m.period, m.end_reason
    FROM members_membership m
    WHERE m.contract_id = c.id AND m.person_id > {after} AND m.period && c.period
    ORDER BY m.person_id, m.period << {day}, CASE WHEN m.period << {day} THEN NULL
             ELSE lower(m.period) END, lower(m.period) DESC
) m WHERE {status}
"""
_DAY = "daterange(%(day)s::date, %(day)s::date, '[]')"
_CONDITIONS = {
    # Later than the day, and so no stretch of this person holds it or it would be nearer.
    "coming": f"m.period * c.period >> {_DAY}",
    "left": f"m.period * c.period << {_DAY}",
    "all": "true",
}
# The page is found by keys alone, contract by contract until it is full; then it is told. Its
# contracts' terms come as text, which is the same for all of its people.
_PAGE = """
WITH page AS MATERIALIZED (
    SELECT c.id AS contract_id, c.number, m.id, m.person_id, m.period * c.period AS days,
           upper(m.period) AS reported_end, m.end_reason
    FROM (
        SELECT c.id, c.number, c.period FROM aupolicy_groupcontract c
        WHERE c.id >= %(contract_after)s AND {whose}
          AND (c.employer_id = ANY(%(own)s) OR c.broker_id = ANY(%(brokers)s))
          AND c.employer_id = ANY(%(readable)s)
        ORDER BY c.id
    ) c CROSS JOIN LATERAL (
        {stretches} ORDER BY m.person_id LIMIT %(limit)s
    ) m
    ORDER BY c.id, m.person_id LIMIT %(limit)s
), terms AS (
    SELECT v.contract_id, string_agg(
        concat_ws(' ', v.tariff_key, lower(v.period), upper(v.period) - 1),
        E'\\n' ORDER BY v.period) AS told
    FROM aupolicy_contractversion v WHERE v.contract_id IN (SELECT contract_id FROM page)
    GROUP BY v.contract_id
), shown AS (
    SELECT *, LEAST(GREATEST(%(day)s::date, lower(days)), upper(days) - 1) AS day FROM page
)
SELECT s.contract_id, s.person_id, s.number, p.public_id, p.personnel_number, p.first_name,
       p.last_name, p.birth_date, lower(s.days), upper(s.days) - 1,
       CASE WHEN upper(s.days) IS DISTINCT FROM s.reported_end THEN 'CONTRACT_ENDED'
            ELSE s.end_reason END, s.day, terms.told,
       (SELECT i.amount FROM members_insuredpay i
        WHERE i.membership_id = s.id AND i.period @> s.day)
FROM shown s JOIN members_person p ON p.id = s.person_id
LEFT JOIN terms ON terms.contract_id = s.contract_id
ORDER BY s.contract_id, s.person_id
"""
_AFTER = "CASE WHEN c.id = %(contract_after)s THEN %(person_after)s ELSE 0 END"
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class MembersPage:
    """Items of a page, one more than was asked for where there is a next, and their places."""

    items: Sequence[dict[str, Any]]
    places: Sequence[list[int]]


def list_members(
    rights: Rights,
    *,
    contract: str = "",
    status: str = "insured",
    day: date,
    after: tuple[int, int] = (0, 0),
    limit: int,
) -> MembersPage:
    """People in order of contract and person, after a place (contract, person).

    `contract` is a number or key, all contracts where it is empty; `status` one of STATUSES.
    """
    found = _read(
        _write_query(status, contract),
        {
            "day": day,
            "contract": contract,
            "key": parse_key(contract),
            "contract_after": after[0],
            "person_after": after[1],
            "limit": limit,
            "own": list(rights.employers),
            "brokers": list(rights.brokers),
            "readable": list_employers(rights),
        },
    )
    return MembersPage([_write(row, day) for row in found], [[row[0], row[1]] for row in found])


def _write_query(status: str, contract: str) -> str:
    stretches = _INSURED if status == "insured" else _NEAREST
    told = stretches.format(after=_AFTER, day=_DAY, status=_CONDITIONS.get(status, ""))
    whose = "true"
    if contract:
        whose = "c.public_id = %(key)s" if parse_key(contract) else "c.number = %(contract)s"
    return _PAGE.format(stretches=told, whose=whose)


def _read(query: str, parameters: Mapping[str, Any]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        found: list[Row] = cursor.fetchall()
        return found


def _write(row: Row, day: date) -> dict[str, Any]:
    number, public_id, personnel_number, first_name, last_name, birth_date = row[2:8]
    first_day, last_day, reason, shown, terms, pay = row[8:]
    return {
        "id": public_id,
        "contract": number,
        "personnel_number": personnel_number,
        "first_name": first_name,
        "last_name": last_name,
        "birth_date": birth_date,
        "status": name_status(first_day, last_day, day),
        "insured_from": first_day,
        "insured_until": last_day,
        "end_reason": reason or None,
        "pay": pay,
        **price(find_tariff(read_terms(terms), shown), pay),
    }


def name_status(first_day: date, last_day: date | None, day: date) -> str:
    """Where a stretch stands on a day: one of STATUSES."""
    if day < first_day:
        return "coming"
    return "left" if last_day is not None and last_day < day else "insured"


def price(tariff: TariffVersion | None, pay: Decimal | None) -> Mapping[str, Any]:
    """Wage band, premium of a full month and agreed monthly benefit of a pay, EUR."""
    if tariff is None or pay is None:
        return _NO_PRICE
    found = compute_price(tariff, pay)
    return {"band": found.band, "premium": found.premium, "benefit": found.benefit}


Terms = Sequence[tuple[Period, str]]


@lru_cache(maxsize=4096)
def read_terms(told: str | None) -> Terms:
    """Terms of a contract from lines of tariff key, first day and, where there is one, last day."""
    lines = (line.split(" ") for line in (told or "").splitlines())
    return tuple((Period(*map(date.fromisoformat, days)), key) for key, *days in lines)


def find_tariff(terms: Terms, day: date) -> TariffVersion | None:
    """The tariff version that prices a day, None where nothing is agreed for it."""
    key = next((key for period, key in terms if day in period), None)
    return get_tariff(key).version_on(day) if key else None
