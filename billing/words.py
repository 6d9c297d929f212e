"""What codes about runs and collections read as, in the user's language."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from aupolicy.kernel.money import format_amount
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
