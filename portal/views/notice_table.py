"""Notices as a table to take along, in whatever room."""

from collections.abc import Iterator, Sequence

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone

from members.facts import Channel, NoticeKind, NoticeStatus
from members.models import NoticeRecord
from members.words import describe_code, describe_kind
from portal.exports.sheet import Cell
from portal.exports.tables import NOTICES
from portal.views.downloads import send_table
from portal.words import CHANNELS, NOTICE_STATUSES

_AT_ONCE = 2000


def send_notices(notices: QuerySet[NoticeRecord], *, name: str) -> HttpResponse:
    """Every notice with what was said and where it stands."""
    return send_table(NOTICES, _list_cells(notices), name=name)


def _list_cells(notices: QuerySet[NoticeRecord]) -> Iterator[Sequence[Cell]]:
    found = notices.select_related("contract__employer")
    for notice in found.order_by("-pk").iterator(chunk_size=_AT_ONCE):
        is_correction = notice.kind == NoticeKind.CORRECTION
        yield (
            describe_kind(NoticeKind(notice.kind)),
            notice.contract.employer.legal_name,
            notice.contract.number,
            notice.personnel_number,
            notice.last_name,
            notice.first_name,
            None if is_correction else notice.effective,
            notice.pay,
            timezone.localdate(notice.received_at),
            str(CHANNELS[Channel(notice.channel)]),
            notice.reference,
            str(NOTICE_STATUSES[NoticeStatus(notice.status)][1]),
            " | ".join(describe_code(code) for code in notice.codes),
        )
