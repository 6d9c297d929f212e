"""What people type to invite others and to change what they may do."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aupolicy.models import Right, Role
from portal.words import ROLE_WORDS

ROLE_HINTS = {
    Role.CLERK: _("Verträge, Meldungen und Anträge bearbeiten"),
    Role.EXAMINER: _("Leistungsfälle prüfen"),
    Role.FINANCE: _("Läufe und Einzüge"),
    Role.AUDITOR: _("alles lesen, nichts ändern"),
    Role.BROKER: _("Angebote und die betreuten Arbeitgeber"),
    Role.EMPLOYER_ADMIN: _("alles, auch Zugänge und Bankverbindung"),
    Role.EMPLOYER_EDITOR: _("einsehen und Meldungen absenden"),
    Role.EMPLOYER_READER: _("nur einsehen"),
}
AUTHORITY_WORDS = {
    Right.READ: _("Personen und Abrechnungen einsehen"),
    Right.EDIT: _("einsehen und Meldungen absenden"),
    Right.ADMIN: _("alles, auch Zugänge und Bankverbindung"),
}
NO_AUTHORITY = "none"


class RoleForm(forms.Form):
    """One of the roles of a room."""

    role = forms.ChoiceField(label=_("Rolle"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, roles: Sequence[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- declared above
        field.choices = [(role.value, ROLE_WORDS[role]) for role in roles]
        self._roles = roles
        if len(roles) == 1:
            self.initial.setdefault("role", roles[0].value)

    @property
    def options(self) -> list[tuple[Role, Any, Any, bool]]:
        """Each role with its word, what it allows, and whether it is chosen."""
        chosen = self["role"].value()
        return [(role, ROLE_WORDS[role], ROLE_HINTS[role], role == chosen) for role in self._roles]

    @property
    def chosen(self) -> Role:
        """The role that was chosen; the form must be valid."""
        return Role(self.cleaned_data["role"])


class InviteForm(RoleForm):
    """Whom to invite, and to what."""

    email = forms.EmailField(
        label=_("E-Mail"),
        widget=forms.EmailInput({"class": "form-control", "autocomplete": "off"}),
    )
    field_order = ("email", "role")


class AuthorityForm(forms.Form):
    """What a broker may do in the employer's name."""

    broker = forms.IntegerField(widget=forms.HiddenInput)
    right = forms.ChoiceField(
        choices=[
            (NO_AUTHORITY, _("nichts; er sieht nur Zahlen, keine Namen")),
            *AUTHORITY_WORDS.items(),
        ]
    )

    @property
    def chosen(self) -> Right | None:
        """The right that was chosen, None for none."""
        value = self.cleaned_data["right"]
        return None if value == NO_AUTHORITY else Right(value)
