"""What notices would change on the next statement, before they are applied."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from aupolicy.kernel.month import Month
from aupolicy.models import GroupContract
from members.facts import Notice


@dataclass(frozen=True, slots=True)
class MoneyEffect:
    """EUR more (or less) on the statement of `month`, the contract's next one.

    `by_person` has the people (by personnel number) whose premium changes; `corrections` is the
    part of `total` that is about months billed before.
    """

    month: Month
    total: Decimal
    corrections: Decimal
    by_person: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class NoticePreview:
    """What some notices would do (`plan`, see members.queries.plan) and what that costs."""

    plan: object
    effect: MoneyEffect


def preview_notices(
    *, contract: GroupContract, notices: Sequence[Notice], today: date
) -> NoticePreview:
    """What apply_notices would do with these notices and what that costs; nothing is written."""
    raise NotImplementedError
