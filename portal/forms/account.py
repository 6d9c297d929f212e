"""What people type to sign in, to look after their own account, and to take an invitation."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from aupolicy.models import User

_PASSWORD_HINT = _("Mindestens zwölf Zeichen. Ein Satz ist leichter zu merken als Sonderzeichen.")
_CODE_HINT = _("Sechs Ziffern aus Ihrer App, oder einer Ihrer Ersatzcodes.")


def _dress(form: forms.BaseForm, labels: dict[str, Any], hints: dict[str, Any]) -> None:
    """Our labels and looks for a form of allauth; its placeholders only repeat the labels."""
    for name, field in form.fields.items():
        field.label = labels.get(name, field.label)
        field.help_text = hints.get(name, "")
        field.widget.attrs.pop("placeholder", None)
        is_check = isinstance(field.widget, forms.CheckboxInput)
        field.widget.attrs["class"] = "form-check-input" if is_check else "form-control"


class SignInForm(account.LoginForm):
    """Name or address and password. The error never tells which of the two is wrong."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {"login": _("E-Mail oder Benutzername"), "password": _("Passwort")}
        _dress(self, labels, {})
        # A passkey that lies ready is offered right in the field.
        self.fields["login"].widget.attrs["autocomplete"] = "username webauthn"


class AskForPasswordForm(account.ResetPasswordForm):
    """The address to which the link for a new password goes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self, {"email": _("E-Mail")}, {})


class NewPasswordForm(account.ResetPasswordKeyForm):
    """A new password, by the link of the mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {"password1": _("Neues Passwort"), "password2": _("Neues Passwort wiederholen")}
        _dress(self, labels, {"password1": _PASSWORD_HINT})


class ChangePasswordForm(account.ChangePasswordForm):
    """The old password and a new one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "oldpassword": _("Bisheriges Passwort"),
            "password1": _("Neues Passwort"),
            "password2": _("Neues Passwort wiederholen"),
        }
        _dress(self, labels, {"password1": _PASSWORD_HINT})


class ConfirmPasswordForm(account.ReauthenticateForm):
    """The password again, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self, {"password": _("Passwort")}, {})


class SecondFactorForm(mfa.AuthenticateForm):
    """A code of the app, or one of the codes kept for the day the telephone is lost."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress_code(self, _CODE_HINT)


class SecondFactorAgainForm(mfa.ReauthenticateForm):
    """A code again, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress_code(self, _CODE_HINT)


class ActivateAppForm(ActivateTOTPForm):
    """The first code of an app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress_code(self, _("Die sechs Ziffern, die Ihre App jetzt zeigt."))


def _dress_code(form: forms.BaseForm, hint: Any) -> None:
    _dress(form, {"code": _("Code")}, {"code": hint})
    form.fields["code"].widget.attrs |= {"inputmode": "numeric", "spellcheck": "false"}


class AddPasskeyForm(AddWebAuthnForm):
    """A name for a passkey; the browser adds the rest."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {"name": _("Name des Passkeys"), "passwordless": _("Ohne Passwort anmelden")}
        hints = {
            "name": _("Zum Beispiel das Gerät, auf dem er liegt."),
            "passwordless": _(
                "Der Passkey genügt dann allein. Das Gerät fragt nach Fingerabdruck oder PIN."
            ),
        }
        _dress(self, labels, hints)
        self.fields["name"].required = True
        self.fields["passwordless"].initial = True


class RenamePasskeyForm(EditWebAuthnForm):
    """Another name for a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self, {"name": _("Name des Passkeys")}, {})


class ProfileForm(forms.ModelForm[User]):
    """A person's name and the language of pages and mails."""

    class Meta:
        model = User
        fields = ("first_name", "last_name", "language")
        labels = {
            "first_name": _("Vorname"),
            "last_name": _("Nachname"),
            "language": _("Sprache"),
        }
        help_texts = {"language": _("Für die Seiten und für E-Mails an Sie.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.required = True
            field.widget.attrs["class"] = "form-select" if name == "language" else "form-control"


class AcceptInvitationForm(forms.Form):
    """Name and password of somebody who takes an invitation and has no account yet."""

    first_name = forms.CharField(
        label=_("Vorname"), max_length=150, widget=forms.TextInput({"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label=_("Nachname"), max_length=150, widget=forms.TextInput({"autocomplete": "family-name"})
    )
    password = forms.CharField(
        label=_("Passwort"),
        help_text=_PASSWORD_HINT,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    password_again = forms.CharField(
        label=_("Passwort wiederholen"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._email = email
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"

    def clean(self) -> dict[str, Any]:
        """Both passwords are the same, and it is none that is guessed easily."""
        data = super().clean() or {}
        password = data.get("password")
        if password and password != data.get("password_again"):
            self.add_error("password_again", _("Das ist ein anderes Passwort als das erste."))
        if password:
            user = User(
                email=self._email,
                first_name=data.get("first_name", ""),
                last_name=data.get("last_name", ""),
            )
            try:
                validate_password(password, user)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return data
