"""The words of events, addresses and deliveries, as tags."""

from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aupolicy.facts.machine import WebhookTopic
from documents.facts.webhooks import Outcome
from documents.models import WebhookDelivery
from documents.words import describe_outcome, describe_topic
from portal.queries.webhooks import DeliveryState, EndpointState, get_delivery_state

register = template.Library()

_STATUS = "portal/parts/status.html"
_ENDPOINTS = {
    EndpointState.WORKS: ("done", _("wird benachrichtigt")),
    EndpointState.FAILS: ("attention", _("gestört")),
    EndpointState.LOSES: ("attention", _("gestört, Ereignisse gehen verloren")),
    EndpointState.GONE: ("off", _("vom Empfänger abgemeldet")),
    EndpointState.ENDED: ("off", _("abgeschaltet")),
}
DELIVERIES = {
    DeliveryState.DELIVERED: ("done", pgettext_lazy("Ereignis", "zugestellt")),
    DeliveryState.WAITING: ("waiting", pgettext_lazy("Ereignis", "steht an")),
    DeliveryState.REPEATED: ("attention", pgettext_lazy("Ereignis", "wird wiederholt")),
    DeliveryState.GIVEN_UP: ("off", pgettext_lazy("Ereignis", "aufgegeben")),
}
"""Mark and word of where a delivery stands."""


@register.inclusion_tag(_STATUS)
def endpoint_state(state: EndpointState) -> dict[str, Any]:
    """How an address does."""
    mark, word = _ENDPOINTS[state]
    return {"mark": mark, "word": word}


@register.inclusion_tag(_STATUS)
def delivery_state(delivery: WebhookDelivery) -> dict[str, Any]:
    """Where a delivery stands."""
    mark, word = DELIVERIES[get_delivery_state(delivery)]
    return {"mark": mark, "word": word}


@register.filter
def topic_word(topic: str) -> str:
    """What an event is called."""
    return describe_topic(WebhookTopic(topic))[0]


@register.filter
def outcome_word(outcome: str | None) -> str:
    """How a call ended; a dash where there was none."""
    return describe_outcome(Outcome(outcome)) if outcome else "–"
