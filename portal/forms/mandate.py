"""A new bank account, and the code that stands for a second person."""

from pathlib import Path
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from aupolicy.parsing.signed_form import UnableToReadForm, check_signed_form
from billing.facts.debit import Scheme
from portal.forms.application import FORM_PROBLEMS
from portal.forms.fields import TEXT, IbanField
from portal.words import SCHEMES

# Vorname and Nachname.
NAMES = 2


class MandateChangeForm(forms.Form):
    """The account that premiums are to be debited from."""

    account_holder = forms.CharField(
        label=_("Kontoinhaber"),
        max_length=70,
        widget=forms.TextInput(attrs=TEXT),
        error_messages={"required": _("Geben Sie an, auf wen das Konto lautet.")},
    )
    iban = IbanField(label=_("IBAN"), help_text=_("Leerzeichen dürfen bleiben."))
    scheme = forms.ChoiceField(
        label=_("Verfahren"),
        choices=[(scheme.value, SCHEMES[scheme]) for scheme in Scheme],
        initial=Scheme.CORE.value,
        help_text=_(
            "Eine Firmenlastschrift zieht Ihre Bank erst ein, wenn ihr das Mandat vorliegt; sie"
            " lässt sich nicht zurückgeben."
        ),
        widget=forms.Select(attrs={"class": "form-select"}),
    )


class SignatureForm(forms.Form):
    """The signature under the text that is shown: a typed name, or the signed paper."""

    typed_name = forms.CharField(
        label=_("Ihr Vor- und Nachname"),
        help_text=_("Er steht für Ihre Unterschrift."),
        max_length=140,
        widget=forms.TextInput(attrs={**TEXT, "autocomplete": "name"}),
        error_messages={"required": _("Geben Sie Vor- und Nachnamen ein.")},
    )
    agrees = forms.BooleanField(
        label=_("Ich erteile dieses Mandat und bin dazu berechtigt."),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    paper = forms.FileField(
        label=_("Unterschriebenes Mandat"),
        help_text=_("PDF oder Bild (PNG, JPEG) bis 10 MB."),
        required=False,
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ".pdf,.png,.jpg,.jpeg"}),
        error_messages={"empty": FORM_PROBLEMS["EMPTY"]},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A paper bears the name itself.
        self.fields["typed_name"].required = not self.files.get("paper")

    def clean_paper(self) -> tuple[str, bytes] | None:
        """Name and content of the upload; what is no form is refused by its content."""
        file = self.cleaned_data["paper"]
        if not file:
            return None
        content = file.read()
        try:
            check_signed_form(content)
        except UnableToReadForm as error:
            raise ValidationError(FORM_PROBLEMS[error.code], code=error.code) from None
        return Path(file.name).name[-200:], content

    def clean(self) -> dict[str, Any]:
        """A name under the declaration, or a paper."""
        said = super().clean() or {}
        if said.get("paper") or "paper" in self.errors:
            return said
        if "typed_name" in said and len(said["typed_name"].split()) < NAMES:
            self.add_error("typed_name", _("Geben Sie Vor- und Nachnamen ein."))
        if not said.get("agrees"):
            self.add_error("agrees", _("Ohne diese Erklärung gibt es kein gültiges SEPA-Mandat."))
        return said


class CodeForm(forms.Form):
    """The six digits of one's own authenticator app."""

    code = forms.CharField(
        label=_("Code aus Ihrer App"),
        max_length=12,
        widget=forms.TextInput(
            attrs={**TEXT, "inputmode": "numeric", "autocomplete": "one-time-code"}
        ),
        error_messages={"required": _("Geben Sie den Code ein.")},
    )
