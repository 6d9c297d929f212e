"""What was sent to a program's address, call by call, and sending it once more."""

import json
import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from aupolicy.facts.machine import WebhookTopic
from aupolicy.queries.machine import Program
from documents.exports.webhook_call import write_body
from documents.models import WebhookDelivery
from documents.operations.webhooks import UnableToSend, send_again
from documents.words import describe_topic
from portal.queries.webhooks import find_delivery
from portal.views.programs import Place, check, draw, find
from portal.views.webhooks import refuse, wake_worker

_MOST_TRIES = 50


def _find(program: Program, delivery_id: uuid.UUID) -> WebhookDelivery:
    delivery = find_delivery(program.client, delivery_id)
    if delivery is None:
        raise Http404
    return delivery


def show(request: Any, place: Place, program_id: uuid.UUID, delivery_id: uuid.UUID) -> HttpResponse:
    """One delivery: what it says, and every call with what came back."""
    check(place.may_look)
    program = find(place, program_id)
    delivery = _find(program, delivery_id)
    message, endpoint = delivery.message, delivery.endpoint
    client = program.client.public_id
    body = write_body(topic=message.topic, happened_at=message.occurred_at, data=message.data)
    word, hint = describe_topic(WebhookTopic(message.topic))
    told = {
        "program": program,
        "program_address": place.address_of(program),
        "webhooks_address": place.address_of(program, "webhooks"),
        "endpoint_address": place.address("webhook", client, endpoint.public_id),
        "again_address": place.address("send_webhook_again", client, delivery.public_id),
        "delivery": delivery,
        "word": word,
        "hint": hint,
        "body": json.dumps(json.loads(body), ensure_ascii=False, indent=2),
        "tries": delivery.tries.order_by("-pk")[:_MOST_TRIES],
        "is_over": endpoint.ended_at is not None or endpoint.client.ended_at is not None,
    }
    return draw(request, place, "webhook_delivery", **told)


def repeat(
    request: Any, place: Place, program_id: uuid.UUID, delivery_id: uuid.UUID
) -> HttpResponse:
    """Send it once more, whatever came of it before."""
    check(place.may_manage)
    program = find(place, program_id)
    delivery = _find(program, delivery_id)
    address = place.address("webhook_delivery", program.client.public_id, delivery.public_id)
    if request.method != "POST":
        return redirect(address)
    try:
        send_again(delivery=delivery, by=request.user, now=place.now)
    except UnableToSend as error:
        return refuse(request, error.code, address)
    wake_worker()
    messages.success(request, _("Das Ereignis ist noch einmal unterwegs, mit derselben Kennung."))
    return redirect(address)
