"""The list of notices, those that need a clerk first."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from members.facts import NoticeStatus
from portal.queries.insurer.notices import NoticeFilter, page_of_notices
from portal.views.access import InsurerRequest, insurer_only
from portal.words import NOTICE_STATUSES

_ALL = "all"


@require_safe
@insurer_only
def list_all(request: InsurerRequest) -> HttpResponse:
    """Notices, narrowed by text and status; at first those that wait for a decision."""
    wanted = _read_filter(request)
    context = {
        "wanted": wanted,
        "statuses": [(status.value, word) for status, (_, word) in NOTICE_STATUSES.items()],
        "page": page_of_notices(wanted, request.GET.get("page", 1)),
        "is_open_work": wanted == NoticeFilter(),
    }
    return render(request, "portal/insurer/notices.html", context)


def _read_filter(request: InsurerRequest) -> NoticeFilter:
    text = request.GET.get("q", "").strip()[:80]
    status = request.GET.get("status", "")
    if status == _ALL:
        return NoticeFilter(text=text, status=None)
    if status in NoticeStatus.__members__:
        return NoticeFilter(text=text, status=NoticeStatus(status))
    return NoticeFilter(text=text)
