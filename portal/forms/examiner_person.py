"""What examiners type about health data, and about what the insured person told on paper."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from claims.operations.medical import LONGEST_TEXT
from portal.forms.fields import TEXT, DayField, IbanField
from portal.words import READ_REASONS

_SELECT = {"class": "form-select"}
_CHECK = {"class": "form-check-input"}
_LONG = {"class": "form-control", "rows": 4, "autocomplete": "off"}
_CHOOSE = ("", _("bitte wählen"))


class ReasonForm(forms.Form):
    """Why somebody wants to read health data."""

    reason = forms.ChoiceField(
        label=_("Warum lesen Sie?"),
        choices=[_CHOOSE, *((reason.value, word) for reason, word in READ_REASONS.items())],
        widget=forms.Select(attrs=_SELECT),
        error_messages={"required": _("Wählen Sie einen Grund.")},
    )


class DiagnosisForm(forms.Form):
    """What the illness of a sick leave is."""

    sick_leave = forms.TypedChoiceField(
        label=_("Für welche Erkrankung?"), coerce=int, widget=forms.Select(attrs=_SELECT)
    )
    text = forms.CharField(
        label=_("Diagnose"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={**_LONG, "rows": 2}),
        error_messages={"required": _("Schreiben Sie die Diagnose auf.")},
    )

    def __init__(self, *args: Any, leaves: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sick_leave"].choices = list(leaves)  # type: ignore[attr-defined]
        if len(leaves) == 1:
            self.fields["sick_leave"].widget = forms.HiddenInput()
            self.fields["sick_leave"].initial = leaves[0][0]


class MedicalNoteForm(forms.Form):
    """A note with medical content."""

    text = forms.CharField(
        label=_("Medizinische Notiz"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs=_LONG),
        error_messages={"required": _("Schreiben Sie etwas, bevor Sie speichern.")},
    )


class PaperForm(forms.Form):
    """A paper that came by post."""

    kind = forms.ChoiceField(label=_("Art der Unterlage"), widget=forms.Select(attrs=_SELECT))
    file = forms.FileField(
        label=_("Datei"),
        help_text=_("PDF, JPEG, PNG oder HEIC."),
        widget=forms.FileInput(
            attrs={"class": "form-control", "accept": ".pdf,.jpg,.jpeg,.png,.heic,.heif"}
        ),
        error_messages={
            "required": _("Wählen Sie eine Datei aus."),
            "empty": _("Die Datei ist leer."),
        },
    )

    def __init__(self, *args: Any, kinds: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = list(kinds)  # type: ignore[attr-defined]


class AccountForm(forms.Form):
    """An account that the insured person told on paper."""

    holder = forms.CharField(
        label=_("Kontoinhaber"), max_length=70, widget=forms.TextInput(attrs=TEXT),
        error_messages={"required": _("Geben Sie an, auf wen das Konto lautet.")},
    )  # fmt: skip
    iban = IbanField(label=_("IBAN"), help_text=_("Leerzeichen dürfen bleiben."))
    first_day = DayField(label=_("Gültig ab"))
    is_other = forms.BooleanField(
        label=_("Das Konto gehört jemand anderem als der versicherten Person"),
        required=False,
        widget=forms.CheckboxInput(attrs=_CHECK),
    )
    reason = forms.CharField(
        label=_("Grund"),
        required=False,
        max_length=200,
        help_text=_("Nur bei einem fremden Konto, ohne Gesundheitsdaten: zum Beispiel Betreuung."),
        widget=forms.TextInput(attrs=TEXT),
    )


class LinkForm(forms.Form):
    """Where a link goes and in which language."""

    email = forms.EmailField(
        label=_("Eigene E-Mail-Adresse der versicherten Person"),
        help_text=_("Nicht die des Arbeitgebers: Der Link öffnet ihren Leistungsfall."),
        widget=forms.EmailInput(attrs=TEXT),
        error_messages={
            "required": _("Geben Sie die E-Mail-Adresse an, oder drucken Sie ein Blatt."),
            "invalid": _("Diese E-Mail-Adresse stimmt nicht."),
        },
    )
    language = forms.ChoiceField(
        label=_("Sprache"), choices=settings.LANGUAGES, widget=forms.Select(attrs=_SELECT)
    )
