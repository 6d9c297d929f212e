"""The one way in which insured people change: applying notices."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from aupolicy.models import GroupContract, User
from members.facts import Channel, Notice, NoticeKind, NoticeReport
from members.models import NoticeRecord, Upload
from members.operations.save_plan import Origin, save_plan
from members.queries import plan_notices
from members.rules import OUR_NUMBER


def apply_notices(
    *,
    contract: GroupContract,
    notices: Sequence[Notice],
    sender: User | None = None,
    source_name: str = "",
    channel: Channel = Channel.COMMAND,
    upload: Upload | None = None,
) -> NoticeReport:
    """Store notices and derive anew who is insured, from when, with what pay.

    Does exactly what `plan_notices` says: each notice is first judged alone (refused, or put to
    a clerk when it reaches too far); the rest is folded together with all earlier notices of
    the same person, so that any order of arrival ends in the same state. A notice known already
    changes nothing. Callers that want all or nothing look at the report and roll back.
    """
    with transaction.atomic():
        contract = lock_contract(contract)
        plan = plan_notices(contract=contract, notices=notices)
        if notices:
            origin = Origin(sender, channel, source_name, upload)
            save_plan(contract, plan, origin, now=max(n.received_at for n in notices))
    fresh = tuple(result for result in plan.results if not result.is_duplicate)
    return NoticeReport(results=fresh, duplicates=len(plan.results) - len(fresh))


def lock_contract(contract: GroupContract) -> GroupContract:
    """Hold the contract for this transaction.

    Runs lock it too: a notice is either in a statement or in the next one.
    """
    return GroupContract.objects.select_for_update(no_key=True).get(pk=contract.pk)


def withdraw_notice(
    *,
    record: NoticeRecord,
    by: User | None,
    now: datetime,
    channel: Channel = Channel.FORM,
) -> NoticeReport:
    """Undo a notice: a correction that names it by our own number.

    Undoing that correction brings the notice back. A correction that reaches too far back goes
    to a clerk.
    """
    correction = make_correction(record, now)
    return apply_notices(contract=record.contract, notices=[correction], sender=by, channel=channel)


def make_correction(record: NoticeRecord, now: datetime) -> Notice:
    """The correction that withdraws a notice on record; to preview what it would do."""
    return Notice(
        kind=NoticeKind.CORRECTION,
        personnel_number=record.personnel_number,
        effective=record.effective,
        received_at=now,
        corrects=f"{OUR_NUMBER}{record.pk}",
    )
