"""What the mails about one's own account say: a link for a new password, and what has changed."""

from typing import Any

from django.utils.translation import gettext as _

from documents.words import Letter
from portal.templatetags.portal import moment


def _describe_changes() -> dict[str, str]:
    """What happened, by the name allauth gives the mail."""
    return {
        "account/email/password_changed": _("Ihr Passwort wurde geändert."),
        "account/email/password_reset": _("Ihr Passwort wurde neu gesetzt."),
        "mfa/email/totp_activated": _("Eine App für Codes wurde eingerichtet."),
        "mfa/email/totp_deactivated": _("Die App für Codes wurde entfernt."),
        "mfa/email/webauthn_added": _("Ein Passkey wurde hinzugefügt."),
        "mfa/email/webauthn_removed": _("Ein Passkey wurde entfernt."),
        "mfa/email/recovery_codes_generated": _("Neue Ersatzcodes wurden erzeugt."),
    }


def write_account_mail(template_prefix: str, context: dict[str, Any]) -> tuple[Letter, str]:
    """The words of a mail and its link. Raises KeyError for a mail we do not send."""
    if template_prefix == "account/email/password_reset_key":
        return _write_reset(), context["password_reset_url"]
    letter = Letter(
        subject=_("Ihr Zugang zur bAU-Verwaltung wurde geändert"),
        sentences=(
            _describe_changes()[template_prefix],
            _("Waren Sie das nicht? Setzen Sie sofort Ihr Passwort neu und rufen Sie uns an."),
        ),
        facts=((_("Wann"), moment(context["timestamp"])), (_("Von der Adresse"), context["ip"])),
        button="",
    )
    return letter, ""


def _write_reset() -> Letter:
    return Letter(
        subject=_("Ihr neues Passwort"),
        sentences=(
            _("Sie haben einen Link angefordert, um ein neues Passwort zu wählen."),
            _("Waren Sie das nicht, tun Sie nichts. Ihr Passwort bleibt, wie es ist."),
        ),
        button=_("Neues Passwort wählen"),
        foot=_("Der Link gilt einmal und nur kurze Zeit."),
    )
