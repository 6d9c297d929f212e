"""Which payroll program an employer has, and where its values go there."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from aupolicy.kernel.month import Month
from billing.facts.payroll_file import DATEV_FORMATS, PayrollFormat, PayrollTarget
from billing.rules.payroll_target import LONGEST_COST_CENTRE, LONGEST_NAME
from billing.words import describe_payroll_field, describe_payroll_format
from portal.forms.fields import TEXT

_DIGITS = {**TEXT, "inputmode": "numeric"}
_WITH_COST_CENTRE = {*DATEV_FORMATS, PayrollFormat.SAGE, PayrollFormat.CSV}


def _number(label: Any, hint: Any, missing: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=hint,
        widget=forms.TextInput(attrs=_DIGITS),
        error_messages={"required": missing, "invalid": _("Erwartet wird eine ganze Zahl.")},
    )


class PayrollProgramForm(forms.Form):
    """The payroll program; what else is asked depends on it."""

    file_format = forms.TypedChoiceField(
        label=_("Lohnprogramm"),
        coerce=PayrollFormat,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        error_messages={"required": _("Wählen Sie Ihr Lohnprogramm aus.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(item.value, describe_payroll_format(item)) for item in PayrollFormat]
        self.fields["file_format"].choices = choices  # type: ignore[attr-defined]


class PayrollTargetForm(forms.Form):
    """What one payroll program needs to know; nothing is proposed but the first month."""

    wage_type = forms.CharField(
        label=_("Lohnart"),
        help_text=_("Ihre eigene Lohnart für diesen Sachbezug, so wie sie im Lohnprogramm heißt."),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs=TEXT),
        error_messages={"required": _("Geben Sie die Lohnart an. Ihre Lohnabrechnung kennt sie.")},
    )
    consultant_number = _number(
        _("Beraternummer"),
        _("Nummer der Steuerberatung bei DATEV, 1 bis 9999999."),
        _("Geben Sie die Beraternummer an. Ihre Steuerberatung kennt sie."),
    )
    client_number = _number(
        _("Mandantennummer"),
        _("Ihre Nummer bei der Steuerberatung, 1 bis 99999."),
        _("Geben Sie die Mandantennummer an. Ihre Steuerberatung kennt sie."),
    )
    processing_key = _number(
        _("Bearbeitungsschlüssel"),
        _(
            "Womit LODAS den Wert als Betrag versteht, oft 2. Schlüssel 1 wären Stunden: fragen Sie"
            " Ihre Lohnabrechnung."
        ),
        _("Geben Sie den Bearbeitungsschlüssel an. Ihre Lohnabrechnung kennt ihn."),
    )
    cost_centre = forms.CharField(
        label=_("Kostenstelle"),
        help_text=_("Steht in jeder Zeile; ohne sie gilt die Kostenstelle der Person."),
        max_length=LONGEST_COST_CENTRE,
        required=False,
        widget=forms.TextInput(attrs=TEXT),
    )
    first_month = forms.TypedChoiceField(
        label=_("Erster Monat"),
        help_text=_(
            "Werte früherer Monate kommen in keine Datei, weil sie schon anders auf der"
            " Lohnabrechnung stehen."
        ),
        coerce=Month.parse,
        empty_value=None,
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(
        self,
        *args: Any,
        file_format: PayrollFormat,
        months: Sequence[Month],
        saved: PayrollTarget | None,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("initial", _initial(saved, months))
        super().__init__(*args, **kwargs)
        self.file_format = file_format
        if file_format not in DATEV_FORMATS:
            del self.fields["consultant_number"], self.fields["client_number"]
        if file_format is not PayrollFormat.LODAS:
            del self.fields["processing_key"]
        if file_format not in _WITH_COST_CENTRE:
            del self.fields["cost_centre"]
        if file_format is PayrollFormat.PERSONIO:
            self.fields["wage_type"].label = _("Art der Vergütung")
        self.fields["wage_type"].required = file_format is not PayrollFormat.CSV
        self.fields["first_month"].choices = [  # type: ignore[attr-defined]
            ("", _("alle Monate seit Beginn")),
            *((str(month), date_format(month.first_day, "F Y")) for month in months),
        ]

    def read_target(self) -> PayrollTarget:
        """What was typed, once the form is valid."""
        return PayrollTarget(file_format=self.file_format, **self.cleaned_data)

    def add_problems(self, fields: Sequence[str]) -> None:
        """Say at each field what is expected there."""
        for field in fields:
            expected = _("Erwartet wird: %(value)s.") % {"value": describe_payroll_field(field)}
            self.add_error(field, expected)


def _initial(saved: PayrollTarget | None, months: Sequence[Month]) -> dict[str, Any]:
    """What was saved before; else the newest month is the first."""
    if saved is None:
        return {"first_month": str(months[0]) if months else ""}
    return {
        "wage_type": saved.wage_type,
        "consultant_number": saved.consultant_number,
        "client_number": saved.client_number,
        "processing_key": saved.processing_key,
        "cost_centre": saved.cost_centre,
        "first_month": str(saved.first_month or ""),
    }
