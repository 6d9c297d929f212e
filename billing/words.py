"""What codes about runs and collections read as, in the user's language."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from aupolicy.kernel.identifiers import UnableToReadIdentifier
from aupolicy.kernel.money import format_amount
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
