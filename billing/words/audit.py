"""What the audit of the ledger looks at and finds, in the user's language."""

from django.utils.translation import gettext as _

from aupolicy.kernel.money import format_amount
from billing.queries.audit import DIGESTS, Difference


def describe_check(code: str) -> str:
    """What an identity of the audit compares."""
    texts = {
        "BALANCED": _("Jede Buchung geht auf"),
        "BOOKED": _("Jede Buchung hat Buchungszeilen"),
        "SETTLES": _("Was eine Buchung von der Forderung nimmt, ist offenen Posten zugeordnet"),
        "RECEIVABLES": _("Forderungskonto je Vertrag = offene Posten weniger Zuordnungen"),
        "WITHIN_ITEM": _("Kein Posten ist über seinen Betrag hinaus ausgeglichen"),
        "LINES_OF_STATEMENT": _("Abrechnung = Summe ihrer Zeilen und der Steuer"),
        "ITEM_OF_STATEMENT": _("Abrechnung = offener Posten"),
        "BOOKING_OF_STATEMENT": _("Abrechnung = Buchung von Forderung, Beitrag und Steuer"),
        "BOOKING_OF_CHARGE": _("Nebenforderung = ihre Buchung"),
        "DEBITS": _("Lastschrift = ihre Zuordnungen, beendet keine"),
        "COLLECTIONS": _("Kontrollsumme eines Einzugs = Summe seiner Lastschriften"),
        "IN_TRANSIT": _("Konto Einzug = eingereicht, nicht abgewiesen, nicht gutgeschrieben"),
        "BANK": _("Konto Bank = Umsätze der Bank"),
        "KEPT_ASIDE": _("Ungeklärte Zahlungseingänge = ungeklärte Umsätze der Bank"),
        "COMMISSION": _("Courtage eines Vermittlers = ihre Buchung"),
        "COMMISSION_OWED": _("Geschuldete Courtage = verdient, nicht ausgezahlt"),
        "WRITE_OFFS": _("Ausbuchung = ihre Zuordnung, entschieden von zweien"),
        "PAYOUTS": _("Auszahlung = ihre Buchung"),
        "ORDERS": _("Überweisungsauftrag = Summe seiner Auszahlungen"),
        "NUMBERS": _("Nummern ohne Lücke"),
        "CLOSED_MONTHS": _("Saldenlisten abgeschlossener Monate stehen noch so"),
        "DIGESTS": _("Beitragszeilen jedes Laufs stehen noch so, wie sie gebucht wurden"),
    }
    return texts.get(code, code)


def describe_difference(difference: Difference) -> str:
    """One thing that does not agree: what, which one, by how much."""
    if difference.check == DIGESTS:
        text = _("Lauf %(month)s: die Beitragszeilen sind nicht mehr die, die gebucht wurden")
        return text % {"month": difference.key}
    return _("%(check)s: %(key)s – erwartet %(expected)s, gefunden %(found)s") % {
        "check": describe_check(difference.check),
        "key": difference.key,
        "expected": format_amount(difference.expected),
        "found": format_amount(difference.found),
    }
