"""Files for the employer's payroll program: settings, preview, making one, fetching it."""

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aupolicy.kernel.money import format_amount
from aupolicy.kernel.month import Month, UnableToReadMonth
from aupolicy.models import Right
from billing.exports.payroll.file import media_type
from billing.facts.payroll_file import PayrollFormat
from billing.models import PayrollFile
from billing.operations.payroll_files import (
    UnableToMakePayrollFile,
    UnableToSavePayrollTarget,
    UnableToWithdrawPayrollFile,
    create_payroll_file,
    save_payroll_target,
    withdraw_payroll_file,
)
from billing.queries.benefit_in_kind import MONTHLY_LIMIT, list_billed_months
from billing.queries.payroll_files import (
    PayrollPreview,
    get_file_name,
    get_payroll_target,
    list_payroll_files,
    preview_payroll_file,
    read_payroll_file,
)
from billing.words import describe_payroll_format, describe_payroll_refusal
from portal.forms.payroll_files import PayrollProgramForm, PayrollTargetForm
from portal.views.access import EmployerRequest, employer_room
from portal.views.downloads import send_file
from portal.views.statement import read_page_number

PAGE_SIZE = 50
# So many files are shown at first: those of a year.
_FEW_FILES = 12


@require_safe
@employer_room()
def show(request: EmployerRequest) -> HttpResponse:
    """What a file of a month would deliver, and the files there are."""
    employer = request.access.employer
    months = list_billed_months(employer)
    files = list(list_payroll_files(employer))
    shown = files if request.GET.get("files") == "all" else files[:_FEW_FILES]
    context: dict[str, Any] = {
        "room": "statements",
        "months": months,
        "files": [_describe_file(file) for file in shown],
        "has_older_files": len(shown) < len(files),
        "limit": MONTHLY_LIMIT,
    }
    if months:
        month = _read_month(request.GET.get("month") or f"{months[0]:%Y-%m}")
        preview = preview_payroll_file(employer=employer, month=month)
        context |= _describe_preview(preview, request.GET.get("page", "1"))
    return render(request, "portal/employer/benefits/files.html", context)


@require_POST
@employer_room(Right.EDIT)
def create(request: EmployerRequest) -> HttpResponse:
    """Make the file of a month in the format of the settings."""
    employer = request.access.employer
    month = _read_month(request.POST.get("month", ""))
    target = get_payroll_target(employer)
    if target is None:
        return redirect("employer:payroll_target", employer.pk)
    try:
        file = create_payroll_file(
            employer=employer,
            month=month,
            file_format=target.file_format,
            by=request.user,
            now=timezone.now(),
        )
    except UnableToMakePayrollFile as error:
        messages.error(request, describe_payroll_refusal(error.code, error.params))
    else:
        text = ngettext(
            "Die Datei Nr. %(number)d ist erstellt: %(amount)s € für eine Person.",
            "Die Datei Nr. %(number)d ist erstellt: %(amount)s € für %(people)d Personen.",
            file.people,
        )
        words = {"number": file.number, "people": file.people}
        messages.success(request, text % {**words, "amount": format_amount(file.amount)})
    address = reverse("employer:payroll_files", args=[employer.pk])
    return redirect(f"{address}?month={month}")


@require_safe
@employer_room()
def send(request: EmployerRequest, payroll_file_id: int) -> FileResponse:
    """A file as it was made, byte for byte."""
    file = _find_file(request, payroll_file_id)
    content = BytesIO(read_payroll_file(file))
    return send_file(content, get_file_name(file), media_type(PayrollFormat(file.file_format)))


@require_http_methods(["GET", "HEAD", "POST"])
@employer_room(Right.EDIT)
def withdraw(request: EmployerRequest, payroll_file_id: int) -> HttpResponse:
    """Ask, and take back a file that payroll never took in."""
    employer = request.access.employer
    file = _find_file(request, payroll_file_id)
    if request.method != "POST":
        context = {"room": "statements", "file": file, "month": file.month}
        return render(request, "portal/employer/benefits/withdraw_file.html", context)
    try:
        withdraw_payroll_file(file=file, by=request.user, now=timezone.now())
    except UnableToWithdrawPayrollFile as error:
        messages.error(request, describe_payroll_refusal(error.code, {}))
    else:
        text = _("Die Datei Nr. %(number)d ist zurückgenommen. Die nächste enthält ihre Werte.")
        messages.success(request, text % {"number": file.number})
    address = reverse("employer:payroll_files", args=[employer.pk])
    return redirect(f"{address}?month={Month.of(file.month)}")


@require_http_methods(["GET", "HEAD", "POST"])
@employer_room(Right.EDIT)
def change_target(request: EmployerRequest) -> HttpResponse:
    """Say which payroll program there is, and then what it needs to know."""
    employer = request.access.employer
    saved = get_payroll_target(employer)
    program = PayrollProgramForm(
        request.GET if "asked" in request.GET else None,
        initial={"file_format": saved.file_format.value if saved else ""},
    )
    wanted = request.GET.get("file_format", saved.file_format.value if saved else "")
    if wanted not in set(PayrollFormat) or "choose" in request.GET:
        return _render_target(request, program, None)
    months = [Month.of(day) for day in list_billed_months(employer)]
    form = PayrollTargetForm(
        request.POST or None, file_format=PayrollFormat(wanted), months=months, saved=saved
    )
    if request.method == "POST" and form.is_valid() and _save(request, form):
        messages.success(request, _("Die Einstellungen sind gespeichert."))
        return redirect("employer:payroll_files", employer.pk)
    return _render_target(request, program, form)


def _save(request: EmployerRequest, form: PayrollTargetForm) -> bool:
    try:
        save_payroll_target(
            employer=request.access.employer,
            target=form.read_target(),
            by=request.user,
            now=timezone.now(),
        )
    except UnableToSavePayrollTarget as error:
        form.add_problems(error.fields)
        return False
    return True


def _render_target(
    request: EmployerRequest, program: PayrollProgramForm, form: PayrollTargetForm | None
) -> HttpResponse:
    name = describe_payroll_format(form.file_format) if form else ""
    context = {"room": "statements", "program_form": program, "form": form or program}
    context |= {"asks_program": form is None, "program": name}
    return render(request, "portal/employer/benefits/target.html", context)


def _find_file(request: EmployerRequest, file_id: int) -> PayrollFile:
    return get_object_or_404(list_payroll_files(request.access.employer), pk=file_id)


def _describe_file(file: PayrollFile) -> dict[str, Any]:
    return {
        "row": file,
        "name": get_file_name(file),
        "program": describe_payroll_format(PayrollFormat(file.file_format)),
        "withdrawal": getattr(file, "withdrawal", None),
    }


def _describe_preview(preview: PayrollPreview, page: str) -> dict[str, Any]:
    """The figures of a preview, and one page of its rows."""
    pages = max(1, -(-len(preview.rows) // PAGE_SIZE))
    number = min(max(read_page_number(page), 1), pages)
    before = (number - 1) * PAGE_SIZE
    problem = preview.problem
    return {
        "month": preview.month.first_day,
        "target": preview.saved,
        "program": describe_payroll_format(preview.target.file_format),
        "preview": preview,
        "problem": describe_payroll_refusal(problem.code, problem.params) if problem else "",
        "is_done": problem is not None and problem.code == "NOTHING_NEW",
        "rows": preview.rows[before : before + PAGE_SIZE],
        "number": number,
        "pages": pages,
        "first": before + 1,
        "last": min(number * PAGE_SIZE, len(preview.rows)),
    }


def _read_month(text: str) -> Month:
    try:
        return Month.parse(text)
    except UnableToReadMonth as error:
        raise Http404 from error
