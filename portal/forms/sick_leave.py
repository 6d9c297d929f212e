"""What an employer reports about a leave: who and which days. There is no field for an illness."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aupolicy.kernel.period import Period
from aupolicy.models import Employer
from claims.facts import CertificateSource
from members.models import Person
from portal.forms.fields import TEXT, DayField
from portal.queries.employer.sick_leaves import MOST_HITS, find_persons

_LONGEST = 70
_CHECK = {"class": "form-check-input"}
_SELECT = {"class": "form-select"}
_FIRST, _FOLLOW_UP = "first", "follow_up"
_KINDS = [(_FIRST, _("Erstbescheinigung")), (_FOLLOW_UP, _("Folgebescheinigung"))]
_SOURCES = [
    (CertificateSource.EAU.value, _("eAU, von der Krankenkasse abgerufen")),
    (CertificateSource.PAPER.value, _("Papier, etwa bei privat Versicherten")),
]


class _CertificateFields(forms.Form):
    """What an eAU tells."""

    until = DayField(label=_("Bescheinigt bis"))
    kind = forms.ChoiceField(
        label=_("Bescheinigung"), choices=_KINDS, widget=forms.Select(attrs=_SELECT)
    )
    established_on = DayField(label=_("Festgestellt am"), required=False)
    source = forms.ChoiceField(
        label=_("Woher Sie es wissen"), choices=_SOURCES, widget=forms.Select(attrs=_SELECT)
    )
    accident = forms.BooleanField(
        label=_("Arbeitsunfall oder anderer Unfall ist angekreuzt"),
        required=False,
        widget=forms.CheckboxInput(attrs=_CHECK),
    )

    def check_order(self, first: date | None, until: date | None) -> None:
        """The last day does not lie before the first."""
        if first is not None and until is not None and until < first:
            self.add_error(
                "until", _("Der letzte Tag liegt vor dem ersten. Prüfen Sie beide Tage.")
            )

    @property
    def is_follow_up(self) -> bool:
        """Whether it is a follow-up certificate."""
        return bool(self.cleaned_data["kind"] == _FOLLOW_UP)


class ReportForm(_CertificateFields):
    """A leave with what is known of its certificate, if there is one already."""

    who = forms.CharField(
        label=_("Person"),
        max_length=200,
        help_text=_("Personalnummer oder Name; ein Teil des Namens genügt."),
        widget=forms.TextInput(attrs={**TEXT, "list": "people-options"}),
        error_messages={"required": _("Geben Sie an, wer arbeitsunfähig ist.")},
    )
    first_day = DayField(
        label=_("Arbeitsunfähig seit"),
        help_text=_("Der erste Tag laut Bescheinigung, sonst der erste Fehltag."),
    )
    reference = forms.CharField(
        label=_("Ihr Zeichen"),
        max_length=_LONGEST,
        required=False,
        help_text=_("Eine eigene Referenz, an der wir doppelte Meldungen erkennen."),
        widget=forms.TextInput(attrs=TEXT),
    )
    field_order = (
        "who", "first_day", "until", "kind", "established_on", "source", "accident", "reference",
    )  # fmt: skip

    def __init__(self, employer: Employer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.employer = employer
        self.people: list[Person] = []
        self.fields["until"].required = False
        self.fields["until"].help_text = _("Frei lassen, solange keine Bescheinigung vorliegt.")

    def clean_who(self) -> str:
        """Find the person; several that fit are offered to choose from."""
        text: str = self.cleaned_data["who"]
        self.people = find_persons(self.employer, text)
        if not self.people:
            raise forms.ValidationError(
                _("Niemand gefunden. Prüfen Sie die Schreibweise oder die Personalnummer.")
            )
        if len(self.people) > 1:
            if len(self.people) == MOST_HITS:
                raise forms.ValidationError(
                    _("Sehr viele Personen passen. Geben Sie die Personalnummer an.")
                )
            raise forms.ValidationError(_("Mehrere Personen passen. Wählen Sie eine aus."))
        return text

    def clean(self) -> dict[str, Any]:
        """The days in their order."""
        self.check_order(self.cleaned_data.get("first_day"), self.cleaned_data.get("until"))
        return self.cleaned_data

    @property
    def certificate(self) -> Period | None:
        """The certified days; those of a follow-up certificate begin when it was established."""
        data = self.cleaned_data
        first, until = data["first_day"], data["until"]
        if until is None:
            return None
        established = data["established_on"]
        if self.is_follow_up and established is not None and first < established <= until:
            first = established
        return Period(first, until)


class CertificateForm(_CertificateFields):
    """A further certificate of a leave that is known."""

    first_day = DayField(label=_("Bescheinigt ab"))
    field_order = ("first_day", "until", "kind", "established_on", "source", "accident")

    def clean(self) -> dict[str, Any]:
        """The days in their order."""
        self.check_order(self.cleaned_data.get("first_day"), self.cleaned_data.get("until"))
        return self.cleaned_data

    @property
    def period(self) -> Period:
        """The certified days."""
        return Period(self.cleaned_data["first_day"], self.cleaned_data["until"])


class LinkForm(forms.Form):
    """Where the person's link is sent: the address is used for this and not shown again."""

    email = forms.EmailField(
        label=_("Private E-Mail-Adresse der Person"),
        widget=forms.EmailInput(attrs=TEXT),
        help_text=_("Nicht die des Arbeitsplatzes: dort könnten andere mitlesen."),
        error_messages={
            "required": _("Geben Sie die private E-Mail-Adresse an."),
            "invalid": _("Diese Adresse stimmt nicht. Erwartet wird etwas wie name@beispiel.de."),
        },
    )
    language = forms.ChoiceField(
        label=_("Sprache"),
        choices=[("de", "Deutsch"), ("en", "English")],
        widget=forms.Select(attrs=_SELECT),
    )


class SheetForm(forms.Form):
    """In which language the sheet is printed."""

    language = forms.ChoiceField(
        label=_("Sprache"),
        choices=[("de", "Deutsch"), ("en", "English")],
        widget=forms.Select(attrs=_SELECT),
    )
