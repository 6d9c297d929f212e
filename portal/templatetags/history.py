"""The words of the audit trail and of the search's groups."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext, gettext_lazy, gettext_noop, pgettext_lazy
from django.utils.translation import gettext as _

from aupolicy.facts import Party
from aupolicy.facts.machine import ApiScope, WebhookTopic
from aupolicy.kernel.period import ONE_DAY
from aupolicy.models import PeriodField, Role
from aupolicy.words import describe_scope
from documents.facts import DocumentKind
from documents.words import describe_topic
from members.facts import NoticeKind
from members.words import describe_kind
from portal.queries.insurer.history import Change, Entry
from portal.queries.insurer.history_sources import Kind, Subject
from portal.queries.insurer.search import Group
from portal.templatetags.portal import day, grouped_iban, moment, money
from portal.words import DOCUMENT_KINDS, PARTIES, ROLE_WORDS

register = template.Library()

_GROUPS = {
    Group.EMPLOYERS: gettext_lazy("Arbeitgeber"),
    Group.CONTRACTS: gettext_lazy("Verträge"),
    Group.PEOPLE: gettext_lazy("Personen"),
    Group.STATEMENTS: gettext_lazy("Abrechnungen"),
    Group.MANDATES: gettext_lazy("SEPA-Mandate"),
    Group.BROKERS: gettext_lazy("Vermittler"),
    Group.USERS: gettext_lazy("Benutzer"),
}
_KINDS = {
    Kind.AGREEMENT: gettext_lazy("Vereinbarung"),
    Kind.MONEY: gettext_lazy("Mandat und Abrechnung"),
    Kind.RIGHTS: gettext_lazy("Rechte"),
    Kind.PEOPLE: gettext_lazy("Meldungen"),
    Kind.PAPERS: gettext_lazy("Dokumente"),
    Kind.WORK: gettext_lazy("Aufgaben"),
}
_SUBJECTS = {
    Subject.CONTRACT: gettext_lazy("Vertrag"),
    Subject.EMPLOYER: gettext_lazy("Arbeitgeber"),
    Subject.BROKER: gettext_lazy("Vermittler"),
    Subject.USER: gettext_lazy("Benutzer"),
}
_LABELS = {
    "insert": gettext_lazy("angelegt"),
    "update": gettext_lazy("geändert"),
    "delete": pgettext_lazy("Verlauf", "gelöscht"),
}
# Fields that have no name of their own in the tables: those that point at another row.
_POINTERS = {
    "employer": gettext_lazy("Arbeitgeber"),
    "broker": gettext_lazy("Vermittler"),
    "contract": gettext_lazy("Vertrag"),
    "client": gettext_lazy("Anbindung"),
    "oauth_application": gettext_lazy("Anmeldung mit OAuth"),
    "mandate": gettext_lazy("SEPA-Mandat"),
    "quote": gettext_lazy("Angebot"),
    "user": gettext_lazy("Benutzer"),
    "given_by": gettext_lazy("erteilt von"),
    "ended_by": gettext_lazy("beendet von"),
    "claimed_by": gettext_lazy("übernommen von"),
    "done_by": gettext_lazy("erledigt von"),
    "requested_by": gettext_lazy("verlangt von"),
    "confirmed_by": gettext_lazy("bestätigt von"),
    "withdrawn_by": gettext_lazy("zurückgezogen von"),
    "created_by": gettext_lazy("angelegt von"),
    "changed_by": gettext_lazy("geändert von"),
    "revoked_by": gettext_lazy("gesperrt von"),
    "handed_over_by": gettext_lazy("übergeben von"),
    "decided_by": gettext_lazy("entschieden von"),
}

# Names that stand in the tables themselves, so that translations have them.
_TABLE_NAMES = (
    gettext_noop("Adresse"),
    gettext_noop("Anbindung"),
    gettext_noop("Anmeldung nur mit zweitem Faktor"),
    gettext_noop("Ansprechperson"),
    gettext_noop("Antrag"),
    gettext_noop("Antrag entscheiden"),
    gettext_noop("Arbeitgeber"),
    gettext_noop("Art"),
    gettext_noop("Aufgabe"),
    gettext_noop("Aufwandskonto"),
    gettext_noop("BIC"),
    gettext_noop("Bank hat bestätigt"),
    gettext_noop("Bankverbindung prüfen"),
    gettext_noop("Basislastschrift"),
    gettext_noop("Bearbeitungsschlüssel"),
    gettext_noop("Beginn"),
    gettext_noop("Begründung"),
    gettext_noop("Benutzer"),
    gettext_noop("Beraternummer"),
    gettext_noop("Berechtigung"),
    gettext_noop("Bestätigung"),
    gettext_noop("Betriebsnummer"),
    gettext_noop("Buchhaltungsziel"),
    gettext_noop("Deutsch"),
    gettext_noop("Dokument"),
    gettext_noop("Dringlichkeit"),
    gettext_noop("E-Mail"),
    gettext_noop("Einstellungen der Lohndatei"),
    gettext_noop("Einzugstag im Monat"),
    gettext_noop("Empfangsadresse"),
    gettext_noop("Ereignisse"),
    gettext_noop("Firma"),
    gettext_noop("Firmenlastschrift"),
    gettext_noop("Format"),
    gettext_noop("Frist der Vorabankündigung in Tagen"),
    gettext_noop("Leistungsempfänger"),
    gettext_noop("Gegenstand"),
    gettext_noop("Geheimnis davor gilt bis"),
    gettext_noop("Geschäftsführung mitversichert"),
    gettext_noop("Gläubiger-ID"),
    gettext_noop("Gruppenversicherungsvertrag"),
    gettext_noop("Hausnummer"),
    gettext_noop("IBAN"),
    gettext_noop("Kennung"),
    gettext_noop("Kontoinhaber"),
    gettext_noop("Kostenstelle"),
    gettext_noop("Kreditorenkonto des Versicherers"),
    gettext_noop("Land"),
    gettext_noop("Laufzeit"),
    gettext_noop("Lohnart"),
    gettext_noop("Länge der Sachkonten"),
    gettext_noop("Mandantennummer"),
    gettext_noop("Mandat unterschrieben"),
    gettext_noop("Mandatsreferenz"),
    gettext_noop("Meldung klären"),
    gettext_noop("Nachname"),
    gettext_noop("Name"),
    gettext_noop("Ort"),
    gettext_noop("Postleitzahl"),
    gettext_noop("Rechte"),
    gettext_noop("Rolle"),
    gettext_noop("SEPA-Mandat"),
    gettext_noop("Schlüssel"),
    gettext_noop("Sonstiges"),
    gettext_noop("Sprache"),
    gettext_noop("Status"),
    gettext_noop("Straße"),
    gettext_noop("Tarif"),
    gettext_noop("Telefon"),
    gettext_noop("Titel"),
    gettext_noop("Umfang"),
    gettext_noop("Verfahren"),
    gettext_noop("Vermerk"),
    gettext_noop("Vermittler"),
    gettext_noop("Vermittlernummer"),
    gettext_noop("Vermittlerregisternummer"),
    gettext_noop("Vertragsnummer"),
    gettext_noop("Vertragsstand"),
    gettext_noop("Vollmacht"),
    gettext_noop("Vollmacht für den Vermittler"),
    gettext_noop("Vorname"),
    gettext_noop("Wirtschaftsjahr beginnt im Monat"),
    gettext_noop("Zeitraum"),
    gettext_noop("abgelehnt"),
    gettext_noop("abgeschaltet"),
    gettext_noop("angelegt"),
    gettext_noop("angenommen"),
    gettext_noop("beendet"),
    gettext_noop("begonnen"),
    gettext_noop("beim Versicherer"),
    gettext_noop("bestätigt"),
    gettext_noop("durch eine zweite Person"),
    gettext_noop("durch einen Code"),
    gettext_noop("einsehen"),
    gettext_noop("einsehen und melden"),
    gettext_noop("entschieden"),
    gettext_noop("entstanden"),
    gettext_noop("erlaubte Netze"),
    gettext_noop("erledigt"),
    gettext_noop("erster Monat"),
    gettext_noop("gesperrt"),
    gettext_noop("geändert"),
    gettext_noop("gültig"),
    gettext_noop("gültig bis"),
    gettext_noop("hoch"),
    gettext_noop("in Arbeit"),
    gettext_noop("neue Bankverbindung"),
    gettext_noop("niedrig"),
    gettext_noop("normal"),
    gettext_noop("unterschrieben"),
    gettext_noop("verlangt"),
    gettext_noop("verwalten"),
    gettext_noop("vom Empfänger abgemeldet"),
    gettext_noop("zu erledigen bis"),
    gettext_noop("zurückgezogen"),
    gettext_noop("übergeben"),
    gettext_noop("übernommen"),
)


@register.filter
def search_group_word(group: Group) -> Any:
    """What a group of hits is called."""
    return _GROUPS[group]


@register.simple_tag
def history_kinds() -> list[tuple[str, Any]]:
    """All kinds of entries with their words, to choose from."""
    return [(kind.value, word) for kind, word in _KINDS.items()]


@register.filter
def history_subject(subject: Subject) -> Any:
    """What somebody's history is called after."""
    return _SUBJECTS[subject]


@register.filter
def history_title(entry: Entry) -> str:
    """What happened, in a few words."""
    model = entry.model
    if model is not None:
        name = gettext(str(model._meta.verbose_name))  # noqa: SLF001 -- public by its documentation
        return f"{name} {_LABELS[entry.label]}"
    return _EVENTS[entry.event](entry.data)


@register.filter
def history_actor(entry: Entry) -> str:
    """Who did it; what no person did was done by the product."""
    return entry.actor or _("Programm")


@register.filter
def change_field(change: Change) -> str:
    """What a field is called."""
    pointer = _POINTERS.get(change.field.name) if change.field.is_relation else None
    return str(pointer or gettext(str(change.field.verbose_name)))


@register.filter
def change_old(change: Change) -> str:
    """What the field said before."""
    return _write(change.field, change.old)


@register.filter
def change_new(change: Change) -> str:
    """What the field says since."""
    return _write(change.field, change.new)


def _write(field: models.Field[Any, Any], value: Any) -> str:
    if value in (None, ""):
        return "–"
    if field.name == "role":
        return str(ROLE_WORDS[Role(value)])
    if field.name == "iban":
        return grouped_iban(value)
    if field.name == "oauth_application":
        return _("ja")
    if field.flatchoices:
        return gettext(str(dict(field.flatchoices).get(value, value)))
    return _write_plain(field, value)


def _write_plain(field: models.Field[Any, Any], value: Any) -> str:
    if isinstance(field, PeriodField):
        return _write_period(value)
    if isinstance(field, models.DateTimeField):
        return moment(datetime.fromisoformat(value))
    if isinstance(field, models.DateField):
        return day(date.fromisoformat(value))
    if isinstance(field, models.BooleanField):
        return _("ja") if value else _("nein")
    if isinstance(field, ArrayField):
        word = _WORDS_OF_LISTS.get(field.name, str)
        return ", ".join(map(word, value)) or "–"
    return _write_host(value) if isinstance(field, models.URLField) else str(value)


def _write_host(url: str) -> str:
    """Where an address is; what follows the host may be a secret of whoever listens there."""
    parts = urlsplit(url)
    rest = "/…" if parts.path.strip("/") or parts.query else ""
    return f"{parts.scheme}://{parts.netloc}{rest}"


_WORDS_OF_LISTS: dict[str, Callable[[str], str]] = {
    "scopes": lambda scope: describe_scope(ApiScope(scope))[0],
    "topics": lambda topic: describe_topic(WebhookTopic(topic))[0],
}


def _write_period(text: str) -> str:
    """A half-open daterange as PostgreSQL writes it."""
    first, after = text.strip("[]()").split(",")
    words = {"first": day(date.fromisoformat(first))}
    if not after:
        return _("ab %(first)s") % words
    words["last"] = day(date.fromisoformat(after) - ONE_DAY)
    return _("%(first)s bis %(last)s") % words


def _decided(data: Mapping[str, Any]) -> str:
    verdict = _("angenommen") if data["verdict"] == "accept" else _("abgelehnt")
    return _("Meldung %(kind)s, Personalnummer %(number)s: %(verdict)s (%(note)s)") % {
        "kind": describe_kind(NoticeKind(data["kind"])),
        "number": data["number"],
        "verdict": verdict,
        "note": data["note"],
    }


def _posted(data: Mapping[str, Any]) -> str:
    month = date.fromisoformat(data["month"])
    return _("Abrechnung %(number)s für %(month)s gebucht: %(total)s") % {
        "number": data["number"],
        "month": f"{month:%m/%Y}",
        "total": money(Decimal(data["total"])),
    }


def _issued(data: Mapping[str, Any]) -> str:
    return _("Erstellt: %(kind)s, %(count)s Stück") % {
        "kind": DOCUMENT_KINDS[DocumentKind(data["kind"])],
        "count": data["count"],
    }


def _cancelled(data: Mapping[str, Any]) -> str:
    return _("Kündigung durch %(party)s eingegangen, Vertragsende %(end)s") % {
        "party": PARTIES[Party(data["party"])],
        "end": day(date.fromisoformat(data["end"])),
    }


_EVENTS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "UPLOAD_RECEIVED": lambda data: _("Meldedatei %(file)s eingegangen") % data,
    "UPLOAD_RELEASED": lambda data: _("Meldedatei %(file)s freigegeben") % data,
    "NOTICE_DECIDED": _decided,
    "STATEMENT_POSTED": _posted,
    "PAPER_ISSUED": _issued,
    "CANCELLED": _cancelled,
}
