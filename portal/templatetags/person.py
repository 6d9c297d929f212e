"""The words of the insured person's own page."""

from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.exports.day_counter import CounterRow
from claims.models import MedicalDocument, MedicalRead
from claims.words.days import describe_day, describe_row_cause
from documents.facts import DocumentKind
from portal.queries.person_page import Need, Task
from portal.templatetags.portal import day
from portal.words import DOCUMENT_KINDS, MEDICAL_DOCUMENT_KINDS, READ_REASONS

register = template.Library()

# Where the insured person is spoken to, a few words differ from what the insurer's own people read.
_READ_REASONS = {**READ_REASONS, MedicalRead.Reason.PERSON_ASKED: gettext_lazy("Auskunft an Sie")}
_LETTERS = {**DOCUMENT_KINDS, DocumentKind.CLAIM_REQUEST: gettext_lazy("Bitte um Unterlagen")}


@register.filter
def document_word(kind: str) -> Any:
    """What a paper is called; the whole file for no kind."""
    if not kind:
        return _("Übersicht der Unterlagen")
    return MEDICAL_DOCUMENT_KINDS[MedicalDocument.Kind(kind)]


@register.filter
def read_reason(reason: str) -> Any:
    """Why somebody looked at health data."""
    return _READ_REASONS[MedicalRead.Reason(reason)]


@register.filter
def letter_word(kind: str) -> Any:
    """What a letter is."""
    return _LETTERS[DocumentKind(kind)]


@register.filter
def row_state(row: CounterRow) -> str:
    """What the days of a row count as."""
    return describe_day(row.state)


@register.filter
def row_reason(row: CounterRow) -> str:
    """Why the days of a row count so."""
    return describe_row_cause(row.state, row.cause)


@register.filter
def task_sentence(task: Task) -> str:
    """What is to be done, as a whole sentence."""
    days = {"first": day(task.first_day), "last": day(task.last_day)}
    if task.need is Need.CERTIFICATE:
        if task.first_day is None:
            return _("Bitte laden Sie Ihre AU-Bescheinigung hoch")
        if task.last_day is not None:
            text = _("Bitte laden Sie Ihre AU-Bescheinigung für %(first)s bis %(last)s hoch")
            return text % days
        return _("Bitte laden Sie Ihre AU-Bescheinigung ab %(first)s hoch") % days
    return _other_sentences()[task.need]


def _other_sentences() -> dict[Need, str]:
    return {
        Need.CONSENT: _("Bitte erklären Sie, dass wir Ihre Gesundheitsdaten prüfen dürfen"),
        Need.EVIDENCE: _("Bitte laden Sie Unterlagen zur Ursache hoch"),
        Need.PLAN: _("Bitte laden Sie Ihren Wiedereingliederungsplan hoch"),
        Need.OTHER: _("Bitte laden Sie noch eine Unterlage hoch"),
        Need.ACCOUNT: _("Bitte sagen Sie uns, auf welches Konto wir zahlen sollen"),
        Need.PAYMENT_CONSENT: _("Bitte stimmen Sie der Zahlung auf Ihr Konto zu"),
        Need.CONTACT: _("Bitte sagen Sie uns, wie wir Sie erreichen"),
    }


@register.filter
def task_button(task: Task) -> str:
    """The words of the button that leads to where it is done."""
    if task.page == "documents":
        return _("Hochladen")
    return {
        "consents": _("Erklärung lesen"),
        "account": _("Konto angeben"),
        "contact": _("Kontakt angeben"),
    }[task.page]
