"""What the standing of mandates and the release of collections read as, in the user's language."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.facts.mandate import MandateStanding, NoDebitReason

STANDINGS = {
    MandateStanding.PENDING: gettext_lazy("gilt noch nicht"),
    MandateStanding.ACTIVE: gettext_lazy("gültig"),
    MandateStanding.AWAITING_BANK: gettext_lazy("wartet auf die Bank"),
    MandateStanding.SUSPENDED: gettext_lazy("ausgesetzt"),
    MandateStanding.EXPIRED: gettext_lazy("verfallen"),
    MandateStanding.REVOKED: gettext_lazy("widerrufen"),
    MandateStanding.ENDED: gettext_lazy("beendet"),
}
NO_DEBIT_REASONS = {
    NoDebitReason.NO_MANDATE: gettext_lazy("kein gültiges SEPA-Mandat"),
    NoDebitReason.EXPIRED: gettext_lazy("das Mandat ist nach 36 Monaten ohne Einzug verfallen"),
    NoDebitReason.REVOKED: gettext_lazy("das Mandat ist widerrufen"),
    NoDebitReason.SUSPENDED: gettext_lazy("das Mandat ist ausgesetzt"),
    NoDebitReason.B2B_NOT_CONFIRMED: gettext_lazy(
        "die Bank hat das Firmenmandat noch nicht bestätigt"
    ),
    NoDebitReason.OTHER_CREDITOR: gettext_lazy("das Mandat nennt einen anderen Gläubiger"),
    NoDebitReason.CREDIT: gettext_lazy("Guthaben, wird nicht eingezogen"),
    NoDebitReason.CAME_BACK: gettext_lazy("die Lastschrift kam zurück"),
    NoDebitReason.IN_PLAN: gettext_lazy("im Ratenplan ist keine Rate fällig"),
}


def describe_collect_refusal(code: str, params: Mapping[str, str | int]) -> str:
    """Why a collection cannot be made, released or discarded."""
    texts = {
        "TOO_LATE": _(
            "Für den %(due)s ist es zu spät: die Datei muss bis %(submit_by)s, %(hour)s Uhr, bei"
            " der Bank sein."
        ),
        "NOT_ALLOWED": _("Dafür braucht es die Rolle Finanzen."),
        "SAME_PERSON": _("Wer eine Datei erstellt hat, gibt sie nicht selbst frei."),
        "RELEASED": _("Diese Datei ist schon freigegeben."),
        "DISCARDED": _("Diese Datei ist verworfen."),
        "MANDATES_CHANGED": _(
            "%(count)s Lastschriften haben kein gültiges Mandat mehr oder ein geändertes."
            " Verwerfen Sie die Datei und legen Sie den Einzug neu an."
        ),
        "DEBITS_ENDED": _("%(count)s Lastschriften sind inzwischen erledigt."),
        "NOT_RELEASED": _("Die Datei ist noch nicht freigegeben."),
        "LOST": _("Die Datei fehlt, und aus den Buchungen entsteht eine andere."),
    }
    return texts.get(code, code) % params


def describe_stop_refusal(code: str) -> str:
    """Why a mandate cannot be stopped, released or confirmed."""
    texts = {
        "NO_REASON": _("Geben Sie einen Grund an."),
        "NOT_SUSPENDED": _("Das Mandat ist nicht ausgesetzt."),
        "REVOKED": _("Das Mandat ist schon widerrufen."),
        "NOT_B2B": _("Nur ein Firmenmandat muss die Bank bestätigen."),
        "CONFIRMED": _("Die Bank hat das Mandat schon bestätigt."),
        "BEFORE_SIGNATURE": _("Vor der Unterschrift kann keine Bank bestätigen."),
        "IN_FUTURE": _("Dieser Tag liegt in der Zukunft."),
    }
    return texts.get(code, code)
