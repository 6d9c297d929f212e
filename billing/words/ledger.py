"""What codes about the ledger read as, in the user's language."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from aupolicy.kernel.money import format_amount
from billing.rules.ages import Age


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


def describe_booking(kind: str) -> str:
    """What a kind of booking is called."""
    texts = {
        "STATEMENT": _("Sollstellung"),
        "COLLECTION": _("Lastschrifteinzug"),
        "SETTLEMENT": _("Gutschrift eines Einzugs"),
        "REJECTED_DEBIT": _("abgewiesene Lastschrift"),
        "RETURNED_DEBIT": _("Rücklastschrift"),
        "DISCARDED_DEBIT": _("verworfene Lastschrift"),
        "RECEIPT": _("Zahlungseingang"),
        "RECEIPT_CLEARED": _("Zahlungseingang zugeordnet"),
        "CHARGE": _("Nebenforderung"),
        "OFFSET": _("Verrechnung"),
        "WRITE_OFF": _("Ausbuchung"),
        "PAYOUT_SENT": _("Überweisung ausgeführt"),
        "REFUND": _("Beitragserstattung"),
        "COMMISSION": _("Courtage"),
        "COMMISSION_PAYOUT": _("Auszahlung von Courtage"),
        "BANK_CLEARED": _("Bankumsatz gebucht"),
        "PAYOUT": _("Auszahlung"),
        "REFUND_RETURNED": _("Rückläufer einer Beitragserstattung"),
        "PAYOUT_RETURN": _("Rückläufer einer Auszahlung"),
        "RECOVERY": _("Rückforderung"),
        "REPAYMENT": _("Rückzahlung"),
        "UNPAID_CANCELLED": _("zurückgekommene Leistung storniert"),
    }
    return texts.get(kind, kind)


def describe_account(account: str) -> str:
    """What an account of the ledger is called."""
    texts = {
        "1200": _("Bank"),
        "1360": _("Lastschriften im Einzug"),
        "1365": _("Überweisungen unterwegs"),
        "1370": _("Ungeklärte Zahlungseingänge"),
        "1400": _("Forderungen an Versicherungsnehmer"),
        "1450": _("Rückforderungen aus Leistungen"),
        "1650": _("Zurückgekommene Leistungen"),
        "1700": _("Verbindlichkeiten aus Courtage"),
        "1776": _("Versicherungsteuer"),
        "2400": _("Ausgebuchte Forderungen"),
        "2650": _("Verzugszinsen"),
        "2670": _("Erstattete Kosten"),
        "4000": _("Gebuchte Beiträge"),
        "4760": _("Courtage"),
        "4970": _("Bankentgelte"),
        "5000": _("Gezahlte Leistungen"),
    }
    return texts.get(account, account)


def describe_item(kind: str) -> str:
    """What an open item demands."""
    texts = {
        "premium": _("Beitrag"),
        "interest": _("Verzugszinsen"),
        "lump_sum": _("Verzugspauschale"),
        "costs": _("Mahnkosten"),
        "bank_fee": _("Rücklastschriftentgelt"),
    }
    return texts.get(kind, kind)


def describe_age(age: Age) -> str:
    """How long a demand has been overdue."""
    return {
        Age.NOT_DUE: _("nicht fällig"),
        Age.MONTH: _("bis 30 Tage"),
        Age.TWO_MONTHS: _("31 bis 60 Tage"),
        Age.QUARTER: _("61 bis 90 Tage"),
        Age.LONGER: _("über 90 Tage"),
    }[age]
