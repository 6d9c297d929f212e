"""Single notices: choose what to report, fill in, see what it does, send, take back."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from aupolicy.kernel.month import Month
from aupolicy.models import Right
from billing.queries.effect import preview_notices
from members.facts import Channel, Notice, NoticeKind, NoticeStatus
from members.models import NoticeRecord, Person
from members.operations import apply_notices, make_correction, withdraw_notice
from portal.forms.employer import FIELDS, NoticeForm
from portal.queries.employer.notices import (
    NoticeEffect,
    describe_effect,
    find_people,
    is_billed,
    page_of_notices,
)
from portal.queries.employer.person import can_be_withdrawn
from portal.templatetags.portal import typed_day
from portal.views.access import EmployerRequest, employer_room
from portal.views.charts import draw_cover
from portal.views.employer.room import Room, find_room, open_room
from portal.words import NOTICE_STATUSES

_FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
@employer_room()
def list_all(request: EmployerRequest) -> HttpResponse:
    """Everything reported, newest first, narrowed by status and person."""
    room = open_room(request)
    status, text = read_notice_filter(request)
    page = page_of_notices(room.contract, status=status, text=text, page=request.GET.get("page", 1))
    context = {
        "contract": room.contract,
        "contracts": room.contracts,
        "page": page,
        "wanted_status": status,
        "text": text,
        "statuses": [(each.value, word) for each, (_mark, word) in NOTICE_STATUSES.items()],
    }
    return render(request, "portal/employer/notices/list.html", context)


def read_notice_filter(request: EmployerRequest) -> tuple[str, str]:
    """What the address narrows the list to: a status, or none, and a text."""
    status = request.GET.get("status", "")
    text = request.GET.get("q", "").strip()[:80]
    return status if status in NoticeStatus.__members__ else "", text


@require_safe
@employer_room(Right.EDIT)
def choose_kind(request: EmployerRequest) -> HttpResponse:
    """What is to be reported."""
    kinds = list(FIELDS) if find_room(request) else []
    return render(request, "portal/employer/notices/kinds.html", {"kinds": kinds})


@require_http_methods(_FORM_METHODS)
@employer_room(Right.EDIT)
def fill_in(request: EmployerRequest, kind: str) -> HttpResponse:
    """The form of one kind; then what it would do; then it is sent."""
    room, notice_kind = open_room(request), _read_kind(kind)
    if request.method == "POST":
        return _take(request, room, notice_kind)
    person = _find_person(request)
    if notice_kind is not NoticeKind.JOIN and person is None:
        return _ask_for_person(request, room, notice_kind)
    initial = _make_initial(notice_kind, person, request.access.today)
    form = NoticeForm(notice_kind, received_at=timezone.now(), initial=initial)
    return _show_form(request, room, form, person)


def _read_kind(text: str) -> NoticeKind:
    kind = next((each for each in FIELDS if each.value.lower() == text), None)
    if kind is None:
        raise Http404
    return kind


def _find_person(request: EmployerRequest) -> Person | None:
    """The person of the address, None without one, else 404."""
    text = request.GET.get("person", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit()):
        raise Http404
    return get_object_or_404(Person, pk=int(text[:18]), employer=request.access.employer)


def _ask_for_person(request: EmployerRequest, room: Room, kind: NoticeKind) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:80]
    context = {
        "kind": kind,
        "text": text,
        "people": find_people(room.contract, text, request.access.today) if text else [],
        "contract": room.contract,
        "contracts": room.contracts,
    }
    return render(request, "portal/employer/notices/person.html", context)


def _make_initial(kind: NoticeKind, person: Person | None, today: date) -> dict[str, str]:
    """What is most often right, so that only what is new must be typed."""
    month = Month.of(today)
    days = {
        NoticeKind.JOIN: month.plus(1).first_day,
        NoticeKind.LEAVE: month.last_day,
        NoticeKind.PAY_CHANGE: month.plus(1).first_day,
        NoticeKind.NAME_CHANGE: today,
    }
    initial = {"effective": typed_day(days[kind])} if kind in days else {}
    if person is not None:
        initial["personnel_number"] = person.personnel_number
        if kind in {NoticeKind.NAME_CHANGE, NoticeKind.JOIN}:
            initial |= {"first_name": person.first_name, "last_name": person.last_name}
            initial["birth_date"] = typed_day(person.birth_date)
    return initial


def _take(request: EmployerRequest, room: Room, kind: NoticeKind) -> HttpResponse:
    """What was typed: shown again with its errors or to be changed, as a preview, or sent."""
    form = NoticeForm(kind, received_at=timezone.now(), data=request.POST)
    number = request.POST.get("personnel_number", "").strip()
    person = Person.objects.filter(
        employer=request.access.employer, personnel_number=number
    ).first()
    step = request.POST.get("step", "preview")
    if not form.is_valid() or form.notice is None:
        return _show_form(request, room, form, person)
    preview = preview_notices(
        contract=room.contract, notices=[form.notice], today=request.access.today
    )
    effect = describe_effect(room.contract, form.notice, preview)
    if effect.is_refused:
        form.refuse(effect.result.codes)
        return _show_form(request, room, form, person)
    if step == "edit":
        return _show_form(request, room, form, person)
    if step == "send":
        return _send(request, room, form.notice)
    context = {
        "form": form,
        "kind": kind,
        "notice": form.notice,
        "effect": effect,
        "person": person,
        "contract": room.contract,
        **_draw(effect, request.access.today),
    }
    return render(request, "portal/employer/notices/preview.html", context)


def _show_form(
    request: EmployerRequest, room: Room, form: NoticeForm, person: Person | None
) -> HttpResponse:
    context = {
        "form": form,
        "kind": form.kind,
        "person": person,
        "contract": room.contract,
        "contracts": room.contracts,
    }
    return render(request, "portal/employer/notices/form.html", context)


def _draw(effect: NoticeEffect, today: date) -> dict[str, Any]:
    """The cover as it would be, as a picture."""
    after = effect.plan.after
    pays = [pay for cover in after for pay in cover.pays]
    return {"timeline": draw_cover(after, pays, today=today)}


def _send(request: EmployerRequest, room: Room, notice: Notice) -> HttpResponse:
    report = apply_notices(
        contract=room.contract, notices=[notice], sender=request.user, channel=Channel.FORM
    )
    record = (
        NoticeRecord.objects.filter(
            contract=room.contract,
            personnel_number=notice.personnel_number,
            kind=notice.kind.value,
            effective=notice.effective,
        )
        .order_by("-pk")
        .first()
    )
    if record is None:
        raise Http404
    if report.duplicates:
        messages.info(request, _("Diese Meldung kannten wir schon; es hat sich nichts geändert."))
    else:
        messages.success(request, _("Ihre Meldung ist eingegangen."))
    return redirect("employer:notice", request.access.employer.pk, record.pk)


def _find_record(request: EmployerRequest, notice_id: int) -> NoticeRecord:
    records = NoticeRecord.objects.select_related(
        "contract__employer", "sender", "upload", "withdrawn_by"
    )
    return get_object_or_404(records, pk=notice_id, contract__employer=request.access.employer)


@require_safe
@employer_room()
def show(request: EmployerRequest, notice_id: int) -> HttpResponse:
    """One notice: what was said, where it stands and why, and the way back."""
    record = _find_record(request, notice_id)
    person = Person.objects.filter(
        employer=request.access.employer, personnel_number=record.personnel_number
    ).first()
    context = {
        "notice": record,
        "person": person,
        "is_billed": is_billed(record),
        "can_be_withdrawn": can_be_withdrawn(record),
        "decisions": record.decisions.order_by("pk"),
    }
    return render(request, "portal/employer/notices/show.html", context)


@require_http_methods(_FORM_METHODS)
@employer_room(Right.EDIT)
def withdraw(request: EmployerRequest, notice_id: int) -> HttpResponse:
    """What withdrawing a notice would do; then it is withdrawn by a correction."""
    record = _find_record(request, notice_id)
    employer_id = request.access.employer.pk
    if not can_be_withdrawn(record):
        return redirect("employer:notice", employer_id, record.pk)
    now = timezone.now()
    if request.method == "POST":
        report = withdraw_notice(record=record, by=request.user, now=now)
        if report.count(NoticeStatus.APPLIED):
            messages.success(request, _("Die Meldung ist zurückgenommen."))
        else:
            messages.warning(
                request, _("Die Rücknahme ist eingegangen und wird vom Versicherer geprüft.")
            )
        return redirect("employer:notice", employer_id, record.pk)
    correction = make_correction(record, now)
    preview = preview_notices(
        contract=record.contract, notices=[correction], today=request.access.today
    )
    effect = describe_effect(record.contract, correction, preview)
    context = {
        "notice": record,
        "effect": effect,
        "is_billed": is_billed(record),
        **_draw(effect, request.access.today),
    }
    return render(request, "portal/employer/notices/withdraw.html", context)
