"""What a run reads of one slice: where its contracts stand, who is covered, what is recorded."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection

from aupolicy.kernel.money import ZERO
from aupolicy.kernel.month import Month
from aupolicy.kernel.period import ONE_DAY
from billing.facts.premium import BareStretch, Stretch
from billing.models import BillingRun, BillingSlice

Subject = tuple[int, int]
"""(contract id, person id)."""


@dataclass(frozen=True, slots=True)
class ContractStanding:
    """How far a contract is billed and what has changed in it since its last statement.

    `end` is its last day and `terms` its newest version of the terms as of now;
    `notices_through` is the last notice in the statement, `changed_since` the first day whose
    terms or whose being under contract changed since.
    """

    contract_id: int
    start: date
    end: date | None
    terms: int
    billed_through: date | None
    notices_through: int
    changed_since: date | None

    @property
    def first_new_month(self) -> Month:
        """The first month not billed yet."""
        if self.billed_through is None:
            return Month.of(self.start)
        return Month.of(self.billed_through).plus(1)

    def days_in(self, month: Month) -> tuple[date, date] | None:
        """The first and last day of a month on which the contract runs, None if it does not."""
        first_day = max(self.start, month.first_day)
        last_day = month.last_day if self.end is None else min(self.end, month.last_day)
        return (first_day, last_day) if first_day <= last_day else None


_STANDINGS = """
SELECT c.id, lower(c.period), upper(c.period) - 1, COALESCE(terms.newest, 0),
       last.month, COALESCE(last.notices_through, 0),
       LEAST(
           terms.changed_since,
           CASE WHEN last.contract_end IS DISTINCT FROM upper(c.period) - 1
                THEN LEAST(last.contract_end, upper(c.period) - 1) + 1 END)
FROM aupolicy_groupcontract c
LEFT JOIN LATERAL (
    SELECT s.month, s.notices_through, s.terms_through, s.contract_end
    FROM billing_statement s JOIN billing_billingrun r ON r.id = s.run_id
    WHERE s.contract_id = c.id AND r.kind = %(kind)s AND r.posted_at IS NOT NULL
    ORDER BY s.month DESC LIMIT 1
) last ON true
LEFT JOIN LATERAL (
    SELECT MAX(v.id) AS newest,
           MIN(lower(v.period)) FILTER (WHERE v.id > last.terms_through) AS changed_since
    FROM aupolicy_contractversion v WHERE v.contract_id = c.id
) terms ON true
WHERE c.id BETWEEN %(first)s AND %(last)s AND lower(c.period) <= %(last_day)s
ORDER BY c.id
"""
_LOCKED = "FOR SHARE OF c"


def list_standings(run: BillingRun, part: BillingSlice) -> list[ContractStanding]:
    """Where the contracts of a slice stand. Locks them against notices until the slice is done."""
    ids = part.first_contract_id, part.last_contract_id
    return _read_standings(_STANDINGS + _LOCKED, run.kind, ids, Month.of(run.month))


def look_at_standings(kind: str, ids: tuple[int, int], month: Month) -> list[ContractStanding]:
    """Where the contracts of a range of ids stand before a run of a month; nothing is locked."""
    return _read_standings(_STANDINGS, kind, ids, month)


def _read_standings(
    query: str, kind: str, ids: tuple[int, int], month: Month
) -> list[ContractStanding]:
    parameters: dict[str, Any] = {
        "kind": kind,
        "first": ids[0],
        "last": ids[1],
        "last_day": month.last_day,
    }
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return [ContractStanding(*row) for row in cursor.fetchall()]


def last_notice() -> int:
    """The highest notice id there is. With the contracts locked, later notices get higher ids."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(MAX(id), 0) FROM members_noticerecord")
        (last,) = cursor.fetchone()
    return int(last)


# A run reads cover and pay of everybody and prices each different cover once, so a stretch stays
# text until then. Days count as Python's ordinals do: from 1 January of year 1, which is day 1.
_COVERS = """
SELECT m.contract_id, m.person_id, concat_ws(' ',
    GREATEST(lower(p.period), lower(c.period), %(first_day)s::date) - DATE '0001-01-01' + 1,
    LEAST(upper(p.period), upper(c.period), %(next_day)s::date) - DATE '0001-01-01',
    p.amount)
FROM members_membership m
JOIN aupolicy_groupcontract c ON c.id = m.contract_id
JOIN members_insuredpay p ON p.membership_id = m.id
WHERE m.contract_id = ANY(%(contracts)s)
  AND p.period && daterange(%(first_day)s, %(next_day)s) AND p.period && c.period
ORDER BY m.contract_id
"""


def list_covers(
    contract_ids: list[int], first_day: date, last_day: date
) -> Iterator[tuple[int, dict[int, str]]]:
    """Cover with pay in a window by contract, as person id -> cover.

    A cover is a text that `parse_cover` reads. It is cut to the window, so that people with equal
    days in it and equal pay have equal texts.
    """
    window: dict[str, Any] = {
        "contracts": contract_ids,
        "first_day": first_day,
        "next_day": last_day + ONE_DAY,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COVERS, window)
        rows = cursor.fetchall()
    for contract_id, group in groupby(rows, key=itemgetter(0)):
        covers: dict[int, str] = {}
        for _, person_id, stretch in group:
            before = covers.get(person_id)
            covers[person_id] = stretch if before is None else f"{before}\n{stretch}"
        yield contract_id, covers


def parse_cover(text: str) -> list[BareStretch]:
    """The stretches of a cover, each in its line: first day, last day, pay."""
    stretches: list[BareStretch] = []
    for line in text.split("\n"):
        first_day, last_day, pay = line.split(" ")
        days = date.fromordinal(int(first_day)), date.fromordinal(int(last_day))
        stretches.append((*days, Decimal(pay)))
    return stretches


_OF_PEOPLE = """
SELECT m.contract_id, m.person_id,
       lower(p.period * c.period), upper(p.period * c.period) - 1, p.amount
FROM members_membership m
JOIN aupolicy_groupcontract c ON c.id = m.contract_id
JOIN members_insuredpay p ON p.membership_id = m.id
JOIN unnest(%(contracts)s::bigint[], %(persons)s::bigint[]) AS changed (contract_id, person_id)
    ON changed.contract_id = m.contract_id AND changed.person_id = m.person_id
WHERE p.period && c.period
"""


def list_stretches(people: Iterable[Subject]) -> dict[Subject, list[Stretch]]:
    """All cover with pay of some people."""
    stretches: dict[Subject, list[Stretch]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_OF_PEOPLE, _unzip(people))
        for contract_id, person_id, first_day, last_day, pay in cursor.fetchall():
            found = stretches.setdefault((contract_id, person_id), [])
            found.append(Stretch(first_day, last_day, pay))
    return stretches


# First the newer notices of each contract, then their people: not the other way round.
# A notice about a person's last day changes what follows that day; a correction changes what the
# notice said that it withdraws or brings back, whenever that was.
_CHANGED_BY_NOTICES = """
SELECT n.contract_id, p.id,
       MIN(CASE WHEN n.kind IN ('LEAVE', 'DEATH') THEN n.effective + 1
                WHEN n.kind = 'CORRECTION' THEN lower(c.period) ELSE n.effective END)
FROM unnest(%(contracts)s::bigint[], %(through)s::bigint[]) AS billed (contract_id, through)
CROSS JOIN LATERAL (
    SELECT contract_id, personnel_number, kind, effective, status FROM members_noticerecord
    WHERE contract_id = billed.contract_id AND id > billed.through ORDER BY id OFFSET 0
) n
JOIN aupolicy_groupcontract c ON c.id = n.contract_id
JOIN members_person p
    ON p.employer_id = c.employer_id AND p.personnel_number = n.personnel_number
WHERE n.status <> 'REFUSED'
GROUP BY n.contract_id, p.id
"""
# A clerk decides about notices that the statement knew already. When exactly a decision met a run
# cannot be told from its moment; looking again at somebody with whom all is well costs nothing.
_CHANGED_BY_DECISIONS = """
SELECT n.contract_id, p.id, lower(c.period)
FROM members_noticedecision d
JOIN members_noticerecord n ON n.id = d.notice_id
JOIN aupolicy_groupcontract c ON c.id = n.contract_id
JOIN members_person p
    ON p.employer_id = c.employer_id AND p.personnel_number = n.personnel_number
WHERE n.contract_id = ANY(%(contracts)s) AND d.decided_at > (
    SELECT MAX(r.started_at) - INTERVAL '1 day'
    FROM billing_statement s JOIN billing_billingrun r ON r.id = s.run_id
    WHERE s.contract_id = n.contract_id AND r.posted_at IS NOT NULL)
"""
# New terms or another end of the contract concern everybody in it.
_CHANGED_BY_CONTRACT = """
SELECT m.contract_id, m.person_id, changed.since
FROM unnest(%(contracts)s::bigint[], %(since)s::date[]) AS changed (contract_id, since)
JOIN members_membership m ON m.contract_id = changed.contract_id
"""


def list_changed(standings: Iterable[ContractStanding]) -> dict[Subject, date]:
    """People whose billed months may have changed since, with the first day that may have.

    Those with notices or decisions newer than their contract's last statement, and everybody in
    a contract whose terms or end changed.
    """
    billed = [standing for standing in standings if standing.billed_through is not None]
    changed = [standing for standing in billed if standing.changed_since is not None]
    by_notices: dict[str, Any] = {
        "contracts": [standing.contract_id for standing in billed],
        "through": [standing.notices_through for standing in billed],
    }
    by_contract: dict[str, Any] = {
        "contracts": [standing.contract_id for standing in changed],
        "since": [standing.changed_since for standing in changed],
    }
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED_BY_NOTICES, by_notices)
        rows = cursor.fetchall()
        cursor.execute(_CHANGED_BY_DECISIONS, {"contracts": by_notices["contracts"]})
        rows += cursor.fetchall()
        if changed:
            cursor.execute(_CHANGED_BY_CONTRACT, by_contract)
            rows += cursor.fetchall()
    first_days: dict[Subject, date] = {}
    for contract_id, person_id, since in sorted(rows):
        first_days.setdefault((contract_id, person_id), since)
    return first_days


_RECORDED = """
SELECT l.contract_id, l.person_id, l.covered_month, SUM(l.amount)
FROM billing_premiumline l
JOIN unnest(%(contracts)s::bigint[], %(persons)s::bigint[]) AS changed (contract_id, person_id)
    ON changed.contract_id = l.contract_id AND changed.person_id = l.person_id
GROUP BY l.contract_id, l.person_id, l.covered_month
"""


def list_recorded(people: Iterable[Subject]) -> dict[tuple[int, int, Month], Decimal]:
    """What posted runs have charged some people so far, in EUR by covered month."""
    with connection.cursor() as cursor:
        cursor.execute(_RECORDED, _unzip(people))
        return {
            (contract, person, Month.of(month)): amount or ZERO
            for contract, person, month, amount in cursor.fetchall()
        }


def _unzip(people: Iterable[Subject]) -> dict[str, list[int]]:
    pairs = list(people)
    return {"contracts": [c for c, _ in pairs], "persons": [p for _, p in pairs]}
