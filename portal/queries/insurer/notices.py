"""Reads of the list of notices."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from members.facts import NoticeStatus
from members.models import NoticeRecord

PAGE_SIZE = 30


@dataclass(frozen=True, slots=True)
class NoticeFilter:
    """What the list is narrowed to; status None shows all."""

    text: str = ""
    status: NoticeStatus | None = NoticeStatus.NEEDS_CLERK


def filter_notices(wanted: NoticeFilter) -> QuerySet[NoticeRecord]:
    """Notices, the newest first, whose employer, contract, name or personnel number fits."""
    notices = NoticeRecord.objects.select_related("contract__employer").order_by("-pk")
    if wanted.status:
        notices = notices.filter(status=wanted.status.value)
    if wanted.text:
        notices = notices.filter(
            Q(contract__number__iexact=wanted.text)
            | Q(contract__employer__legal_name__icontains=wanted.text)
            | Q(personnel_number__iexact=wanted.text)
            | Q(last_name__istartswith=wanted.text)
        )
    return notices


def page_of_notices(wanted: NoticeFilter, page: str | int) -> Page[NoticeRecord]:
    """One page of notices."""
    return Paginator(filter_notices(wanted), PAGE_SIZE).get_page(page)
