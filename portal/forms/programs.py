"""What is said of a program: its name, what it may do, from where, and how long its keys last."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from aupolicy.facts.machine import ApiScope
from aupolicy.models import ApiClient
from aupolicy.operations.machines import LONGEST_NAME, OVERLAP, UnableToConnect
from aupolicy.words import describe_machine_refusal, describe_scope
from portal.forms.fields import TEXT

KEY, OAUTH = "key", "oauth"
_LIVES = (90, 180, 365, 730)
_USUAL_LIFE = 365
_OVERLAPS = (0, 1, 7, OVERLAP.days, 30)
_FIELD_OF = {
    "NO_NAME": "name",
    "NAME_TOO_LONG": "name",
    "NO_SCOPES": "scopes",
    "NOT_A_NETWORK": "networks",
    "TOO_MANY_NETWORKS": "networks",
    "OVERLAP_TOO_LONG": "overlap",
    "EXPIRES_TOO_LATE": "life",
    "EXPIRES_IN_PAST": "life",
}


def _days(number: int) -> str:
    return ngettext("%(number)d Tag", "%(number)d Tage", number) % {"number": number}


_lazy_days = lazy(_days, str)


class RefusableForm(forms.Form):
    """A form that shows why the operation refuses what was typed, at the field."""

    def refuse(self, error: UnableToConnect) -> None:
        """Show it."""
        field = _FIELD_OF.get(error.code)
        text = describe_machine_refusal(error.code, error.params)
        self.add_error(field if field in self.fields else None, text)


class ProgramForm(RefusableForm):
    """A program: its name, what it may do, and from where."""

    name = forms.CharField(
        label=_("Name"),
        help_text=_("Woran Sie es erkennen, zum Beispiel „Lohnprogramm“."),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs=TEXT),
        error_messages={"required": _("Geben Sie dem Programm einen Namen.")},
    )
    scopes = forms.MultipleChoiceField(
        label=_("Was das Programm darf"),
        choices=[(scope.value, scope.value) for scope in ApiScope],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Wählen Sie, was das Programm darf.")},
    )
    networks = forms.CharField(
        label=_("Erlaubte Adressen"),
        help_text=_(
            "Nur von hier darf das Programm fragen, je Zeile eine Adresse oder ein Netz, zum"
            " Beispiel 203.0.113.0/24. Leer: von überall."
        ),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={**TEXT, "rows": 3, "spellcheck": "false"}),
    )

    @classmethod
    def of(cls, client: ApiClient, data: Any) -> "ProgramForm":
        """The form of a program that is there."""
        told = {
            "name": client.name,
            "scopes": client.scopes,
            "networks": "\n".join(client.networks),
        }
        return cls(data, initial=told)

    @property
    def options(self) -> list[tuple[ApiScope, str, str, bool]]:
        """Each scope with its words, what it lets a program see, and whether it is chosen."""
        chosen = set(self["scopes"].value() or ())
        return [(scope, *describe_scope(scope), scope.value in chosen) for scope in ApiScope]

    @property
    def settings(self) -> dict[str, Any]:
        """What the operations take; the form must be valid."""
        data = self.cleaned_data
        lines = data["networks"].replace(",", "\n").splitlines()
        return {
            "name": data["name"],
            "scopes": [ApiScope(scope) for scope in data["scopes"]],
            "networks": [line.strip() for line in lines if line.strip()],
        }


class LifeForm(RefusableForm):
    """How long a key lasts, and the state of the page that it was asked on."""

    life = forms.TypedChoiceField(
        label=_("Der Schlüssel gilt"),
        choices=[(days, _lazy_days(days)) for days in _LIVES],
        coerce=int,
        initial=_USUAL_LIFE,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    # The newest secret when the page was opened: sent twice, it makes no second one.
    after = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)

    def expires_at(self, now: datetime) -> datetime:
        """When the key ends; the form must be valid."""
        life: int = self.cleaned_data["life"]
        return now + timedelta(days=life)


class NewProgramForm(ProgramForm, LifeForm):
    """A program and its first key or secret."""

    way = forms.ChoiceField(
        label=_("Wie es sich anmeldet"),
        choices=[
            (KEY, _("mit einem Schlüssel (für die meisten Programme)")),
            (OAUTH, _("mit OAuth 2 Client Credentials; das Geheimnis läuft nicht ab")),
        ],
        initial=KEY,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
    )
    field_order: Sequence[str] = ("name", "scopes", "networks", "way", "life")


class RotateForm(LifeForm):
    """A key that takes over from another."""

    overlap = forms.TypedChoiceField(
        label=_("Der alte Schlüssel gilt noch"),
        help_text=_("So lange haben Sie Zeit, den neuen einzutragen."),
        choices=[(days, _lazy_days(days) if days else _("gar nicht mehr")) for days in _OVERLAPS],
        coerce=int,
        initial=OVERLAP.days,
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    @property
    def kept(self) -> timedelta:
        """How long the old key goes on; the form must be valid."""
        return timedelta(days=self.cleaned_data["overlap"])
