"""The insurer's work: one open item for a subject, one person for an item, done once."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aupolicy.models import Role, User, WorkItem
from aupolicy.operations import give_grant
from aupolicy.operations.work import (
    UnableToWork,
    claim_work,
    close_work,
    finish_work,
    hand_back_work,
    hand_over_work,
    open_work,
)
from aupolicy.queries.work import count_work, find_next_item

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
DUE = date(2026, 11, 27)
NOTICE = WorkItem.Kind.NOTICE


def _open(*subjects: int, due: date = DUE, priority: int = WorkItem.Priority.NORMAL) -> None:
    open_work(
        kind=NOTICE,
        titles={subject: f"Meldung {subject}" for subject in subjects},
        employer=None,
        due=due,
        now=NOW,
        priority=priority,
    )


def _clerk(name: str) -> User:
    user = User.objects.create_user(name, first_name=name.title())
    give_grant(user=user, role=Role.CLERK, first_day=date(2026, 1, 1))
    return user


def _item(subject: int = 1) -> WorkItem:
    _open(subject)
    return WorkItem.objects.get(subject=subject, done_at=None)


def _code(caught: pytest.ExceptionInfo[UnableToWork]) -> str:
    return caught.value.code


def test_a_subject_has_one_open_item() -> None:
    _open(1, 2)
    _open(2, 3)
    assert sorted(WorkItem.objects.values_list("subject", flat=True)) == [1, 2, 3]


def test_the_same_subject_of_another_kind_is_another_matter() -> None:
    _open(1)
    open_work(kind=WorkItem.Kind.APPLICATION, titles={1: "Antrag"}, employer=None, due=DUE, now=NOW)
    assert WorkItem.objects.count() == 2


def test_after_it_was_done_a_subject_may_come_again() -> None:
    _open(1)
    close_work(kind=NOTICE, subjects=[1], now=NOW)
    _open(1)
    assert WorkItem.objects.filter(done_at=None).count() == 1


def test_opening_and_closing_take_few_statements_for_any_number() -> None:
    with CaptureQueriesContext(connection) as captured:
        _open(*range(8_000))
        close_work(kind=NOTICE, subjects=range(8_000), now=NOW, note="alles geklärt")
    written = [q for q in captured if q["sql"].startswith(("INSERT", "UPDATE"))]
    assert len(written) <= 4
    assert WorkItem.objects.filter(done_at=NOW, note="alles geklärt").count() == 8_000


def test_a_long_title_is_cut_instead_of_refused() -> None:
    open_work(kind=NOTICE, titles={1: "x" * 500}, employer=None, due=DUE, now=NOW)
    assert len(WorkItem.objects.get().title) == 200


def test_an_item_is_taken_by_one_person() -> None:
    item, anna, bert = _item(), _clerk("anna"), _clerk("bert")
    claim_work(item=item, user=anna, now=NOW)
    claim_work(item=item, user=anna, now=NOW)
    with pytest.raises(UnableToWork) as caught:
        claim_work(item=item, user=bert, now=NOW)
    assert _code(caught) == "TAKEN"
    assert caught.value.params == {"holder": "Anna"}


def test_only_who_has_it_gives_it_back() -> None:
    item, anna, bert = _item(), _clerk("anna"), _clerk("bert")
    with pytest.raises(UnableToWork) as nobody:
        hand_back_work(item=item, user=anna)
    assert _code(nobody) == "NOT_HELD"
    claim_work(item=item, user=anna, now=NOW)
    with pytest.raises(UnableToWork) as other:
        hand_back_work(item=item, user=bert)
    assert _code(other) == "TAKEN"
    assert hand_back_work(item=item, user=anna).claimed_by is None


def test_work_of_somebody_absent_goes_to_a_colleague_but_to_nobody_outside() -> None:
    item, anna, bert = _item(), _clerk("anna"), _clerk("bert")
    claim_work(item=item, user=anna, now=NOW)
    assert hand_over_work(item=item, to=bert, now=NOW).claimed_by == bert
    auditor = User.objects.create_user("auditor")
    give_grant(user=auditor, role=Role.AUDITOR, first_day=date(2026, 1, 1))
    for outsider in (auditor, User.objects.create_user("stranger")):
        with pytest.raises(UnableToWork) as caught:
            hand_over_work(item=item, to=outsider, now=NOW)
        assert _code(caught) == "NOT_AN_INSURER"


def test_an_item_is_done_once_and_not_by_somebody_else() -> None:
    item, anna, bert = _item(), _clerk("anna"), _clerk("bert")
    claim_work(item=item, user=anna, now=NOW)
    with pytest.raises(UnableToWork) as taken:
        finish_work(item=item, by=bert, now=NOW, note="")
    assert _code(taken) == "TAKEN"
    done = finish_work(item=item, by=anna, now=NOW, note="telefonisch geklärt")
    assert (done.done_by, done.note) == (anna, "telefonisch geklärt")
    again: list[Callable[[], WorkItem]] = [
        lambda: finish_work(item=item, by=anna, now=NOW, note=""),
        lambda: claim_work(item=item, user=anna, now=NOW),
        lambda: hand_over_work(item=item, to=bert, now=NOW),
    ]
    for do in again:
        with pytest.raises(UnableToWork) as caught:
            do()
        assert _code(caught) == "DONE"


def test_the_next_item_is_ones_own_and_the_most_urgent() -> None:
    anna = _clerk("anna")
    assert find_next_item(anna, {Role.CLERK}) is None
    _open(1, due=date(2026, 11, 23))
    _open(2, priority=WorkItem.Priority.HIGH)
    urgent = find_next_item(anna, {Role.CLERK})
    assert urgent is not None
    assert urgent.subject == 2
    own = WorkItem.objects.get(subject=1)
    claim_work(item=own, user=anna, now=NOW)
    assert find_next_item(anna, {Role.CLERK}) == own
    counts = count_work(anna, {Role.CLERK}, date(2026, 11, 24))
    assert (counts.mine, counts.unclaimed, counts.open, counts.overdue) == (1, 1, 2, 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_it_at_once_one_gets_it() -> None:
    item = _item()
    people = [_clerk(f"clerk{number}") for number in range(4)]
    results: list[str] = []
    together = threading.Barrier(len(people))

    def take(user: User) -> None:
        together.wait()
        try:
            claim_work(item=item, user=user, now=NOW)
            results.append("got it")
        except UnableToWork as error:
            results.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(user,)) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["TAKEN", "TAKEN", "TAKEN", "got it"]
