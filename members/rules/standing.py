"""Where all notices of one person stand, and what they amount to."""

from collections.abc import Collection, Sequence

from members.facts import NoticeCode, NoticeKind, NoticeStatus, Standing, Timeline
from members.rules.corrections import IsTooLate, Said, Withdrawals, settle_corrections
from members.rules.eligibility import RetirementSteps
from members.rules.timeline import derive_timeline

_APPLIED = Standing(NoticeStatus.APPLIED)


def settle_person(
    said: Sequence[Said],
    *,
    steps: RetirementSteps,
    is_too_late: IsTooLate,
    used_elsewhere: Collection[str] = (),
) -> tuple[dict[int, Standing], Timeline]:
    """Fold all notices of one person; their standings by key, and name, cover and pay."""
    withdrawals = settle_corrections(said, is_too_late=is_too_late, used_elsewhere=used_elsewhere)
    standings = {one.key: _stand_alone(one, withdrawals) for one in said}
    counting = [
        one
        for one in said
        if standings[one.key] is _APPLIED and one.notice.kind is not NoticeKind.CORRECTION
    ]
    timeline = derive_timeline([one.notice for one in counting], steps=steps)
    for index, code in timeline.codes.items():
        standings[counting[index].key] = Standing(NoticeStatus.NEEDS_CLERK, (code,))
    return standings, timeline


def _stand_alone(said: Said, withdrawals: Withdrawals) -> Standing:
    """Where a notice stands before it is folded with the others."""
    key = said.key
    if said.faults:
        return Standing(NoticeStatus.REFUSED, said.faults)
    if key in withdrawals.by:
        by = withdrawals.by[key]
        # What put it to a clerk is kept: it may be restored.
        codes = said.limits if by is not None else (NoticeCode.REFERENCE_USED,)
        return Standing(NoticeStatus.WITHDRAWN, codes, by)
    if said.limits:
        return Standing(NoticeStatus.NEEDS_CLERK, said.limits)
    if key in withdrawals.codes:
        return Standing(NoticeStatus.NEEDS_CLERK, (withdrawals.codes[key],))
    return _APPLIED
