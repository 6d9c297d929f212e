"""Addresses of a room's programs, the same for employer and broker."""

from django.urls import URLPattern, path

from portal.views import program_keys as keys
from portal.views import programs, webhook_deliveries, webhooks
from portal.views.programs import behind

_PROGRAM = "programs/<uuid:program_id>/"
_WEBHOOKS = f"{_PROGRAM}webhooks/"
_WEBHOOK = f"{_WEBHOOKS}<uuid:endpoint_id>/"
_DELIVERY = f"{_WEBHOOKS}deliveries/<uuid:delivery_id>/"


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
        *_list_webhook_pages(room),
    ]


def _list_webhook_pages(room: str) -> list[URLPattern]:
    again = behind(room, webhook_deliveries.repeat, "POST")
    return [
        path(_WEBHOOKS, behind(room, webhooks.show_list), name="webhooks"),
        path(f"{_WEBHOOKS}new/", behind(room, webhooks.create, "POST"), name="new_webhook"),
        path(_WEBHOOK, behind(room, webhooks.show), name="webhook"),
        path(f"{_WEBHOOK}test/", behind(room, webhooks.test, "POST"), name="test_webhook"),
        path(f"{_WEBHOOK}rotate/", behind(room, webhooks.rotate, "POST"), name="rotate_webhook"),
        path(f"{_WEBHOOK}repeat/", behind(room, webhooks.repeat, "POST"), name="repeat_webhook"),
        path(f"{_WEBHOOK}end/", behind(room, webhooks.end, "POST"), name="end_webhook"),
        path(_DELIVERY, behind(room, webhook_deliveries.show), name="webhook_delivery"),
        path(f"{_DELIVERY}again/", again, name="send_webhook_again"),
    ]
