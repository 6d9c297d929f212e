"""The addresses of a program that are told of events: made, tried, ended; secrets shown once."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from kombu.exceptions import OperationalError

from aupolicy.facts.machine import ProgramState, WebhookTopic
from aupolicy.queries.machine import Program
from documents.models import WebhookDelivery, WebhookEndpoint
from documents.operations.webhooks import (
    MadeEndpoint,
    UnableToListen,
    UnableToSend,
    create_endpoint,
    end_endpoint,
    rotate_secret,
    send_given_up_again,
    send_test,
)
from documents.queries.webhook_listeners import CHOICES, list_topics
from documents.tasks import send_webhooks
from documents.words import describe_topic, describe_webhook_refusal
from portal.forms.webhooks import EndpointForm
from portal.queries.webhooks import (
    DeliveryState,
    LogFilter,
    find_endpoint,
    get_state,
    list_deliveries,
    list_endpoints,
)
from portal.templatetags.webhooks import DELIVERIES
from portal.views.programs import Place, check, confirm_person, draw, find, show_only_once

PAGE_SIZE = 25


def show_list(request: Any, place: Place, program_id: uuid.UUID) -> HttpResponse:
    """The addresses of a program, and what was sent to them."""
    check(place.may_look)
    program = find(place, program_id)
    endpoints = list(list_endpoints(program.client))
    rows = [
        (endpoint, get_state(endpoint, place.now), _address(place, program, "webhook", endpoint))
        for endpoint in endpoints
    ]
    told = {
        "program": program,
        "program_address": place.address_of(program),
        "rows": rows,
        "in_force": sum(endpoint.ended_at is None for endpoint in endpoints),
        "new_address": place.address_of(program, "new_webhook"),
        "is_over": program.state is ProgramState.ENDED,
        **describe_log(request, place, program),
    }
    return draw(request, place, "webhooks", **told)


def describe_log(
    request: Any, place: Place, program: Program, endpoint: WebhookEndpoint | None = None
) -> dict[str, Any]:
    """The list of deliveries, as a page shows it."""
    wanted = _read_filter(request)
    found = list_deliveries(program.client, wanted, endpoint=endpoint)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page", 1))
    client = program.client.public_id
    return {
        "wanted": wanted,
        "is_filtered": wanted != LogFilter(),
        "page": page,
        "deliveries": [
            (row, place.address("webhook_delivery", client, row.public_id)) for row in page
        ],
        "states": [(state.value, word) for state, (_mark, word) in DELIVERIES.items()],
        "topics": [(topic.value, describe_topic(topic)[0]) for topic in WebhookTopic],
    }


def _read_filter(request: Any) -> LogFilter:
    state, topic = request.GET.get("state", ""), request.GET.get("topic", "")
    return LogFilter(
        DeliveryState(state) if state in set(DeliveryState) else None,
        WebhookTopic(topic) if topic in set(WebhookTopic) else None,
    )


def _address(place: Place, program: Program, name: str, endpoint: WebhookEndpoint) -> str:
    return place.address(name, program.client.public_id, endpoint.public_id)


def create(request: Any, place: Place, program_id: uuid.UUID) -> HttpResponse:
    """A further address with its secret, which is shown at once and never again."""
    check(place.may_manage)
    program = find(place, program_id)
    confirm_person(request)
    endpoints = WebhookEndpoint.objects.filter(client=program.client)
    after = str(endpoints.order_by("-pk").values_list("pk", flat=True).first() or 0)
    form = EndpointForm(request.POST or None, offered=list_topics(program.client), after=after)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["after"] != after:
            return show_only_once(request, place.address_of(program, "webhooks"))
        try:
            made = create_endpoint(
                client=program.client,
                url=form.cleaned_data["url"],
                topics=form.chosen,
                by=request.user,
                now=place.now,
            )
        except UnableToListen as error:
            form.refuse(error.code, error.params)
        else:
            return _show_made(request, place, program, made)
    told = {
        "form": form,
        "program": program,
        "is_narrowed": len(list_topics(program.client)) < len(CHOICES),
        "program_address": place.address_of(program),
        "webhooks_address": place.address_of(program, "webhooks"),
    }
    return draw(request, place, "webhook_new", **told)


def _show_made(request: Any, place: Place, program: Program, made: MadeEndpoint) -> HttpResponse:
    """The page that shows a secret: the answer to its making, so that it is kept nowhere."""
    told = {
        **_crumbs(place, program),
        "endpoint": made.endpoint,
        "text": made.secret,
        "is_rotated": made.endpoint.old_secret_until is not None,
        "address": _address(place, program, "webhook", made.endpoint),
    }
    return draw(request, place, "webhook_made", **told)


def _crumbs(place: Place, program: Program) -> dict[str, Any]:
    return {
        "program": program,
        "program_address": place.address_of(program),
        "webhooks_address": place.address_of(program, "webhooks"),
    }


def find_address(program: Program, endpoint_id: uuid.UUID) -> WebhookEndpoint:
    """One of a program's addresses. Raises Http404."""
    endpoint = find_endpoint(program.client, endpoint_id)
    if endpoint is None:
        raise Http404
    return endpoint


def show(request: Any, place: Place, program_id: uuid.UUID, endpoint_id: uuid.UUID) -> HttpResponse:
    """One address: how it does, what it is told of, and what was sent there."""
    check(place.may_look)
    program = find(place, program_id)
    endpoint = find_address(program, endpoint_id)
    told = {
        **_crumbs(place, program),
        "endpoint": endpoint,
        "state": get_state(endpoint, place.now),
        "is_over": endpoint.ended_at is not None or program.state is ProgramState.ENDED,
        "has_old_secret": endpoint.old_secret_until is not None
        and endpoint.old_secret_until > place.now,
        "given_up": list_deliveries(
            program.client, LogFilter(state=DeliveryState.GIVEN_UP), endpoint=endpoint
        ).count(),
        "addresses": {
            name: _address(place, program, name, endpoint)
            for name in ("test_webhook", "rotate_webhook", "end_webhook", "repeat_webhook")
        },
        **describe_log(request, place, program, endpoint),
    }
    return draw(request, place, "webhook", **told)


def test(request: Any, place: Place, program_id: uuid.UUID, endpoint_id: uuid.UUID) -> HttpResponse:
    """Send an event that says nothing but that it is a test."""
    check(place.may_manage)
    program = find(place, program_id)
    endpoint = find_address(program, endpoint_id)
    if request.method != "POST":
        return redirect(_address(place, program, "webhook", endpoint))
    try:
        delivery = send_test(endpoint=endpoint, now=place.now)
    except UnableToListen as error:
        return refuse(request, error.code, _address(place, program, "webhook", endpoint))
    wake_worker()
    messages.success(request, _("Das Probeereignis ist unterwegs. Laden Sie die Seite gleich neu."))
    return redirect(place.address("webhook_delivery", program.client.public_id, _key(delivery.pk)))


def _key(delivery_id: int) -> uuid.UUID:
    # The database makes it: the row just written does not know it yet.
    found: uuid.UUID = WebhookDelivery.objects.get(pk=delivery_id).public_id
    return found


def rotate(
    request: Any, place: Place, program_id: uuid.UUID, endpoint_id: uuid.UUID
) -> HttpResponse:
    """Another secret; the one before signs as well for a day."""
    check(place.may_manage)
    program = find(place, program_id)
    endpoint = find_address(program, endpoint_id)
    confirm_person(request)
    after = endpoint.old_secret_until.isoformat() if endpoint.old_secret_until else ""
    if request.method == "POST":
        address = _address(place, program, "webhook", endpoint)
        if request.POST.get("after", "") != after:
            return show_only_once(request, address)
        try:
            made = rotate_secret(endpoint=endpoint, now=place.now)
        except UnableToListen as error:
            return refuse(request, error.code, address)
        return _show_made(request, place, program, made)
    told = {**_crumbs(place, program), "endpoint": endpoint, "after": after}
    return draw(request, place, "webhook_rotate", **told)


def end(request: Any, place: Place, program_id: uuid.UUID, endpoint_id: uuid.UUID) -> HttpResponse:
    """Ask, then tell an address nothing more."""
    check(place.may_end)
    program = find(place, program_id)
    endpoint = find_address(program, endpoint_id)
    if request.method == "POST":
        try:
            end_endpoint(endpoint=endpoint, by=request.user, now=place.now)
        except UnableToListen as error:
            return refuse(request, error.code, _address(place, program, "webhook", endpoint))
        messages.success(request, _("Diese Adresse wird nicht mehr benachrichtigt."))
        return redirect(place.address_of(program, "webhooks"))
    return draw(request, place, "webhook_end", **_crumbs(place, program), endpoint=endpoint)


def repeat(
    request: Any, place: Place, program_id: uuid.UUID, endpoint_id: uuid.UUID
) -> HttpResponse:
    """Send once more what was given up."""
    check(place.may_manage)
    program = find(place, program_id)
    endpoint = find_address(program, endpoint_id)
    address = _address(place, program, "webhook", endpoint)
    if request.method != "POST":
        return redirect(address)
    try:
        count = send_given_up_again(endpoint=endpoint, by=request.user, now=place.now)
    except UnableToSend as error:
        return refuse(request, error.code, address)
    wake_worker()
    text = ngettext(
        "%(count)d Ereignis wird noch einmal gesendet.",
        "%(count)d Ereignisse werden noch einmal gesendet.",
        count,
    )
    messages.success(request, text % {"count": count})
    return redirect(address)


def refuse(request: Any, code: str, address: str) -> HttpResponseRedirect:
    """Say on the page before why it is not done."""
    messages.error(request, describe_webhook_refusal(code, {}))
    return redirect(address)


def wake_worker() -> None:
    """Let the calls begin as soon as what was asked is written."""

    def send() -> None:
        try:
            send_webhooks.delay()
        except OperationalError:
            # The clock finds it within 15 seconds.
            return

    transaction.on_commit(send)
