"""The start page: what do I have to do now?"""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from aupolicy.kernel.month import Month
from aupolicy.models import Role
from portal.queries.examiner.cases import count_claims
from portal.queries.insurer.runs import describe_state
from portal.queries.insurer.start import get_situation
from portal.views.access import InsurerRequest, insurer_only
from portal.views.charts import draw_months
from portal.views.examiner.cases import show_start as show_examiner_start


@require_safe
@insurer_only
def show_start(request: InsurerRequest) -> HttpResponse:
    """Open work first, then the insurer in four figures and the premium by month.

    Who examines claims and does nothing else here gets a start of their own.
    """
    today = request.access.today
    roles = request.access.rights.roles
    examines = Role.EXAMINER in roles
    if examines and roles.isdisjoint({Role.CLERK, Role.FINANCE}):
        return show_examiner_start(request)
    situation = get_situation(today)
    last = situation.months[-1] if situation.months else None
    next_month = Month.of(last.month).plus(1) if last else Month.of(today)
    progress = situation.open_progress
    context = {
        "situation": situation,
        "run_state": describe_state(progress) if progress else "",
        "last": last,
        "next_month": next_month.first_day,
        # A month is billed before it begins, so that the pre-notification can run.
        "is_run_due": situation.open_run is None and next_month <= Month.of(today).plus(1),
        "chart": draw_months(situation.months),
        "claim_counts": count_claims(user=request.user, today=today) if examines else None,
    }
    return render(request, "portal/insurer/start.html", context)
