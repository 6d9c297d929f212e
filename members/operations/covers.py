"""Writing the covers that follow from notices: only what differs from the tables."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from aupolicy.models import GroupContract
from aupolicy.operations.bulk import delete_rows, insert_rows, range_text, take_ids, update_rows
from members.facts import Cover, PayPeriod, PersonPlan, RecordedCover
from members.models import InsuredPay, Membership

_PAY_KEY = ("membership_id", "lower(period)")
_Change = tuple[int, RecordedCover | None, Cover | None]


def save_covers(contract: GroupContract, plans: Iterable[tuple[int, PersonPlan]]) -> None:
    """Write the difference between the memberships on record and the covers that follow.

    A membership keeps its identity (papers and claims point at it): it is matched by its first
    day, else in order. One that no longer follows from any notice stays as a row without period.
    """
    changes: list[_Change] = []
    for person_id, plan in plans:
        changes += ((person_id, *pair) for pair in _match(plan))
    new = [(person_id, cover) for person_id, known, cover in changes if known is None and cover]
    ids = take_ids(Membership, len(new))
    pays = _PayChanges()
    for membership_id, (_, joined) in zip(ids, new, strict=True):
        pays.change(membership_id, (), joined.pays)
    changed = []
    for _, known, cover in changes:
        if known is not None and known.cover != cover:
            if _cover_row(known.cover) != _cover_row(cover):
                changed.append((known.membership_id, *_cover_row(cover)))
            pays.change(known.membership_id, _pays_of(known.cover), _pays_of(cover))
    update_rows(Membership, ["id"], ["period", "end_reason"], changed)
    rows = [
        (membership_id, contract.pk, person_id, *_cover_row(joined))
        for membership_id, (person_id, joined) in zip(ids, new, strict=True)
    ]
    insert_rows(Membership, ["id", "contract_id", "person_id", "period", "end_reason"], rows)
    pays.save()


def _match(plan: PersonPlan) -> list[tuple[RecordedCover | None, Cover | None]]:
    """Which membership becomes which cover; None: a new one, or one that never came about."""
    free = list(plan.recorded)
    matches = [_take(free, cover.period.first_day) for cover in plan.after]
    pairs: list[tuple[RecordedCover | None, Cover | None]] = []
    for known, cover in zip(matches, plan.after, strict=True):
        pairs.append((known or (free.pop(0) if free else None), cover))
    return [*pairs, *((known, None) for known in free)]


def _take(free: list[RecordedCover], first_day: date) -> RecordedCover | None:
    for known in free:
        if known.cover and known.cover.period.first_day == first_day:
            free.remove(known)
            return known
    return None


def _cover_row(cover: Cover | None) -> tuple[str | None, str]:
    if cover is None:
        return (None, "")
    return (range_text(cover.period), cover.end_reason.value if cover.end_reason else "")


def _pays_of(cover: Cover | None) -> tuple[PayPeriod, ...]:
    return cover.pays if cover is not None else ()


class _PayChanges:
    """Pay that comes, changes and goes, so that any number of people takes three statements."""

    def __init__(self) -> None:
        self.new: list[tuple[Any, ...]] = []
        self.changed: list[tuple[Any, ...]] = []
        self.gone: list[tuple[Any, ...]] = []

    def change(
        self, membership_id: int, before: tuple[PayPeriod, ...], after: tuple[PayPeriod, ...]
    ) -> None:
        known = {pay.period.first_day: pay for pay in before}
        for pay in after:
            first_day = pay.period.first_day
            former = known.pop(first_day, None)
            if former is None:
                self.new.append((membership_id, range_text(pay.period), pay.amount))
            elif former != pay:
                self.changed.append((membership_id, first_day, range_text(pay.period), pay.amount))
        self.gone += ((membership_id, first_day) for first_day in known)

    def save(self) -> None:
        delete_rows(InsuredPay, _PAY_KEY, self.gone)
        update_rows(InsuredPay, _PAY_KEY, ["period", "amount"], self.changed)
        insert_rows(InsuredPay, ["membership_id", "period", "amount"], self.new)
