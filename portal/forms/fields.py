"""What forms of every room use: days, periods and accounts as people type or paste them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aupolicy.kernel.identifiers import UnableToReadIdentifier, parse_iban
from aupolicy.kernel.period import Period

# Written as the reader's language does, read however it was pasted.
DAY_FORMATS = ["%d.%m.%Y", "%Y-%m-%d", "%d.%m.%y", "%d %b %Y", "%d/%m/%Y"]
MOMENT_FORMATS = [f"{day}{separator}%H:%M" for day in DAY_FORMATS for separator in " T"]
TEXT = {"class": "form-control", "autocomplete": "off"}


class DayField(forms.DateField):
    """A day as TT.MM.JJJJ."""

    default_error_messages = {
        "required": _("Geben Sie einen Tag an, zum Beispiel 01.12.2026."),
        "invalid": _("Diesen Tag gibt es nicht. Erwartet TT.MM.JJJJ, zum Beispiel 01.12.2026."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs=TEXT))
        super().__init__(input_formats=DAY_FORMATS, **kwargs)


class IbanField(forms.CharField):
    """An IBAN with or without spaces; the value has none."""

    default_error_messages = {"required": _("Geben Sie die IBAN an.")}

    def __init__(self, **kwargs: Any) -> None:
        attrs = {**TEXT, "inputmode": "text", "spellcheck": "false"}
        kwargs.setdefault("widget", forms.TextInput(attrs=attrs))
        super().__init__(max_length=50, **kwargs)

    def clean(self, value: Any) -> str:
        """Check digits and length by country."""
        text: str = super().clean(value)
        if not text:
            return ""
        try:
            return parse_iban(text)
        except UnableToReadIdentifier:
            raise forms.ValidationError(
                _("Diese IBAN stimmt nicht. Prüfen Sie die Ziffern; Leerzeichen dürfen bleiben.")
            ) from None


class PeriodForm(forms.Form):
    """A form with a first and a last day; the last may not lie before the first."""

    def clean(self) -> dict[str, Any]:
        """Compare the days where both were readable."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = data.get("first_day"), data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("Der letzte Tag liegt vor dem ersten."))
        return data

    @property
    def period(self) -> Period | None:
        """The days typed, None where one of them was left out."""
        first, last = self.cleaned_data["first_day"], self.cleaned_data["last_day"]
        return Period(first, last) if first and last else None
