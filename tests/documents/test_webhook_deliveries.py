"""Calls that fail, end, are made again, and never twice by two workers."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django import Settings

from aupolicy.models import (
    ApiClient,
    GroupContract,
)
from documents.facts.webhooks import Answer, Outcome
from documents.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from documents.operations.webhooks import (
    UnableToListen,
    UnableToSend,
    collect_messages,
    deliver_due,
    deliveries,
    end_endpoint,
    rotate_secret,
    send_again,
    send_test,
)
from documents.tasks import send_webhooks
from tests.documents.receivers import Receiver, verify
from tests.documents.webhook_world import (
    NOW,
    listen,
    make_user,
    run,
    topics_of,
)
from tests.documents.world import join

pytestmark = pytest.mark.usefixtures("private_addresses")


def test_a_failed_call_is_made_again_with_the_same_id(
    contract: GroupContract, receiver: Receiver
) -> None:
    listen(contract.employer, receiver)
    join(contract, "1001")
    receiver.answers = [500]
    run()
    delivery = WebhookDelivery.objects.get()
    assert delivery.next_attempt_at == NOW + timedelta(seconds=5)
    endpoint = WebhookEndpoint.objects.get()
    assert endpoint.failing_since == NOW
    assert deliver_due(now=NOW + timedelta(seconds=4)).is_empty
    assert deliver_due(now=NOW + timedelta(seconds=5)).delivered == 1
    first, second = receiver.received
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.headers["webhook-timestamp"] != second.headers["webhook-timestamp"]
    endpoint = WebhookEndpoint.objects.get()
    assert endpoint.failing_since is None
    assert endpoint.paused_until is None
    outcomes = WebhookAttempt.objects.order_by("pk").values_list("outcome", "status_code")
    assert list(outcomes) == [("STATUS", 500), ("OK", 200)]


def test_after_three_days_a_message_is_given_up_and_can_be_sent_again(
    contract: GroupContract, receiver: Receiver
) -> None:
    listen(contract.employer, receiver)
    join(contract, "1001")
    receiver.answers = [503] * 20
    now = NOW
    collect_messages(now=now)
    while (due := WebhookDelivery.objects.get()).next_attempt_at is not None:
        now = due.next_attempt_at
        deliver_due(now=now)
    assert timedelta(hours=70) < now - NOW < timedelta(hours=72)
    assert (due.given_up_at, due.attempts, due.tries.count()) == (now, 11, 11)
    receiver.answers = []
    by = make_user("hr")
    send_again(delivery=due, by=by, now=now)
    assert deliver_due(now=now).delivered == 1
    due.refresh_from_db()
    assert (due.asked_by, due.delivered_at, due.given_up_at) == (by, now, None)


def test_a_failing_address_is_tried_with_one_call_and_the_others_keep_their_turn(
    contract: GroupContract, receiver: Receiver
) -> None:
    listen(contract.employer, receiver)
    for number in range(2000, 2030):
        join(contract, str(number))
    receiver.answers = [500] * 21
    run()
    assert len(receiver.received) == 20
    later = NOW + timedelta(seconds=5)
    deliver_due(now=later)
    assert len(receiver.received) == 21
    assert deliver_due(now=later).is_empty
    # It is back: one call shows it, then all others follow.
    later = NOW + timedelta(minutes=2)
    while not deliver_due(now=later).is_empty:
        pass
    assert not WebhookDelivery.objects.filter(delivered_at=None).exists()


def test_what_waited_too_long_behind_a_failing_address_is_given_up(
    contract: GroupContract, receiver: Receiver
) -> None:
    made = listen(contract.employer, receiver)
    join(contract, "1001")
    collect_messages(now=NOW)
    WebhookEndpoint.objects.update(failing_since=NOW, paused_until=NOW + timedelta(days=9))
    deliver_due(now=NOW + timedelta(days=3, seconds=1))
    assert WebhookDelivery.objects.get(endpoint=made.endpoint).given_up_at is not None
    assert receiver.received == []


def test_gone_ends_the_address(contract: GroupContract, receiver: Receiver) -> None:
    made = listen(contract.employer, receiver)
    for number in range(2000, 2030):
        join(contract, str(number))
    receiver.answers = [410] * 20
    run()
    made.endpoint.refresh_from_db()
    assert (made.endpoint.ended_at, made.endpoint.answered_gone) == (NOW, True)
    assert not WebhookDelivery.objects.filter(next_attempt_at__isnull=False).exists()
    join(contract, "1001")
    assert collect_messages(now=NOW) == 0
    with pytest.raises(UnableToSend):
        send_again(delivery=WebhookDelivery.objects.latest("pk"), by=None, now=NOW)
    with pytest.raises(UnableToListen):
        send_test(endpoint=made.endpoint, now=NOW)


def test_an_ended_address_or_program_is_told_nothing_more(
    contract: GroupContract, receiver: Receiver
) -> None:
    made, other = (listen(contract.employer, receiver) for _ in range(2))
    join(contract, "1001")
    collect_messages(now=NOW)
    end_endpoint(endpoint=made.endpoint, by=None, now=NOW)
    ApiClient.objects.filter(pk=other.endpoint.client_id).update(ended_at=NOW)
    assert deliver_due(now=NOW).is_empty
    assert WebhookDelivery.objects.filter(given_up_at=NOW).count() == 2
    assert receiver.received == []


def test_an_address_that_became_an_inner_one_is_not_called(
    contract: GroupContract, receiver: Receiver, settings: Settings
) -> None:
    listen(contract.employer, receiver)
    WebhookEndpoint.objects.update(url="https://localhost/")
    join(contract, "1001")
    collect_messages(now=NOW)
    settings.WEBHOOKS_ALLOW_PRIVATE = False
    assert deliver_due(now=NOW).failed == 1
    WebhookEndpoint.objects.update(url=receiver.url, paused_until=None)
    assert deliver_due(now=NOW + timedelta(seconds=5)).failed == 1
    assert set(WebhookAttempt.objects.values_list("outcome")) == {("REFUSED_ADDRESS",)}
    assert receiver.received == []


def test_a_secret_whose_key_is_gone_stops_no_other_call(
    contract: GroupContract, receiver: Receiver
) -> None:
    lost, other = (listen(contract.employer, receiver).endpoint for _ in range(2))
    WebhookEndpoint.objects.filter(pk=lost.pk).update(secret_sealed=other.secret_sealed)
    join(contract, "1001")
    run()
    outcomes = dict(WebhookAttempt.objects.values_list("delivery__endpoint", "outcome"))
    assert outcomes == {lost.pk: "UNSIGNED", other.pk: "OK"}


def test_after_a_rotation_old_and_new_secret_sign_for_a_day(
    contract: GroupContract, receiver: Receiver
) -> None:
    old = listen(contract.employer, receiver)
    new = rotate_secret(endpoint=old.endpoint, now=NOW)
    assert old.secret not in new.endpoint.old_secret_sealed
    send_test(endpoint=new.endpoint, now=NOW)
    deliver_due(now=NOW)
    (came,) = receiver.received
    for made in (old, new):
        body = verify(made.secret, came.body, came.headers, NOW)
    assert body["data"] == {"endpoint": str(new.endpoint.public_id)}
    later = NOW + timedelta(hours=24)
    send_test(endpoint=new.endpoint, now=later)
    deliver_due(now=later)
    assert receiver.received[1].headers["webhook-signature"].count("v1,") == 1


def test_the_task_and_the_command_do_both(
    contract: GroupContract, receiver: Receiver, capsys: pytest.CaptureFixture[str]
) -> None:
    listen(contract.employer, receiver)
    join(contract, "1001")
    send_webhooks()
    join(contract, "1002")
    call_command("send_webhooks", "--json")
    assert json.loads(capsys.readouterr().out) == {"events": 1, "delivered": 1, "failed": 0}
    assert len(receiver.received) == 2


def test_a_killed_worker_is_followed_by_another(
    contract: GroupContract, receiver: Receiver
) -> None:
    listen(contract.employer, receiver)
    join(contract, "1001")
    collect_messages(now=NOW)

    def die(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deliver_due(now=NOW, send=die)
    assert deliver_due(now=NOW + timedelta(minutes=2)).is_empty
    assert deliver_due(now=NOW + timedelta(minutes=3)).delivered == 1


def test_a_worker_that_comes_back_too_late_takes_nothing_back(
    contract: GroupContract, receiver: Receiver
) -> None:
    made = listen(contract.employer, receiver)
    join(contract, "1001")
    collect_messages(now=NOW)
    (delivery,) = deliveries.claim_due(NOW, 40)
    taken_over = NOW + timedelta(minutes=3)
    assert deliver_due(now=taken_over).delivered == 1
    deliveries.note_answers([(delivery, Answer(Outcome.TIMEOUT))], taken_over)
    delivery.refresh_from_db()
    assert (delivery.delivered_at, delivery.next_attempt_at) == (taken_over, None)
    assert delivery.tries.count() == 2
    assert topics_of(made.endpoint) == ["notice.applied"]
