"""What was known about people when a statement was made: their cover, pay and latest notices."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection

from aupolicy.kernel.period import Period
from aupolicy.models import GroupContract
from billing.facts.line_reasons import PersonLife, Withdrawal
from billing.models import Statement
from members.facts import Cover, EndReason, NoticeKind
from members.models import Person
from members.queries import list_covers_through
from members.queries.recorded import read_covers


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What a statement knew: the contract's days, the last notice, decisions before its run.

    `since` is the last notice that the contract's statement before knew. Without a statement it
    is what is known now.
    """

    contract: GroupContract
    period: Period
    since: int
    through: int | None
    run_id: int | None


def get_knowledge(
    contract: GroupContract, statement: Statement | None, before: Statement | None
) -> Knowledge:
    """What a statement knew; what is known now where the contract has none in the run."""
    since = before.notices_through if before else 0
    if statement is None:
        return Knowledge(contract, contract.period, since, None, None)
    return Knowledge(
        contract=contract,
        period=Period(contract.period.first_day, statement.contract_end),
        since=since,
        through=statement.notices_through,
        run_id=statement.run_id,
    )


# When the worker that billed the contract was done with it.
_BILLED_AT = """
SELECT done_at FROM billing_billingslice WHERE run_id = %(run)s
    AND %(contract)s BETWEEN first_contract_id AND last_contract_id
"""
# Notices since the last statement, all returns, and those that were decided about later.
_NEWS = f"""
SELECT p.id, p.personnel_number, later.notice_id IS NOT NULL,
       n.id, n.kind, n.effective, target.kind, target.effective
FROM members_person p
JOIN members_noticerecord n
    ON n.contract_id = %(contract)s AND n.personnel_number = p.personnel_number
LEFT JOIN members_noticerecord target ON target.withdrawn_by_id = n.id
LEFT JOIN LATERAL (
    SELECT d.notice_id FROM members_noticedecision d
    WHERE d.notice_id = n.id AND d.decided_at > ({_BILLED_AT}) LIMIT 1
) later ON true
WHERE p.id = ANY(%(people)s)
  AND (n.id > %(since)s OR n.kind = 'RETURN' OR later.notice_id IS NOT NULL)
  AND (n.status <> 'REFUSED' OR later.notice_id IS NOT NULL)
ORDER BY n.id
"""  # noqa: S608 -- the part put in is the constant above


def read_lives(knowledge: Knowledge, person_ids: Collection[int]) -> Mapping[int, PersonLife]:
    """Cover, pay and news of some people as a statement knew them, in two to six queries.

    Who has newer notices or decisions than the statement is derived from the older ones anew.
    """
    lives: dict[int, PersonLife] = defaultdict(PersonLife)
    later: dict[int, str] = {}
    through = knowledge.through
    for person_id, number, was_decided_later, *notice in _read_news(knowledge, person_ids):
        if was_decided_later or (through is not None and notice[0] > through):
            later[person_id] = number
        else:
            lives[person_id] = _add(lives[person_id], notice, since=knowledge.since)
    for person_id, covers in _read_covers(knowledge, person_ids, later).items():
        lives[person_id] = replace(lives[person_id], covers=cut_covers(covers, knowledge.period))
    return lives


def _add(life: PersonLife, row: Sequence[Any], *, since: int) -> PersonLife:
    """A life with one more notice."""
    notice_id, kind, effective, target_kind, target_day = row
    if kind == NoticeKind.RETURN:
        life = replace(life, returns=life.returns | {effective})
    if notice_id > since:
        life = replace(life, news=life.news | {(NoticeKind(kind), effective)})
        if target_kind:
            life = replace(life, withdrawal=Withdrawal(NoticeKind(target_kind), target_day))
    return life


def cut_covers(covers: Collection[Cover], contract: Period) -> tuple[Cover, ...]:
    """Cover inside a contract's days, in order; where the contract ends first, that is why."""
    kept = []
    for cover in covers:
        days = cover.period.intersection(contract)
        if days is None:
            continue
        ends_earlier = days.last_day != cover.period.last_day
        pays = (replace(p, period=cut) for p in cover.pays if (cut := _cut(p.period, days)))
        why = EndReason.CONTRACT_ENDED if ends_earlier else cover.end_reason
        kept.append(Cover(days, why, tuple(pays)))
    return tuple(sorted(kept, key=lambda cover: cover.period.first_day))


def _cut(period: Period, days: Period) -> Period | None:
    return period.intersection(days)


def _read_covers(
    knowledge: Knowledge, person_ids: Collection[int], later: Mapping[int, str]
) -> dict[int, Collection[Cover]]:
    settled = [person_id for person_id in person_ids if person_id not in later]
    found: dict[int, Collection[Cover]] = {
        person_id: [record.cover for record in recorded if record.cover]
        for person_id, recorded in read_covers(knowledge.contract, settled).items()
    }
    if later and knowledge.through is not None:
        known = list_covers_through(
            contract=knowledge.contract,
            numbers=list(later.values()),
            last_notice=knowledge.through,
            decided_until=_find_billed_at(knowledge),
        )
        found |= {person_id: known.get(number, ()) for person_id, number in later.items()}
    return found


def _read_news(knowledge: Knowledge, person_ids: Collection[int]) -> list[tuple[Any, ...]]:
    parameters = {**_of(knowledge), "people": list(person_ids), "since": knowledge.since}
    with connection.cursor() as cursor:
        cursor.execute(_NEWS, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _find_billed_at(knowledge: Knowledge) -> datetime | None:
    with connection.cursor() as cursor:
        cursor.execute(_BILLED_AT, _of(knowledge))
        row: tuple[datetime | None] | None = cursor.fetchone()
        return row[0] if row else None


def _of(knowledge: Knowledge) -> dict[str, int | None]:
    return {"contract": knowledge.contract.pk, "run": knowledge.run_id}


def get_life(knowledge: Knowledge, person: Person) -> PersonLife:
    """Cover, pay and news of one person."""
    return read_lives(knowledge, [person.pk])[person.pk]
