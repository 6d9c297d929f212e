"""What examiners type about leaves and their papers. No field of these takes a diagnosis."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.facts import CertificateSource
from claims.words import describe_source
from portal.forms.fields import TEXT, DayField, PeriodForm

_SELECT = {"class": "form-select"}
_CHECK = {"class": "form-check-input"}
MOST_STEPS = 5
WITHDRAWAL_REASONS = [
    ("mistyped", _("falsch erfasst")),
    ("other_person", _("gehört zu einer anderen Person")),
    ("twice", _("doppelt vorhanden")),
    ("recalled", _("vom Aussteller oder Melder zurückgenommen")),
    ("given_up", _("abgebrochen oder nicht angetreten")),
]


def _sources() -> list[tuple[str, str]]:
    return [(source.value, describe_source(source)) for source in CertificateSource]


class CertificateForm(PeriodForm):
    """What a certificate says: certified from and to."""

    sick_leave = forms.TypedChoiceField(
        label=_("Für welche Erkrankung?"), coerce=int, widget=forms.Select(attrs=_SELECT)
    )
    first_day = DayField(label=_("Bescheinigt von"))
    last_day = DayField(label=_("bis einschließlich"))
    is_follow_up = forms.BooleanField(
        label=_("Folgebescheinigung"), required=False, widget=forms.CheckboxInput(attrs=_CHECK)
    )
    accident = forms.BooleanField(
        label=_("Unfall"),
        required=False,
        help_text=_("Nur ob ein Unfall angekreuzt ist, nicht welcher."),
        widget=forms.CheckboxInput(attrs=_CHECK),
    )
    established_on = DayField(label=_("Festgestellt am"), required=False)
    source = forms.ChoiceField(label=_("Herkunft"), widget=forms.Select(attrs=_SELECT))

    def __init__(self, *args: Any, leaves: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sick_leave"].choices = list(leaves)  # type: ignore[attr-defined]
        self.fields["source"].choices = _sources()  # type: ignore[attr-defined]
        if len(leaves) == 1:
            self.fields["sick_leave"].widget = forms.HiddenInput()
            self.fields["sick_leave"].initial = leaves[0][0]


class LeaveForm(PeriodForm):
    """A leave of a person, with its first certificate where there is one already."""

    first_day = DayField(
        label=_("Erster Tag der Arbeitsunfähigkeit"),
        help_text=_("Der erste bescheinigte Tag, auch wenn noch gearbeitet wurde."),
    )
    last_day = DayField(
        label=_("Bescheinigt bis"),
        required=False,
        help_text=_("Leer lassen, wenn noch keine Bescheinigung vorliegt."),
    )
    expected_last_day = DayField(label=_("Voraussichtlich bis"), required=False)
    source = forms.ChoiceField(
        label=_("Herkunft der Bescheinigung"), widget=forms.Select(attrs=_SELECT)
    )
    new_illness = forms.BooleanField(
        label=_("Neue Erkrankung während einer bekannten Arbeitsunfähigkeit"),
        required=False,
        widget=forms.CheckboxInput(attrs=_CHECK),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = _sources()  # type: ignore[attr-defined]


class WithdrawalForm(forms.Form):
    """Why something is taken back; chosen, not written, so that nothing medical gets in."""

    reason = forms.ChoiceField(
        label=_("Warum?"),
        choices=[("", _("bitte wählen")), *WITHDRAWAL_REASONS],
        widget=forms.Select(attrs=_SELECT),
        error_messages={"required": _("Wählen Sie einen Grund.")},
    )

    @property
    def reason_word(self) -> str:
        """The reason in words."""
        return str(dict(WITHDRAWAL_REASONS)[self.cleaned_data["reason"]])


def _hours_field(label: Any, *, required: bool) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=required,
        min_value=Decimal("0.25"),
        max_value=Decimal(24),
        decimal_places=2,
        max_digits=4,
        localize=True,
        widget=forms.TextInput(attrs={**TEXT, "inputmode": "decimal"}),
        error_messages={"required": _("Geben Sie die Stunden an, zum Beispiel 4 oder 7,5.")},
    )


class ReintegrationForm(PeriodForm):
    """A plan for returning step by step: its days, full hours, and up to five steps."""

    sick_leave = forms.TypedChoiceField(
        label=_("Für welche Erkrankung?"), coerce=int, widget=forms.Select(attrs=_SELECT)
    )
    first_day = DayField(label=_("Wiedereingliederung von"))
    last_day = DayField(label=_("bis einschließlich"))
    daily_hours = _hours_field(_("Stunden am Tag bei voller Arbeit"), required=True)

    def __init__(self, *args: Any, leaves: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sick_leave"].choices = list(leaves)  # type: ignore[attr-defined]
        if len(leaves) == 1:
            self.fields["sick_leave"].widget = forms.HiddenInput()
            self.fields["sick_leave"].initial = leaves[0][0]
        for number in range(1, MOST_STEPS + 1):
            if number > 1:
                # The first step begins with the plan.
                self.fields[f"from_{number}"] = DayField(
                    label=_("Stufe %(number)s ab") % {"number": number}, required=False
                )
            self.fields[f"hours_{number}"] = _hours_field(
                _("Stufe %(number)s: Stunden am Tag") % {"number": number}, required=number == 1
            )

    @property
    def step_rows(self) -> list[tuple[forms.BoundField | None, forms.BoundField]]:
        """The fields of each step side by side; the first step has no day of its own."""
        return [
            (self[f"from_{number}"] if number > 1 else None, self[f"hours_{number}"])
            for number in range(1, MOST_STEPS + 1)
        ]

    @property
    def steps(self) -> list[tuple[date, Decimal]]:
        """The steps typed, in order; the first begins with the plan."""
        data = self.cleaned_data
        later = [
            (data[f"from_{number}"], data[f"hours_{number}"])
            for number in range(2, MOST_STEPS + 1)
            if data[f"from_{number}"]
        ]
        return [(data["first_day"], data["hours_1"]), *later]

    def clean(self) -> dict[str, Any]:
        """Each step needs both its day and its hours."""
        data = super().clean()
        for number in range(2, MOST_STEPS + 1):
            first, hours = data.get(f"from_{number}"), data.get(f"hours_{number}")
            if first and not hours and not self.has_error(f"hours_{number}"):
                self.add_error(f"hours_{number}", _("Zu dieser Stufe fehlen die Stunden."))
            if hours and not first and not self.has_error(f"from_{number}"):
                self.add_error(f"from_{number}", _("Zu dieser Stufe fehlt der erste Tag."))
        return data
