"""Notices as programs send them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from api.facts import Fault
from api.parsing.envelope import read_list
from api.parsing.fields import Field, Reader, amount, choice, day, personnel_number, text
from members.facts import Employment, EndReason, Notice, NoticeKind

MOST_NOTICES: Final = 1000
NOTICE_FIELDS: Final[tuple[Field, ...]] = (
    choice("kind", "What is reported.", [kind.value for kind in NoticeKind], required=True),
    personnel_number("Your personnel number of the person."),
    day(
        "effective",
        "First day of the new state; of LEAVE and DEATH the last day of cover; of PARENTAL_LEAVE"
        " the first day of the leave.",
        required=True,
    ),
    amount("pay", "Monthly gross pay in EUR; of JOIN, RETURN and PAY_CHANGE."),
    choice("reason", "Why cover ends; of LEAVE.", [reason.value for reason in EndReason]),
    text("first_name", "Of JOIN and NAME_CHANGE.", longest=70, example="Anna"),
    text("last_name", "Of JOIN and NAME_CHANGE.", longest=70, example="Probst"),
    day("birth_date", "Of JOIN.", example="1990-05-17"),
    choice(
        "employment",
        "How the person is employed; regular unless said.",
        [employment.value for employment in Employment],
    ),
    text("occupation", "Some occupations cannot be insured.", longest=70),
    text("health_insurance", "statutory or private, where it is known.", longest=20),
    text("reference", "Your own key of this notice; it is used once.", longest=70),
    text("corrects", "Of CORRECTION: `reference` or `id` of the notice it withdraws.", longest=70),
)
ENVELOPE_FIELDS: Final[tuple[Field, ...]] = (
    text(
        "contract",
        "Number or id of the contract; may be left out where there is only one.",
        longest=36,
        example="BAU-100001",
    ),
)
_READER: Final = Reader(NOTICE_FIELDS)
_KINDS: Final = {kind.value: kind for kind in NoticeKind}
_REASONS: Final = {reason.value: reason for reason in EndReason}
ReadNotice = Notice | tuple[Fault, ...]


def read_envelope(body: Any) -> tuple[str, list[Any]]:
    """The contract that is named ("" where none is) and the items. Raises Problem (422)."""
    found, items = read_list(body, "notices", ENVELOPE_FIELDS, most=MOST_NOTICES)
    return found.get("contract", ""), items


def read_notices(items: Sequence[Any], received_at: datetime) -> list[ReadNotice]:
    """Each item as a notice, or what is wrong with it; their places count as rows from 1."""
    return [_read(item, place, received_at) for place, item in enumerate(items)]


def _read(item: Any, place: int, received_at: datetime) -> ReadNotice:
    found, faults = _READER.read(item, f"notices/{place}")
    if faults:
        return tuple(faults)
    said = {name: value for name, value in found.items() if value != ""}
    said["kind"] = _KINDS[said["kind"]]
    if "reason" in said:
        said["reason"] = _REASONS[said["reason"]]
    return Notice(received_at=received_at, row=place + 1, **said)
