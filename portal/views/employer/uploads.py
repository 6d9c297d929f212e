"""Files of notices: hand in, see what they would do and cost, put right, release."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aupolicy.models import GroupContract, Right
from billing.tasks import send_apply, send_check
from members.exports.failed_rows import write_failed_rows
from members.exports.template import write_template
from members.facts import UploadKind
from members.models import Upload
from members.operations.uploads import (
    UnableToTakeUpload,
    correct_row,
    discard_upload,
    receive_upload,
    release_upload,
    set_mapping,
)
from members.parsing.headings import FIELDS
from members.queries.uploads import get_columns, get_failed_rows, get_progress, page_of_rows
from members.words import describe_upload_refusal
from portal.forms.uploads import ColumnsForm, RowForm, UploadForm
from portal.queries.employer.contracts import find_contracts
from portal.queries.employer.uploads import (
    find_uploads,
    get_row_cells,
    get_stage,
    page_of_uploads,
    read_effect,
)
from portal.views.access import EmployerRequest, employer_room
from portal.views.statement import read_page_number
from portal.words import UPLOAD_OUTCOMES

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OUTCOMES = frozenset({"apply", "clerk", "known", "none", "failed"})


@require_safe
@employer_room()
def list_all(request: EmployerRequest) -> HttpResponse:
    """All files, the newest first."""
    page = page_of_uploads(request.access.employer, request.GET.get("page", "1"))
    return render(request, "portal/employer/uploads/list.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@employer_room(Right.EDIT)
def create(request: EmployerRequest) -> HttpResponse:
    """Hand in a file; it is read, and nothing else happens yet."""
    contracts = list(find_contracts(request.access.employer))
    form = UploadForm(request.POST or None, request.FILES or None, contracts=contracts)
    if request.method == "POST" and form.is_valid():
        upload = _receive(request, form, contracts)
        if upload is not None:
            return redirect("employer:upload", request.access.employer.pk, upload.pk)
    context = {"form": form, "kinds": list(UploadKind)}
    return render(request, "portal/employer/uploads/new.html", context)


def _receive(
    request: EmployerRequest, form: UploadForm, contracts: list[GroupContract]
) -> Upload | None:
    """The file as it was taken; None with an error in the form where it was not."""
    chosen = int(form.cleaned_data.get("contract") or contracts[0].pk)
    file = form.cleaned_data["file"]
    now = timezone.now()
    try:
        upload = receive_upload(
            contract=next(contract for contract in contracts if contract.pk == chosen),
            kind=UploadKind(form.cleaned_data["kind"]),
            file_name=file.name or "",
            content=file.read(),
            effective=form.cleaned_data["effective"],
            sender=request.user,
            now=now,
        )
    except UnableToTakeUpload as error:
        day = error.code.startswith("EFFECTIVE")
        text = describe_upload_refusal(error.code, error.params)
        form.add_error("effective" if day else "file", text)
        return None
    if upload.received_at < now:
        messages.info(request, _("Diese Datei gibt es schon; hier ist sie."))
    else:
        send_check(upload, now)
    return upload


def _find(request: EmployerRequest, upload_id: int) -> Upload:
    return get_object_or_404(find_uploads(request.access.employer), pk=upload_id)


@require_safe
@employer_room()
def show(request: EmployerRequest, upload_id: int) -> HttpResponse:
    """Where the file stands: progress, the preview with every row, or how it ended."""
    upload = _find(request, upload_id)
    stage = get_stage(upload)
    if stage == "columns" and request.access.can_edit:
        return redirect("employer:upload_columns", request.access.employer.pk, upload.pk)
    context: dict[str, Any] = {"upload": upload, "stage": stage}
    if stage in {"preview", "applied"}:
        outcome = request.GET.get("show", "")
        shown = outcome if outcome in _OUTCOMES else ""
        context |= {
            "effect": read_effect(upload),
            "row_outcomes": [(value, word) for value, (_mark, word) in UPLOAD_OUTCOMES.items()],
            "show": shown,
            "only_findings": "findings" in request.GET,
            "rows": page_of_rows(
                upload=upload,
                outcome=shown,
                only_findings="findings" in request.GET,
                page=read_page_number(request.GET.get("page", "1")),
            ),
        }
    else:
        context["progress"] = get_progress(upload)
    return render(request, "portal/employer/uploads/show.html", context)


@require_safe
@employer_room()
def progress(request: EmployerRequest, upload_id: int) -> HttpResponse:
    """How far the work on a file is; once it is done, the whole page is asked for."""
    upload = _find(request, upload_id)
    context = {"upload": upload, "progress": get_progress(upload)}
    response = render(request, "portal/parts/upload_progress.html", context)
    if get_stage(upload) != "working":
        response["HX-Redirect"] = reverse(
            "employer:upload", args=[request.access.employer.pk, upload.pk]
        )
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@employer_room(Right.EDIT)
def choose_columns(request: EmployerRequest, upload_id: int) -> HttpResponse:
    """Say what the columns of a file mean."""
    upload = _find(request, upload_id)
    if get_stage(upload) not in {"columns", "preview"}:
        return redirect("employer:upload", request.access.employer.pk, upload.pk)
    found = get_columns(upload)
    form = ColumnsForm(
        request.POST or None,
        headings=found.columns.headings,
        fields=list(FIELDS[UploadKind(upload.kind)]),
        mapping=found.columns.to_dict(),
    )
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            set_mapping(
                upload=upload,
                mapping=form.read_mapping(),
                by=request.user,
                now=now,
                remember=form.cleaned_data["remember"],
            )
        except UnableToTakeUpload as error:
            form.add_error(None, describe_upload_refusal(error.code, error.params))
        else:
            send_check(upload, now)
            return redirect("employer:upload", request.access.employer.pk, upload.pk)
    columns = [
        (form[f"column_{index}"], [row[index] for row in found.examples if index < len(row)])
        for index, heading in enumerate(found.columns.headings)
        if heading
    ]
    context = {"upload": upload, "form": form, "columns": columns, "found": found}
    return render(request, "portal/employer/uploads/columns.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@employer_room(Right.EDIT)
def correct(request: EmployerRequest, upload_id: int, row: int) -> HttpResponse:
    """Put a row right; the file is checked again."""
    upload = _find(request, upload_id)
    found = get_row_cells(upload, row)
    if found is None or get_stage(upload) != "preview":
        return redirect("employer:upload", request.access.employer.pk, upload.pk)
    form = RowForm(request.POST or None, cells=found.cells)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            correct_row(upload=upload, row=row, cells=form.read_changes(), by=request.user, now=now)
        except UnableToTakeUpload as error:
            form.add_error(None, describe_upload_refusal(error.code, error.params))
        else:
            send_check(upload, now)
            return redirect("employer:upload", request.access.employer.pk, upload.pk)
    context = {"upload": upload, "found": found, "form": form}
    return render(request, "portal/employer/uploads/row.html", context)


@require_POST
@employer_room(Right.EDIT)
def release(request: EmployerRequest, upload_id: int) -> HttpResponse:
    """Let the file take effect, as a whole or without the rows in error."""
    upload = _find(request, upload_id)
    now = timezone.now()
    try:
        upload = release_upload(
            upload=upload,
            skips_failed_rows=request.POST.get("rows") == "valid",
            by=request.user,
            now=now,
        )
    except UnableToTakeUpload as error:
        messages.error(request, describe_upload_refusal(error.code, error.params))
    else:
        send_apply(upload, now)
    return redirect("employer:upload", request.access.employer.pk, upload_id)


@require_POST
@employer_room(Right.EDIT)
def discard(request: EmployerRequest, upload_id: int) -> HttpResponse:
    """Drop a file that has not taken effect."""
    upload = _find(request, upload_id)
    try:
        discard_upload(upload=upload)
    except UnableToTakeUpload as error:
        messages.error(request, describe_upload_refusal(error.code, error.params))
    else:
        messages.success(request, _("Die Datei ist verworfen; es hat sich nichts geändert."))
    return redirect("employer:uploads", request.access.employer.pk)


@require_safe
@employer_room()
def send_failed(request: EmployerRequest, upload_id: int, suffix: str) -> HttpResponse:
    """The rows that cannot be taken, with their errors, to be put right in the program."""
    upload = _find(request, upload_id)
    failed = get_failed_rows(upload)
    is_csv = suffix == "csv"
    content = write_failed_rows(
        failed.table,
        failed.errors,
        heading=_("Fehler"),
        file_format="csv" if is_csv else "xlsx",
    )
    name = f"{_('Fehlerhafte_Zeilen')}_{upload.pk}.{'csv' if is_csv else 'xlsx'}"
    return _send(content, name, "text/csv; charset=utf-8" if is_csv else _XLSX)


@require_safe
@employer_room()
def send_template(_request: EmployerRequest, kind: str) -> HttpResponse:
    """Our own workbook to fill in."""
    language = "en" if (get_language() or "de").startswith("en") else "de"
    wanted = UploadKind.FULL_LIST if kind == "full-list" else UploadKind.CHANGES
    name = _("Vorlage_Lohnliste") if kind == "full-list" else _("Vorlage_Meldungen")
    return _send(write_template(wanted, language=language), f"{name}.xlsx", _XLSX)


def _send(content: bytes, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
