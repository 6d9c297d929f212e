"""Reminders in words: what happened in a case, what comes next and why, why something cannot be."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.facts.arrears import Step, StepKind, Wait, WaitReason

_STEPS: Final[Mapping[StepKind, Any]] = {
    StepKind.PAYMENT_REQUEST: gettext_lazy("Zahlungsaufforderung (§ 33 Abs. 2 VVG)"),
    StepKind.FIRST_NOTICE: gettext_lazy("Mitteilung zum Erstbeitrag (§ 37 Abs. 2 VVG)"),
    StepKind.REMINDER: gettext_lazy("Mahnung (§ 38 Abs. 1 VVG)"),
    StepKind.BENEFIT_FREEDOM: gettext_lazy("keine Leistung für neue Fälle"),
    StepKind.TERMINATION: gettext_lazy("Kündigung (§ 38 Abs. 3 VVG)"),
    StepKind.WITHDRAWAL: gettext_lazy("Rücktritt (§ 37 Abs. 1 VVG)"),
    StepKind.REVIVAL: gettext_lazy("gezahlt, Kündigung unwirksam"),
    StepKind.PAID: gettext_lazy("ausgeglichen"),
    StepKind.STOP: gettext_lazy("angehalten"),
    StepKind.RESUME: gettext_lazy("fortgesetzt"),
    StepKind.EXTENSION: gettext_lazy("Frist verlängert"),
    StepKind.RECEIPT: gettext_lazy("Zugang an einem anderen Tag"),
    StepKind.RELEASE: gettext_lazy("Ende des Vertrags freigegeben"),
}
_WAITS: Final[Mapping[WaitReason, Any]] = {
    WaitReason.CLOSED: gettext_lazy("Der Fall ist abgeschlossen."),
    WaitReason.STOPPED: gettext_lazy("Jemand hat den Fall angehalten: es geschieht nichts."),
    WaitReason.PLAN: gettext_lazy("Die Forderungen sind in einem Ratenplan, der eingehalten wird."),
    WaitReason.DEBIT: gettext_lazy("Eine Lastschrift ist unterwegs."),
    WaitReason.SMALL_SUM: gettext_lazy("Offen ist weniger, als angemahnt wird."),
    WaitReason.DUE: gettext_lazy(
        "Die Abrechnung bat um eine Überweisung; ein paar Tage warten wir auf die Bank."
    ),
    WaitReason.DEADLINE: gettext_lazy("Die Frist des letzten Briefs läuft."),
    WaitReason.BEFORE_TERMINATION: gettext_lazy(
        "Die Frist ist vorbei. Mit dem Ende des Vertrags warten wir noch."
    ),
    WaitReason.RELEASE: gettext_lazy(
        "Das Ende des Vertrags wartet auf die Freigabe durch die Finanzabteilung."
    ),
    WaitReason.REVIVAL: gettext_lazy(
        "Der Vertrag ist gekündigt. Wird bis zum Ende des Monats gezahlt, läuft er weiter."
    ),
    WaitReason.ENDED: gettext_lazy(
        "Der Vertrag ist beendet. Offen bleibt die Forderung: einziehen oder ausbuchen."
    ),
}
_STATES: Final[Mapping[WaitReason, tuple[str, Any]]] = {
    WaitReason.CLOSED: ("done", gettext_lazy("abgeschlossen")),
    WaitReason.STOPPED: ("off", gettext_lazy("angehalten")),
    WaitReason.PLAN: ("waiting", gettext_lazy("im Ratenplan")),
    WaitReason.DEBIT: ("running", gettext_lazy("Lastschrift unterwegs")),
    WaitReason.SMALL_SUM: ("waiting", gettext_lazy("Kleinbetrag")),
    WaitReason.DUE: ("waiting", gettext_lazy("vor der Mahnung")),
    WaitReason.DEADLINE: ("waiting", gettext_lazy("Frist läuft")),
    WaitReason.BEFORE_TERMINATION: ("attention", gettext_lazy("Frist vorbei")),
    WaitReason.RELEASE: ("attention", gettext_lazy("freizugeben")),
    WaitReason.REVIVAL: ("attention", gettext_lazy("gekündigt")),
    WaitReason.ENDED: ("off", gettext_lazy("Vertrag beendet")),
}
_REFUSALS: Final[Mapping[str, Any]] = {
    "NOT_ALLOWED": gettext_lazy("Das darf nur die Finanzabteilung."),
    "CLOSED": gettext_lazy("Dieser Fall ist abgeschlossen."),
    "NO_REASON": gettext_lazy("Nennen Sie den Grund."),
    "STOPPED": gettext_lazy("Dieser Fall ist schon angehalten."),
    "NOT_STOPPED": gettext_lazy("Dieser Fall ist nicht angehalten."),
    "PAST": gettext_lazy("Der %(day)s ist schon vorbei. Wählen Sie einen späteren Tag."),
    "NO_LETTER": gettext_lazy("Es gibt noch keinen Brief mit einer Frist."),
    "NOT_LONGER": gettext_lazy("Die Frist läuft schon bis zum %(day)s. Wählen Sie mehr."),
    "TOO_LATE": gettext_lazy(
        "Die Folgen der Frist sind schon eingetreten. Halten Sie den Fall an, wenn er ruhen soll."
    ),
    "BEFORE_LETTER": gettext_lazy("Der Brief ist erst vom %(day)s."),
    "FUTURE": gettext_lazy("Der %(day)s liegt in der Zukunft."),
    "NOT_WAITING": gettext_lazy("Hier wartet nichts auf eine Freigabe."),
}


def describe_step(kind: str) -> str:
    """What happened."""
    return str(_STEPS[StepKind(kind)])


def explain_next(found: Step | Wait) -> str:
    """Why nothing happens today, or what the next night brings."""
    if isinstance(found, Step):
        return _("Mit der nächsten Verarbeitung: %(step)s.") % {"step": describe_step(found.kind)}
    return str(_WAITS[found.reason])


def describe_state(found: Step | Wait) -> tuple[str, str]:
    """Mark and word of where a case stands."""
    if isinstance(found, Step):
        return "running", describe_step(found.kind)
    mark, word = _STATES[found.reason]
    return mark, str(word)


def describe_refusal(code: str, params: Mapping[str, str]) -> str:
    """Why something cannot be done in a case; days are written for the reader."""
    return str(_REFUSALS[code]) % dict(params)
