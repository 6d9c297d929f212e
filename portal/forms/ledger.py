"""What people of finance type about open items: giving up, deciding, agreeing instalments."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.rules.instalments import Part, propose_parts
from portal.forms.fields import TEXT, DayField
from portal.forms.payouts import AmountField

MOST_PARTS = 36
_AREA = {"class": "form-control", "rows": 3}


def _reason(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=1000,
        widget=forms.Textarea(attrs=_AREA),
        error_messages={"required": _("Nennen Sie den Grund.")},
    )


class WriteOffForm(forms.Form):
    """How much of an item is to be given up, and why."""

    amount = AmountField(label=_("Betrag, €"))
    reason = _reason(_("Warum wird auf die Forderung verzichtet?"))


class DecisionForm(forms.Form):
    """What the second person says to a write-off."""

    note = forms.CharField(
        label=_("Vermerk"),
        help_text=_("Bei einer Ablehnung nötig."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs=_AREA),
    )


class PlanForm(forms.Form):
    """Items, how many monthly parts from when on, and why."""

    items = forms.MultipleChoiceField(
        label=_("Was soll in Raten gezahlt werden?"),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        error_messages={"required": _("Bitte wählen Sie mindestens einen offenen Posten.")},
    )
    count = forms.IntegerField(
        label=_("Zahl der Raten"),
        min_value=1,
        max_value=MOST_PARTS,
        widget=forms.TextInput(attrs={**TEXT, "inputmode": "numeric"}),
        error_messages={"required": _("Geben Sie an, wie viele Raten es sind.")},
    )
    first = DayField(label=_("Erste Rate fällig am"))
    reason = _reason(_("Warum wird der Ratenplan vereinbart?"))

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["items"].choices = choices  # type: ignore[attr-defined]

    def list_parts(self, amount: Decimal) -> list[Part]:
        """The parts that the form asks for."""
        first: date = self.cleaned_data["first"]
        return propose_parts(amount=amount, count=self.cleaned_data["count"], first=first)


class EndPlanForm(forms.Form):
    """Why a plan ends."""

    reason = _reason(_("Warum endet der Ratenplan?"))
