"""A clerk's decision about a notice that could not pass by itself."""

from datetime import datetime

from django.db import transaction

from aupolicy.models import User
from members.facts import NoticeStatus
from members.models import NoticeDecision, NoticeRecord
from members.operations.apply_notices import lock_contract
from members.operations.save_plan import Origin, save_plan
from members.queries import plan_decision


class UnableToDecide(ValueError):
    """A decision that cannot be taken.

    `code` is NO_NOTE (no reason given), NOT_OPEN (the notice needs no clerk, `status` says where
    it stands) or DOES_NOT_FIT (accepted it would still not fit, `codes` say why).
    """

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(f"{code}: {params}")
        self.code, self.params = code, params


def decide_notice(
    *,
    notice: NoticeRecord,
    verdict: NoticeDecision.Verdict,
    note: str,
    decided_by: User,
    now: datetime,
) -> NoticeDecision:
    """Let a notice count although it reaches too far, or refuse it for good; derive anew.

    A notice that does not fit to the others (nobody is insured that day) cannot be accepted:
    another notice has to come, or this one is refused. Raises UnableToDecide.
    """
    if not note.strip():
        raise UnableToDecide("NO_NOTE")
    with transaction.atomic():
        contract = lock_contract(notice.contract)
        notice = NoticeRecord.objects.get(pk=notice.pk)
        if notice.status != NoticeStatus.NEEDS_CLERK:
            raise UnableToDecide("NOT_OPEN", status=notice.status)
        plan = plan_decision(
            contract=contract,
            number=notice.personnel_number,
            notice_id=notice.pk,
            verdict=verdict,
        )
        standing = plan.changed.get(notice.pk)
        if standing is None or standing.status is NoticeStatus.NEEDS_CLERK:
            codes = notice.codes if standing is None else standing.codes
            raise UnableToDecide("DOES_NOT_FIT", codes=", ".join(codes))
        decision = NoticeDecision.objects.create(
            notice=notice,
            verdict=verdict,
            note=note.strip(),
            decided_by=decided_by,
            decided_at=now,
        )
        save_plan(contract, plan, Origin(decided_by), now=now)
    return decision
