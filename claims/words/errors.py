"""What the errors of operations on claims read as: what is wrong and what to do.

An operation raises `UnableTo...` with a code and parameters; where a code means something else
for one of them, it stands here as "UnableTo... CODE".
"""

from collections.abc import Mapping
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _


def describe_error(error: Exception) -> str:
    """An error of an operation on claims in words; never with what a medical paper says."""
    code = str(getattr(error, "code", ""))
    texts = _texts()
    text = texts.get(f"{type(error).__name__} {code}") or texts.get(code)
    if text is None:
        return _("Das geht so nicht. Bitte prüfen Sie die Angaben.")
    params = getattr(error, "params", {})
    return text % _Shown({name: _show(value) for name, value in params.items()})


class _Shown(dict[str, str]):
    """Parameters as people write them; one that an operation left out reads as a dash."""

    def __missing__(self, _name: str) -> str:
        return "–"


def _show(value: object) -> str:
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


def _texts() -> Mapping[str, str]:
    return (
        _leave_texts() | _certificate_texts() | _link_texts() | _assistance_texts() | _other_texts()
    )


def _leave_texts() -> dict[str, str]:
    """Reporting a leave."""
    return {
        "IN_FUTURE": _("Der Tag liegt in der Zukunft. Melden Sie frühestens am ersten Tag."),
        "ENDS_BEFORE_START": _("Das voraussichtliche Ende liegt vor dem ersten Tag."),
        "NOT_A_MEMBER": _(
            "Diese Person ist nicht versichert und war es nie. Prüfen Sie die Person."
        ),
        "REFERENCE_USED": _("Diese Referenz gehört schon zu einer anderen Meldung."),
        "WITHIN_OTHER": _(
            "Der Tag liegt in einer Arbeitsunfähigkeit, die schon gemeldet ist. Reichen Sie dafür"
            " eine Folgebescheinigung ein."
        ),
        "LEAVE_WITHDRAWN": _("Diese Meldung wurde zurückgenommen. Melden Sie sie neu."),
        "OF_OTHERS": _("Diese Meldung kam nicht von Ihnen und bleibt deshalb stehen."),
        "DECIDED": _(
            "Über diesen Leistungsfall ist schon entschieden. Rufen Sie uns bitte an, wenn die"
            " Meldung nicht stimmt."
        ),
        "OTHER_PERSON": _("Das ist die Arbeitsunfähigkeit einer anderen Person."),
        "NOT_EARLIER": _("Eine Folgeerkrankung beginnt nach der ersten Arbeitsunfähigkeit."),
    }


def _certificate_texts() -> dict[str, str]:
    """Recording a certificate."""
    return {
        "BEFORE_LEAVE": _("Die Bescheinigung beginnt vor dem ersten Tag der Arbeitsunfähigkeit."),
        "TOO_LONG": _("Der Zeitraum ist zu lang für eine Bescheinigung. Prüfen Sie die Tage."),
        "KNOWN": _("Diese Bescheinigung liegt schon vor."),
        "ESTABLISHED_IN_FUTURE": _("Der Tag der Feststellung liegt in der Zukunft."),
        "NO_END": _("Der letzte Tag fehlt."),
        "UnableToRecordReintegration BEFORE_LEAVE": _(
            "Der Plan beginnt vor dem ersten Tag der Arbeitsunfähigkeit."
        ),
        "UnableToRecordReintegration TOO_LONG": _(
            "Der Zeitraum ist zu lang für einen Plan. Prüfen Sie die Tage."
        ),
        "OVERLAPS": _("Für einige dieser Tage gibt es schon einen Plan."),
        "NO_STEPS": _("Geben Sie mindestens eine Stufe an."),
        "STEPS_DISORDERED": _(
            "Die erste Stufe beginnt mit dem Plan, jede weitere später und vor seinem Ende."
        ),
        "WRONG_HOURS": _(
            "Die Stunden einer Stufe sind mehr als null und höchstens die volle Arbeitszeit."
        ),
    }


def _link_texts() -> dict[str, str]:
    """Opening the insured person's link."""
    return {
        "EXPIRED": _("Dieser Link gilt nicht mehr. Bitten Sie uns um einen neuen."),
        "LOCKED": _("Zu viele Fehlversuche. Versuchen Sie es später noch einmal."),
        "WRONG_PIN": _("Die PIN stimmt nicht."),
        "PIN_TOO_WEAK": _("Diese PIN ist leicht zu erraten. Wählen Sie eine andere."),
        "ALREADY_SET": _("Für diesen Link ist schon eine PIN gesetzt. Geben Sie sie ein."),
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


def _other_texts() -> dict[str, str]:
    """Medical papers and notes."""
    return {
        "UnableToReadMedical NOT_ALLOWED": _(
            "Gesundheitsdaten liest nur die Leistungsprüfung, und nur mit einem Grund."
        ),
        "UnableToNote MEDICAL_TEXT": _(
            "Der Text klingt nach Gesundheitsdaten. Sie gehören in die medizinischen Notizen."
            " Bestätigen Sie, wenn er keine enthält."
        ),
    }
