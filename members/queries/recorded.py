"""What is on record about many people at once, as values: a few queries, no model objects."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection

from aupolicy.kernel.period import ONE_DAY, Period
from aupolicy.models import GroupContract
from members.facts import (
    Code,
    Cover,
    EndReason,
    Ineligibility,
    Notice,
    NoticeCode,
    NoticeKind,
    NoticeStatus,
    PayPeriod,
    PersonName,
    RecordedCover,
    Standing,
)

_NOTICES = """
SELECT id, status, codes, withdrawn_by_id, kind, personnel_number, effective, received_at, pay,
       reason, first_name, last_name, birth_date, employment, occupation, health_insurance,
       reference, corrects, "row"
FROM members_noticerecord
WHERE contract_id = %s AND personnel_number = ANY(ARRAY(SELECT json_array_elements_text(%s::json)))
ORDER BY id
"""
_REFERENCES = """
SELECT id, personnel_number, reference FROM members_noticerecord
WHERE contract_id = %s AND reference = ANY(%s)
  AND NOT reference = '' AND NOT status IN ('REFUSED', 'WITHDRAWN')
"""
_USERS = """
SELECT DISTINCT reference, personnel_number FROM members_noticerecord
WHERE contract_id = %s AND NOT reference = '' AND reference = ANY(ARRAY(
    SELECT json_array_elements_text(%s::json)))
"""
_CORRECTED = """
SELECT DISTINCT personnel_number FROM members_noticerecord
WHERE contract_id = %s AND kind = 'CORRECTION'
"""
_PERSONS = """
SELECT id, personnel_number, first_name, last_name, birth_date FROM members_person
WHERE employer_id = %s AND personnel_number = ANY(ARRAY(SELECT json_array_elements_text(%s::json)))
"""
_COVERS = """
SELECT m.person_id, m.id, lower(m.period), upper(m.period), m.end_reason,
       lower(p.period), upper(p.period), p.amount
FROM members_membership m LEFT JOIN members_insuredpay p ON p.membership_id = m.id
WHERE m.contract_id = %s AND m.person_id = ANY(string_to_array(%s, ',')::bigint[])
ORDER BY m.id, p.period
"""


@dataclass(frozen=True, slots=True)
class RecordedNotice:
    """A notice on record and where it stands there."""

    key: int
    notice: Notice
    standing: Standing


@dataclass(frozen=True, slots=True)
class RecordedPerson:
    """A person on record."""

    person_id: int
    name: PersonName


def read_notices(contract: GroupContract, numbers: Collection[str]) -> Iterator[RecordedNotice]:
    """All notices of a contract about some personnel numbers, in the order of their arrival."""
    for row in _rows(_NOTICES, [contract.pk, json.dumps(list(numbers))]):
        key, status, codes, withdrawn_by, kind, *middle = row
        number, effective, received_at, pay, reason, *rest = middle
        yield RecordedNotice(
            key,
            Notice(
                NoticeKind(kind),
                number,
                effective,
                received_at,
                pay,
                EndReason(reason) if reason else None,
                *rest,
            ),
            Standing(NoticeStatus(status), to_codes(json.loads(codes)), withdrawn_by),
        )


def to_codes(texts: Collection[str]) -> tuple[Code, ...]:
    """Stored codes as the values they stand for."""
    return tuple(
        NoticeCode(text) if text in NoticeCode.__members__ else Ineligibility(text)
        for text in texts
    )


def read_references(
    contract: GroupContract, references: Collection[str]
) -> list[tuple[int, str, str]]:
    """Which of some references stand: record id, personnel number, reference."""
    if not references:
        return []
    return [
        (key, number, used)
        for key, number, used in _rows(_REFERENCES, [contract.pk, list(references)])
    ]


def find_linked(
    contract: GroupContract, references: Collection[str]
) -> tuple[list[tuple[str, str]], set[str]]:
    """Who ever used some references (reference, personnel number), and who has corrections."""
    users = []
    if references:
        found = _rows(_USERS, [contract.pk, json.dumps(list(references))])
        users = [(reference, number) for reference, number in found]
    return users, {number for (number,) in _rows(_CORRECTED, [contract.pk])}


def read_persons(contract: GroupContract, numbers: Collection[str]) -> dict[str, RecordedPerson]:
    """People of the contract's employer by personnel number."""
    return {
        number: RecordedPerson(person_id, PersonName(first_name, last_name, birth_date))
        for person_id, number, first_name, last_name, birth_date in _rows(
            _PERSONS, [contract.employer_id, json.dumps(list(numbers))]
        )
    }


def read_covers(
    contract: GroupContract, person_ids: Collection[int]
) -> Mapping[int, list[RecordedCover]]:
    """The memberships of some people under a contract, by person, in order of their ids."""
    found: dict[int, list[RecordedCover]] = defaultdict(list)
    if not person_ids:
        return found
    rows = _rows(_COVERS, [contract.pk, ",".join(map(str, person_ids))])
    for (person_id, *membership), pays in groupby(rows, itemgetter(0, 1, 2, 3, 4)):
        membership_id, first, end, reason = membership
        paid = [row[5:] for row in pays]
        found[person_id].append(_recorded(membership_id, first, end, reason, paid))
    return found


def _recorded(
    membership_id: int,
    first: date | None,
    end: date | None,
    reason: str,
    pays: list[tuple[date | None, date | None, Decimal]],
) -> RecordedCover:
    if first is None:
        return RecordedCover(membership_id, None)
    paid = tuple(
        PayPeriod(_period(day, until), amount) for day, until, amount in pays if day is not None
    )
    why = EndReason(reason) if reason else None
    return RecordedCover(membership_id, Cover(_period(first, end), why, paid))


def _period(first: date, end: date | None) -> Period:
    return Period(first, None if end is None else end - ONE_DAY)


def _rows(query: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
