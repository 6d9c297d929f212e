"""What codes about runs and collections read as, in the user's language."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from aupolicy.kernel.identifiers import UnableToReadIdentifier
from aupolicy.kernel.money import format_amount
from billing.exports.sepa_check import Finding
from billing.parsing.contract_file import ContractProblem
from billing.queries.collectable import NoDebitReason, NotCollected


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
    }
    return texts.get(code, code) % params


def describe_collect_refusal(code: str, params: Mapping[str, str]) -> str:
    """Why no collection can be made."""
    texts = {
        "TOO_LATE": _(
            "Für den %(due)s ist es zu spät: die Datei muss bis %(submit_by)s bei der Bank sein."
        ),
    }
    return texts.get(code, code) % params


def describe_not_collected(item: NotCollected) -> str:
    """Why a statement is not collected."""
    reason = {
        NoDebitReason.NO_MANDATE: _("kein gültiges SEPA-Mandat"),
        NoDebitReason.B2B_NOT_CONFIRMED: _("die Bank hat das Firmenmandat noch nicht bestätigt"),
        NoDebitReason.CREDIT: _("Guthaben, wird nicht eingezogen"),
    }[item.reason]
    return _("Nicht eingezogen: %(number)s über %(amount)s € (%(reason)s)") % {
        "number": item.number,
        "amount": format_amount(item.amount),
        "reason": reason,
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
        "ultimate_debtor_name": _("Der Name des Beitragsschuldners ist für Banken nicht lesbar."),
    }
