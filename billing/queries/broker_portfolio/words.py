"""What codes about brokers' files read as, in the user's language."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from billing.facts.gdv import GdvFault, GdvFaultCode


def describe_portfolio_refusal(code: str, params: Mapping[str, str]) -> str:
    """Why a broker's portfolio cannot be written."""
    texts = {
        "NOT_SET_UP": _(
            "Die Nummer des Versicherers für GDV-Dateien ist nicht eingestellt"
            " (GDV_INSURER_NUMBER)."
        ),
        "WRONG_PERIOD": _("Der Zeitraum beginnt nach dem Stichtag."),
        "IN_FUTURE": _("Der Stichtag liegt in der Zukunft."),
        "SAME_NUMBER": _(
            "Die Vertragsnummern %(number)s und %(other)s sind ohne Sonderzeichen gleich. In der"
            " Datei wären sie derselbe Vertrag."
        ),
        "DOES_NOT_FIT": _(
            "Vertrag %(contract)s: Ein Wert passt nicht in das Feld „%(label)s“ (Satz %(table)s,"
            " Stelle %(position)s, %(length)s Zeichen)."
        ),
    }
    return texts.get(code, code) % params


def describe_gdv_fault(fault: GdvFault) -> str:
    """One sentence about a fault of a file: where, what is wrong, what was expected."""
    place = _("Satz %(record)s, Stelle %(position)s") % {
        "record": fault.record,
        "position": fault.position,
    }
    return f"{place}: {_fault_texts()[fault.code] % fault.params}"


def _fault_texts() -> Mapping[GdvFaultCode, str]:
    return {
        GdvFaultCode.EMPTY: _("Die Datei ist leer."),
        GdvFaultCode.LENGTH: _("Der Satz hat %(length)s Zeichen statt 256."),
        GdvFaultCode.CHARACTER: _(
            "Das Zeichen %(byte)s (hexadezimal) gibt es in ISO-8859-1 nicht als Schriftzeichen."
        ),
        GdvFaultCode.NOT_A_NUMBER: _("„%(label)s“ ist keine Zahl."),
        GdvFaultCode.NOT_A_DAY: _("„%(label)s“ ist kein Tag. Erwartet TTMMJJJJ oder MMJJJJ."),
        GdvFaultCode.NOT_A_SIGN: _("Ein Vorzeichen ist weder + noch -."),
        GdvFaultCode.NO_HEADER: _("Der Vorsatz (Satzart 0001) fehlt."),
        GdvFaultCode.NO_TRAILER: _("Der Nachsatz (Satzart 9999) fehlt."),
        GdvFaultCode.AFTER_TRAILER: _("Nach dem Nachsatz (Satzart 9999) folgt kein neuer Vorsatz."),
        GdvFaultCode.OTHER_RELEASE: _(
            "Satzart %(kind)s: Der Vorsatz nennt Version „%(found)s“, erwartet wird %(expected)s."
        ),
        GdvFaultCode.RECORD_COUNT: _(
            "Der Nachsatz nennt %(found)s Sätze, die Datei hat %(expected)s."
        ),
        GdvFaultCode.TOTAL: _("„%(label)s“ ist %(found)s, die Summe der Sätze %(expected)s."),
    }
