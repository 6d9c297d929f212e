"""The answer to notices: each with what became of it and why, and what all cost together."""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from api.facts import Fault
from api.operations.notices import SentNotices
from api.parsing.notices import ReadNotice
from api.queries.notices import read_public_ids
from api.views.gate.problems import write_fault
from aupolicy.kernel.money import ZERO
from billing.queries.effect import MoneyEffect
from members.facts import Notice, NoticeResult, NoticeStatus

# Where a code that is about one field points; others are about the notice.
_FIELD_OF = {
    "MISSING_NAME": "last_name",
    "MISSING_BIRTH_DATE": "birth_date",
    "BIRTH_DATE_IN_FUTURE": "birth_date",
    "TOO_YOUNG": "birth_date",
    "OVER_AGE": "birth_date",
    "MISSING_PAY": "pay",
    "OUTSIDE_CONTRACT": "effective",
    "RETRO_LIMIT": "effective",
    "TOO_FAR_AHEAD": "effective",
    "NO_COVER": "effective",
    "ALREADY_COVERED": "effective",
    "NO_TARIFF": "effective",
    "NEVER_JOINED": "personnel_number",
    "NAME_WITHOUT_PERSON": "personnel_number",
    "NOTHING_TO_CORRECT": "corrects",
    "REFERENCE_USED": "reference",
    "MARGINAL_EMPLOYMENT": "employment",
    "NOT_EMPLOYED": "employment",
    "PROFESSIONAL_SOLDIER": "occupation",
    "PROFESSIONAL_FIREFIGHTER": "occupation",
    "PROFESSIONAL_DIVER": "occupation",
}


def write_report(
    read: Sequence[ReadNotice],
    items: Sequence[Any],
    sent: SentNotices,
    *,
    number: str,
    dry_run: bool,
) -> dict[str, Any]:
    """What became of the items of a request, in their order."""
    results = iter(sent.plan.results)
    keys = _public_ids(sent)
    premiums = dict(sent.effect.by_person)
    told = [
        _write_result(place, next(results), keys, premiums)
        if isinstance(one, Notice)
        else _write_unread(place, items[place], one)
        for place, one in enumerate(read)
    ]
    return {
        "contract": number,
        "dry_run": dry_run,
        "counts": _count(told),
        "effect": write_effect(sent.effect),
        "results": told,
    }


def write_effect(effect: MoneyEffect) -> dict[str, Any]:
    """What changes on the contract's next statement."""
    return {
        "month": str(effect.month),
        "total": effect.total,
        "corrections": effect.corrections,
        "people": len(effect.by_person),
    }


def _public_ids(sent: SentNotices) -> dict[int, UUID]:
    """Keys of results -> what programs know the records by."""
    known = {r.key for r in sent.plan.results if r.is_duplicate and r.key > 0}
    public = read_public_ids([*sent.ids.values(), *known]) if sent.ids or known else {}
    own = {key: public[record] for key, record in sent.ids.items()}
    return own | {record: public[record] for record in known}


def _write_result(
    place: int,
    result: NoticeResult,
    keys: Mapping[int, UUID],
    premiums: dict[str, Decimal],
) -> dict[str, Any]:
    notice = result.notice
    return {
        "index": place,
        "id": keys.get(result.key),
        "reference": notice.reference or None,
        "personnel_number": notice.personnel_number,
        "status": result.status.value,
        "known": result.is_duplicate,
        "premium_change": premiums.pop(notice.personnel_number, ZERO),
        "errors": [_write_code(place, code.value) for code in result.codes],
    }


def _write_code(place: int, code: str) -> dict[str, str]:
    field = _FIELD_OF.get(code)
    where = f"notices/{place}"
    return write_fault(Fault(code, f"{where}/{field}" if field else where))


def _write_unread(place: int, item: Any, faults: Sequence[Fault]) -> dict[str, Any]:
    return {
        "index": place,
        "id": None,
        "reference": _given(item, "reference"),
        "personnel_number": _given(item, "personnel_number"),
        "status": NoticeStatus.REFUSED.value,
        "known": False,
        "premium_change": ZERO,
        "errors": [write_fault(fault) for fault in faults],
    }


def _given(item: Any, name: str) -> str | None:
    """What the sender wrote there, if that can be repeated."""
    value = item.get(name) if isinstance(item, dict) else None
    return value[:70] if isinstance(value, str) else None


def _count(told: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    found = Counter(one["status"] for one in told)
    return {status.value: found[status.value] for status in NoticeStatus} | {
        "known": sum(one["known"] for one in told)
    }
