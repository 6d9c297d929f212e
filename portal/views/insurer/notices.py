"""Notices: the list, those that need a clerk first; one of them with what deciding it does."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from aupolicy.models import WorkItem
from aupolicy.queries.work import find_item
from members.facts import Cover, NoticeStatus, PayPeriod
from members.models import NoticeDecision, NoticeRecord
from members.operations import UnableToDecide, decide_notice
from portal.queries.insurer.notices import (
    NoticeFilter,
    find_decision,
    page_of_notices,
    preview_acceptance,
)
from portal.views.access import InsurerRequest, insurer_only
from portal.views.charts import draw_cover
from portal.words import NOTICE_STATUSES

_ALL = "all"
_MOST_NOTE = 2000


@require_safe
@insurer_only
def list_all(request: InsurerRequest) -> HttpResponse:
    """Notices, narrowed by text and status; at first those that wait for a decision."""
    wanted = read_notice_filter(request)
    context = {
        "wanted": wanted,
        "statuses": [(status.value, word) for status, (_, word) in NOTICE_STATUSES.items()],
        "page": page_of_notices(wanted, request.GET.get("page", 1)),
        "is_open_work": wanted == NoticeFilter(),
    }
    return render(request, "portal/insurer/notices/list.html", context)


def read_notice_filter(request: InsurerRequest) -> NoticeFilter:
    """What the address narrows the list to."""
    text = request.GET.get("q", "").strip()[:80]
    status = request.GET.get("status", "")
    if status == _ALL:
        return NoticeFilter(text=text, status=None)
    if status in NoticeStatus.__members__:
        return NoticeFilter(text=text, status=NoticeStatus(status))
    return NoticeFilter(text=text)


@require_safe
@insurer_only
def show(request: InsurerRequest, notice_id: int) -> HttpResponse:
    """What was said and why it did not pass; while open, what accepting would do and cost."""
    return _show(request, _find(notice_id), "")


def _find(notice_id: int) -> NoticeRecord:
    notices = NoticeRecord.objects.select_related("contract__employer", "sender", "upload")
    return get_object_or_404(notices, pk=notice_id)


def _show(request: InsurerRequest, notice: NoticeRecord, note: str) -> HttpResponse:
    today = request.access.today
    is_open = notice.status == NoticeStatus.NEEDS_CLERK
    preview = preview_acceptance(notice, today) if is_open else None
    context = {
        "room": "notices",
        "notice": notice,
        "contract": notice.contract,
        "item": find_item(WorkItem.Kind.NOTICE, notice.pk),
        "preview": preview,
        "without": draw_cover(preview.without, _pays(preview.without), today=today)
        if preview
        else "",
        "with_it": draw_cover(preview.with_it, _pays(preview.with_it), today=today)
        if preview
        else "",
        "decision": None if is_open else find_decision(notice),
        "note": note,
    }
    return render(request, "portal/insurer/notices/show.html", context)


def _pays(covers: tuple[Cover, ...]) -> list[PayPeriod]:
    return [pay for cover in covers for pay in cover.pays]


@require_POST
@insurer_only
def decide(request: InsurerRequest, notice_id: int) -> HttpResponse:
    """Let the notice count or refuse it, with a reason."""
    notice = _find(notice_id)
    note = request.POST.get("note", "")[:_MOST_NOTE]
    verdict = request.POST.get("verdict", "")
    if verdict not in NoticeDecision.Verdict.values:
        messages.error(request, _("Wählen Sie, ob die Meldung angenommen oder abgelehnt wird."))
        return _show(request, notice, note)
    try:
        decide_notice(
            notice=notice,
            verdict=NoticeDecision.Verdict(verdict),
            note=note,
            decided_by=request.user,
            now=timezone.now(),
        )
    except UnableToDecide as error:
        messages.error(request, _describe(error))
        return _show(request, _find(notice_id), note)
    if verdict == NoticeDecision.Verdict.ACCEPT:
        messages.success(request, _("Die Meldung ist angenommen und wirkt jetzt."))
    else:
        messages.success(request, _("Die Meldung ist abgelehnt. Sie wirkt nicht."))
    return redirect("insurer:notice", notice.pk)


def _describe(error: UnableToDecide) -> str:
    return {
        "NO_NOTE": _("Schreiben Sie auf, warum Sie so entscheiden."),
        "NOT_OPEN": _("Über diese Meldung ist schon entschieden."),
        "DOES_NOT_FIT": _(
            "Angenommen würde die Meldung den anderen widersprechen. Lehnen Sie sie ab oder"
            " warten Sie auf eine Berichtigung."
        ),
    }[error.code]
