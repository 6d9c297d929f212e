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

register = template.Library()

DOCUMENT_WORDS = {
    MedicalDocument.Kind.CERTIFICATE: gettext_lazy("AU-Bescheinigung"),
    MedicalDocument.Kind.HOSPITAL: gettext_lazy("Krankenhausbericht"),
    MedicalDocument.Kind.PLAN: gettext_lazy("Wiedereingliederungsplan"),
    MedicalDocument.Kind.EVIDENCE: gettext_lazy("Unterlage zur Ursache"),
    MedicalDocument.Kind.OTHER: gettext_lazy("sonstige Unterlage"),
}
"""What a paper is called."""

_REASONS = {
    MedicalRead.Reason.EXAMINE: gettext_lazy("Prüfung des Leistungsanspruchs"),
    MedicalRead.Reason.EXCLUSION: gettext_lazy("Prüfung eines Ausschlusses"),
    MedicalRead.Reason.REVIEW: gettext_lazy("Nachprüfung"),
    MedicalRead.Reason.COMPLAINT: gettext_lazy("Beschwerde oder Rechtsstreit"),
    MedicalRead.Reason.PERSON_ASKED: gettext_lazy("Auskunft an Sie"),
}
_LETTERS = {
    DocumentKind.BENEFIT_GRANT: gettext_lazy("Bewilligung"),
    DocumentKind.BENEFIT_REFUSAL: gettext_lazy("Ablehnung"),
    DocumentKind.BENEFIT_END: gettext_lazy("Ende der Leistung"),
    DocumentKind.BENEFIT_CORRECTION: gettext_lazy("Berichtigung"),
    DocumentKind.CLAIM_REQUEST: gettext_lazy("Bitte um Unterlagen"),
}


@register.filter
def document_word(kind: str) -> Any:
    """What a paper is called; the whole file for no kind."""
    return DOCUMENT_WORDS[MedicalDocument.Kind(kind)] if kind else _("Übersicht der Unterlagen")


@register.filter
def read_reason(reason: str) -> Any:
    """Why somebody looked at health data."""
    return _REASONS[MedicalRead.Reason(reason)]


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
