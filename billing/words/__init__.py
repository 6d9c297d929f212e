"""What codes about runs and collections read as, in the user's language."""

from collections.abc import Mapping

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from aupolicy.kernel.identifiers import UnableToReadIdentifier
from aupolicy.kernel.money import format_amount
from aupolicy.kernel.month import Month
from billing.exports.sepa_check import Finding
from billing.facts.payroll_file import PayrollFormat
from billing.facts.recovery import RecoveryMode, ReturnCode
from billing.parsing.contract_file import ContractProblem
from billing.queries.collectable import NotCollected
from billing.queries.payouts import WaitingClaim, WaitReason
from billing.words.mandates import NO_DEBIT_REASONS


def describe_run_refusal(code: str, params: Mapping[str, str]) -> str:
    """Why a run cannot be started, posted or discarded."""
    texts = {
        "RUN_NOT_POSTED": _(
            "Der Lauf für %(month)s ist noch nicht gebucht. Buchen oder verwerfen Sie ihn zuerst."
        ),
        "LATER_MONTH_BILLED": _(
            "%(month)s ist schon abgerechnet. Frühere Monate werden dort nachverrechnet."
        ),
        "TOO_FAR_AHEAD": _(
            "%(month)s liegt zu weit voraus. Abgerechnet wird höchstens %(months)s Monate im"
            " Voraus."
        ),
        "RUN_POSTED": _("Der Lauf für %(month)s ist gebucht und bleibt es."),
        "BOOKS_DIFFER": _(
            "Die Buchung wurde abgelehnt: Zeilen, Abrechnungen und Hauptbuch stimmten nicht"
            " überein. Gebucht ist nichts. Verwerfen Sie die Vorschau und berechnen Sie sie neu."
        ),
    }
    return texts.get(code, code) % params


def describe_not_collected(item: NotCollected) -> str:
    """Why a statement is not collected."""
    return _("Nicht eingezogen: %(number)s über %(amount)s € (%(reason)s)") % {
        "number": item.number,
        "amount": format_amount(item.amount),
        "reason": NO_DEBIT_REASONS[item.reason],
    }


def describe_contract_problem(problem: ContractProblem) -> str:
    """One sentence about a value of a file of contracts: where, what stood there, what is wrong."""
    text = problem.message
    if problem.error is not None:
        text = describe_identifier(problem.error)
    return f"{problem.key} {problem.value}".strip() + f": {text}"


def describe_identifier(error: UnableToReadIdentifier) -> str:
    """Why an IBAN, a mandate reference, a creditor identifier or a Betriebsnummer is refused."""
    texts = {
        "missing": _("Hier fehlt ein Wert."),
        "characters": _("Darin stehen Zeichen, die nicht erlaubt sind."),
        "length": _("Die Länge stimmt nicht. Bitte vergleichen Sie jede Stelle."),
        "country": _("Dieses Land kennen wir nicht."),
        "check_digits": _("Die Prüfziffer stimmt nicht. Bitte vergleichen Sie jede Stelle."),
        "structure": _("So ist keine Nummer dieser Art aufgebaut."),
        "range": _("Diese Nummer ist nicht vergeben."),
    }
    return texts.get(error.code, error.code)


def describe_finding(finding: Finding) -> str:
    """A rule of the banks that a debit, or the file as a whole, would break."""
    place = finding.end_to_end_id or _("Bankdatei")
    text = (_file_findings() | _debit_findings()).get(finding.code, finding.code)
    return f"{place}: {text % finding.params}"


def _file_findings() -> dict[str, str]:
    return {
        "message_id": _("Die Kennung der Datei ist nicht erlaubt."),
        "creditor_name": _("Der Name des Versicherers ist für Banken nicht lesbar."),
        "creditor_identifier": _("Die Gläubiger-ID des Versicherers stimmt nicht."),
        "creditor_iban": _("Die IBAN des Versicherers stimmt nicht."),
        "creditor_bic": _("Der BIC des Versicherers stimmt nicht."),
        "due_date_closed": _("Am %(due)s arbeiten die Banken nicht."),
        "due_too_soon": _("Die Datei müsste bis %(submit_by)s bei der Bank sein."),
        "no_debits": _("Es ist keine Lastschrift darin."),
        "count": _("Erwartet waren %(expected)s Lastschriften, gefunden %(given)s."),
        "control_sum": _("Erwartet war die Summe %(expected)s, gefunden %(given)s."),
    }


def _debit_findings() -> dict[str, str]:
    return {
        "end_to_end_id": _("Die Nummer der Abrechnung ist für Banken nicht lesbar."),
        "end_to_end_id_twice": _("Diese Abrechnung steht zweimal darin."),
        "amount_range": _("Der Betrag %(amount)s liegt nicht zwischen 0,01 und 999.999.999,99 €."),
        "amount_decimals": _("Der Betrag %(amount)s hat mehr als zwei Nachkommastellen."),
        "scheme": _("Das Mandat gehört zum Verfahren %(given)s, die Datei zu %(expected)s."),
        "mandate_reference": _("Die Mandatsreferenz ist nicht erlaubt."),
        "mandate_signed_after_due": _("Das Mandat wurde erst am %(signed_on)s unterschrieben."),
        "debtor_name": _("Der Name des Kontoinhabers ist für Banken nicht lesbar."),
        "debtor_iban": _("Die IBAN des Mandats stimmt nicht."),
        "debtor_outside_eea": _(
            "Das Konto liegt in %(country)s; dort verlangen Banken eine Anschrift, die das Mandat"
            " nicht hat."
        ),
        "debtor_bic": _("Der BIC des Mandats stimmt nicht."),
        "remittance_empty": _("Der Verwendungszweck ist leer."),
        "amendment_empty": _("Die Mandatsänderung nennt nichts, was sich geändert hat."),
        "amendment_of_one_off": _("Ein Mandat für eine einzige Lastschrift hat keine Änderung."),
        "original_reference": _("Die frühere Mandatsreferenz stimmt nicht."),
        "original_creditor_identifier": _("Die frühere Gläubiger-ID stimmt nicht."),
        "original_creditor_name": _("Der frühere Name des Gläubigers stimmt nicht."),
        "original_iban": _("Die frühere IBAN stimmt nicht."),
        "original_account_twice": _("Die frühere IBAN ist genannt und zugleich verschwiegen."),
        "ultimate_debtor_name": _("Der Name des Beitragsschuldners ist für Banken nicht lesbar."),
    }


def describe_transfer_finding(finding: Finding) -> str:
    """A rule of the banks that a transfer, or the file as a whole, would break."""
    place = finding.end_to_end_id or _("Bankdatei")
    text = _transfer_findings().get(finding.code, finding.code)
    return f"{place}: {text % finding.params}"


def _transfer_findings() -> dict[str, str]:
    shared = {**_file_findings(), **_debit_findings()}
    kept = ("message_id", "control_sum", "amount_range", "amount_decimals", "remittance_empty")
    return {
        **{code: shared[code] for code in kept},
        "payer_name": _("Der Name des Versicherers ist für Banken nicht lesbar."),
        "payer_iban": _("Die IBAN des Versicherers stimmt nicht."),
        "payer_bic": _("Der BIC des Versicherers stimmt nicht."),
        "execution_closed": _("Am %(day)s arbeiten die Banken nicht."),
        "execution_past": _("Der %(day)s ist vorbei."),
        "no_transfers": _("Es ist keine Überweisung darin."),
        "count": _("Erwartet waren %(expected)s Überweisungen, gefunden %(given)s."),
        "end_to_end_id": _("Die Nummer der Auszahlung ist für Banken nicht lesbar."),
        "end_to_end_id_twice": _("Diese Auszahlung steht zweimal darin."),
        "payee_name": _("Der Name des Kontoinhabers ist für Banken nicht lesbar."),
        "payee_iban": _("Die IBAN des Kontos stimmt nicht."),
        "payee_outside_sepa": _("Das Konto liegt in %(country)s, außerhalb des SEPA-Raums."),
        "payee_bic": _("Der BIC des Kontos stimmt nicht."),
        "payee_bic_needed": _("Das Konto liegt in %(country)s; dort wird der BIC gebraucht."),
    }


def describe_pay_refusal(code: str, params: Mapping[str, str | int]) -> str:
    """Why an order cannot be made, released, discarded or downloaded."""
    texts = {
        "NOT_ALLOWED": _("Das darf nur, wer für Finanzen zuständig ist."),
        "PAST": _("Der Ausführungstag %(day)s ist vorbei. Wählen Sie einen späteren Tag."),
        "SAME_PERSON": _(
            "Freigeben muss jemand anderes als die Person, die den Auftrag angelegt hat."
        ),
        "RELEASED": _("Der Auftrag ist schon freigegeben."),
        "DISCARDED": _("Der Auftrag ist verworfen."),
        "NOT_RELEASED": _("Der Auftrag ist noch nicht freigegeben."),
        "SLICES_CANCELLED": _(
            "Seit der Auftrag angelegt wurde, sind Leistungen darin storniert worden"
            " (%(count)s). Verwerfen Sie ihn und legen Sie einen neuen an."
        ),
        "NAME_MISMATCH": _(
            "Bei %(count)s Überweisungen passt der Name laut Bank nicht zum Konto. Prüfen Sie diese"
            " zuerst; freigeben können Sie nur, wenn Sie das bestätigen."
        ),
        "RESULT_UNKNOWN": _("Wählen Sie, was die Bank geantwortet hat."),
        "NOT_TRANSFERRED": _("Diese Auszahlung ist ganz verrechnet; nichts ging zur Bank."),
        "NOTHING_DUE": _("Davon ist nichts auszuzahlen."),
        "NO_ACCOUNT": _("Zu %(number)s gibt es kein Konto, auf das überwiesen werden kann."),
    }
    return texts.get(code, code) % params


def describe_return_refusal(code: str, params: Mapping[str, str]) -> str:
    """Why a payout cannot have come back so."""
    texts = {
        "NOT_ALLOWED": _("Das darf nur, wer für Finanzen zuständig ist."),
        "CODE_UNKNOWN": _("Wählen Sie den Grund, den die Bank nennt."),
        "NOT_RELEASED": _("Diese Auszahlung ging noch nicht zur Bank."),
        "ALREADY_RETURNED": _("Der Rückläufer ist schon erfasst."),
        "BEFORE_EXECUTION": _("Ausgeführt wurde erst am %(day)s; vorher kann nichts zurückkommen."),
        "IN_FUTURE": _("Dieser Tag liegt in der Zukunft."),
    }
    return texts.get(code, code) % params


def describe_recover_refusal(code: str, params: Mapping[str, str]) -> str:
    """Why a recovery cannot be changed or repaid so."""
    texts = {
        "NOT_ALLOWED": _("Das darf Ihre Rolle nicht."),
        "NOTHING_OPEN": _("Es ist nichts mehr offen."),
        "REASON_MISSING": _("Nennen Sie den Grund."),
        "MEDICAL_TEXT": _(
            "Der Text sieht nach Angaben zur Gesundheit aus. Schreiben Sie ihn ohne solche."
        ),
        "INSTALMENT_MISSING": _("Nennen Sie die Rate in Euro, mehr als 0."),
        "AMOUNT_RANGE": _("Nennen Sie einen Betrag über 0 €."),
        "MORE_THAN_OPEN": _("Offen sind nur %(open)s €."),
        "IN_FUTURE": _("Dieser Tag liegt in der Zukunft."),
    }
    return texts.get(code, code) % params


def describe_wait(reason: WaitReason) -> str:
    """Why what is due to a claim is not paid."""
    return {
        WaitReason.NO_ACCOUNT: _("kein Konto angegeben"),
        WaitReason.NOT_CHECKED: _("Konto noch nicht geprüft"),
        WaitReason.ACCOUNT_FAILED: _("Überweisung kam zurück, neues Konto nötig"),
        WaitReason.NOT_REACHABLE: _("Konto ist per SEPA nicht erreichbar"),
    }[reason]


def describe_waiting(waiting: WaitingClaim) -> str:
    """What is due to a claim and cannot be paid."""
    return _("Wartet: %(number)s über %(amount)s € (%(reason)s)") % {
        "number": waiting.claim.number,
        "amount": format_amount(waiting.claim.gross),
        "reason": describe_wait(waiting.reason),
    }


def describe_recovery_mode(mode: RecoveryMode) -> str:
    """How benefit paid too much comes back."""
    return {
        RecoveryMode.OFFSET: _("Verrechnung mit den nächsten Auszahlungen"),
        RecoveryMode.INSTALMENTS: _("Verrechnung in Raten"),
        RecoveryMode.RECLAIM: _("Rückzahlung durch Überweisung"),
    }[mode]


def describe_return_code(code: ReturnCode) -> str:
    """Why a bank sent a transfer back."""
    return {
        ReturnCode.AC01: _("IBAN falsch"),
        ReturnCode.AC03: _("IBAN des Empfängers ungültig"),
        ReturnCode.AC04: _("Konto geschlossen"),
        ReturnCode.AC06: _("Konto gesperrt"),
        ReturnCode.AG01: _("Überweisung auf diese Kontoart nicht erlaubt"),
        ReturnCode.AG02: _("Geschäftsvorfall ungültig"),
        ReturnCode.AM05: _("doppelt eingereicht"),
        ReturnCode.BE04: _("Anschrift des Empfängers fehlt oder ist falsch"),
        ReturnCode.CNOR: _("Bank des Empfängers nicht erreichbar"),
        ReturnCode.DUPL: _("auf Wunsch zurückgerufen: doppelte Zahlung"),
        ReturnCode.ERIN: _("Rückgabe wegen eines Fehlers in der Datei"),
        ReturnCode.FF05: _("Zahlungsart ungültig"),
        ReturnCode.FOCR: _("nach einem Rückruf zurückgegeben"),
        ReturnCode.MD07: _("Kontoinhaber verstorben"),
        ReturnCode.MS02: _("vom Empfänger abgelehnt, ohne Grund"),
        ReturnCode.MS03: _("von der Bank ohne Angabe von Gründen"),
        ReturnCode.RC01: _("BIC falsch"),
        ReturnCode.RR01: _("Angaben zum Konto des Auftraggebers fehlen"),
        ReturnCode.RR02: _("Name oder Anschrift des Auftraggebers fehlt"),
        ReturnCode.RR03: _("Name oder Anschrift des Empfängers fehlt"),
        ReturnCode.RR04: _("aus aufsichtsrechtlichen Gründen"),
        ReturnCode.TM01: _("zu spät eingereicht"),
    }[code]


def describe_bookkeeping_refusal(code: str, params: Mapping[str, str]) -> str:
    """Why there is no file for the employer's bookkeeping, or why its numbers are not kept."""
    texts = {
        "NO_TARGET": _(
            "Für diesen Arbeitgeber ist noch nicht angegeben, auf welche Konten die Beiträge"
            " gebucht werden."
        ),
        "NOTHING_TO_BOOK": _("In diesem Zeitraum ist keine Abrechnung zu buchen."),
        "TOO_MANY_BOOKINGS": _(
            "Eine Datei nimmt höchstens %(most)s Buchungen. Wählen Sie einen kürzeren Zeitraum."
        ),
        "TWO_FISCAL_YEARS": _(
            "Eine Datei gilt für ein Wirtschaftsjahr, hier für das am %(start)s begonnene."
            " Wählen Sie einen Zeitraum, der darin liegt."
        ),
        "OUT_OF_RANGE": _("Erwartet wird eine Zahl von %(least)s bis %(most)s."),
        "NO_ACCOUNT": _("Ein Konto besteht aus Ziffern und ist nicht null."),
        "ACCOUNT_TOO_LONG": _(
            "Das Konto %(account)s hat zu viele Stellen, möglich sind hier %(most)s."
        ),
        "NO_COST_CENTRE": _(
            "Eine Kostenstelle besteht aus höchstens 36 Buchstaben, Ziffern und Leerzeichen, ohne"
            " Umlaute."
        ),
        "SAME_ACCOUNT": _("Aufwandskonto und Kreditorenkonto können nicht dasselbe Konto sein."),
        "NO_DOCUMENT_NUMBER": _("%(number)s taugt nicht als Belegnummer."),
        "NO_AMOUNT": _("Der Betrag der Abrechnung %(number)s ist zu groß für eine Buchung."),
    }
    return texts.get(code, code) % params


def describe_payroll_format(file_format: PayrollFormat) -> str:
    """The payroll program that reads a file."""
    return {
        PayrollFormat.LODAS: "DATEV LODAS",
        PayrollFormat.LUG: "DATEV Lohn und Gehalt",
        PayrollFormat.LEXWARE: "Lexware lohn+gehalt",
        PayrollFormat.SAGE: "Sage",
        PayrollFormat.PERSONIO: "Personio",
        PayrollFormat.CSV: _("Anderes Programm (CSV)"),
    }[file_format]


def describe_payroll_refusal(code: str, params: Mapping[str, str | list[str]]) -> str:
    """Why there is no file for payroll, or why one is not taken back."""
    texts = {
        "NOTHING_BILLED": _("%(month)s ist noch nicht abgerechnet."),
        "BEFORE_FIRST_MONTH": _(
            "%(month)s liegt vor %(first)s, dem ersten Monat in Ihren Einstellungen."
        ),
        "NOTHING_NEW": _("Für %(month)s gibt es nichts Neues: alles ist schon übergeben."),
        "TARGET_MISSING": _(
            "Für %(format)s fehlen die Einstellungen, zum Beispiel die Lohnart. Geben Sie sie"
            " zuerst an."
        ),
        "TARGET_INCOMPLETE": _("Für %(format)s fehlt in den Einstellungen: %(fields)s."),
        "PERSONNEL_NUMBERS": _(
            "DATEV nimmt nur Personalnummern von 1 bis 99999, ohne Buchstaben. Anders ist es bei:"
            " %(people)s."
        ),
        "PERSONNEL_NUMBERS_ALIKE": _(
            "DATEV unterscheidet Personalnummern nicht nach führenden Nullen. Dieselbe Nummer"
            " hätten: %(people)s."
        ),
        "CHARACTERS": _(
            "Diese Personalnummern enthalten Zeichen, die das Programm nicht kennt: %(people)s."
        ),
        "WITHDRAWN": _("Diese Datei ist schon zurückgenommen."),
    }
    return texts.get(code, code) % {name: _say(name, value) for name, value in params.items()}


def describe_payroll_field(field: str) -> str:
    """A setting of the payroll program that is missing or out of range."""
    return {
        "consultant_number": _("Beraternummer, 1 bis 9999999"),
        "client_number": _("Mandantennummer, 1 bis 99999"),
        "wage_type": _("Lohnart, so wie sie in Ihrem Lohnprogramm heißt"),
        "processing_key": _("Bearbeitungsschlüssel, 1 bis 99"),
        "cost_centre": _(
            "Kostenstelle aus höchstens 20 Buchstaben und Ziffern, bei DATEV Lohn und Gehalt 8"
        ),
    }[field]


# So many people are named; the others are counted.
_MOST_NAMED = 20


def _say(name: str, value: str | list[str]) -> str:
    """A value of a refusal as people read it."""
    if isinstance(value, list):
        words = [describe_payroll_field(item) for item in value] if name == "fields" else value
        more = len(words) - _MOST_NAMED
        rest = [_("%(count)s weitere") % {"count": more}] if more > 0 else []
        return "; ".join([*words[:_MOST_NAMED], *rest])
    if name == "format":
        return describe_payroll_format(PayrollFormat(value))
    if name in {"month", "first"}:
        return date_format(Month.parse(value).first_day, "F Y")
    return value
