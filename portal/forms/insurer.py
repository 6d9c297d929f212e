"""What the insurer's people type."""

from pathlib import Path
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from aupolicy.facts import Party
from portal.forms.fields import MOMENT_FORMATS, TEXT, DayField
from portal.words import PARTIES

_MEGABYTE = 1024 * 1024
MOST_MEGABYTES = 10
LETTER_SUFFIXES = frozenset(
    {".eml", ".jpeg", ".jpg", ".msg", ".pdf", ".png", ".tif", ".tiff", ".txt"}
)


class DueForm(forms.Form):
    """The day a collection is to fall due."""

    due = DayField(label=_("Einziehen, was fällig ist bis"))


class ReceiptForm(forms.Form):
    """When a cancellation arrived; from this follows the end it has."""

    received = forms.DateTimeField(
        label=_("Eingegangen am"),
        help_text=_("Es zählt der Eingang beim Empfänger, nicht das Datum des Schreibens."),
        input_formats=MOMENT_FORMATS,
        widget=forms.TextInput(attrs=TEXT),
        error_messages={
            "required": _("Geben Sie Tag und Uhrzeit des Eingangs an."),
            "invalid": _("Das ist kein Zeitpunkt. Erwartet TT.MM.JJJJ HH:MM."),
        },
    )


class CancellationForm(ReceiptForm):
    """A received cancellation: moment of receipt, who declared it, the document itself."""

    party = forms.ChoiceField(
        label=_("Erklärt von"),
        choices=[(party.value, PARTIES[party]) for party in Party],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    document = forms.FileField(
        label=_("Schreiben"),
        help_text=_("Brief, Fax oder E-Mail als Datei: PDF, Bild, EML, MSG oder TXT, bis 10 MB."),
        widget=forms.FileInput(attrs={"class": "form-control"}),
        error_messages={
            "required": _("Fügen Sie das Schreiben bei: ohne Textform wirkt keine Kündigung."),
            "empty": _("Die Datei ist leer."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["received"].widget = forms.HiddenInput()

    def clean_document(self) -> UploadedFile[bytes]:
        """Refuse what is no letter or too large."""
        document: UploadedFile[bytes] = self.cleaned_data["document"]
        if Path(document.name or "").suffix.lower() not in LETTER_SUFFIXES:
            raise forms.ValidationError(
                _("Dateien dieser Art nehmen wir nicht. Erlaubt: %(allowed)s."),
                params={"allowed": ", ".join(sorted(LETTER_SUFFIXES))},
            )
        if (document.size or 0) > MOST_MEGABYTES * _MEGABYTE:
            raise forms.ValidationError(
                _("Die Datei ist größer als %(most)s MB."), params={"most": MOST_MEGABYTES}
            )
        return document
