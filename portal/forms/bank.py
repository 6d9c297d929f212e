"""What people of finance type about the bank's answers."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from billing.facts.reactions import MandateEffect, NextStep, Occurrence
from billing.words.bank_work import (
    describe_mandate_effect,
    describe_next_step,
    describe_occurrence,
)
from portal.forms.fields import TEXT, DayField
from portal.forms.payouts import AmountField

LARGEST_MEGABYTES = 200
_AREA = {"class": "form-control", "rows": 2}
_SELECT = {"class": "form-select"}


class BankFileForm(forms.Form):
    """A file of the bank."""

    file = forms.FileField(
        label=_("Datei der Bank"),
        help_text=_("pain.002, camt.054 oder camt.053 als XML oder ZIP."),
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ".xml,.zip,.camt,.p2"}),
        error_messages={
            "required": _("Wählen Sie eine Datei aus."),
            "empty": _("Die Datei ist leer."),
        },
    )

    def clean_file(self) -> UploadedFile[bytes]:
        """Refuse what is too large before it is read."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_MEGABYTES * 1024**2:
            raise forms.ValidationError(
                _("Die Datei ist größer als %(megabytes)s MB."),
                params={"megabytes": LARGEST_MEGABYTES},
            )
        return file


def _note(*, required: bool) -> forms.CharField:
    return forms.CharField(
        label=_("Vermerk"),
        required=required,
        max_length=300,
        widget=forms.Textarea(attrs=_AREA),
        error_messages={"required": _("Schreiben Sie dazu, was es ist.")},
    )


class ItemsForm(forms.Form):
    """How much of a transfer each proposed item gets."""

    def __init__(self, *args: Any, proposals: dict[int, tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, (label, proposed) in proposals.items():
            self.fields[f"item-{key}"] = AmountField(label=label, required=False, initial=proposed)
        self.fields["note"] = _note(required=False)

    def list_amounts(self) -> dict[int, Decimal]:
        """EUR by item, of those that get something."""
        return {
            int(name.removeprefix("item-")): amount
            for name, amount in self.cleaned_data.items()
            if name.startswith("item-") and amount
        }


class OtherForm(forms.Form):
    """What an entry is that pays no open item."""

    what = forms.ChoiceField(
        label=_("Was ist es?"),
        choices=[
            ("fee", _("ein Entgelt der Bank")),
            ("other", _("etwas anderes: es bleibt auf dem Konto für ungeklärte Zahlungen")),
        ],
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        error_messages={"required": _("Wählen Sie aus, was es ist.")},
    )
    note = _note(required=True)


class DebitForm(forms.Form):
    """Which debit came back with an entry, and why."""

    debit = forms.ChoiceField(
        label=_("Welche Lastschrift kam zurück?"),
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        error_messages={"required": _("Wählen Sie die Lastschrift aus.")},
    )
    code = forms.CharField(
        label=_("Rückgabegrund der Bank"),
        max_length=4,
        required=False,
        widget=forms.TextInput(attrs=TEXT),
    )
    note = _note(required=True)

    def __init__(self, *args: Any, choices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["debit"].choices = choices  # type: ignore[attr-defined]


class StatusForm(forms.Form):
    """What a status was about."""

    note = _note(required=True)


class HandReturnForm(forms.Form):
    """A debit that came back, told otherwise than by a file."""

    end_to_end_id = forms.CharField(
        label=_("Ende-zu-Ende-Referenz der Lastschrift"),
        help_text=_("Sie steht auf dem Kontoauszug und beim Einzug, zum Beispiel AB-2026-0000001."),
        max_length=35,
        widget=forms.TextInput(attrs=TEXT),
        error_messages={"required": _("Geben Sie die Referenz der Lastschrift an.")},
    )
    reason_code = forms.CharField(
        label=_("Rückgabegrund der Bank"),
        help_text=_("Vier Zeichen, zum Beispiel MS03."),
        max_length=4,
        widget=forms.TextInput(attrs=TEXT),
        error_messages={"required": _("Geben Sie den Rückgabegrund an, zum Beispiel MS03.")},
    )
    returned_on = DayField(label=_("Zurückgegeben am"))
    fee = AmountField(label=_("Entgelt der Banken, €"), required=False)


# Asked each time: the words are those of the reader's language.
def _occurrences() -> list[tuple[str, str]]:
    return [(each.value, describe_occurrence(each)) for each in Occurrence]


def _effects() -> list[tuple[str, str]]:
    return [(each.value, describe_mandate_effect(each)) for each in MandateEffect]


def _steps() -> list[tuple[str, str]]:
    return [(each.value, describe_next_step(each)) for each in NextStep]


class ReactionForm(forms.Form):
    """The insurer's own rule for a reason, from a day on."""

    occurrence = forms.ChoiceField(
        label=_("Für welches Vorkommen?"), choices=_occurrences, widget=forms.Select(attrs=_SELECT)
    )
    mandate_effect = forms.ChoiceField(
        label=_("Das Mandat"), choices=_effects, widget=forms.Select(attrs=_SELECT)
    )
    next_step = forms.ChoiceField(
        label=_("Nächster Schritt"), choices=_steps, widget=forms.Select(attrs=_SELECT)
    )
    retry_after_days = forms.IntegerField(
        label=_("Erneuter Einzug nach Tagen"),
        help_text=_("Leer: kein erneuter Einzug von selbst."),
        required=False,
        min_value=1,
        max_value=99,
        widget=forms.TextInput(attrs={**TEXT, "inputmode": "numeric"}),
    )
    charge_fee = forms.BooleanField(
        label=_("Das Entgelt der Banken wird dem Arbeitgeber berechnet"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    valid_from = DayField(label=_("Gilt ab"))
    reason = forms.CharField(
        label=_("Warum ändern Sie die Regel?"),
        max_length=300,
        widget=forms.Textarea(attrs=_AREA),
        error_messages={"required": _("Nennen Sie den Grund der Änderung.")},
    )
