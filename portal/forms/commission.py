"""What is typed about commission: percentages, accounts of brokers, a month to state."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aupolicy.models import GroupContract
from portal.forms.fields import TEXT, DayField, IbanField

_PERCENT = re.compile(r"\d{1,3}(?:[.,]\d{1,3})?")
_SELECT = {"class": "form-select"}


class PercentField(forms.CharField):
    """A percentage with at most three decimals, as people type it: "12,5"."""

    default_error_messages = {"required": _("Geben Sie einen Satz an, zum Beispiel 12,5.")}

    def __init__(self, **kwargs: Any) -> None:
        attrs = {**TEXT, "inputmode": "decimal"}
        super().__init__(max_length=10, widget=forms.TextInput(attrs=attrs), **kwargs)

    def clean(self, value: Any) -> Decimal | None:
        """The percentage."""
        text: str = super().clean(value)
        if not _PERCENT.fullmatch(text):
            raise forms.ValidationError(
                _("Das ist kein Satz in Prozent. Erwartet wird zum Beispiel 12,5.")
            )
        return Decimal(text.replace(",", "."))


class AgreementForm(forms.Form):
    """Percentages from a day on: for all contracts of a broker, or for one."""

    contract = forms.ModelChoiceField(
        label=_("Vertrag"),
        queryset=GroupContract.objects.none(),
        required=False,
        empty_label=_("alle Verträge ohne eigene Vereinbarung"),
        widget=forms.Select(attrs=_SELECT),
    )
    first_day = DayField(label=_("gilt für Monate ab"))
    first_year_percent = PercentField(label=_("Satz im ersten Jahr, %"))
    running_percent = PercentField(label=_("Satz danach, %"))

    def __init__(self, *args: Any, broker_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["contract"]
        contracts = GroupContract.objects.filter(broker=broker_id).select_related("employer")
        field.queryset = contracts.order_by("number")
        field.label_from_instance = lambda each: f"{each.number} {each.employer.legal_name}"


class AccountForm(forms.Form):
    """Where a broker's commission is paid to."""

    holder = forms.CharField(
        label=_("Kontoinhaber"),
        max_length=70,
        widget=forms.TextInput(attrs=TEXT),
        error_messages={"required": _("Geben Sie den Kontoinhaber an.")},
    )
    iban = IbanField(label="IBAN")
    bic = forms.CharField(
        label="BIC",
        required=False,
        max_length=11,
        help_text=_("Nur bei Konten außerhalb des Europäischen Wirtschaftsraums."),
        widget=forms.TextInput(attrs=TEXT),
    )
