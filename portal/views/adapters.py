"""What allauth asks us: words, who may do what, and how secrets are kept."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from aupolicy.kernel.sealing import seal, unseal
from aupolicy.models import User
from aupolicy.operations.fence import Scope, acting_within
from aupolicy.queries import get_rights
from documents.operations.mail import compose
from portal.views.account_mails import write_account_mail
from portal.views.second_factor import FACTORS, requires_second_factor

_NO_MATCH = _(
    "Name und Passwort passen nicht zusammen. Bitte prüfen Sie beides;"
    " Groß- und Kleinschreibung zählt."
)
_WRONG_CODE = _(
    "Dieser Code gilt nicht oder nicht mehr. Geben Sie den ein, der jetzt gezeigt wird."
)
_FRESH_SECONDS = 300
_SECRETS = "mfa_authenticator.data"


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by invitation only, in our words."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("Dieser Zugang ist gesperrt."),
        "email_password_mismatch": _NO_MATCH,
        "username_password_mismatch": _NO_MATCH,
        "invalid_login": _NO_MATCH,
        "enter_current_password": _("Das ist nicht Ihr bisheriges Passwort."),
        "incorrect_password": _("Das ist nicht Ihr Passwort."),
        "incorrect_code": _WRONG_CODE,
        "invalid_password_reset": _("Dieser Link gilt nicht mehr."),
        "too_many_login_attempts": _(
            "Zu viele Versuche. Warten Sie fünf Minuten und versuchen Sie es dann noch einmal."
        ),
        "rate_limited": _("Das waren viele Anfragen. Warten Sie einen Augenblick."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: people are invited."""
        return False

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Who has just signed in is not asked for the password a second time."""
        records = get_authentication_records(self.request, self.request.user)
        return not records or time.time() - records[-1]["at"] > _FRESH_SECONDS

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The ways to prove again who one is, in our words."""
        words = {
            "reauthenticate": _("Mit dem Passwort"),
            "mfa_reauthenticate": _("Mit der App oder einem Ersatzcode"),
            "mfa_reauthenticate:webauthn": _("Mit einem Passkey"),
        }
        methods = super().get_reauthentication_methods(user)
        return [{**method, "description": words[method["id"]]} for method in methods]

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In our words and the person's language, whatever page it was asked for on."""
        user = context.get("user") or User.objects.filter(email__iexact=email).first()
        language = user.language if user else translation.get_language() or "de"
        with translation.override(language):
            letter, link = write_account_mail(template_prefix, context)
        compose(email, language, letter, link).send()

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """The pages speak the person's language from the first one on."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        speak(response, user.language)
        return response


def speak(response: HttpResponse, language: str) -> None:
    """Keep the language of the pages in the browser."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors: their secrets sealed, and not taken away where one is required."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _(
            "Ihr Zugang braucht einen zweiten Faktor. Richten Sie zuerst einen anderen ein."
        ),
        "incorrect_code": _WRONG_CODE,
        "unverified_email": _("Bestätigen Sie zuerst Ihre E-Mail-Adresse."),
    }

    def encrypt(self, text: str) -> str:
        """Secrets lie sealed in the database."""
        return seal(text, keys=settings.FIELD_ENCRYPTION_KEYS, place=_SECRETS)

    def decrypt(self, encrypted_text: str) -> str:
        """Raises UnableToUnseal where the key is gone."""
        return unseal(encrypted_text, keys=settings.FIELD_ENCRYPTION_KEYS, place=_SECRETS)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last one stays where one is required."""
        others = Authenticator.objects.filter(user=authenticator.user, type__in=FACTORS)
        if others.exclude(pk=authenticator.pk).exists():
            return True
        user = authenticator.user
        rights = get_rights(user, timezone.localdate())
        with acting_within(Scope.of(rights)):
            return not requires_second_factor(rights, is_superuser=user.is_superuser)

    def generate_authenticator_name(self, user: User, type: Any) -> str:  # noqa: A002
        """A name for a passkey whose owner gave none."""
        count = Authenticator.objects.filter(user=user, type=type).count()
        return gettext("Passkey %(number)d") % {"number": count + 1}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Whom a passkey is for: the address of the page and our name."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": settings.MFA_TOTP_ISSUER}
