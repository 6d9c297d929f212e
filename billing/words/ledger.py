"""What codes about the ledger read as, in the user's language."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from aupolicy.kernel.money import format_amount


def describe_write_off_refusal(code: str, params: Mapping[str, str]) -> str:
    """Why a demand cannot be given up."""
    texts = {
        "NOT_ALLOWED": _("Ausbuchen darf nur, wer die Rolle Finanzen hat."),
        "NO_REASON": _("Bitte nennen Sie den Grund."),
        "CREDIT": _("Ein Guthaben wird nicht ausgebucht, sondern verrechnet oder erstattet."),
        "NOT_OPEN": _("Der Posten ist schon ausgeglichen."),
        "NO_AMOUNT": _("Der Betrag muss größer als null sein."),
        "TOO_MUCH": _("Offen sind nur %(open)s €."),
        "ALREADY_ASKED": _("Für diesen Posten wartet schon eine Ausbuchung auf die Entscheidung."),
        "SAME_PERSON": _("Wer die Ausbuchung beantragt hat, entscheidet nicht über sie."),
        "DECIDED": _("Darüber ist schon entschieden."),
    }
    return texts.get(code, code) % _with_amounts(params)


def describe_plan_refusal(code: str, params: Mapping[str, str]) -> str:
    """Why no such plan of instalments can be agreed or ended."""
    texts = {
        "NOT_ALLOWED": _("Ratenpläne vereinbart nur, wer die Rolle Finanzen hat."),
        "NO_REASON": _("Bitte nennen Sie den Grund."),
        "NO_ITEMS": _("Bitte wählen Sie mindestens einen offenen Posten."),
        "OTHER_CONTRACT": _("Der Posten %(number)s gehört zu einem anderen Vertrag."),
        "NOT_OPEN": _("Der Posten %(number)s ist nicht offen."),
        "IN_PLAN": _("Der Posten %(number)s ist schon in einem Ratenplan."),
        "NO_INSTALMENTS": _("Bitte nennen Sie mindestens eine Rate."),
        "NO_AMOUNT": _("Jede Rate muss größer als null sein."),
        "NOT_IN_ORDER": _("Jede Rate muss später fällig sein als die vor ihr."),
        "IN_PAST": _("Die erste Rate kann nicht in der Vergangenheit fällig sein."),
        "SUM_DIFFERS": _("Die Raten ergeben %(planned)s €, offen sind %(owed)s €."),
        "ENDED": _("Der Ratenplan ist schon beendet."),
    }
    return texts.get(code, code) % _with_amounts(params)


def describe_close_refusal(code: str, params: Mapping[str, str | int]) -> str:
    """Why a month of the books cannot be closed."""
    texts = {
        "NOT_ALLOWED": _("Monate schließt nur ab, wer die Rolle Finanzen hat."),
        "NOTHING_BOOKED": _("Es ist noch nichts gebucht."),
        "CLOSED": _("Der Monat ist schon abgeschlossen."),
        "NOT_NEXT": _("Monate werden der Reihe nach abgeschlossen. Der nächste ist %(next)s."),
        "NOT_OVER": _("Der Monat ist noch nicht vorbei."),
        "DIFFERENCES": _("Die Prüfung des Hauptbuchs findet %(count)s Abweichungen."),
        "RUNS": _("%(count)s Abrechnungsläufe sind nicht gebucht."),
        "COLLECTIONS": _("%(count)s Einzüge sind weder freigegeben noch verworfen."),
    }
    return texts.get(code, code) % params


def _with_amounts(params: Mapping[str, str]) -> dict[str, str]:
    """Amounts come as plain numbers and are written as people read them."""
    amounts = {"open", "owed", "planned"}
    return {
        key: format_amount(Decimal(text)) if key in amounts else text
        for key, text in params.items()
    }
