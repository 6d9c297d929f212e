"""What is said of files from the bank."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from aupolicy.kernel.money import format_amount
from billing.models import BankDelivery, Outcome


def describe_bank_file_error(code: str, params: Mapping[str, str | int]) -> str:
    """Why a file of the bank is not read, and where; nothing of such a file is used."""
    texts = _whole_file() | _inside()
    unknown = _("Die Datei ist nicht lesbar (%(code)s).") % {"code": code}
    text = texts[code] % {**params, **_amounts(code, params)} if code in texts else unknown
    if code == "UNKNOWN_MESSAGE" and not params.get("name"):
        text = _("Das ist keine Nachricht einer Bank, die wir lesen.")
    return f"{text} {_place(params)}".strip()


def describe_problem(delivery: BankDelivery) -> str:
    """Why something that was handed in was refused."""
    problem = delivery.problem or {"code": "", "params": {}}
    if problem["code"] == "NOT_ALLOWED":
        return _("Dazu fehlt Ihnen das Recht.")
    return describe_bank_file_error(problem["code"], problem["params"])


def describe_outcome(outcome: str) -> str:
    """What became of something that a bank said, in a word or two."""
    texts = {
        Outcome.SETTLEMENT: _("Gutschrift eines Einzugs"),
        Outcome.RETURNED_DEBIT: _("Rücklastschrift"),
        Outcome.REJECTED_DEBIT: _("abgewiesene Lastschrift"),
        Outcome.RECEIPT: _("Zahlungseingang, zugeordnet"),
        Outcome.PAYOUT_SENT: _("Überweisung ausgeführt"),
        Outcome.PAYOUT_RETURNED: _("Überweisung zurückgekommen"),
        Outcome.ACCEPTED: _("angenommen"),
        Outcome.VERIFIED: _("Empfängerprüfung"),
        Outcome.FEE: _("Bankentgelt"),
        Outcome.KNOWN: _("schon bekannt"),
        Outcome.UNCLEAR: _("zu klären"),
        Outcome.CLEARED: _("geklärt"),
    }
    return texts[Outcome(outcome)]


def _whole_file() -> dict[str, str]:
    return {
        "EMPTY": _("Die Datei ist leer."),
        "NOT_XML": _("Die Datei ist beschädigt oder unvollständig."),
        "DTD": _("Die Datei erklärt einen eigenen Dokumenttyp; das tun Dateien einer Bank nie."),
        "UNKNOWN_MESSAGE": _(
            "%(name)s lesen wir nicht. Gelesen werden pain.002.001.10 sowie camt.053 und camt.054"
            " in den Versionen 001.08 und 001.02."
        ),
        "RETIRED_VERSION": _(
            "%(found)s gibt es bei deutschen Banken seit November 2026 nicht mehr. Lassen Sie die"
            " Bank auf %(expected)s umstellen."
        ),
        "ZIP_TOO_LARGE": _("Das ZIP-Archiv ist zu groß oder enthält zu viele Dateien."),
        "ZIP_DAMAGED": _("Das ZIP-Archiv ist beschädigt."),
        "ZIP_ENCRYPTED": _("Das ZIP-Archiv ist mit einem Kennwort geschützt."),
        "ZIP_NESTED": _("Im ZIP-Archiv steckt ein weiteres Archiv."),
        "NOTHING_INSIDE": _("Das ZIP-Archiv enthält keine Datei."),
        "DUPLICATE_MESSAGE": _("Die %(message)s. Nachricht steht schon weiter oben."),
    }


def _inside() -> dict[str, str]:
    return {
        "ELEMENT_MISSING": _("Eine Angabe fehlt: %(path)s."),
        "VALUE_UNKNOWN": _("Dieser Wert hat keine Bedeutung: %(path)s."),
        "TEXT_TOO_LONG": _("Dieser Text ist länger als erlaubt: %(path)s."),
        "AMOUNT_UNREADABLE": _("Das ist kein Betrag: %(path)s."),
        "NUMBER_UNREADABLE": _("Das ist keine Zahl: %(path)s."),
        "DATE_UNREADABLE": _("Das ist kein Datum: %(path)s."),
        "CURRENCY": _("Dieser Betrag lautet nicht auf Euro: %(path)s."),
        "SUM_DIFFERS": _(
            "Die Summe stimmt nicht: angegeben %(stated)s, gefunden %(found)s (%(path)s)."
        ),
        "COUNT_DIFFERS": _(
            "Die Anzahl stimmt nicht: angegeben %(stated)s, gefunden %(found)s (%(path)s)."
        ),
        "BALANCE_DIFFERS": _(
            "Anfangssaldo und Umsätze ergeben nicht den Endsaldo: der Unterschied ist"
            " %(difference)s € (%(path)s)."
        ),
    }


def _amounts(code: str, params: Mapping[str, str | int]) -> dict[str, str]:
    """Sums as people read them; counts stay as they are."""
    if code not in {"SUM_DIFFERS", "BALANCE_DIFFERS"}:
        return {}
    names = params.keys() & {"stated", "found", "difference"}
    return {name: format_amount(Decimal(params[name])) for name in names}


def _place(params: Mapping[str, str | int]) -> str:
    """The file inside the archive and the line, as far as they are known."""
    line, file = params.get("line"), params.get("file")
    if file and line:
        return _("Stelle: %(file)s. Datei im Archiv, Zeile %(line)s.") % params
    if file:
        return _("Stelle: %(file)s. Datei im Archiv.") % params
    return _("Stelle: Zeile %(line)s.") % params if line else ""
