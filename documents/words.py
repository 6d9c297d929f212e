"""What mails say, and the words of webhooks.

A mail's text and HTML are made of the same words; no names, pays or accounts of people. Every
function is called in the language of the recipient.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext
from django.utils.translation import gettext as _

from aupolicy.facts.machine import WebhookTopic
from aupolicy.models import Invitation, Role
from documents.facts.webhooks import Outcome
from members.facts import NoticeKind
from members.words import describe_kind

ROLES: Mapping[Role, Any] = {
    Role.CLERK: gettext_lazy("Sachbearbeitung"),
    Role.EXAMINER: gettext_lazy("Leistungsprüfung"),
    Role.FINANCE: gettext_lazy("Finanzen"),
    Role.AUDITOR: gettext_lazy("Revision, nur lesen"),
    Role.BROKER: gettext_lazy("Vermittlung"),
    Role.EMPLOYER_ADMIN: gettext_lazy("Verwaltung"),
    Role.EMPLOYER_EDITOR: gettext_lazy("Meldungen"),
    Role.EMPLOYER_READER: gettext_lazy("Einsicht"),
}


@dataclass(frozen=True, slots=True)
class Letter:
    """The words of one mail: sentences, a few facts (label, value), and one button."""

    subject: str
    sentences: tuple[str, ...]
    button: str
    facts: Sequence[tuple[str, str]] = ()
    foot: str = ""


def write_invitation(invitation: Invitation) -> Letter:
    """Somebody is asked to take a role."""
    party = invitation.employer or invitation.broker
    inviter = invitation.invited_by
    name = (inviter.get_full_name() or inviter.get_username()) if inviter else ""
    greeting = (
        _("%(name)s hat Sie zur bAU-Verwaltung eingeladen.") % {"name": name}
        if name
        else _("Sie sind zur bAU-Verwaltung eingeladen.")
    )
    facts = [(_("Rolle"), str(ROLES[Role(invitation.role)]))]
    if party is not None:
        facts.insert(0, (_("Für"), party.legal_name))
    return Letter(
        subject=_("Ihre Einladung zur bAU-Verwaltung"),
        sentences=(
            greeting,
            _("Öffnen Sie den Link, nennen Sie Ihren Namen und wählen Sie ein Passwort."),
        ),
        facts=(*facts, (_("Gültig bis"), _moment(invitation.expires_at))),
        button=_("Einladung annehmen"),
        foot=_("Der Link gilt einmal und nur für Sie. Geben Sie diese E-Mail nicht weiter."),
    )


def write_upload_checked(employer: str, outcomes: Mapping[str, int]) -> Letter:
    """A file has been checked and waits for its release."""
    return Letter(
        subject=_("Ihre Datei ist geprüft und wartet auf die Freigabe"),
        sentences=(
            _("Ihre Datei für %(employer)s ist geprüft. Noch ist nichts übernommen.")
            % {"employer": employer},
        ),
        facts=_count_rows(outcomes),
        button=_("Vorschau ansehen"),
    )


def write_upload_applied(employer: str, outcomes: Mapping[str, int]) -> Letter:
    """A file has taken effect."""
    return Letter(
        subject=_("Ihre Datei ist übernommen"),
        sentences=(_("Ihre Datei für %(employer)s ist übernommen.") % {"employer": employer},),
        facts=_count_rows(outcomes),
        button=_("Ergebnis ansehen"),
    )


def write_upload_refused(employer: str) -> Letter:
    """A file cannot be read."""
    return Letter(
        subject=_("Ihre Datei ist nicht lesbar"),
        sentences=(
            _("Ihre Datei für %(employer)s konnte nicht gelesen werden. Es ist nichts übernommen.")
            % {"employer": employer},
            _("Auf der Seite steht, woran es liegt und was Sie tun können."),
        ),
        button=_("Grund ansehen"),
    )


def write_mandate_change(employer: str, requested_at: datetime) -> Letter:
    """A new bank account waits for the second look."""
    return Letter(
        subject=_("Eine neue Bankverbindung wartet auf Ihre Bestätigung"),
        sentences=(
            _("Für %(employer)s wurde eine neue Bankverbindung eingetragen.")
            % {"employer": employer},
            _("Sie gilt erst, wenn eine zweite Person sie bestätigt. Prüfen Sie die Angaben."),
        ),
        facts=((_("eingetragen"), _moment(requested_at)),),
        button=_("Bankverbindung prüfen"),
        foot=_("Wissen Sie nichts davon? Dann bestätigen Sie nicht und sprechen Sie mit uns."),
    )


def write_key_expires(party: str, program: str, expires_at: datetime) -> Letter:
    """The last key of a program runs out in two weeks."""
    return Letter(
        subject=_("Ein Programm braucht einen neuen Schlüssel"),
        sentences=(
            _("Der letzte Schlüssel von %(program)s für %(party)s läuft ab.")
            % {"program": program, "party": party},
            _(
                "Erneuern Sie ihn, dann gelten beide noch eine Weile. Danach kommt das Programm"
                " sonst nicht mehr herein."
            ),
        ),
        facts=((_("Gültig bis"), _moment(expires_at)),),
        button=_("Schlüssel erneuern"),
    )


def write_notice_refused(employer: str, kind: NoticeKind, received: datetime) -> Letter:
    """A clerk has refused a notice."""
    return Letter(
        subject=_("Eine Ihrer Meldungen wurde abgelehnt"),
        sentences=(
            _("Eine Meldung für %(employer)s hat die Prüfung nicht bestanden und wirkt nicht.")
            % {"employer": employer},
            _("Auf der Seite steht der Grund. Stimmt er nicht, melden Sie bitte neu."),
        ),
        facts=((_("Meldung"), describe_kind(kind)), (_("eingegangen"), _moment(received))),
        button=_("Meldung ansehen"),
    )


def write_application(status: str, company: str, start: date) -> Letter:
    """Where an application stands: handed_over, accepted or declined."""
    subjects = {
        "handed_over": _("Der Antrag ist beim Versicherer"),
        "accepted": _("Der Antrag ist angenommen"),
        "declined": _("Der Antrag ist abgelehnt"),
    }
    sentences = {
        "handed_over": _("Der Antrag für %(company)s ist eingegangen und wird geprüft."),
        "accepted": _("Der Antrag für %(company)s ist angenommen. Der Vertrag ist angelegt."),
        "declined": _("Der Antrag für %(company)s ist abgelehnt. Auf der Seite steht der Grund."),
    }
    return Letter(
        subject=subjects[status],
        sentences=(sentences[status] % {"company": company},),
        facts=((pgettext("Vertrag", "Beginn"), _day(start)),),
        button=_("Antrag ansehen"),
    )


def write_person_link(expires_at: datetime) -> Letter:
    """The insured person's link. Whoever reads over a shoulder learns nothing of a claim."""
    return Letter(
        subject=_("Ihr persönlicher Zugang"),
        sentences=(
            _("Mit diesem Link öffnen Sie Ihre persönliche Seite, ohne Anmeldung und ohne App."),
            _(
                "Beim ersten Öffnen wählen Sie eine eigene PIN. Danach öffnet den Link nur, wer sie"
                " kennt."
            ),
        ),
        facts=((_("Gültig bis"), _moment(expires_at)),),
        button=_("Seite öffnen"),
        foot=_(
            "Öffnen Sie den Link bald und geben Sie diese E-Mail nicht weiter: Wer ihn zuerst"
            " öffnet, legt die PIN fest."
        ),
    )


def write_claim_letter() -> Letter:
    """There is a letter on the insured person's page; which one and about what is not said."""
    return Letter(
        subject=_("Ein neuer Brief für Sie"),
        sentences=(
            _("Auf Ihrer persönlichen Seite liegt ein neuer Brief von uns."),
            _("Öffnen Sie ihn mit dem Link, den Sie von uns haben, und mit Ihrer PIN."),
        ),
        button="",
        foot=_(
            "Haben Sie den Link nicht mehr? Dann rufen Sie uns an, wir geben Ihnen einen neuen."
        ),
    )


def write_arrears_letter() -> Letter:
    """There is a letter about premium that is not paid; how much is not said."""
    return Letter(
        subject=_("Wichtig: ein Brief zu Ihrem Beitragskonto"),
        sentences=(
            _("In Ihrem Bereich liegt ein Brief von uns zu einem Beitrag, der fehlt oder einging."),
            _("Bitte lesen Sie ihn bald: Er kann eine Frist enthalten."),
        ),
        button=_("Brief ansehen"),
    )


def _count_rows(outcomes: Mapping[str, int]) -> tuple[tuple[str, str], ...]:
    """What becomes of the rows, without rows of nothing."""
    words = (
        ("apply", _("zu übernehmen oder übernommen")),
        ("clerk", _("zur Klärung beim Versicherer")),
        ("known", _("schon bekannt")),
        ("failed", _("fehlerhaft")),
    )
    return tuple(
        (word, ngettext("%(number)d Zeile", "%(number)d Zeilen", number) % {"number": number})
        for key, word in words
        if (number := int(outcomes.get(key, 0)))
    )


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}" if (get_language() or "de").startswith("de") else f"{day:%d %b %Y}"


def _moment(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return _("%(day)s, %(time)s Uhr") % {"day": _day(local.date()), "time": f"{local:%H:%M}"}


_TOPICS: Mapping[WebhookTopic, tuple[Any, Any]] = {
    WebhookTopic.NOTICE_APPLIED: (
        gettext_lazy("Meldung wirksam"),
        gettext_lazy("Eine Meldung zählt, auf welchem Weg sie auch kam."),
    ),
    WebhookTopic.NOTICE_NEEDS_CLERK: (
        gettext_lazy("Meldung zu klären"),
        gettext_lazy("Eine Meldung geht nicht von selbst durch; wir sehen sie uns an."),
    ),
    WebhookTopic.NOTICE_DECIDED: (
        gettext_lazy("Meldung entschieden"),
        gettext_lazy("Wir haben eine Meldung angenommen oder abgelehnt."),
    ),
    WebhookTopic.STATEMENT_POSTED: (
        gettext_lazy("Abrechnung liegt vor"),
        gettext_lazy("Ein Monat ist abgerechnet."),
    ),
    WebhookTopic.CONFIRMATION_ISSUED: (
        gettext_lazy("Versicherungsbestätigung ausgestellt"),
        gettext_lazy("Für eine Person liegt eine neue Bestätigung vor."),
    ),
    WebhookTopic.JOB_FINISHED: (
        gettext_lazy("Auftrag fertig"),
        gettext_lazy("Eine Lohnliste oder Datei, die das Programm sandte, ist verarbeitet."),
    ),
    WebhookTopic.ENDPOINT_TESTED: (
        gettext_lazy("Probeereignis"),
        gettext_lazy("Jemand hat die Adresse geprüft."),
    ),
}
_OUTCOMES: Mapping[Outcome, Any] = {
    Outcome.OK: gettext_lazy("angenommen"),
    Outcome.STATUS: gettext_lazy("abgelehnt"),
    Outcome.TIMEOUT: gettext_lazy("keine Antwort in 15 Sekunden"),
    Outcome.CONNECTION: gettext_lazy("keine Verbindung"),
    Outcome.CERTIFICATE: gettext_lazy("Zertifikat nicht gültig"),
    Outcome.UNKNOWN_NAME: gettext_lazy("Name nicht zu finden"),
    Outcome.REFUSED_ADDRESS: gettext_lazy("führt in ein internes Netz"),
    Outcome.UNSIGNED: gettext_lazy("ohne Geheimnis; erneuern Sie es"),
}
_REFUSALS: Mapping[str, Any] = {
    "NO_TOPICS": gettext_lazy("Wählen Sie, worüber das Programm benachrichtigt wird."),
    "SCOPE_MISSING": gettext_lazy("Davon darf dieses Programm nichts wissen: %(topic)s."),
    "TOO_MANY": gettext_lazy("Mehr als %(most)s Adressen hat ein Programm nicht."),
    "ENDED": gettext_lazy("Diese Adresse oder ihre Anbindung ist beendet."),
    "TOO_LONG": gettext_lazy("Eine Adresse hat höchstens 500 Zeichen."),
    "NOT_READABLE": gettext_lazy(
        "Das ist keine Adresse. Erwartet wird zum Beispiel https://lohn.example.org/ereignisse,"
        " ohne Leerzeichen und Umlaute."
    ),
    "NOT_HTTPS": gettext_lazy("Die Adresse muss mit https:// beginnen."),
    "WITH_PASSWORD": gettext_lazy(
        "Benutzername und Passwort gehören nicht in die Adresse: unsere Unterschrift zeigt, dass"
        " wir anrufen."
    ),
    "WITH_FRAGMENT": gettext_lazy("Lassen Sie alles ab dem # weg."),
    "WRONG_PORT": gettext_lazy("Wir rufen nur die Ports 443 und 8443 an."),
    "UNKNOWN_NAME": gettext_lazy("Diesen Namen gibt es im Internet nicht."),
    "PRIVATE_ADDRESS": gettext_lazy(
        "Diese Adresse führt in ein internes Netz. Wir rufen nur an, was im Internet steht."
    ),
}


def describe_topic(topic: WebhookTopic) -> tuple[str, str]:
    """What an event is called, and what it means."""
    word, hint = _TOPICS[topic]
    return str(word), str(hint)


def describe_outcome(outcome: Outcome) -> str:
    """How a call ended."""
    return str(_OUTCOMES[outcome])


def describe_webhook_refusal(code: str, params: Mapping[str, str]) -> str:
    """Why an address is not taken, or a delivery not sent again."""
    return str(_REFUSALS[code]) % dict(params)
