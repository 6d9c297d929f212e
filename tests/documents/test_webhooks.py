"""Events reach programs that may know of them, once in the outbox and until they are taken."""

from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone
from pytest_django import Settings

from aupolicy.facts.machine import ApiScope, WebhookTopic
from aupolicy.models import (
    Broker,
    Employer,
    GroupContract,
    Right,
)
from aupolicy.operations.fence import Scope, acting_within
from aupolicy.queries.machine import get_client_rights
from documents.models import WebhookDelivery, WebhookMessage
from documents.operations import issue_confirmations
from documents.operations.webhooks import (
    MadeEndpoint,
    UnableToListen,
    collect_messages,
    create_endpoint,
    deliver_due,
    record_message,
)
from members.facts import Notice, NoticeKind
from members.models import NoticeDecision, NoticeRecord
from members.operations import apply_notices, decide_notice
from tests.documents.receivers import Receiver, verify
from tests.documents.webhook_world import (
    ALL_TOPICS,
    NOW,
    authorize,
    listen,
    make_user,
    program,
    refuse_to_pass,
    run,
    told,
    topics_of,
)
from tests.documents.world import NOVEMBER, bill, join, sign

pytestmark = pytest.mark.usefixtures("private_addresses")


def test_a_notice_is_told_signed_and_by_its_key_alone(
    contract: GroupContract, receiver: Receiver
) -> None:
    made = listen(contract.employer, receiver)
    join(contract, "1001", name=("Çiğdem", "Öztürk"))
    run()
    (came,) = receiver.received
    body = verify(made.secret, came.body, came.headers, NOW)
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
