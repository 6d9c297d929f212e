"""Addresses of a room's programs, the same for employer and broker."""

from django.urls import URLPattern, path

from portal.views import program_keys as keys
from portal.views import programs
from portal.views.programs import behind

_PROGRAM = "programs/<uuid:program_id>/"


def list_program_pages(room: str) -> list[URLPattern]:
    """The pages behind the gate of a room: "employer" or "broker"."""
    return [
        path("programs/", behind(room, programs.show_list), name="programs"),
        path("programs/new/", behind(room, programs.create, "POST"), name="new_program"),
        path(_PROGRAM, behind(room, programs.show), name="program"),
        path(f"{_PROGRAM}change/", behind(room, programs.change, "POST"), name="change_program"),
        path(f"{_PROGRAM}end/", behind(room, programs.end, "POST"), name="end_program"),
        path(f"{_PROGRAM}keys/new/", behind(room, keys.create, "POST"), name="new_key"),
        path(
            f"{_PROGRAM}keys/<int:key_id>/rotate/",
            behind(room, keys.rotate, "POST"),
            name="rotate_key",
        ),
        path(
            f"{_PROGRAM}keys/<int:key_id>/revoke/",
            behind(room, keys.revoke, "POST"),
            name="revoke_key",
        ),
        path(f"{_PROGRAM}secret/", behind(room, keys.change_secret, "POST"), name="program_secret"),
    ]
