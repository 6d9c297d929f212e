"""What people of finance and examiners type about payouts."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aupolicy.kernel.money import UnableToReadAmount, parse_amount
from billing.facts.recovery import RecoveryMode, ReturnCode
from billing.models import Payout
from billing.words import describe_recovery_mode, describe_return_code
from portal.forms.fields import TEXT, DayField
from portal.words import VERIFICATIONS

_SELECT = {"class": "form-select"}


# Asked each time: the words are those of the reader's language.
def _list_codes() -> list[tuple[str, str]]:
    return [(code.value, f"{code.value} {describe_return_code(code)}") for code in ReturnCode]


def _list_modes() -> list[tuple[str, str]]:
    return [(mode.value, describe_recovery_mode(mode)) for mode in RecoveryMode]


class AmountField(forms.CharField):
    """EUR as people type them: "1.234,56"."""

    default_error_messages = {"required": _("Geben Sie einen Betrag an, zum Beispiel 100,00.")}

    def __init__(self, **kwargs: Any) -> None:
        attrs = {**TEXT, "inputmode": "decimal"}
        super().__init__(max_length=20, widget=forms.TextInput(attrs=attrs), **kwargs)

    def clean(self, value: Any) -> Decimal | None:
        """The amount, None where none is needed and none was typed."""
        text: str = super().clean(value)
        if not text:
            return None
        try:
            return parse_amount(text)
        except UnableToReadAmount:
            raise forms.ValidationError(
                _("Das ist kein Betrag. Erwartet werden Euro, zum Beispiel 100,00.")
            ) from None


class PayDayForm(forms.Form):
    """The day to pay on, and whether the bank is to compare names and accounts."""

    day = DayField(label=_("Ausführen am"))
    ask_verification = forms.BooleanField(
        label=_("Die Bank soll Namen und Konten vergleichen (Empfängerprüfung)"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )


class VerificationForm(forms.Form):
    """What the bank said about a name and its account."""

    result = forms.ChoiceField(
        label=_("Antwort der Bank"),
        choices=[(code, VERIFICATIONS[code][1]) for code, _word in Payout.VERIFICATIONS],
        widget=forms.Select(attrs=_SELECT),
    )
    name = forms.CharField(
        label=_("Name laut Bank"),
        required=False,
        max_length=140,
        widget=forms.TextInput(attrs=TEXT),
    )


class ReturnForm(forms.Form):
    """A transfer that came back: when, and the reason that the bank names."""

    returned_on = DayField(label=_("Zurückgekommen am"))
    code = forms.ChoiceField(
        label=_("Grund laut Bank"), choices=_list_codes, widget=forms.Select(attrs=_SELECT)
    )


class RecoveryForm(forms.Form):
    """Another way for what is owed back."""

    mode = forms.ChoiceField(
        label=_("Weg"), choices=_list_modes, widget=forms.Select(attrs=_SELECT)
    )
    instalment = AmountField(
        label=_("Rate je Auszahlung, €"),
        help_text=_("Nur bei Verrechnung in Raten."),
        required=False,
    )
    reason = forms.CharField(
        label=_("Grund"),
        help_text=_("Ohne Angaben zur Gesundheit."),
        max_length=500,
        widget=forms.TextInput(attrs=TEXT),
        error_messages={"required": _("Nennen Sie den Grund.")},
    )


class RepaymentForm(forms.Form):
    """What the person has transferred."""

    amount = AmountField(label=_("Betrag, €"))
    received_on = DayField(label=_("Eingegangen am"))
