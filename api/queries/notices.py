"""Notices as programs read them."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from api.facts import Problem
from api.queries.contracts import parse_key
from aupolicy.models import GroupContract, Right
from aupolicy.queries.access import Rights, includes
from members.facts import NoticeKind, NoticeStatus, ShownStatus
from members.models import NoticeRecord
from members.queries.notices import get_shown_status
from members.rules import OUR_NUMBER


def list_notices(
    rights: Rights, contract: GroupContract | None, wanted: Mapping[str, Any], today: date
) -> QuerySet[NoticeRecord]:
    """Notices in the order they came, narrowed by what the address asks for."""
    found = NoticeRecord.objects.select_related("contract", "withdrawn_by").filter(_visible(rights))
    if contract is not None:
        found = found.filter(contract=contract)
    if "status" in wanted:
        found = found.filter(_status_condition(ShownStatus(wanted["status"]), today))
    if "since" in wanted:
        found = found.filter(received_at__gte=wanted["since"])
    if "personnel_number" in wanted:
        found = found.filter(personnel_number=wanted["personnel_number"])
    if "reference" in wanted:
        found = found.filter(reference=wanted["reference"])
    return found.order_by("pk")


def _visible(rights: Rights) -> Q:
    """Of the own employers; of a broker's contracts those whose people it may see."""
    clients = [e for e in rights.clients if includes(rights.right_for(e), Right.READ)]
    own = Q(contract__employer__in=rights.employers)
    if not clients:
        return own
    return own | Q(contract__employer__in=clients, contract__broker__in=rights.brokers)


def _status_condition(status: ShownStatus, today: date) -> Q:
    """The same as `members.queries.notices.get_shown_status`, as a condition."""
    if status not in {ShownStatus.RECEIVED, ShownStatus.APPLIED}:
        return Q(status=status.value)
    # A notice waits until the first day that it changes; a correction has none.
    ends = [NoticeKind.LEAVE, NoticeKind.DEATH]
    waits = Q(kind__in=ends, effective__gte=today) | Q(effective__gt=today)
    waits &= ~Q(kind=NoticeKind.CORRECTION)
    return Q(status=NoticeStatus.APPLIED) & (waits if status is ShownStatus.RECEIVED else ~waits)


def find_notice(rights: Rights, name: str) -> NoticeRecord:
    """The notice of an id, or of the sender's reference. Raises Problem (404)."""
    key = parse_key(name)
    found = NoticeRecord.objects.select_related("contract__employer", "withdrawn_by").filter(
        _visible(rights), Q(public_id=key) if key else Q(reference=name)
    )
    # A reference that was let go may have been used anew: the newest counts.
    record = found.order_by("-pk").first()
    if record is None:
        raise Problem(404, "NOT_FOUND")
    return record


def read_public_ids(ids: Iterable[int]) -> dict[int, UUID]:
    """Our records by the keys programs know them by."""
    return dict(NoticeRecord.objects.filter(pk__in=list(ids)).values_list("pk", "public_id"))


def find_corrected(contract: GroupContract, names: Iterable[str]) -> dict[str, str]:
    """What corrections name by our keys -> our own numbers of it; other names are left out."""
    keys = {name: key for name in names if (key := parse_key(name))}
    if not keys:
        return {}
    records = NoticeRecord.objects.filter(contract=contract, public_id__in=keys.values())
    ids = dict(records.values_list("public_id", "pk"))
    return {name: f"{OUR_NUMBER}{ids[key]}" for name, key in keys.items() if key in ids}


def write_notice(record: NoticeRecord, today: date) -> dict[str, Any]:
    """A notice as an answer tells it."""
    withdrawn_by = record.withdrawn_by
    return {
        "id": record.public_id,
        "contract": record.contract.number,
        "kind": record.kind,
        "personnel_number": record.personnel_number,
        "effective": record.effective,
        "received_at": _whole_seconds(record.received_at),
        "status": get_shown_status(record, today).value,
        "codes": record.codes,
        "channel": record.channel,
        "pay": record.pay,
        "reason": record.reason or None,
        "first_name": record.first_name or None,
        "last_name": record.last_name or None,
        "birth_date": record.birth_date,
        "employment": record.employment or None,
        "reference": record.reference or None,
        "withdrawn_by": withdrawn_by.public_id if withdrawn_by else None,
    }


def _whole_seconds(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
