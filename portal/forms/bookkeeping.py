"""Where the employer's books take the premium, and the months of a file for them."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from aupolicy.kernel.month import Month
from billing.operations.bookkeeping import RANGES, TargetValues
from portal.forms.fields import TEXT

_DIGITS = {**TEXT, "inputmode": "numeric"}
_NUMBER_MISSING = {
    "required": _("Diese Angabe hat Ihre Steuerberatung oder Ihre Buchhaltung."),
    "invalid": _("Erwartet wird eine ganze Zahl."),
}


class TargetForm(forms.Form):
    """Numbers and accounts as the tax adviser or the bookkeeping gives them."""

    consultant_number = forms.IntegerField(
        label=_("Beraternummer"),
        help_text=_("Nummer der Steuerberatung bei DATEV, 1001 bis 9999999."),
        widget=forms.TextInput(attrs=_DIGITS),
        error_messages=_NUMBER_MISSING,
    )
    client_number = forms.IntegerField(
        label=_("Mandantennummer"),
        help_text=_("Ihre Nummer bei der Steuerberatung, 1 bis 99999."),
        widget=forms.TextInput(attrs=_DIGITS),
        error_messages=_NUMBER_MISSING,
    )
    fiscal_year_month = forms.TypedChoiceField(
        label=_("Wirtschaftsjahr beginnt im"),
        choices=list(MONTHS.items()),
        coerce=int,
        initial=1,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    account_length = forms.TypedChoiceField(
        label=_("Länge der Sachkonten"),
        help_text=_("So viele Stellen haben Ihre Sachkonten; Personenkonten haben eine mehr."),
        choices=[(n, str(n)) for n in range(RANGES["account_length"][0], 9)],
        coerce=int,
        initial=4,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    expense_account = forms.CharField(
        label=_("Aufwandskonto"),
        help_text=_("Konto, auf dem der Beitrag als Aufwand steht."),
        max_length=9,
        widget=forms.TextInput(attrs=_DIGITS),
        error_messages=_NUMBER_MISSING,
    )
    creditor_account = forms.CharField(
        label=_("Kreditorenkonto des Versicherers"),
        max_length=9,
        widget=forms.TextInput(attrs=_DIGITS),
        error_messages=_NUMBER_MISSING,
    )
    cost_centre = forms.CharField(
        label=_("Kostenstelle"),
        max_length=36,
        required=False,
        widget=forms.TextInput(attrs=TEXT),
    )

    def read_values(self) -> TargetValues:
        """What was typed, once the form is valid."""
        return TargetValues(**self.cleaned_data)


class PeriodOfMonthsForm(forms.Form):
    """The first and the last month of a file; only months with statements are offered."""

    first = forms.TypedChoiceField(label=_("von"), coerce=Month.parse)
    last = forms.TypedChoiceField(label=_("bis"), coerce=Month.parse)

    def __init__(self, *args: Any, months: Sequence[Month], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first", "last"):
            field = self.fields[name]
            assert isinstance(field, forms.TypedChoiceField)  # noqa: S101
            field.choices = [(str(month), f"{month.number:02d}/{month.year}") for month in months]
            field.widget.attrs["class"] = "form-select"

    def clean(self) -> dict[str, Any]:
        """Compare the months where both were readable."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", _("Der letzte Monat liegt vor dem ersten."))
        return data
