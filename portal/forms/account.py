"""What people type to sign in."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class SignInForm(AuthenticationForm):
    """Name and password. The error never tells which of the two is wrong."""

    error_messages = {
        "invalid_login": _(
            "Benutzername und Passwort passen nicht zusammen. Bitte prüfen Sie beides;"
            " Groß- und Kleinschreibung zählt."
        ),
        "inactive": _("Dieser Zugang ist gesperrt."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Benutzername")
        self.fields["password"].label = _("Passwort")
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"
