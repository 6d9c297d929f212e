"""Search over everything, from the box that every page has."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.queries.insurer.search import PAGE_SIZE, SHORTEST, Group, search, search_group
from portal.views.access import InsurerRequest, insurer_only

_MOST_TEXT = 80
_MOST_PAGES = 200


@require_safe
@insurer_only
def show(request: InsurerRequest) -> HttpResponse:
    """The first hits of every group, or all pages of one."""
    text = " ".join(request.GET.get("q", "").split())[:_MOST_TEXT]
    only = request.GET.get("only", "")
    context = {"room": "search", "text": text, "is_short": len(text) < SHORTEST}
    if only in set(Group):
        page = _read_page(request)
        found = search_group(Group(only), text, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE)
        context |= {"found": [found], "only": found, "number": page}
    else:
        context |= {"found": search(text)}
    return render(request, "portal/insurer/search.html", context)


def _read_page(request: InsurerRequest) -> int:
    wanted = request.GET.get("page", "1")
    number = int(wanted) if wanted.isascii() and wanted.isdigit() else 1
    return min(max(number, 1), _MOST_PAGES)
