"""The words of programs and their keys, as tags."""

from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aupolicy.facts.machine import KeyState, ProgramState

register = template.Library()

_STATUS = "portal/parts/status.html"
_KEYS = {
    KeyState.IN_FORCE: ("done", pgettext_lazy("Schlüssel", "gilt")),
    KeyState.EXPIRES_SOON: ("attention", _("läuft bald ab")),
    KeyState.EXPIRED: ("off", _("abgelaufen")),
    KeyState.REVOKED: ("off", _("gesperrt")),
}
_PROGRAMS = {
    ProgramState.IN_FORCE: ("done", _("angebunden")),
    ProgramState.EXPIRES_SOON: ("attention", _("Schlüssel läuft bald ab")),
    ProgramState.NO_KEY: ("attention", _("ohne gültigen Schlüssel")),
    ProgramState.ENDED: ("off", _("beendet")),
}


@register.inclusion_tag(_STATUS)
def key_state(state: KeyState) -> dict[str, Any]:
    """Where a key stands."""
    mark, word = _KEYS[state]
    return {"mark": mark, "word": word}


@register.inclusion_tag(_STATUS)
def program_state(state: ProgramState) -> dict[str, Any]:
    """Where a program stands."""
    mark, word = _PROGRAMS[state]
    return {"mark": mark, "word": word}
