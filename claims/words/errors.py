"""What the errors of operations on claims read as: what is wrong and what to do.

An operation raises `UnableTo...` with a code and parameters; where a code means something else
for one of them, it stands here as "UnableTo... CODE".
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from aupolicy.kernel.money import format_amount
from claims.facts import CheckCode
from claims.words.handling import name_check


def describe_error(error: Exception) -> str:
    """An error of an operation on claims in words; never with what a medical paper says."""
    code = str(getattr(error, "code", ""))
    texts = error_texts()
    text = texts.get(f"{type(error).__name__} {code}") or texts.get(code)
    if text is None:
        return _("Das geht so nicht. Bitte prüfen Sie die Angaben.")
    params = getattr(error, "params", {})
    return text % _Shown({name: _show(name, value) for name, value in params.items()})


class _Shown(dict[str, str]):
    """Parameters as people write them; one that an operation left out reads as a dash."""

    def __missing__(self, _name: str) -> str:
        return "–"


def _show(name: str, value: object) -> str:
    if name == "checks":
        return ", ".join(name_check(CheckCode(code)) for code in str(value).split(", "))
    if name == "amount":
        return format_amount(Decimal(str(value)))
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%H:%M}"
    if isinstance(value, date):
        return _write_day(value)
    try:
        return _write_day(date.fromisoformat(str(value)))
    except ValueError:
        return str(value)


def _write_day(day: date) -> str:
    if (get_language() or "de").startswith("de"):
        return f"{day:%d.%m.%Y}"
    return date_format(day, "j M Y")


def error_texts() -> Mapping[str, str]:
    """All codes with their words in the language that is active."""
    return (
        _leave_texts()
        | _certificate_texts()
        | _plan_texts()
        | _link_texts()
        | _account_texts()
        | _file_texts()
        | _decision_texts()
        | _handling_texts()
        | _assistance_texts()
        | _medical_texts()
        | _run_texts()
    )


def _leave_texts() -> dict[str, str]:
    """Reporting a leave, taking it back, telling that it is a relapse."""
    return {
        "IN_FUTURE": _("Der Tag liegt in der Zukunft. Melden Sie frühestens am ersten Tag."),
        "ENDS_BEFORE_START": _("Das Ende liegt vor dem ersten Tag, dem %(first_day)s."),
        "NOT_A_MEMBER": _("Die Person ist an diesem Tag nicht versichert. Prüfen Sie den Tag."),
        "REFERENCE_USED": _("Diese Referenz gehört schon zu einer anderen Meldung."),
        "WITHIN_OTHER": _(
            "Der Tag liegt in einer Arbeitsunfähigkeit, die schon gemeldet ist. Reichen Sie dafür"
            " eine Folgebescheinigung ein."
        ),
        "OF_OTHERS": _(
            "Diese Meldung kam nicht von Ihnen. Zurücknehmen kann sie nur der Absender."
        ),
        "DECIDED": _(
            "Darüber ist schon entschieden. Zurücknehmen kann das nur noch die Leistungsprüfung;"
            " rufen Sie uns bitte an."
        ),
        "LEAVE_WITHDRAWN": _("Diese Arbeitsunfähigkeit ist zurückgenommen."),
        "OTHER_PERSON": _("Die beiden Arbeitsunfähigkeiten gehören zu verschiedenen Personen."),
        "NOT_EARLIER": _("Die erste Arbeitsunfähigkeit muss vor der zweiten begonnen haben."),
    }


def _certificate_texts() -> dict[str, str]:
    """Recording a certificate."""
    return {
        "BEFORE_LEAVE": _(
            "Der Zeitraum beginnt vor dem ersten Tag der Arbeitsunfähigkeit, dem %(first_day)s."
        ),
        "NO_END": _("Das Ende fehlt."),
        "UnableToAddCertificate TOO_LONG": _(
            "Länger als %(days)s Tage bescheinigt niemand auf einmal. Prüfen Sie die Tage."
        ),
        "KNOWN": _("Diese Bescheinigung liegt schon vor."),
        "ESTABLISHED_IN_FUTURE": _("Der Tag der Feststellung liegt in der Zukunft."),
    }


def _plan_texts() -> dict[str, str]:
    """Recording a plan of reintegration."""
    return {
        "UnableToRecordReintegration TOO_LONG": _(
            "Länger als %(days)s Tage dauert kein Plan. Prüfen Sie die Tage."
        ),
        "OVERLAPS": _("Für einen Teil dieser Tage gibt es schon einen Plan."),
        "NO_STEPS": _("Nennen Sie mindestens eine Stufe."),
        "STEPS_DISORDERED": _(
            "Die Stufen beginnen mit dem ersten Tag des Plans, folgen aufeinander und liegen darin."
        ),
        "WRONG_HOURS": _("Die Stunden liegen über null und nicht über der vollen Arbeitszeit."),
    }


def _link_texts() -> dict[str, str]:
    """Opening the insured person's link."""
    return {
        "EXPIRED": _("Dieser Link gilt nicht mehr. Bitten Sie uns um einen neuen."),
        "LOCKED": _("Zu viele Fehlversuche. Versuchen Sie es ab %(until)s Uhr noch einmal."),
        "WRONG_PIN": _("Die PIN stimmt nicht."),
        "PIN_TOO_WEAK": _("Diese PIN ist leicht zu erraten. Wählen Sie eine andere."),
        "ALREADY_SET": _("Für diesen Link ist schon eine PIN gesetzt. Geben Sie sie ein."),
        "NOT_SET": _("Wählen Sie zuerst eine PIN."),
    }


def _account_texts() -> dict[str, str]:
    """Account, consents and address of the insured person."""
    return {
        "HOLDER_MISSING": _("Nennen Sie den Namen, auf den das Konto lautet."),
        "HOLDER_UNREADABLE": _(
            "Diesen Namen kann keine Bank drucken. Schreiben Sie ihn in lateinischen Buchstaben."
        ),
        "IBAN_WRONG": _("Diese IBAN stimmt nicht. Vergleichen Sie sie mit Ihrer Bankkarte."),
        "NOT_SEPA": _("In dieses Land können wir nicht überweisen."),
        "TOO_EARLY": _("Ein neues Konto gilt frühestens ab heute."),
        "UnableToGiveAccount REASON_MISSING": _(
            "Nennen Sie den Grund, warum auf ein fremdes Konto gezahlt werden soll."
        ),
        "GIVEN_BY_SAME": _("Wer das Konto eingetragen hat, kann es nicht selbst prüfen."),
        "CHANGED": _("Das Konto hat sich inzwischen geändert. Sehen Sie es noch einmal an."),
        "NAME_MISSING": _("Schreiben Sie Ihren Namen darunter."),
        "NOT_GIVEN": _("Diese Einwilligung ist nicht erteilt."),
        "ADDRESS_INCOMPLETE": _("Straße, Postleitzahl und Ort gehören zusammen. Etwas fehlt."),
        "POSTAL_CODE_WRONG": _("Eine Postleitzahl in Deutschland hat fünf Ziffern."),
        "EMAIL_WRONG": _("Das ist keine E-Mail-Adresse."),
        "UnableToGiveAccount MEDICAL_TEXT": _like_health_data(),
    }


def _file_texts() -> dict[str, str]:
    """Files that are not taken."""
    return {
        "UnableToTakeFile EMPTY": _("Die Datei ist leer. Fotografieren Sie noch einmal."),
        "TOO_LARGE": _("Die Datei ist größer als %(most)s MB. Nehmen Sie ein kleineres Bild."),
        "NOT_A_DOCUMENT": _(
            "Das ist weder ein PDF noch ein Bild. Wir nehmen PDF, JPEG, PNG, HEIC."
        ),
        "ENCRYPTED": _("Die Datei ist mit einem Kennwort geschützt. Speichern Sie sie ohne."),
        "BROKEN": _("Die Datei ist beschädigt. Fotografieren Sie das Blatt noch einmal."),
        "ACTIVE_CONTENT": _(
            "Die Datei enthält Programme oder Anhänge. Drucken Sie sie als einfaches PDF."
        ),
        "TOO_MANY_PAGES": _("Die Datei hat mehr als %(most)s Seiten. Teilen Sie sie auf."),
        "TOO_MANY_PIXELS": _("Das Bild hat mehr als %(most)s Megapixel. Nehmen Sie ein kleineres."),
        "INFECTED": _("In der Datei steckt ein Schadprogramm. Wir nehmen sie nicht an."),
        "SCAN_FAILED": _("Die Datei ließ sich nicht prüfen. Versuchen Sie es später noch einmal."),
    }


def _decision_texts() -> dict[str, str]:
    """Deciding about a claim."""
    return {
        "NOTHING_TO_GRANT": _("Es gibt keinen Tag mit Leistung, der noch nicht bewilligt ist."),
        "NOTHING_TO_END": _("Es ist nichts bewilligt, das enden könnte."),
        "NOTHING_TO_REOPEN": _("Der Fall ist weder abgelehnt noch beendet."),
        "REOPEN_FIRST": _("Der Fall ist abgelehnt oder beendet. Nehmen Sie ihn zuerst wieder auf."),
        "NO_LIMIT": _("Eine Teilbewilligung braucht eine Grenze; sonst ist sie eine Bewilligung."),
        "ALREADY_PROPOSED": _("Eine andere Entscheidung wartet noch auf die zweite Freigabe."),
        "REASON_MISSING": _("Nennen Sie den Grund."),
        "DAY_OUTSIDE": _("Der Tag liegt nicht zwischen dem %(first)s und dem %(last)s."),
        "LEAVE_UNKNOWN": _("Diese Arbeitsunfähigkeit gehört nicht zum Fall."),
        "EXCLUSION_UNKNOWN": _("Diesen Ausschluss kennt der Tarif nicht."),
        "ALREADY_EXCLUDED": _("Für diese Arbeitsunfähigkeit gilt schon ein Ausschluss."),
        "NOT_EXCLUDED": _("Für diese Arbeitsunfähigkeit gilt kein Ausschluss."),
        "CHECK_OPEN": _("Noch ungeklärt: %(checks)s. Klären Sie das zuerst."),
        "CLAIM_EMPTY": _("Der Fall ist in einem anderen aufgegangen. Entscheiden Sie dort."),
        "NOT_PROPOSED": _("Über diese Entscheidung ist schon befunden."),
        "SAME_PERSON": _("Die zweite Freigabe gibt jemand anderes."),
        "NOTE_MISSING": _("Schreiben Sie dazu, warum Sie zurückgeben."),
        "EFFECT_CHANGED": _(
            "Inzwischen hat sich etwas geändert: Sofort fällig wären jetzt %(amount)s €. Sehen Sie"
            " die Entscheidung noch einmal an."
        ),
        "NOT_EXAMINER": _("Das darf nur die Leistungsprüfung."),
        "MEDICAL_TEXT": _like_health_data(),
    }


def _handling_texts() -> dict[str, str]:
    """Provisional decisions, requests, reviews and notes."""
    return {
        "PERCENT_OUTSIDE": _("Erlaubt sind 0 bis 99 Prozent."),
        "UnableToHold DAY_OUTSIDE": _("Der letzte Tag liegt vor dem ersten."),
        "REVIEW_TOO_EARLY": _("Der Tag der Überprüfung liegt vor heute."),
        "ALREADY_HELD": _("Für einen Teil dieser Tage ist schon vorläufig entschieden."),
        "LIFTED": _("Diese vorläufige Entscheidung ist schon aufgehoben."),
        "TEXT_MISSING": _("Schreiben Sie, worum es geht."),
        "DUE_TOO_EARLY": _("Der Tag liegt vor heute."),
        "ALREADY_OPEN": _("Darum ist schon gebeten worden; die Antwort steht noch aus."),
        "CLOSED": _("Das ist schon abgeschlossen."),
        "UnableToNote MEDICAL_TEXT": _(
            "Der Text klingt nach Gesundheitsdaten. Sie gehören in die medizinischen Notizen."
            " Bestätigen Sie, wenn er keine enthält."
        ),
    }


def _assistance_texts() -> dict[str, str]:
    """Help from the first day."""
    return {
        "NOT_BEGUN": _("Die Arbeitsunfähigkeit beginnt erst am %(first_day)s."),
        "CLAIM_CLOSED": _("Der Leistungsfall ist abgeschlossen. Rufen Sie uns bitte an."),
        "OPEN_ALREADY": _("Darum ist schon gebeten worden; es ist noch in Arbeit."),
        "CASE_CLOSED": _("Diese Anfrage ist schon abgeschlossen."),
        "ORDERS_OPEN": _("Ein Auftrag ist noch offen. Schließen Sie ihn ab oder sagen Sie ihn ab."),
        "PROVIDER_INACTIVE": _("Dieser Dienstleister nimmt keine Aufträge mehr an."),
        "WRONG_KIND": _("Dieser Dienstleister bietet das nicht an."),
        "COST_NEGATIVE": _("Kosten sind nie kleiner als null."),
        "DONE_IN_FUTURE": _("Der Tag liegt in der Zukunft."),
        "ORDER_DONE": _("Dieser Auftrag ist schon erbracht."),
        "ORDER_CANCELLED": _("Dieser Auftrag ist schon abgesagt."),
        "NOTHING_DONE": _("Noch ist nichts erbracht."),
        "FEEDBACK_GIVEN": _("Ihre Rückmeldung haben wir schon. Danke."),
        "WRONG_SCORE": _("Wählen Sie eine Note von 1 bis 5."),
        "NAME_USED": _("Einen Dienstleister dieses Namens gibt es schon."),
        "UnableToAssist MEDICAL_TEXT": _(
            "Der Text klingt nach einer Krankheit. Streichen Sie das, oder bestätigen Sie, dass er"
            " nichts darüber sagt."
        ),
    }


def _medical_texts() -> dict[str, str]:
    """Health data, which only examiners read, each time with a reason."""
    return {
        "NOT_ALLOWED": _("Das darf nur die Leistungsprüfung."),
        "UnableToReadMedical NOT_ALLOWED": _(
            "Gesundheitsdaten liest nur die Leistungsprüfung, und nur mit einem Grund."
        ),
        "UnableToReadMedical REASON_MISSING": _("Nennen Sie den Grund, aus dem Sie lesen."),
        "NOT_FOUND": _("Diese Unterlage gehört nicht zum Fall."),
        "SEALED": _("Die Unterlage lässt sich nicht öffnen. Wenden Sie sich an die Technik."),
        "UnableToRecordMedical EMPTY": _("Schreiben Sie etwas."),
        "UnableToRecordMedical TOO_LONG": _("Der Text ist länger als %(most)s Zeichen."),
    }


def _run_texts() -> dict[str, str]:
    """Settling the benefit of a month."""
    return {
        "MONTH_NOT_OVER": _(
            "Der Monat %(month)s ist noch nicht vorbei; gezahlt wird nachträglich."
        ),
        "NOT_ARRANGED": _(
            "Der Fall wird gerade neu geordnet. Versuchen Sie es gleich noch einmal."
        ),
    }


def _like_health_data() -> str:
    return _(
        "Der Text klingt nach Gesundheitsdaten. Streichen Sie sie, oder bestätigen Sie, dass er"
        " keine enthält."
    )
