"""The words of what happened to a claim."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext as _

from claims.facts import Channel, CheckCode, DecisionKind, DecisionStatus
from claims.models import MedicalRead
from claims.words import describe_channel, describe_decision, describe_request, name_check
from documents.facts import DocumentKind
from portal.queries.examiner.events import ClaimEvent
from portal.templatetags.portal import day, money
from portal.words import DOCUMENT_KINDS

register = template.Library()


@register.filter
def event_words(event: ClaimEvent) -> str:
    """What happened, in one sentence; of a note its text."""
    if event.event == "NOTE":
        return str(event.data["text"])
    values = {name: _show(name, value) for name, value in event.data.items()}
    return _texts()[_variant(event)] % values


@register.filter
def event_actor(event: ClaimEvent) -> str:
    """Who did it."""
    if not event.by and event.data.get("channel") == Channel.PERSON:
        return _("die versicherte Person")
    return event.by or _("die Verwaltung selbst")


@register.filter
def is_note(event: ClaimEvent) -> bool:
    """Whether it is something somebody wrote."""
    return event.event == "NOTE"


def _variant(event: ClaimEvent) -> str:
    """The key of the event's text, where it depends on how it went."""
    data = event.data
    if event.event == "APPROVED":
        return "RETURNED" if data["status"] == DecisionStatus.RETURNED else "APPROVED"
    if event.event == "DECIDED":
        return "PROPOSED" if data["needs_second"] else "DECIDED"
    if event.event == "ASKED_CLOSED":
        return "RECEIVED" if data["received"] else "GIVEN_UP"
    if event.event == "CONSENT":
        return "CONSENT" if data["given"] else "CONSENT_WITHDRAWN"
    return event.event


def _texts() -> dict[str, str]:
    return _evidence_texts() | _decision_texts() | _person_texts()


def _evidence_texts() -> dict[str, str]:
    return {
        "OPENED": _("Leistungsfall %(number)s eröffnet"),
        "LEAVE": _("Erkrankung ab %(first)s gemeldet (%(channel)s)"),
        "LEAVE_WITHDRAWN": _("Erkrankung ab %(first)s zurückgenommen"),
        "CERTIFICATE": _("Bescheinigung %(first)s bis %(last)s eingegangen (%(channel)s)"),
        "CERTIFICATE_WITHDRAWN": _("Bescheinigung %(first)s bis %(last)s zurückgenommen"),
        "PLAN": _("Wiedereingliederung %(first)s bis %(last)s erfasst"),
        "PLAN_WITHDRAWN": _("Wiedereingliederung %(first)s bis %(last)s zurückgenommen"),
        "ASKED": _("Angefordert: %(kind)s, erbeten bis %(day)s"),
        "RECEIVED": _("Eingegangen: %(kind)s"),
        "GIVEN_UP": _("Anforderung geschlossen, nichts eingegangen: %(kind)s"),
    }


def _decision_texts() -> dict[str, str]:
    return {
        "DECIDED": _("Entschieden: %(kind)s"),
        "PROPOSED": _("Zur zweiten Freigabe gegeben: %(kind)s"),
        "APPROVED": _("Freigegeben: %(kind)s"),
        "RETURNED": _("Zurückgegeben: %(kind)s"),
        "HELD": _("Vorläufig entschieden: ab %(first)s werden %(percent)s %% gezahlt"),
        "HOLD_LIFTED": _("Vorläufige Entscheidung aufgehoben"),
        "REVIEW_PLANNED": _("Nachprüfung geplant für %(day)s"),
        "REVIEWED": _("Nachgeprüft"),
        "CLEARED": _("Geklärt: %(code)s"),
        "LETTER": _("Brief geschrieben: %(kind)s"),
        "PAID": _("Auszahlung über %(amount)s erstellt"),
    }


def _person_texts() -> dict[str, str]:
    return {
        "LINK": _("Zugang für die versicherte Person erstellt"),
        "CONSENT": _("Einwilligung erteilt"),
        "CONSENT_WITHDRAWN": _("Einwilligung widerrufen"),
        "ACCOUNT": _("Bankverbindung angegeben"),
        "ACCOUNT_CHECKED": _("Bankverbindung geprüft"),
        "MEDICAL_READ": _("Gesundheitsdaten gelesen: %(reason)s"),
    }


def _show(name: str, value: Any) -> str:
    """A value of an event as people write it."""
    if value is None:
        return "–"
    if name in {"first", "last", "day"}:
        return day(date.fromisoformat(value))
    if name == "amount":
        return money(Decimal(value))
    if name == "channel":
        return describe_channel(Channel(value))
    if name == "code":
        return name_check(CheckCode(value))
    if name == "reason":
        return str(MedicalRead.Reason(value).label)
    return _kind(value) if name == "kind" else str(value)


def _kind(value: str) -> str:
    """The kind of a decision, a letter or a request; their values differ."""
    if value in DecisionKind.__members__:
        return describe_decision(DecisionKind(value))
    if value in set(DocumentKind):
        return str(DOCUMENT_KINDS[DocumentKind(value)])
    return describe_request(value)
