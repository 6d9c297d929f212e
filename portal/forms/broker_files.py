"""Which day and period a broker's file is made for."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.forms.fields import DayField


class PortfolioForm(forms.Form):
    """The day of the portfolio, and from which day on statements are in it."""

    as_of = DayField(
        label=_("Stichtag"),
        help_text=_("Verträge und Personen, wie sie an diesem Tag stehen."),
    )
    since = DayField(
        label=_("Abrechnungen ab"),
        help_text=_("Beitragsabrechnungen von diesem Tag bis zum Stichtag."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today

    def clean_as_of(self) -> date:
        """No day to come: what will be reported until then is not known."""
        day: date = self.cleaned_data["as_of"]
        if day > self._today:
            raise forms.ValidationError(_("Dieser Tag liegt in der Zukunft."))
        return day

    def clean(self) -> dict[str, Any]:
        """The period ends with the day."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        as_of, since = data.get("as_of"), data.get("since")
        if as_of and since and since > as_of:
            self.add_error("since", _("Dieser Tag liegt nach dem Stichtag."))
        return data
