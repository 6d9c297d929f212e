"""What codes about commission read as, in the user's language."""

from collections.abc import Mapping

from django.utils.translation import gettext as _


def describe_commission_refusal(code: str, params: Mapping[str, str]) -> str:
    """Why commission cannot be agreed or stated so; `day` in the reader's way of writing."""
    texts = {
        "NOT_ALLOWED": _("Das darf nur, wer für Finanzen zuständig ist."),
        "PERCENT_RANGE": _("Ein Satz liegt zwischen 0 und 100 %."),
        "OTHER_BROKER": _("Diesen Vertrag betreut ein anderer Vermittler."),
        "NOT_LATER": _(
            "Die geltende Vereinbarung beginnt am %(day)s. Wählen Sie einen Tag danach."
        ),
        "MONTH_NOT_OVER": _("Abgerechnet wird ein Monat, sobald er vorbei ist."),
    }
    text = texts.get(code, code)
    return text % params if params else text


def describe_account_refusal(code: str) -> str:
    """Why a broker's account cannot be recorded or confirmed so."""
    texts = {
        "NOT_ALLOWED": _(
            "Das dürfen nur der Vermittler selbst und wer für Finanzen zuständig ist."
        ),
        "HOLDER_MISSING": _("Geben Sie den Kontoinhaber an."),
        "SAME_PERSON": _(
            "Bestätigen muss jemand anderes als die Person, die das Konto erfasst hat."
        ),
        "CONFIRMED": _("Das Konto ist schon bestätigt."),
    }
    return texts.get(code, code)
