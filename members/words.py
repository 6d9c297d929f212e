"""What codes about files and notices read as, in the user's language."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from aupolicy.kernel.money import format_amount
from members.facts import Notice, NoticeKind, NoticeResult, ShownStatus
from members.parsing.table import Problem


def describe_problem(problem: Problem) -> str:
    """One sentence: where, what stood there, what is allowed."""
    place = []
    if problem.row is not None:
        place.append(_("Zeile %(row)d") % {"row": problem.row})
    if problem.column:
        place.append(f"{problem.column} {problem.value}".strip())
    elif problem.value:
        place.append(problem.value)
    text = _problem_texts().get(problem.code, problem.code) % problem.params
    return f"{', '.join(place)}: {text}" if place else text


def _problem_texts() -> dict[str, str]:
    return _file_texts() | _cell_texts()


def _file_texts() -> dict[str, str]:
    return _format_texts() | _table_texts() | _note_texts() | _upload_texts()


def _format_texts() -> dict[str, str]:
    """Why a file cannot be opened, and what to do."""
    return {
        "FILE_TOO_LARGE": _("Die Datei ist größer als %(megabytes)s MB. Teilen Sie sie auf."),
        "OTHER_FORMAT": _(
            "Das ist eine Datei im Format %(format)s. Speichern Sie die Tabelle als"
            " Excel-Arbeitsmappe (XLSX) oder als CSV-Datei."
        ),
        "ARCHIVE_WITHOUT_TABLE": _(
            "Das ist ein ZIP-Archiv ohne Tabelle. Entpacken Sie es und laden Sie die Tabelle darin"
            " hoch."
        ),
        "PASSWORD": _(
            "Die Datei ist mit einem Kennwort geschützt. Speichern Sie sie ohne Kennwort; die"
            " Übertragung ist verschlüsselt."
        ),
        "BROKEN_FILE": _(
            "Die Datei ist beschädigt oder unvollständig. Öffnen Sie sie in Ihrem"
            " Tabellenprogramm, speichern Sie sie neu und laden Sie sie noch einmal hoch."
        ),
        "WORKBOOK_TOO_LARGE": _(
            "Die Arbeitsmappe ist entpackt zu groß. Löschen Sie Spalten und Blätter, die nicht"
            " gebraucht werden, oder speichern Sie die Tabelle als CSV-Datei."
        ),
        "UNKNOWN_ENCODING": _(
            "Die Zeichen der Datei sind nicht lesbar. Speichern Sie sie als CSV in UTF-8 oder"
            " Windows-1252."
        ),
        "BROKEN_QUOTES": _(
            "Die Anführungszeichen gehen ab hier nicht auf (%(detail)s). Ein Anführungszeichen"
            " im Text muss doppelt stehen."
        ),
        "EMPTY_FILE": _("Die Datei ist leer."),
    }


def _table_texts() -> dict[str, str]:
    """Why a file that opens holds no table we can take, and what to do."""
    return {
        "NO_ROWS": _("Unter der Überschrift steht keine Zeile."),
        "NO_TABLE": _(
            "Das ist keine Tabelle, die wir kennen. Erwartet wird eine Kopfzeile mit"
            " Überschriften wie Personalnummer; Nachname; Vorname; Geburtsdatum; Bruttoentgelt."
        ),
        "NO_SHEET": _(
            "Auf keinem sichtbaren Blatt steht in den ersten 20 Zeilen eine Kopfzeile mit"
            " Überschriften wie Personalnummer, Nachname, Vorname, Geburtsdatum, Bruttoentgelt."
        ),
        "TWO_SHEETS": _(
            "Mehrere Blätter können gemeint sein. Blenden Sie die anderen aus oder löschen Sie sie."
        ),
        "TOO_MANY_ROWS": _("Die Tabelle hat mehr als %(most)s Zeilen. Teilen Sie sie auf."),
        "TOO_MANY_COLUMNS": _(
            "Die Tabelle hat mehr als %(most)s Spalten. Löschen Sie, was nicht gebraucht wird."
        ),
        "MISSING_COLUMN": _("Diese Spalte fehlt. Gefunden wurden: %(found)s."),
        "COLUMN_TWICE": _(
            "Zwei Spalten bedeuten dasselbe: %(first)s und %(second)s. Wählen Sie eine davon aus."
        ),
        "TOO_MANY_CELLS": _(
            "Die Zeile hat %(found)s Zellen, die Überschrift nur %(expected)s. Fehlen"
            " Anführungszeichen um einen Wert mit Trennzeichen?"
        ),
        "CELL_TOO_LONG": _("Eine Zelle ist länger als %(most)s Zeichen."),
    }


def _note_texts() -> dict[str, str]:
    """What was left out or converted while reading; nothing is wrong."""
    return {
        "TOTAL_ROW_SKIPPED": _("Diese Summenzeile wurde nicht gelesen."),
        "HEADING_REPEATED": _("Wiederholte Überschriften wurden nicht gelesen."),
        "MACROS_IGNORED": _(
            "Die Arbeitsmappe enthält Makros. Sie werden nicht ausgeführt; gelesen wird nur die"
            " Tabelle."
        ),
        "HIDDEN_SHEETS_IGNORED": _("Ausgeblendete Blätter werden nicht gelesen."),
        "SHEETS_IGNORED": _("Diese Blätter haben keine Tabelle, die wir kennen."),
        "NAMED_OTHERWISE": _("Dem Inhalt nach ist das %(format)s; so wurde die Datei gelesen."),
        "YEAR_COMPLETED": _("Das Jahr von %(written)s wurde ergänzt: %(read)s."),
        "PAY_FROM_YEARLY": _(
            "Aus %(yearly)s € im Jahr wurden %(monthly)s € im Monat (ein Zwölftel)."
        ),
    }


def _cell_texts() -> dict[str, str]:
    return _value_texts() | _spoiled_texts()


def _value_texts() -> dict[str, str]:
    """Why a cell is not the value that its column needs."""
    return {
        "EMPTY_CELL": _("Hier fehlt ein Wert."),
        "NO_SUCH_DAY": _("Diesen Tag gibt es nicht. Erwartet TT.MM.JJJJ."),
        "NO_DATE": _("Das ist kein Datum. Erwartet TT.MM.JJJJ, zum Beispiel 01.12.2026."),
        "TWO_DIGIT_YEAR": _("Das Jahrhundert ist nicht eindeutig. Schreiben Sie TT.MM.JJJJ."),
        "AMBIGUOUS_DATE": _(
            "Tag und Monat können vertauscht sein. Schreiben Sie TT.MM.JJJJ oder JJJJ-MM-TT."
        ),
        "DATE_AS_NUMBER": _(
            "Hier steht eine Zahl statt eines Datums. Formatieren Sie die Spalte als Datum"
            " (TT.MM.JJJJ) und speichern Sie neu."
        ),
        "BIRTH_DATE_IN_FUTURE": _("Das Geburtsdatum liegt in der Zukunft."),
        "BIRTH_DATE_TOO_OLD": _("Das Geburtsdatum liegt mehr als 120 Jahre zurück."),
        "NO_AMOUNT": _(
            "Das ist kein Betrag. Erwartet werden Euro im Monat, zum Beispiel 2.400,00."
        ),
        "UNKNOWN_INTERVAL": _("Diesen Zeitraum rechnen wir nicht um. Erlaubt: %(allowed)s."),
        "NO_PERSONNEL_NUMBER": _(
            "Das ist keine Personalnummer. Erlaubt sind bis zu 20 Buchstaben, Ziffern und . / - _"
        ),
        "NAME_TOO_LONG": _("Der Name ist länger als %(most)s Zeichen."),
        "NO_NAME": _("Das ist kein Name."),
        "UNKNOWN_KIND": _("Diese Meldung kennen wir nicht. Erlaubt: %(allowed)s."),
        "UNKNOWN_EMPLOYMENT": _("Diese Beschäftigungsart kennen wir nicht. Erlaubt: %(allowed)s."),
        "UNKNOWN_REASON": _("Diesen Grund kennen wir nicht. Erlaubt: %(allowed)s."),
        "PERSON_TWICE": _("Diese Person steht schon in Zeile %(first)s mit derselben Meldung."),
        "NUMBER_TWICE": _("Diese Personalnummer steht schon in Zeile %(first)s."),
    }


def _spoiled_texts() -> dict[str, str]:
    """Why a cell cannot be what somebody meant to write."""
    return {
        "FORMULA_ERROR": _("Die Formel dieser Zelle hat einen Fehler. Tragen Sie den Wert ein."),
        "FORMULA_WITHOUT_VALUE": _(
            "Diese Formel wurde nie berechnet. Öffnen Sie die Datei in Ihrem Tabellenprogramm und"
            " speichern Sie sie neu, oder tragen Sie den Wert ein."
        ),
        "MERGED_CELL": _(
            "Diese Zelle ist mit einer anderen verbunden. Lösen Sie die Verbindung und tragen Sie"
            " den Wert in jede Zeile ein."
        ),
        "UNSEEN_CHARACTERS": _(
            "Hier stehen Steuerzeichen oder Zeichen, die die Schreibrichtung ändern. Tippen Sie"
            " den Wert neu."
        ),
        "BROKEN_LETTERS": _(
            "Umlaute oder Akzente sind verloren gegangen. Speichern Sie die Datei in UTF-8 neu"
            " oder tippen Sie den Wert neu."
        ),
    }


def describe_code(code: str) -> str:
    """Why a notice is refused or put to a clerk."""
    return _code_texts().get(code, code)


def list_code_texts() -> dict[str, str]:
    """Every code of notices and of rows with its text; what differs stands as %(name)s."""
    return _code_texts() | _row_texts()


def list_file_texts() -> dict[str, str]:
    """Every code of files and their cells with its text, in the same way."""
    return _problem_texts() | _refusal_texts()


def _code_texts() -> dict[str, str]:
    return {
        "MISSING_NAME": _("Vor- und Nachname fehlen."),
        "MISSING_BIRTH_DATE": _("Das Geburtsdatum fehlt."),
        "MISSING_PAY": _("Das Bruttoentgelt fehlt."),
        "BIRTH_DATE_IN_FUTURE": _("Das Geburtsdatum liegt in der Zukunft."),
        "OUTSIDE_CONTRACT": _("Der Tag liegt außerhalb der Laufzeit des Vertrags."),
        "RETRO_LIMIT": _("Die Meldung reicht weiter zurück als vereinbart; wir prüfen sie."),
        "NO_COVER": _("Die Person ist an diesem Tag nicht versichert."),
        "ALREADY_COVERED": _("Die Person ist an diesem Tag schon versichert."),
        "NEVER_JOINED": _("Für diese Person ist vor diesem Tag kein Zugang gemeldet."),
        "NAME_WITHOUT_PERSON": _(
            "Unter dieser Personalnummer ist an diesem Tag niemand bekannt, dessen Name sich"
            " ändern kann."
        ),
        "NOTHING_TO_CORRECT": _(
            "Unter dieser Personalnummer gibt es keine Meldung mit der Referenz, die berichtigt"
            " werden soll."
        ),
        "REFERENCE_USED": _("Diese Referenz gehört schon zu einer Meldung mit anderem Inhalt."),
        "TOO_FAR_AHEAD": _("Die Meldung wirkt später als vereinbart; wir prüfen sie."),
        "REFUSED_BY_CLERK": _("Die Sachbearbeitung hat die Meldung abgelehnt."),
        "TOO_YOUNG": _("Versicherbar ist erst, wer 16 Jahre alt ist."),
        "OVER_AGE": _("Die Regelaltersgrenze ist erreicht; Versicherung ist nicht mehr möglich."),
        "MARGINAL_EMPLOYMENT": _("Geringfügig Beschäftigte sind nicht versicherbar."),
        "PROFESSIONAL_SOLDIER": _("Berufssoldaten sind nicht versicherbar."),
        "PROFESSIONAL_FIREFIGHTER": _("Berufsfeuerwehrleute sind nicht versicherbar."),
        "PROFESSIONAL_DIVER": _("Berufstaucher sind nicht versicherbar."),
        "NOT_EMPLOYED": _(
            "Versicherbar sind Arbeitnehmer; Geschäftsführung und Inhaber nur, wenn der Vertrag"
            " sie mitversichert."
        ),
    }


def describe_kind(kind: NoticeKind) -> str:
    """The name of a kind of notice."""
    return {
        NoticeKind.JOIN: _("Zugang"),
        NoticeKind.LEAVE: _("Abgang"),
        NoticeKind.PAY_CHANGE: _("Gehaltsänderung"),
        NoticeKind.PARENTAL_LEAVE: _("Elternzeit"),
        NoticeKind.RETURN: _("Rückkehr"),
        NoticeKind.DEATH: _("Todesfall"),
        NoticeKind.NAME_CHANGE: _("Namensänderung"),
        NoticeKind.CORRECTION: _("Berichtigung"),
    }[kind]


def describe_shown_status(status: ShownStatus, effective: date) -> str:
    """Where a notice stands, in words; `effective` is its day."""
    if status is ShownStatus.RECEIVED:
        return _("eingegangen, wirkt ab %(day)s") % {"day": f"{effective:%d.%m.%Y}"}
    return {
        ShownStatus.APPLIED: _("wirksam"),
        ShownStatus.NEEDS_CLERK: _("zu klären"),
        ShownStatus.REFUSED: _("abgelehnt"),
        ShownStatus.WITHDRAWN: _("zurückgenommen"),
    }[status]


def describe_result(result: NoticeResult) -> str:
    """One sentence about a notice that was not applied."""
    notice = result.notice
    reasons = " ".join(describe_code(code.value) for code in result.codes)
    values = ", ".join(_values(notice, {code.value for code in result.codes}))
    subject = _("%(kind)s Personalnummer %(number)s zum %(day)s") % {
        "kind": describe_kind(notice.kind),
        "number": notice.personnel_number,
        "day": f"{notice.effective:%d.%m.%Y}",
    }
    place = f"{_('Zeile %(row)d') % {'row': notice.row}}, " if notice.row else ""
    return f"{place}{subject}{f' ({values})' if values else ''}: {reasons}"


def _values(notice: Notice, codes: set[str]) -> list[str]:
    """The values that a refusal is about."""
    values = []
    if codes & {"TOO_YOUNG", "OVER_AGE", "BIRTH_DATE_IN_FUTURE"} and notice.birth_date:
        values.append(_("Geburtsdatum %(day)s") % {"day": f"{notice.birth_date:%d.%m.%Y}"})
    if codes & {"MARGINAL_EMPLOYMENT", "NOT_EMPLOYED"}:
        values.append(_("Beschäftigungsart %(value)s") % {"value": notice.employment})
    if any(code.startswith("PROFESSIONAL_") for code in codes):
        values.append(_("Tätigkeit %(value)s") % {"value": notice.occupation})
    return values


def _upload_texts() -> dict[str, str]:
    """What is to be looked at before a file is released."""
    return {
        "MASS_LEAVE": _(
            "%(leavers)s von %(insured)s Versicherten würden ausscheiden. Ist die Liste"
            " vollständig?"
        ),
    }


def describe_row_finding(
    code: str, params: Mapping[str, str], *, column: str = "", value: str = ""
) -> str:
    """One sentence about a row of an upload: an error, a warning or a note."""
    place = f"{column} {value}".strip()
    shown = {name: _show(name, text) for name, text in params.items()}
    upload_text = _row_texts().get(code)
    text = upload_text or _problem_texts().get(code) or describe_code(code)
    sentence = text % shown if upload_text or code in _problem_texts() else text
    return f"{place}: {sentence}" if place else sentence


def _show(name: str, text: str) -> str:
    """A parameter as people write it."""
    if name == "day":
        return f"{date.fromisoformat(text):%d.%m.%Y}"
    return format_amount(Decimal(text)) if name in {"pay", "before"} else text


def _row_texts() -> dict[str, str]:
    return {
        "PAY_JUMP": _(
            "Das Entgelt ändert sich um mehr als die Hälfte, von %(before)s € auf %(pay)s €."
        ),
        "PAY_UNUSUAL": _("%(pay)s € im Monat ist ungewöhnlich viel. Ist das ein Jahresentgelt?"),
        "LEAVE_WITHOUT_DAY": _(
            "Die Datei nennt keinen letzten Tag; angenommen ist der Stichtag oder der Tag davor."
        ),
        "SAME_PERSON": _(
            "Unter der Personalnummer %(number)s gibt es jemanden mit demselben Namen und"
            " Geburtsdatum."
        ),
        "ENTRY_LONG_AGO": _(
            "Der Eintritt am %(day)s liegt zu weit zurück; versichert wird ab dem Stichtag."
        ),
        "ENTRY_FAR_AHEAD": _("Der Eintritt am %(day)s ist noch zu weit weg, um ihn zu melden."),
        "EXIT_FAR_AHEAD": _("Der Austritt am %(day)s ist noch zu weit weg, um ihn zu melden."),
        "ON_PARENTAL_LEAVE": _("Die Person ist in Elternzeit und nicht versichert."),
        "BIRTH_DATE_DIFFERS": _("Wir kennen die Person mit dem Geburtsdatum %(day)s."),
        "OTHER_PERSON": _(
            "Unter dieser Personalnummer führen wir %(name)s mit anderem Geburtsdatum. Prüfen Sie"
            " die Personalnummer."
        ),
        "MARGINAL_NOW": _(
            "Die Person ist jetzt geringfügig beschäftigt; ihre Versicherung endet am Tag vor dem"
            " Stichtag."
        ),
        "NOT_INSURABLE_NOW": _(
            "So Beschäftigte sind nicht versicherbar; die Versicherung endet am Tag vor dem"
            " Stichtag."
        ),
        "MAYBE_UNREAD": _(
            "Die Person fehlt in der Liste, aber eine Zeile ohne lesbare Personalnummer könnte sie"
            " sein. Berichtigen Sie zuerst diese Zeile."
        ),
    }


def describe_upload_refusal(code: str, params: Mapping[str, str]) -> str:
    """Why something cannot be done with an uploaded file."""
    return _refusal_texts().get(code, code) % params


def _refusal_texts() -> dict[str, str]:
    return {
        "EMPTY_FILE": _("Die Datei ist leer."),
        "FILE_TOO_LARGE": _("Die Datei ist größer als %(megabytes)s MB. Teilen Sie sie auf."),
        "EFFECTIVE_MISSING": _("Für eine vollständige Lohnliste fehlt der Stichtag."),
        "EFFECTIVE_OUTSIDE_CONTRACT": _("Der Stichtag liegt außerhalb der Laufzeit des Vertrags."),
        "NOT_OPEN": _("Mit dieser Datei geht das nicht mehr. Laden Sie die Seite neu."),
        "UNKNOWN_FIELD": _("Diese Bedeutung einer Spalte kennen wir nicht: %(field)s."),
        "FIELD_TWICE": _("Zwei Spalten können nicht dasselbe bedeuten: %(field)s."),
        "NO_SUCH_ROW": _("Die Zeile %(row)s gibt es in dieser Datei nicht."),
        "ERRORS_LEFT": _(
            "%(count)s Zeilen sind fehlerhaft. Berichtigen Sie sie, oder übernehmen Sie nur die"
            " gültigen Zeilen."
        ),
        "NOTHING_TO_DO": _("In dieser Datei ist nichts, was sich ändern würde."),
    }
