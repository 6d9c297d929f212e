"""The employer's own bookkeeping: a file of bookings, and the accounts they go to."""

from io import BytesIO

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from aupolicy.kernel.month import Month
from aupolicy.models import Right
from billing.exports.extf import ENCODING, UnableToWriteBatch
from billing.models import BookkeepingTarget
from billing.operations.bookkeeping import UnableToSaveTarget, save_target
from billing.queries.bookkeeping import build_batch, get_target, list_booked_months
from billing.words import describe_bookkeeping_refusal
from portal.forms.bookkeeping import PeriodOfMonthsForm, TargetForm
from portal.views.access import EmployerRequest, employer_room
from portal.views.downloads import send_file


@require_safe
@employer_room()
def show(request: EmployerRequest) -> HttpResponse:
    """The months to choose from and the accounts that the bookings go to."""
    return _show(request, _unbound(list_booked_months(request.access.employer)))


@require_safe
@employer_room()
def send_batch(request: EmployerRequest) -> HttpResponse | FileResponse:
    """The bookings of the months asked for; the page again, with the reason, where there are none.

    A file is written for whoever may read the statements: it holds nothing else.
    """
    employer = request.access.employer
    form = PeriodOfMonthsForm(request.GET, months=list_booked_months(employer))
    if not form.is_valid():
        return _show(request, form)
    try:
        batch = build_batch(
            employer=employer,
            first=form.cleaned_data["first"],
            last=form.cleaned_data["last"],
            created_at=timezone.localtime(),
        )
    except UnableToWriteBatch as error:
        form.add_error(None, describe_bookkeeping_refusal(error.code, error.params))
        return _show(request, form)
    return send_file(BytesIO(batch.content), batch.file_name, f"text/csv; charset={ENCODING}")


@require_http_methods(["GET", "HEAD", "POST"])
@employer_room(Right.ADMIN)
def change(request: EmployerRequest) -> HttpResponse:
    """Say to which books and accounts the premium goes."""
    employer = request.access.employer
    form = TargetForm(request.POST or None, initial=_initial(get_target(employer)))
    if request.method == "POST" and form.is_valid():
        try:
            save_target(
                employer=employer,
                values=form.read_values(),
                changed_by=request.user,
                now=timezone.now(),
            )
        except UnableToSaveTarget as error:
            for fault in error.faults:
                form.add_error(fault.field, describe_bookkeeping_refusal(fault.code, fault.params))
        else:
            messages.success(request, _("Die Angaben für Ihre Buchhaltung sind gespeichert."))
            return redirect("employer:bookkeeping", employer.pk)
    context = {"room": "statements", "form": form}
    return render(request, "portal/employer/bookkeeping/change.html", context)


def _unbound(months: list[Month]) -> PeriodOfMonthsForm:
    newest = str(months[0]) if months else ""
    return PeriodOfMonthsForm(months=months, initial={"first": newest, "last": newest})


def _show(request: EmployerRequest, form: PeriodOfMonthsForm) -> HttpResponse:
    employer = request.access.employer
    target = get_target(employer)
    context = {
        "room": "statements",
        "target": target,
        "fiscal_year_month": MONTHS[target.fiscal_year_month] if target else "",
        "form": form,
        "has_statements": bool(list_booked_months(employer)),
    }
    return render(request, "portal/employer/bookkeeping/show.html", context)


def _initial(target: BookkeepingTarget | None) -> dict[str, object]:
    if target is None:
        return {}
    return {name: getattr(target, name) for name in TargetForm.base_fields}
