"""Writing what a plan of notices says: only what differs from the tables."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from aupolicy.models import GroupContract, User, WorkItem
from aupolicy.operations.bulk import insert_rows, take_ids, update_rows
from aupolicy.operations.work import close_work, open_work
from members.facts import (
    Channel,
    Notice,
    NoticeKind,
    NoticeStatus,
    PersonPlan,
    Plan,
    Standing,
)
from members.models import NOTICE_KIND_WORDS, NoticeRecord, Person, Upload
from members.operations.covers import save_covers
from members.queries.day_terms import received_on

# A clerk has a week for what cannot pass by itself.
DAYS_FOR_A_CLERK = 7
_SAID = (
    "personnel_number", "kind", "effective", "received_at", "pay", "reason", "first_name",
    "last_name", "birth_date", "employment", "occupation", "health_insurance", "reference",
    "corrects", "row",
)  # fmt: skip
_ORIGIN = ("contract_id", "sender_id", "source_name", "channel", "upload_id")
_STANDING = ("status", "codes", "withdrawn_by_id")
_NAMES = ("first_name", "last_name", "birth_date")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where notices, or a decision about one, came from."""

    sender: User | None
    channel: Channel = Channel.COMMAND
    source_name: str = ""
    upload: Upload | None = None


def save_plan(
    contract: GroupContract, plan: Plan, origin: Origin, *, now: datetime
) -> Mapping[int, int]:
    """Write a plan's notices, where the earlier ones stand now, people, covers and pay.

    What only a clerk can clear becomes work, what no longer needs one is done. The contract has
    been locked since before the plan was made. Returns the new records by the plan's keys.
    """
    places = [-key for key in sorted(plan.standings, reverse=True)]
    ids = dict(zip((-place for place in places), take_ids(NoticeRecord, len(places)), strict=True))
    fresh = {-place: plan.results[place - 1].notice for place in places}
    # Earlier notices first: a reference that they let go may be used anew.
    _update_standings(plan.changed, ids)
    _insert_notices(contract, origin, fresh, plan.standings, ids)
    save_covers(contract, _save_persons(contract, plan.persons.values()))
    _open_work(contract, fresh, plan, ids, now=now)
    settled = [key for key, one in plan.changed.items() if not _needs_clerk(one)]
    if settled:
        close_work(kind=WorkItem.Kind.NOTICE, subjects=settled, now=now, by=origin.sender)
    return ids


def _open_work(
    contract: GroupContract,
    fresh: Mapping[int, Notice],
    plan: Plan,
    ids: Mapping[int, int],
    *,
    now: datetime,
) -> None:
    titles = {
        ids[key]: _title(notice.kind, notice.personnel_number)
        for key, notice in fresh.items()
        if _needs_clerk(plan.standings[key])
    }
    again = [key for key, one in plan.changed.items() if _needs_clerk(one)]
    if again:
        about = NoticeRecord.objects.filter(pk__in=again)
        for key, kind, number in about.values_list("pk", "kind", "personnel_number"):
            titles[key] = _title(NoticeKind(kind), number)
    if titles:
        open_work(
            kind=WorkItem.Kind.NOTICE,
            titles=titles,
            employer=contract.employer,
            due=received_on(now) + timedelta(days=DAYS_FOR_A_CLERK),
            now=now,
        )


def _title(kind: NoticeKind, number: str) -> str:
    return f"{NOTICE_KIND_WORDS[kind]}, Personalnummer {number}"


def _needs_clerk(standing: Standing) -> bool:
    return standing.status is NoticeStatus.NEEDS_CLERK


def _insert_notices(
    contract: GroupContract,
    origin: Origin,
    notices: Mapping[int, Notice],
    standings: Mapping[int, Standing],
    ids: Mapping[int, int],
) -> None:
    came = (
        contract.pk,
        origin.sender.pk if origin.sender else None,
        origin.source_name,
        origin.channel.value,
        origin.upload.pk if origin.upload else None,
    )
    rows = [
        (ids[key], *came, *_said(notice), *_standing(standings[key], ids))
        for key, notice in notices.items()
    ]
    insert_rows(NoticeRecord, ["id", *_ORIGIN, *_SAID, *_STANDING], rows)


def _said(notice: Notice) -> tuple[Any, ...]:
    return (
        notice.personnel_number,
        notice.kind.value,
        notice.effective,
        notice.received_at,
        notice.pay,
        notice.reason.value if notice.reason else "",
        notice.first_name,
        notice.last_name,
        notice.birth_date,
        str(notice.employment),
        notice.occupation,
        notice.health_insurance,
        notice.reference,
        notice.corrects,
        notice.row,
    )


def _standing(standing: Standing, ids: Mapping[int, int]) -> tuple[str, str, int | None]:
    by = standing.withdrawn_by
    return (
        standing.status.value,
        _as_json(standing.codes),
        ids.get(by, by) if by is not None else None,
    )


@lru_cache(maxsize=256)
def _as_json(codes: tuple[str, ...]) -> str:
    return json.dumps([str(code) for code in codes])


def _update_standings(changed: Mapping[int, Standing], ids: Mapping[int, int]) -> None:
    # Withdrawn ones first: the reference that one lets go may be that of a restored one.
    for is_withdrawn in (True, False):
        rows = [
            (key, *_standing(standing, ids))
            for key, standing in changed.items()
            if (standing.status is NoticeStatus.WITHDRAWN) is is_withdrawn
        ]
        update_rows(NoticeRecord, ["id"], _STANDING, rows)


def _save_persons(
    contract: GroupContract, plans: Collection[PersonPlan]
) -> list[tuple[int, PersonPlan]]:
    """Record new people and new names; everybody on record with their id."""
    known = [(plan.person_id, plan) for plan in plans if plan.person_id is not None]
    new = [plan for plan in plans if plan.person_id is None and plan.name_after is not None]
    added = list(zip(take_ids(Person, len(new)), new, strict=True))
    insert_rows(
        Person,
        ["id", "employer_id", "personnel_number", *_NAMES],
        [
            (person_id, contract.employer_id, plan.personnel_number, *_name(plan))
            for person_id, plan in added
        ],
    )
    renamed = [(i, *_name(plan)) for i, plan in known if plan.name_after != plan.name_before]
    update_rows(Person, ["id"], _NAMES, renamed)
    return [*known, *added]


def _name(plan: PersonPlan) -> tuple[Any, ...]:
    name = plan.name_after
    return () if name is None else (name.first_name, name.last_name, name.birth_date)
