"""Events reach programs that may know of them, once in the outbox and until they are taken."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.utils import timezone
from pytest_django import Settings
from standardwebhooks.webhooks import Webhook

from aupolicy.facts.machine import ApiScope, WebhookTopic
from aupolicy.kernel.period import Period
from aupolicy.models import (
    ApiClient,
    Broker,
    BrokerAuthority,
    Employer,
    GroupContract,
    Right,
    User,
)
from aupolicy.operations.fence import Scope, acting_within
from aupolicy.operations.machines import create_client
from aupolicy.queries.machine import get_client_rights
from documents.facts.webhooks import Answer, Outcome
from documents.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookMessage
from documents.operations import issue_confirmations
from documents.operations.webhooks import (
    MadeEndpoint,
    UnableToListen,
    UnableToSend,
    collect_messages,
    create_endpoint,
    deliver_due,
    deliveries,
    end_endpoint,
    record_message,
    rotate_secret,
    send_again,
    send_test,
)
from documents.queries.webhook_listeners import CHOICES
from documents.tasks import send_webhooks
from members.facts import Notice, NoticeKind
from members.models import NoticeDecision, NoticeRecord
from members.operations import apply_notices, decide_notice
from tests.documents.receivers import Receiver, receiving
from tests.documents.world import NOVEMBER, bill, join, sign

# Real, for documents are dated by the database.
NOW = datetime.now(tz=UTC)
ALL_TOPICS = frozenset(CHOICES)


@pytest.fixture(autouse=True)
def private_addresses(settings: Settings) -> None:
    settings.WEBHOOKS_ALLOW_PRIVATE = True


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


@pytest.fixture
def contract(db: None) -> GroupContract:
    return sign()


def program(party: Employer | Broker, *scopes: ApiScope) -> ApiClient:
    return create_client(
        name="Lohnprogramm", party=party, scopes=scopes or tuple(ApiScope), by=None, now=NOW
    )


def listen(
    party: Employer | Broker, receiver: Receiver, *topics: WebhookTopic, now: datetime = NOW
) -> MadeEndpoint:
    return create_endpoint(
        client=program(party), url=receiver.url, topics=topics or ALL_TOPICS, by=None, now=now
    )


def told(receiver: Receiver) -> list[dict[str, Any]]:
    return [json.loads(came.body) for came in receiver.received]


def topics_of(endpoint: WebhookEndpoint) -> list[str]:
    rows = WebhookDelivery.objects.filter(endpoint=endpoint).order_by("pk")
    return list(rows.values_list("message__topic", flat=True))


def run(now: datetime = NOW) -> None:
    collect_messages(now=now)
    deliver_due(now=now)


def refuse_to_pass(contract: GroupContract, number: str) -> NoticeRecord:
    """A notice that reaches too far back for the machine."""
    received = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    notice = Notice(
        NoticeKind.LEAVE, number, date(2025, 1, 31), received, reference=f"A-{number}"
    )  # fmt: skip
    apply_notices(contract=contract, notices=[notice])
    return NoticeRecord.objects.get(contract=contract, reference=f"A-{number}")


def make_user(name: str = "clerk") -> User:
    return User.objects.create_user(name, email=f"{name}@example.org")


def test_a_notice_is_told_signed_and_by_its_key_alone(
    contract: GroupContract, receiver: Receiver
) -> None:
    made = listen(contract.employer, receiver)
    join(contract, "1001", name=("Çiğdem", "Öztürk"))
    run()
    (came,) = receiver.received
    body = Webhook(made.secret).verify(came.body, came.headers)
    notice = NoticeRecord.objects.get()
    assert body["type"] == "notice.applied"
    assert body["data"] == {"id": str(notice.public_id), "contract": contract.number}
    delivery = WebhookDelivery.objects.get()
    assert (delivery.delivered_at, delivery.next_attempt_at) == (NOW, None)
    assert came.headers["webhook-id"] == str(delivery.message.public_id)
    attempt = delivery.tries.get()
    assert (attempt.outcome, attempt.status_code, attempt.at) == ("OK", 200, NOW)
    run(NOW + timedelta(minutes=1))
    assert len(receiver.received) == 1


def test_every_kind_of_event_is_found_where_it_stands(
    contract: GroupContract, receiver: Receiver
) -> None:
    made = listen(contract.employer, receiver)
    join(contract, "1001")
    waiting = refuse_to_pass(contract, "1001")
    collect_messages(now=NOW)
    assert topics_of(made.endpoint) == ["notice.applied", "notice.needs_clerk"]
    decide_notice(
        notice=waiting, verdict=NoticeDecision.Verdict.REFUSE, note="Belegt",
        decided_by=make_user(), now=NOW,
    )  # fmt: skip
    statement = bill(contract, NOVEMBER)
    issue_confirmations(contract=contract, as_of=date(2026, 11, 1), processes=1)
    # The run was posted as on its own day.
    late = datetime(2026, 10, 24, 9, 30, tzinfo=UTC)
    assert statement.run.posted_at == late
    collect_messages(now=NOW)
    messages = {m.topic: m.data for m in WebhookMessage.objects.order_by("pk")}
    assert messages["notice.decided"] == {
        "id": str(waiting.public_id), "contract": contract.number, "verdict": "refuse",
        "reference": "A-1001",
    }  # fmt: skip
    assert set(messages["confirmation.issued"]) == {"id", "contract"}
    assert len(topics_of(made.endpoint)) == 4
    collect_messages(now=late)
    told_of = WebhookMessage.objects.get(topic="statement.posted")
    assert told_of.data == {
        "id": str(statement.public_id), "contract": contract.number, "number": statement.number,
        "month": "2026-11",
    }  # fmt: skip


def test_a_notice_that_waited_for_a_clerk_is_told_again_once_it_counts(
    contract: GroupContract, receiver: Receiver
) -> None:
    made = listen(contract.employer, receiver, WebhookTopic.NOTICE_APPLIED)
    join(contract, "1001")
    before = datetime(2026, 9, 21, 9, 30, tzinfo=UTC)
    # Leaves before joining: nobody is insured that day, until the joining is told.
    leaving = Notice(NoticeKind.LEAVE, "1002", date(2026, 11, 30), before)
    apply_notices(contract=contract, notices=[leaving])
    assert NoticeRecord.objects.latest("pk").status == "NEEDS_CLERK"
    collect_messages(now=NOW)
    assert topics_of(made.endpoint) == ["notice.applied"]
    # A week later it is far behind every mark.
    for days in (2, 4, 7):
        collect_messages(now=NOW + timedelta(days=days))
    join(contract, "1002")
    collect_messages(now=NOW + timedelta(days=7))
    assert topics_of(made.endpoint) == ["notice.applied"] * 3
    subjects = WebhookMessage.objects.filter(topic="notice.applied").values_list("subject")
    assert {int(s) for (s,) in subjects} == set(NoticeRecord.objects.values_list("pk", flat=True))


def test_who_listens_later_is_not_told_of_what_was(
    contract: GroupContract, receiver: Receiver
) -> None:
    join(contract, "1001")
    refuse_to_pass(contract, "1001")
    made = listen(contract.employer, receiver)
    collect_messages(now=NOW)
    assert topics_of(made.endpoint) == []
    first = listen(contract.employer, receiver, WebhookTopic.NOTICE_APPLIED)
    join(contract, "1002")
    # Found while another address is made: those that were there are told all the same.
    second = listen(contract.employer, receiver)
    collect_messages(now=NOW)
    assert topics_of(made.endpoint) == topics_of(first.endpoint) == ["notice.applied"]
    assert topics_of(second.endpoint) == []


def test_without_an_address_nothing_is_written(contract: GroupContract) -> None:
    join(contract, "1001")
    assert collect_messages(now=NOW) == 0
    assert not WebhookMessage.objects.exists()


def test_a_file_of_many_notices_takes_few_queries(
    contract: GroupContract, receiver: Receiver, django_assert_max_num_queries: Any
) -> None:
    listen(contract.employer, receiver)
    for number in range(2000, 2060):
        join(contract, str(number))
    with django_assert_max_num_queries(25):
        assert collect_messages(now=NOW) == 60
    with django_assert_max_num_queries(18):
        assert deliver_due(now=NOW).delivered == 20
    while not deliver_due(now=NOW).is_empty:
        pass
    assert len({body["data"]["id"] for body in told(receiver)}) == 60


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
    endpoint.refresh_from_db()
    assert (endpoint.failing_since, endpoint.paused_until) == (None, None)
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


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://localhost/", "PRIVATE_ADDRESS"),
        ("https://[::ffff:127.0.0.1]/", "PRIVATE_ADDRESS"),
        ("http://8.8.8.8/", "NOT_HTTPS"),
        ("https://gibt-es-nicht.invalid/", "UNKNOWN_NAME"),
    ],
)
def test_an_address_that_could_not_be_called_is_refused_when_it_is_made(
    contract: GroupContract, url: str, code: str, settings: Settings
) -> None:
    settings.WEBHOOKS_ALLOW_PRIVATE = False
    with pytest.raises(UnableToListen) as caught:
        create_endpoint(
            client=program(contract.employer), url=url, topics=ALL_TOPICS, by=None, now=NOW
        )
    assert caught.value.code == code


def test_who_may_not_read_something_cannot_be_told_of_it(contract: GroupContract) -> None:
    client = program(contract.employer, ApiScope.STATEMENTS_READ)
    url = "https://8.8.8.8/"
    with pytest.raises(UnableToListen) as caught:
        create_endpoint(client=client, url=url, topics=ALL_TOPICS, by=None, now=NOW)
    assert caught.value.code == "SCOPE_MISSING"
    with pytest.raises(UnableToListen) as caught:
        create_endpoint(client=client, url=url, topics=(), by=None, now=NOW)
    assert caught.value.code == "NO_TOPICS"
    posted = {WebhookTopic.STATEMENT_POSTED}
    for _ in range(10):
        create_endpoint(client=client, url=url, topics=posted, by=None, now=NOW)
    with pytest.raises(UnableToListen) as caught:
        create_endpoint(client=client, url=url, topics=posted, by=None, now=NOW)
    assert (caught.value.code, caught.value.params) == ("TOO_MANY", {"most": "10"})


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
        body = Webhook(made.secret).verify(came.body, came.headers)
    assert body["data"] == {"endpoint": str(new.endpoint.public_id)}
    later = NOW + timedelta(hours=24)
    send_test(endpoint=new.endpoint, now=later)
    deliver_due(now=later)
    assert receiver.received[1].headers["webhook-signature"].count("v1,") == 1


def authorize(contract: GroupContract, broker: Broker, right: Right) -> BrokerAuthority:
    return BrokerAuthority.objects.create(
        employer=contract.employer, broker=broker, right=right.value,
        period=Period(timezone.localdate(NOW) - timedelta(days=9)),
    )  # fmt: skip


def test_a_broker_is_told_of_people_only_with_authority_and_others_of_nothing(
    contract: GroupContract, receiver: Receiver
) -> None:
    broker = contract.broker
    assert broker is not None
    stranger = Broker.objects.create(legal_name="Andere", registration_number="D-2")
    other = Employer.objects.create(legal_name="Anderer Betrieb")
    made = listen(broker, receiver)
    strangers = [listen(party, receiver).endpoint for party in (stranger, other)]
    join(contract, "1001")
    posted = datetime(2026, 10, 24, 9, 30, tzinfo=UTC)
    statement = bill(contract, NOVEMBER)
    collect_messages(now=posted)
    assert topics_of(made.endpoint) == ["statement.posted"]
    assert WebhookMessage.objects.get().subject == str(statement.pk)
    deliver_due(now=posted)

    authority = authorize(contract, broker, Right.READ)
    join(contract, "1002")
    collect_messages(now=NOW)
    assert "notice.applied" in topics_of(made.endpoint)
    assert [topics_of(endpoint) for endpoint in strangers] == [[], []]
    # Taken away before it was told: then it is not told any more.
    authority.delete()
    deliver_due(now=NOW)
    assert [body["type"] for body in told(receiver)] == ["statement.posted"]
    left = WebhookDelivery.objects.filter(message__topic="notice.applied")
    assert set(left.values_list("given_up_at", "attempts")) == {(NOW, 1)}


def test_events_that_no_table_tells_are_recorded_once_whoever_acts(
    contract: GroupContract, receiver: Receiver
) -> None:
    broker = contract.broker
    assert broker is not None
    authorize(contract, broker, Right.READ)
    own, brokers = listen(contract.employer, receiver), listen(broker, receiver)
    asked = {
        "employer": contract.employer, "topic": WebhookTopic.JOB_FINISHED, "subject": "f00",
        "data": {"id": "f00"}, "now": NOW,
    }  # fmt: skip
    rights = get_client_rights(own.endpoint.client, timezone.localdate(NOW))
    with acting_within(Scope.of(rights)):
        assert record_message(**asked) is not None  # type: ignore[arg-type]
        assert record_message(**asked) is None  # type: ignore[arg-type]
        # Of others' deliveries it sees nothing.
        assert WebhookDelivery.objects.count() == 1
    assert topics_of(own.endpoint) == topics_of(brokers.endpoint) == ["job.finished"]


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


def in_threads(*jobs: Any) -> list[BaseException]:
    """Run jobs beside each other, each with a connection of its own."""
    faults: list[BaseException] = []

    def work(job: Any) -> None:
        try:
            job()
        except BaseException as fault:  # noqa: BLE001 -- told to the test
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [Thread(target=work, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return faults


@pytest.mark.django_db(transaction=True)
def test_side_by_side(receiver: Receiver) -> None:
    """What only shows with several connections, on one world: it is dear to build and empty."""
    contract = sign()
    made = listen(contract.employer, receiver)
    _tell_of_a_notice_that_was_committed_late(contract, made)
    _deliver_with_two_workers(contract, receiver)


def _tell_of_a_notice_that_was_committed_late(contract: GroupContract, made: MadeEndpoint) -> None:
    other = sign_another(contract)
    early, late = Barrier(2, timeout=20), Barrier(2, timeout=20)

    def begin_first_and_end_last() -> None:
        with transaction.atomic():
            join(contract, "1001")
            early.wait()
            late.wait()

    def begin_last_and_end_first() -> None:
        early.wait()
        join(other, "2001")
        assert collect_messages(now=NOW) == 1
        late.wait()

    assert in_threads(begin_first_and_end_last, begin_last_and_end_first) == []
    first, last = NoticeRecord.objects.order_by("pk")
    assert (first.contract, last.contract) == (contract, other)
    assert collect_messages(now=NOW + timedelta(seconds=15)) == 1
    assert collect_messages(now=NOW + timedelta(seconds=30)) == 0
    assert len(topics_of(made.endpoint)) == 2


def sign_another(contract: GroupContract) -> GroupContract:
    """A second contract of the same employer: notices of one contract wait for each other."""
    other = sign(number="GV-10002")
    GroupContract.objects.filter(pk=other.pk).update(employer=contract.employer)
    other.refresh_from_db()
    return other


def _deliver_with_two_workers(contract: GroupContract, receiver: Receiver) -> None:
    for number in range(3000, 3030):
        join(contract, str(number))

    later = NOW + timedelta(minutes=1)

    def work() -> None:
        collect_messages(now=later)
        while not deliver_due(now=later, calls=5).is_empty:
            pass

    assert in_threads(work, work) == []
    work()
    ids = [came.headers["webhook-id"] for came in receiver.received]
    assert len(ids) == len(set(ids)) == 32
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM documents_webhookattempt")
        assert cursor.fetchone() == (32,)
