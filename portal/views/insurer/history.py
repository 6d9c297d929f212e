"""The audit trail of a contract, an employer, a broker or a user."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from aupolicy.models import Broker, Employer, GroupContract, User
from portal.forms.fields import DayField
from portal.queries.insurer.history import HistoryFilter, list_history
from portal.queries.insurer.history_sources import Kind, Subject
from portal.views.access import InsurerRequest, insurer_only

_MODELS: dict[Subject, type[Model]] = {
    Subject.CONTRACT: GroupContract,
    Subject.EMPLOYER: Employer,
    Subject.BROKER: Broker,
    Subject.USER: User,
}
_MOST_PAGES = 1000


@require_safe
@insurer_only
def show(request: InsurerRequest, kind: str, subject_id: int) -> HttpResponse:
    """Who changed what and when, narrowed by kind and time."""
    if kind not in set(Subject):
        raise Http404
    subject = Subject(kind)
    row = get_object_or_404(_MODELS[subject], pk=subject_id)
    wanted, page = _read_filter(request), _read_page(request)
    entries, has_older = list_history(subject, subject_id, wanted=wanted, page=page)
    context = {
        "room": "contracts",
        "subject": subject,
        "row": row,
        "name": (row.get_full_name() if isinstance(row, User) else "") or str(row),
        "wanted": wanted,
        "entries": entries,
        "has_older": has_older,
        "number": page,
        "is_filtered": wanted != HistoryFilter(),
    }
    return render(request, "portal/insurer/history.html", context)


def _read_filter(request: InsurerRequest) -> HistoryFilter:
    kind = request.GET.get("kind", "")
    return HistoryFilter(
        kind=Kind(kind) if kind in set(Kind) else None,
        first_day=_read_day(request.GET.get("from", "")),
        last_day=_read_day(request.GET.get("to", "")),
    )


def _read_day(text: str) -> date | None:
    """A typed day; one that is none narrows nothing."""
    try:
        day: date | None = DayField(required=False).clean(text)
    except ValidationError:
        return None
    return day


def _read_page(request: InsurerRequest) -> int:
    wanted = request.GET.get("page", "1")
    number = int(wanted) if wanted.isascii() and wanted.isdigit() else 1
    return min(max(number, 1), _MOST_PAGES)
