"""The work queue: what is shown first, who has what, and what each role may do."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from aupolicy.models import Role, User, WorkItem
from aupolicy.operations import give_grant
from aupolicy.operations.work import claim_work, open_work
from tests.portal.conftest import Insurer


def _item(kind: str = "application") -> WorkItem:
    return WorkItem.objects.filter(kind=kind, done_at=None).latest("pk")


def _colleague(insurer: Insurer, name: str, role: Role) -> Client:
    user = User.objects.create_user(name, first_name=name.title(), last_name="Kollege")
    give_grant(user=user, role=role, first_day=insurer.world.today - timedelta(days=1))
    client = Client(headers={"accept-language": "de"})
    client.force_login(user)
    return client


def test_without_own_work_it_shows_what_nobody_has(insurer: Insurer, clerk: Client) -> None:
    answer = clerk.get("/work/")
    shown = {row.item.pk for row in answer.context["rows"]}
    assert answer.context["wanted"].show == "unclaimed"
    assert _item().pk in shown
    assert "Tischlerei Span GmbH" in answer.content.decode()


def test_taking_giving_back_and_on(insurer: Insurer, clerk: Client) -> None:
    item = _item()
    _colleague(insurer, "bert", Role.CLERK)
    change = f"/work/{item.pk}/change/"
    page = clerk.post(change, {"action": "claim", "next": "/work/"}, follow=True)
    assert "Sie haben 1 Aufgabe" in page.content.decode()
    page = clerk.post(change, {"action": "hand_back", "next": "/work/"}, follow=True)
    assert "alle können sie übernehmen" in page.content.decode()
    bert = User.objects.get(username="bert")
    clerk.post(change, {"action": "hand_over", "to": bert.pk})
    item.refresh_from_db()
    assert item.claimed_by == bert


def test_what_somebody_has_cannot_be_taken(insurer: Insurer, clerk: Client) -> None:
    item = _item()
    other = _colleague(insurer, "bert", Role.CLERK)
    other.post(f"/work/{item.pk}/change/", {"action": "claim"})
    page = clerk.post(f"/work/{item.pk}/change/", {"action": "claim"}, follow=True)
    assert "Diese Aufgabe hat Bert Kollege" in page.content.decode()


def test_the_next_one_is_the_most_urgent_and_opens(insurer: Insurer, clerk: Client) -> None:
    today = insurer.world.today
    open_work(
        kind=WorkItem.Kind.OTHER, titles={77: "Rückruf Herr Klein"}, employer=None, due=today,
        now=insurer.preview.started_at, priority=WorkItem.Priority.HIGH,
    )  # fmt: skip
    urgent = _item("other")
    answer = clerk.post(reverse("insurer:next_work"))
    assert answer["Location"] == f"/work/{urgent.pk}/"
    urgent.refresh_from_db()
    assert urgent.claimed_by == insurer.people["clerk"]


def test_overdue_work_comes_first_even_if_less_urgent(insurer: Insurer, clerk: Client) -> None:
    today = insurer.world.today
    for subject, due, priority in ((1, today - timedelta(days=1), 3), (2, today, 1)):
        open_work(
            kind=WorkItem.Kind.OTHER, titles={subject: f"Nr. {subject}"}, employer=None, due=due,
            now=insurer.preview.started_at, priority=priority,
        )  # fmt: skip
    rows = clerk.get("/work/?show=open&kind=other").context["rows"]
    assert [row.item.subject for row in rows] == [1, 2]
    assert [row.is_overdue for row in rows] == [True, False]
    overdue = clerk.get("/work/?show=open&due=overdue").context["rows"]
    assert 1 in {row.item.subject for row in overdue}
    assert 2 not in {row.item.subject for row in overdue}


def test_filters_stay_in_the_page(insurer: Insurer, clerk: Client) -> None:
    html = clerk.get("/work/?show=open&kind=mandate&priority=1&q=Span").content.decode()
    assert '<option value="mandate" selected>' in html
    assert 'value="Span"' in html
    assert "Keine Aufgabe passt zu diesem Filter" in html


def test_something_else_is_done_with_a_note(insurer: Insurer, clerk: Client) -> None:
    open_work(
        kind=WorkItem.Kind.OTHER, titles={5: "Rückruf"}, employer=None, due=insurer.world.today,
        now=insurer.preview.started_at,
    )  # fmt: skip
    item = _item("other")
    clerk.post(f"/work/{item.pk}/change/", {"action": "finish", "note": "erreicht"})
    item.refresh_from_db()
    assert (item.note, item.done_by) == ("erreicht", insurer.people["clerk"])


def test_an_application_is_not_done_by_a_click(insurer: Insurer, clerk: Client) -> None:
    item = _item()
    clerk.post(f"/work/{item.pk}/change/", {"action": "finish"})
    item.refresh_from_db()
    assert item.done_at is None


def test_a_strange_address_to_go_back_to_is_not_followed(insurer: Insurer, clerk: Client) -> None:
    for strange in ("//elsewhere.example/", "https://elsewhere.example/"):
        answer = clerk.post(f"/work/{_item().pk}/change/", {"action": "nothing", "next": strange})
        assert answer["Location"].startswith("/applications/")


def test_the_count_stands_in_the_menu(insurer: Insurer, clerk: Client) -> None:
    html = clerk.get("/contracts/").content.decode()
    waiting = WorkItem.objects.filter(done_at=None).count()
    assert re.search(rf'Aufgaben<span class="nav-count">{waiting}</span>', html)


def test_the_start_shows_the_queue_first(insurer: Insurer, clerk: Client) -> None:
    html = clerk.get("/").content.decode()
    assert html.index("Nicht übernommen") < html.index("Was jetzt zu tun ist")


@pytest.mark.parametrize(
    ("role", "sees", "not_sees"),
    [
        (Role.CLERK, ["/work/", "/notices/"], ["/runs/", "/collections/"]),
        (Role.EXAMINER, ["/work/", "/contracts/"], ["/runs/", "/collections/"]),
        (Role.FINANCE, ["/work/", "/runs/"], []),
        (Role.AUDITOR, ["/work/", "/notices/", "/runs/"], []),
    ],
)
def test_the_menu_has_what_a_role_uses(
    role: Role, sees: list[str], not_sees: list[str], insurer: Insurer
) -> None:
    html = _colleague(insurer, "neu", role).get("/contracts/").content.decode()
    menu = html[html.index('class="nav-list"') : html.index('class="account"')]
    assert menu.count("<li>") <= 7
    assert all(f'href="{address}"' in menu for address in sees)
    assert not any(f'href="{address}"' in menu for address in not_sees)


def test_an_auditor_reads_the_queue_and_takes_nothing(insurer: Insurer, auditor: Client) -> None:
    item = _item()
    html = auditor.get("/work/?show=open").content.decode()
    assert "Tischlerei Span GmbH" in html
    assert "Übernehmen" not in html
    for data in ({"action": "claim"}, {"action": "finish"}, {"action": "hand_over", "to": "1"}):
        assert auditor.post(f"/work/{item.pk}/change/", data).status_code == 403
    assert auditor.post(reverse("insurer:next_work")).status_code == 403
    item.refresh_from_db()
    assert item.claimed_by is None


def test_finance_is_not_given_notices(insurer: Insurer) -> None:
    finance = _colleague(insurer, "finn", Role.FINANCE)
    page = finance.post(reverse("insurer:next_work"), follow=True)
    assert "Für Sie ist nichts offen" in page.content.decode()


def test_who_has_an_item_is_named_to_others(insurer: Insurer, auditor: Client) -> None:
    item = _item()
    claim_work(item=item, user=insurer.people["clerk"], now=insurer.preview.started_at)
    html = auditor.get("/work/?show=open").content.decode()
    assert "Jana Petersen" in html
