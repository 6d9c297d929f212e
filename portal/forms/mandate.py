"""A new bank account, and the code that stands for a second person."""

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.facts.debit import Scheme
from portal.forms.fields import TEXT, IbanField
from portal.words import SCHEMES


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
    agrees = forms.BooleanField(
        label=_(
            "Ich ermächtige den Versicherer, die Beiträge von diesem Konto einzuziehen, und bin"
            " dazu berechtigt."
        ),
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
        error_messages={"required": _("Ohne diese Erklärung gibt es kein gültiges SEPA-Mandat.")},
    )


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
