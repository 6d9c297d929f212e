"""What the API's codes read as; each answer says it in German and in English."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import override

from billing.words import describe_payroll_refusal
from claims.operations.leaves import UnableToAddCertificate, UnableToReportLeave
from claims.words import describe_error
from members.parsing.problems import Problem
from members.words import (
    describe_code,
    describe_row_finding,
    describe_upload_refusal,
    list_file_texts,
)
from members.words import describe_problem as describe_file_problem
from members.words import list_code_texts as members_code_texts

Said = TypeVar("Said")
Params = tuple[tuple[str, str], ...]
# Before codes that other apps have words for: of leaves, and of files for payroll.
LEAVE, PAYROLL = "LEAVE_", "PAYROLL_"
# Parameters that stand for several values, one a line.
_LISTS = frozenset({"people", "fields"})


@lru_cache(maxsize=2048)
def in_both(say: Callable[..., str], code: str, params: Params) -> tuple[str, str]:
    """A sentence in German and in English."""
    with override("de"):
        german = say(code, dict(params))
    with override("en"):
        return german, say(code, dict(params))


def say_in_both(say: Callable[[], Said]) -> tuple[Said, Said]:
    """What something says in German and in English."""
    with override("de"):
        german = say()
    with override("en"):
        return german, say()


def describe_problem(code: str, params: Mapping[str, str]) -> str:
    """Why a request was not answered as asked."""
    return _fill(_problem_texts().get(code) or describe_fault(code, params), params)


def describe_fault(code: str, params: Mapping[str, str]) -> str:
    """What is wrong with one field or item."""
    text = _fault_texts().get(code)
    if text is None and code.startswith(LEAVE):
        return _describe_leave_fault(code.removeprefix(LEAVE), params)
    if text is None and code.startswith(PAYROLL):
        return _describe_payroll_fault(code.removeprefix(PAYROLL), params)
    text = text or describe_code(code)
    return describe_finding(code, params) if text == code else _fill(text, params)


def list_code_texts() -> dict[str, dict[str, str]]:
    """Codes and their texts in the active language; each code stands once.

    What differs from time to time stands as %(name)s. Codes that begin with LEAVE_ and PAYROLL_
    are told with words of other apps and not listed.
    """
    kinds = {
        "problems": _problem_texts(),
        "faults": _fault_texts(),
        "notices": members_code_texts(),
        "files": list_file_texts(),
    }
    told: set[str] = set()
    for kind, texts in kinds.items():
        kinds[kind] = {code: text for code, text in texts.items() if code not in told}
        told |= texts.keys()
    return kinds


def _describe_leave_fault(code: str, params: Mapping[str, str]) -> str:
    if code in {"BEFORE_LEAVE", "TOO_LONG", "NO_END", "ESTABLISHED_IN_FUTURE"}:
        paper: dict[str, Any] = dict(params)
        return describe_error(UnableToAddCertificate(code, **paper))
    return describe_error(UnableToReportLeave(code, **params))


def _describe_payroll_fault(code: str, params: Mapping[str, str]) -> str:
    told = {name: value.split("\n") if name in _LISTS else value for name, value in params.items()}
    return describe_payroll_refusal(code, told)


def describe_finding(code: str, params: Mapping[str, str]) -> str:
    """What is to be told about somebody of a payroll, or about a job."""
    known = _fault_texts().get(code) or _problem_texts().get(code)
    if known:
        return _fill(known, params)
    refused = describe_upload_refusal(code, params)
    return describe_row_finding(code, params) if refused == code else refused


def describe_cell(code: str, params: Mapping[str, str]) -> str:
    """What is to be told about a row of a file; `cell_column`, `cell_value` say where it stands."""
    said, where = _part_places(params)
    return describe_row_finding(code, said, **where)


def describe_file(code: str, params: Mapping[str, str]) -> str:
    """What is to be told about a file as a whole; `cell_row` and so on say where it stands."""
    said, where = _part_places(params)
    row = where.pop("row", "")
    return describe_file_problem(Problem(code, int(row) if row else None, params=said, **where))


def _part_places(params: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    said = {name: text for name, text in params.items() if not name.startswith("cell_")}
    where = {name[5:]: text for name, text in params.items() if name.startswith("cell_")}
    return said, where


def _fill(text: str, params: Mapping[str, str]) -> str:
    return text % params if params else text


def _problem_texts() -> dict[str, str]:
    return _gate_texts() | _body_texts() | _work_texts() | _job_texts()


def _gate_texts() -> dict[str, str]:
    return {
        "NO_KEY": _("Es fehlt ein Schlüssel. Senden Sie ihn als Authorization: Bearer …"),
        "WRONG_KEY": _("Diesen Schlüssel gibt es nicht, oder er gilt nicht mehr."),
        "NETWORK_NOT_ALLOWED": _("Von dieser Adresse darf dieser Schlüssel nicht benutzt werden."),
        "TOO_MANY_WRONG_KEYS": _("Zu viele falsche Schlüssel. Warten Sie eine Minute."),
        "TOO_MANY_REQUESTS": _("Zu viele Anfragen; erlaubt sind %(limit)s in der Minute."),
        "SCOPE_MISSING": _("Diesem Schlüssel fehlt das Recht %(scope)s."),
        "NOT_ALLOWED": _("Das darf dieser Schlüssel nicht."),
        "NO_AUTHORITY": _(
            "Für diesen Arbeitgeber gibt es keine Vollmacht, die das erlaubt; sichtbar sind nur"
            " Zahlen."
        ),
        "NOT_FOUND": _("Das gibt es nicht, oder es gehört nicht zu diesem Schlüssel."),
        "METHOD_NOT_ALLOWED": _("Diese Adresse kennt diese Methode nicht."),
        "STORAGE_FULL": _(
            "Der Speicher für Dateien ist voll oder nimmt nichts an. Nichts wurde geändert; senden"
            " Sie dasselbe später noch einmal."
        ),
        "UNEXPECTED": _(
            "Hier ist etwas geschehen, womit wir nicht gerechnet haben. Nichts wurde geändert;"
            " nennen Sie uns die Nummer der Anfrage."
        ),
    }


def _body_texts() -> dict[str, str]:
    return {
        "WRONG_CONTENT_TYPE": _("Diese Art von Inhalt wird hier nicht gelesen."),
        "LENGTH_REQUIRED": _("Es fehlt, wie lang der Inhalt ist (Content-Length)."),
        "BODY_TOO_LARGE": _("Der Inhalt ist größer als %(most)s MB. Teilen Sie ihn auf."),
        "BROKEN_BODY": _("Der Inhalt ist nicht lesbar."),
        "BROKEN_JSON": _(
            "Das ist kein JSON: der Fehler steht in Zeile %(line)s, Zeichen %(column)s."
        ),
        "BROKEN_UTF8": _("Der Inhalt ist nicht in UTF-8 geschrieben (Stelle %(position)s)."),
        "NUL_CHARACTER": _("Der Inhalt enthält das Zeichen NUL."),
        "NUMBER_TOO_LONG": _("Eine Zahl hat zu viele Stellen."),
        "NOT_A_NUMBER": _("%(value)s ist in JSON keine Zahl."),
        "TOO_DEEP": _("Der Inhalt ist zu tief verschachtelt."),
        "INVALID_BODY": _("Der Inhalt ist nicht so, wie er beschrieben ist."),
        "INVALID_PARAMETER": _("Ein Parameter der Adresse ist nicht so, wie er beschrieben ist."),
        "INVALID_CURSOR": _("Diese Fortsetzung gibt es nicht. Beginnen Sie ohne cursor."),
        "BAD_IDEMPOTENCY_KEY": _(
            "Idempotency-Key hat bis zu 255 sichtbare ASCII-Zeichen und ist nicht leer."
        ),
        "IDEMPOTENCY_KEY_REUSED": _(
            "Dieser Idempotency-Key gehört schon zu einer anderen Anfrage."
        ),
        "CHANGED_MEANWHILE": _("Das hat sich seither geändert. Lesen Sie es neu."),
    }


def _job_texts() -> dict[str, str]:
    return {
        "JOB_NOT_OPEN": _("Mit diesem Auftrag geht das nicht mehr."),
        "ROWS_WRONG": _(
            "Nichts wurde übernommen, weil %(count)s Zeilen fehlerhaft sind. Berichtigen Sie sie,"
            " oder übernehmen Sie mit mode=each nur die gültigen."
        ),
        "CONFIRMATION_NEEDED": _(
            "Nichts wurde übernommen, weil sehr viele Personen ausscheiden würden. Bestätigen Sie"
            " den Auftrag mit einem zweiten Aufruf, wenn die Liste vollständig ist."
        ),
        "CLIENT_ENDED": _("Die Anbindung ist beendet."),
        "COLUMNS_UNCLEAR": _(
            "Nicht alle Spalten der Datei sind klar. Benennen Sie sie anders, oder sagen Sie im"
            " Portal, was sie bedeuten."
        ),
        "FILE_NOT_READABLE": _("Die Datei kann nicht gelesen werden."),
        "DRY_RUN_TOO_LARGE": _(
            "Zum bloßen Ansehen ist das zu viel. Lassen Sie dry_run weg: ohne apply wird nichts"
            " übernommen, bevor Sie es bestätigen."
        ),
        "CONTRADICTION": _("Adresse und Inhalt nennen Verschiedenes."),
    }


def _work_texts() -> dict[str, str]:
    return {
        "CONTRACT_MISSING": _(
            "Es gibt mehrere Verträge. Nennen Sie einen davon als contract: %(contracts)s."
        ),
        "NOTICES_NOT_TAKEN": _(
            "Keine Meldung wurde übernommen, weil %(count)s davon nicht möglich sind."
        ),
        "CANNOT_BE_WITHDRAWN": _("Diese Meldung kann nicht mehr zurückgenommen werden."),
        "LEAVE_NOT_TAKEN": _("Diese Krankmeldung ist so nicht möglich."),
        "NO_PAYROLL_FILE": _("Eine Lohndatei ist so nicht möglich."),
    }


def _fault_texts() -> dict[str, str]:
    return {
        "MISSING": _("Das Feld fehlt."),
        "UNKNOWN_PERSON": _("Diese Personalnummer kennen wir nicht."),
        "LAST_BEFORE_FIRST": _("Der letzte Tag liegt vor dem ersten."),
        "UNKNOWN_TARIFF": _("Diesen Tarif gibt es nicht. Es gibt: %(known)s."),
        "NO_TARIFF_YET": _("Dieser Tarif gilt erst ab %(first)s."),
        "HOURS_OUT_OF_RANGE": _("Eine Woche hat über 0 und bis zu 168 Stunden."),
        "UNKNOWN_FIELD": _("Dieses Feld kennen wir nicht."),
        "NOT_TEXT": _("Erwartet wird Text in Anführungszeichen."),
        "NOT_AN_OBJECT": _("Erwartet wird ein Objekt."),
        "NOT_A_LIST": _("Erwartet wird eine Liste."),
        "NOT_TRUE_OR_FALSE": _("Erwartet wird true oder false."),
        "NOT_A_WHOLE_NUMBER": _("Erwartet wird eine ganze Zahl von %(least)s bis %(most)s."),
        "EMPTY": _("Das Feld ist leer."),
        "TOO_LONG": _("Erlaubt sind bis zu %(most)s Zeichen."),
        "TOO_MANY": _("Erlaubt sind bis zu %(most)s."),
        "UNSEEN_CHARACTERS": _("Hier stehen Zeichen, die man nicht sieht."),
        "NO_DAY": _("Das ist kein Tag. Erwartet wird JJJJ-MM-TT."),
        "DAY_OUT_OF_RANGE": _("Dieser Tag liegt nicht zwischen 1900 und 2199."),
        "NO_MONTH": _("Das ist kein Monat. Erwartet wird JJJJ-MM."),
        "NO_MOMENT": _("Das ist kein Zeitpunkt. Erwartet wird 2026-12-01T08:30:00Z."),
        "NO_AMOUNT": _('Das ist kein Betrag. Erwartet wird Text wie "3200.00".'),
        "AMOUNT_TOO_LARGE": _("Der Betrag ist zu groß."),
        "UNKNOWN_CHOICE": _("Erlaubt ist: %(allowed)s."),
        "NO_PERSONNEL_NUMBER": _(
            "Das ist keine Personalnummer. Erlaubt sind bis zu 20 Buchstaben, Ziffern und . / - _"
        ),
        "NUMBER_TWICE": _("Diese Personalnummer steht schon an Stelle %(first)s."),
    }
