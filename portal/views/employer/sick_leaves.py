"""Reporting that somebody is ill: who and which days. What becomes of it is shown to nobody here.

The pages show what was entered through this room and never a claim: not its number, not where it
stands, not what is paid. Operations on claims open the insurer's scope for themselves.
"""

from datetime import datetime

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aupolicy.kernel.period import ONE_DAY
from aupolicy.models import Right
from claims.facts import CertificateSource, Channel
from claims.models import Certificate, SickLeave
from claims.operations.leaves import (
    UnableToAddCertificate,
    UnableToReportLeave,
    UnableToWithdraw,
    add_certificate,
    report_leave,
    withdraw_certificate,
    withdraw_leave,
)
from claims.words import describe_error
from portal.forms.sick_leave import CertificateForm, LinkForm, ReportForm, SheetForm
from portal.queries.employer.sick_leaves import (
    SHOWN_LEAVES,
    describe_leave,
    find_leaves,
    find_persons,
    page_of_leaves,
)
from portal.templatetags.portal import typed_day
from portal.views.access import EmployerRequest, employer_room

_FORM_METHODS = ["GET", "HEAD", "POST"]
_MOST_TEXT = 80
_FIELD_OF_CODE = {
    "IN_FUTURE": "first_day",
    "ENDS_BEFORE_START": "until",
    "NOT_A_MEMBER": "who",
    "REFERENCE_USED": "reference",
    "WITHIN_OTHER": "first_day",
    "BEFORE_LEAVE": "first_day",
    "TOO_LONG": "until",
    "KNOWN": "until",
    "ESTABLISHED_IN_FUTURE": "established_on",
}


@require_safe
@employer_room()
def list_all(request: EmployerRequest) -> HttpResponse:
    """What was reported, newest first."""
    show = request.GET.get("show", "reported")
    show = show if show in SHOWN_LEAVES else "reported"
    text = request.GET.get("q", "").strip()[:_MOST_TEXT]
    page, rows = page_of_leaves(
        request.access.employer, show=show, text=text, page=request.GET.get("page", 1)
    )
    context = {"room": "sick_leaves", "page": page, "rows": rows, "show": show, "text": text}
    return render(request, "portal/employer/sick_leaves/list.html", context)


@require_safe
@employer_room(Right.EDIT)
def suggest_people(request: EmployerRequest) -> HttpResponse:
    """People that fit what is being typed, as choices of the field."""
    text = request.GET.get("who", "").strip()[:_MOST_TEXT]
    people = find_persons(request.access.employer, text) if text else []
    return render(request, "portal/employer/sick_leaves/options.html", {"people": people})


@require_http_methods(_FORM_METHODS)
@employer_room(Right.EDIT)
def report(request: EmployerRequest) -> HttpResponse:
    """The form; then the leave is reported."""
    initial = {"who": request.GET.get("person", "")[:_MOST_TEXT]}
    form = ReportForm(request.access.employer, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        leave = _report(request, form)
        if leave is not None:
            return redirect("employer:sick_leave", request.access.employer.pk, leave.pk)
        if not form.errors:
            return redirect("employer:sick_leaves", request.access.employer.pk)
    context = {"room": "sick_leaves", "form": form, "people": form.people}
    return render(request, "portal/employer/sick_leaves/report.html", context)


def _report(request: EmployerRequest, form: ReportForm) -> SickLeave | None:
    """The leave as it stands now; None where something is wrong or it cannot be shown here."""
    data, now = form.cleaned_data, timezone.now()
    try:
        with transaction.atomic():
            reported = report_leave(
                person=form.people[0],
                first_day=data["first_day"],
                expected_last_day=data["until"],
                channel=_channel(request),
                user=request.user,
                reference=data["reference"],
                now=now,
            )
            _certify(request, form, reported.sick_leave, now)
    except (UnableToReportLeave, UnableToAddCertificate) as error:
        field = _FIELD_OF_CODE.get(error.code)
        form.add_error(field if field in form.fields else None, describe_error(error))
        return None
    leave = find_leaves(request.access.employer).filter(pk=reported.sick_leave.pk).first()
    if reported.is_new:
        messages.success(request, _("Die Krankmeldung ist eingegangen."))
    else:
        messages.info(request, _("Diese Krankmeldung kannten wir schon. Es gibt sie nur einmal."))
    return leave


def _certify(
    request: EmployerRequest, form: ReportForm, sick_leave: SickLeave, now: datetime
) -> None:
    """Record the certificate that was reported along; one that is known already is no error."""
    if form.certificate is None:
        return
    try:
        with transaction.atomic():
            _add_certificate(request, form, sick_leave, now)
    except UnableToAddCertificate as error:
        if error.code != "KNOWN":
            raise


def _add_certificate(
    request: EmployerRequest,
    form: ReportForm | CertificateForm,
    sick_leave: SickLeave,
    now: datetime,
) -> None:
    data = form.cleaned_data
    period = form.period if isinstance(form, CertificateForm) else form.certificate
    assert period is not None  # noqa: S101 -- asked before
    add_certificate(
        sick_leave=sick_leave,
        period=period,
        is_follow_up=form.is_follow_up,
        established_on=data["established_on"],
        accident=data["accident"],
        source=CertificateSource(data["source"]),
        channel=_channel(request),
        user=request.user,
        now=now,
    )


def _channel(request: EmployerRequest) -> Channel:
    return Channel.BROKER if request.access.broker_id else Channel.EMPLOYER


def _find(request: EmployerRequest, leave_id: int) -> SickLeave:
    return get_object_or_404(find_leaves(request.access.employer), pk=leave_id)


def find_open_leave(request: EmployerRequest, leave_id: int) -> SickLeave:
    """A leave of the employer that was not taken back, else 404."""
    leaves = find_leaves(request.access.employer).filter(withdrawn_at=None)
    return get_object_or_404(leaves, pk=leave_id)


@require_safe
@employer_room()
def show(request: EmployerRequest, leave_id: int) -> HttpResponse:
    """One report: what was entered, and what happens next."""
    return show_leave(request, _find(request, leave_id), LinkForm(), 200)


def show_leave(
    request: EmployerRequest, leave: SickLeave, form: LinkForm, status: int
) -> HttpResponse:
    """The page of a leave with the form for its link."""
    context = {
        "room": "sick_leaves",
        "row": describe_leave(leave),
        "form": form,
        "sheet_form": SheetForm(auto_id="sheet_%s"),
    }
    return render(request, "portal/employer/sick_leaves/show.html", context, status=status)


@require_http_methods(_FORM_METHODS)
@employer_room(Right.EDIT)
def certify(request: EmployerRequest, leave_id: int) -> HttpResponse:
    """The days of a further certificate."""
    leave = find_open_leave(request, leave_id)
    until = describe_leave(leave).until
    next_day = until + ONE_DAY if until else leave.first_day
    initial = {"first_day": typed_day(next_day), "kind": "follow_up" if until else "first"}
    form = CertificateForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            _add_certificate(request, form, leave, timezone.now())
        except UnableToAddCertificate as error:
            form.add_error(_FIELD_OF_CODE.get(error.code), describe_error(error))
        else:
            messages.success(request, _("Die Bescheinigung ist eingetragen."))
            return redirect("employer:sick_leave", request.access.employer.pk, leave.pk)
    context = {"room": "sick_leaves", "leave": leave, "form": form}
    return render(request, "portal/employer/sick_leaves/certificate.html", context)


@require_POST
@employer_room(Right.EDIT)
def take_back_certificate(
    request: EmployerRequest, leave_id: int, certificate_id: int
) -> HttpResponse:
    """Take back the days of a certificate that were entered by mistake."""
    leave = find_open_leave(request, leave_id)
    own = describe_leave(leave).certificates
    certificate = next((each for each in own if each.pk == certificate_id), None)
    if certificate is None:
        # Taken back before, by a second click for instance; one of another leave is nobody's here.
        get_object_or_404(Certificate, pk=certificate_id, sick_leave=leave)
    else:
        withdraw_certificate(certificate=certificate, user=request.user, now=timezone.now())
        messages.success(request, _("Die Bescheinigung ist zurückgenommen."))
    return redirect("employer:sick_leave", request.access.employer.pk, leave.pk)


@require_http_methods(_FORM_METHODS)
@employer_room(Right.EDIT)
def withdraw(request: EmployerRequest, leave_id: int) -> HttpResponse:
    """Ask whether it is meant; then the report is taken back."""
    leave = _find(request, leave_id)
    employer_id = request.access.employer.pk
    if leave.withdrawn_at is not None:
        return redirect("employer:sick_leave", employer_id, leave.pk)
    if request.method == "POST":
        try:
            withdraw_leave(
                sick_leave=leave,
                channel=_channel(request),
                user=request.user,
                now=timezone.now(),
            )
        except UnableToWithdraw as error:
            messages.error(request, describe_error(error))
        else:
            messages.success(request, _("Die Krankmeldung ist zurückgenommen."))
        # Not to the report: where others have told of the leave as well, it is no longer shown.
        return redirect("employer:sick_leaves", employer_id)
    context = {"room": "sick_leaves", "row": describe_leave(leave)}
    return render(request, "portal/employer/sick_leaves/withdraw.html", context)
