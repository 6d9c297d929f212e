"""Billing runs from the page: start, progress, preview, posting, discarding."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from aupolicy.kernel.month import Month
from billing.models import BillingRun, Statement
from billing.operations import discard_run, fill_slice
from billing.tasks import work_slice
from documents.models import Document
from tests.portal.conftest import Insurer


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The messages to workers, which no broker gets in these tests."""
    runs: list[int] = []
    monkeypatch.setattr(work_slice, "delay", runs.append)
    return runs


@pytest.fixture
def month(insurer: Insurer) -> str:
    """The month of the preview as addresses say it."""
    return f"{insurer.preview.month:%Y-%m}"


def _start_anew(insurer: Insurer) -> None:
    discard_run(run=insurer.preview)


def test_the_list_names_the_open_run(insurer: Insurer, clerk: Client) -> None:
    answer = clerk.get("/runs/")
    html = answer.content.decode()
    assert "wartet auf die Buchung" in html
    assert [run.month for run in answer.context["page"]] == [
        insurer.preview.month, *(run.month for run in reversed(insurer.world.runs))
    ]  # fmt: skip
    assert html.count("gebucht</span>") == 3


def test_while_a_run_is_open_no_other_can_be_started(insurer: Insurer, clerk: Client) -> None:
    assert "Zum offenen Lauf" in clerk.get("/runs/new/").content.decode()
    wanted = Month.of(insurer.preview.month).plus(1)
    answer = clerk.post("/runs/new/", {"month": str(wanted)}, follow=True)
    assert BillingRun.objects.filter(month=wanted.first_day).count() == 0
    assert "ist noch nicht gebucht" in answer.content.decode()


def test_the_next_month_is_proposed_and_started(
    insurer: Insurer, clerk: Client, month: str, sent: list[int],
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    _start_anew(insurer)
    assert clerk.get("/runs/new/").context["months"][0][0] == month
    with django_capture_on_commit_callbacks(execute=True):
        answer = clerk.post("/runs/new/", {"month": month})
    assert answer["Location"] == f"/runs/{month}/"
    run = BillingRun.objects.get(posted_at=None)
    assert run.started_by == insurer.people["clerk"]
    assert sent == [run.pk] * run.slices.count()


def test_a_month_that_is_not_offered_is_refused(insurer: Insurer, clerk: Client) -> None:
    _start_anew(insurer)
    for wrong in ("2001-01", "x", ""):
        answer = clerk.post("/runs/new/", {"month": wrong})
        assert "Wählen Sie einen der angebotenen Monate" in answer.content.decode()
    assert not BillingRun.objects.filter(posted_at=None).exists()


def test_progress_counts_people_and_then_asks_for_the_page(
    insurer: Insurer, clerk: Client, month: str, sent: list[int]
) -> None:
    _start_anew(insurer)
    clerk.post("/runs/new/", {"month": month})
    page = clerk.get(f"/runs/{month}/").content.decode()
    assert "wird berechnet" in page
    assert 'hx-trigger="every 1s"' in page
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page
    fragment = clerk.get(f"/runs/{month}/progress/")
    assert "0 von 42" in fragment.content.decode()
    assert 'aria-live="polite"' in fragment.content.decode()
    assert "HX-Refresh" not in fragment
    run = BillingRun.objects.get(posted_at=None)
    while fill_slice(run=run, now=timezone.now()):
        pass
    assert clerk.get(f"/runs/{month}/progress/")["HX-Refresh"] == "true"
    assert "Vorschau" in clerk.get(f"/runs/{month}/").content.decode()


def test_the_preview_shows_each_employer_beside_the_month_before(
    insurer: Insurer, clerk: Client, month: str
) -> None:
    answer = clerk.get(f"/runs/{month}/")
    rows = {hinted.row.employer: hinted for hinted in answer.context["rows"]}
    salon, large = rows["Friseursalon Haarschön"], rows["Luftdruck GmbH"]
    assert (str(salon.row.total), salon.row.difference, salon.hints) == ("76.70", 0, {})
    before = Statement.objects.filter(contract=insurer.world.contract, number__isnull=False).latest(
        "month"
    )
    assert large.row.total_before == before.total
    assert large.row.difference == large.row.total - before.total
    assert large.hints == {"JOIN": 1, "LEAVE": 1, "PAY_CHANGE": 1, "past": 2, "one_off": 1}
    html = answer.content.decode()
    assert "1 Zugang, 1 Abgang, 1 Gehaltsänderung, 2 Zeilen Vormonate" in html
    assert "Lauf buchen" in html


def test_the_preview_can_be_searched(insurer: Insurer, clerk: Client, month: str) -> None:
    rows = clerk.get(f"/runs/{month}/?q=haar").context["rows"]
    assert [hinted.row.employer for hinted in rows] == ["Friseursalon Haarschön"]


def test_before_posting_the_page_says_what_will_happen(
    insurer: Insurer, clerk: Client, month: str
) -> None:
    answer = clerk.get(f"/runs/{month}/post/")
    due_days = answer.context["due_days"]
    assert sum(item.statements for item in due_days) == 3
    html = answer.content.decode()
    assert "3 Abrechnungen über" in html
    assert "buchen?" in html


def test_a_worker_posts_and_the_page_may_be_left(
    insurer: Insurer, clerk: Client, month: str, sent: list[int],
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    due_days = clerk.get(f"/runs/{month}/post/").context["due_days"]
    with django_capture_on_commit_callbacks(execute=True):
        clerk.post(f"/runs/{month}/post/")
    run = BillingRun.objects.get(pk=insurer.preview.pk)
    assert (run.posted_at, run.posting_requested_by) == (None, insurer.people["clerk"])
    assert sent == [run.pk]
    waiting = clerk.get(f"/runs/{month}/").content.decode()
    assert "wird gebucht" in waiting
    assert "Sie können die Seite verlassen" in waiting
    assert "HX-Refresh" not in clerk.get(f"/runs/{month}/progress/")
    work_slice(run.pk)
    assert clerk.get(f"/runs/{month}/progress/")["HX-Refresh"] == "true"
    statements = Statement.objects.filter(run=run)
    assert all(statement.number for statement in statements)
    assert {s.due_date for s in statements} == {item.due for item in due_days}
    html = clerk.get(f"/runs/{month}/").content.decode()
    assert "ist gebucht: 3 Abrechnungen" in html
    assert "Beiträge einziehen" in html
    assert clerk.get(f"/runs/{month}/post/").status_code == 302


def test_posting_twice_is_posting_once(
    insurer: Insurer, clerk: Client, month: str, sent: list[int]
) -> None:
    clerk.post(f"/runs/{month}/post/")
    work_slice(insurer.preview.pk)
    posted_at = BillingRun.objects.get(pk=insurer.preview.pk).posted_at
    assert posted_at is not None
    clerk.post(f"/runs/{month}/post/")
    work_slice(insurer.preview.pk)
    assert BillingRun.objects.get(pk=insurer.preview.pk).posted_at == posted_at


def test_a_refused_posting_is_told_and_nothing_is_booked(
    insurer: Insurer, clerk: Client, month: str, sent: list[int]
) -> None:
    # Somebody meddled with the books: the database does not let the run be posted.
    statement = Statement.objects.filter(run=insurer.preview).earliest("pk")
    Statement.objects.filter(pk=statement.pk).update(total=statement.total + 1)
    clerk.post(f"/runs/{month}/post/")
    with pytest.raises(IntegrityError):
        work_slice(insurer.preview.pk)
    html = clerk.get(f"/runs/{month}/").content.decode()
    assert "Die Buchung wurde abgelehnt" in html
    assert "Lauf buchen" in html
    assert not Statement.objects.filter(run=insurer.preview, number__isnull=False).exists()
    clerk.post(f"/runs/{month}/post/")
    assert "abgelehnt" not in clerk.get(f"/runs/{month}/").content.decode()


def test_posting_a_run_in_progress_remembers_the_wish(
    insurer: Insurer, clerk: Client, month: str, sent: list[int]
) -> None:
    _start_anew(insurer)
    clerk.post("/runs/new/", {"month": month})
    clerk.post(f"/runs/{month}/post/")
    run = BillingRun.objects.get(posted_at=None)
    assert run.posting_requested_at is not None
    assert timezone.now() - run.posting_requested_at < timedelta(minutes=1)


def test_a_preview_is_discarded_after_a_question(
    insurer: Insurer, clerk: Client, month: str
) -> None:
    assert "verwerfen?" in clerk.get(f"/runs/{month}/discard/").content.decode()
    answer = clerk.post(f"/runs/{month}/discard/", follow=True)
    assert "Nichts wurde gebucht" in answer.content.decode()
    assert not BillingRun.objects.filter(pk=insurer.preview.pk).exists()


def test_a_posted_run_cannot_be_discarded(insurer: Insurer, clerk: Client) -> None:
    run = insurer.world.runs[-1]
    answer = clerk.post(f"/runs/{run.month:%Y-%m}/discard/", follow=True)
    assert "ist gebucht und bleibt es" in answer.content.decode()
    assert BillingRun.objects.filter(pk=run.pk).exists()


def test_without_a_broker_the_run_waits_and_says_so(
    insurer: Insurer, clerk: Client, month: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kombu.exceptions import OperationalError  # noqa: PLC0415

    def refuse(_run: BillingRun) -> None:
        raise OperationalError("no broker")

    monkeypatch.setattr("portal.views.insurer.runs.send_work", refuse)
    # The test's own transaction is never committed; the gate's would be, before the answer goes.
    monkeypatch.setattr("django.db.transaction.on_commit", lambda tell, **_how: tell())
    _start_anew(insurer)
    answer = clerk.post("/runs/new/", {"month": month}, follow=True)
    assert "Der Lauf ist vorgemerkt" in answer.content.decode()
    assert BillingRun.objects.filter(posted_at=None).count() == 1


def test_an_auditor_gets_no_buttons(insurer: Insurer, auditor: Client, month: str) -> None:
    html = auditor.get(f"/runs/{month}/").content.decode()
    assert "Lauf buchen" not in html
    assert "verwerfen" not in html


def test_there_is_no_such_run(clerk: Client, insurer: Insurer) -> None:
    for month in ("2001-01", "2001-13", "abc"):
        assert clerk.get(f"/runs/{month}/").status_code == 404


def test_nothing_is_offered_too_far_ahead(
    insurer: Insurer, clerk: Client, month: str, sent: list[int]
) -> None:
    wanted = Month.of(insurer.preview.month)
    while months := clerk.get("/runs/new/").context["months"]:
        open_run = BillingRun.objects.filter(posted_at=None).first()
        if open_run is None:
            clerk.post("/runs/new/", {"month": months[-1][0]})
            wanted = Month.parse(months[-1][0])
            continue
        while fill_slice(run=open_run, now=timezone.now()):
            pass
        clerk.post(f"/runs/{open_run.month:%Y-%m}/post/")
        work_slice(open_run.pk)
    assert "Weiter im Voraus wird nicht abgerechnet" in clerk.get("/runs/new/").content.decode()
    assert wanted > Month.of(insurer.world.today)
    assert clerk.get("/runs/").status_code == 200


def test_letters_are_counted_until_all_are_made(
    insurer: Insurer, clerk: Client, month: str, stranger: Client
) -> None:
    run = insurer.world.runs[-1]
    page = f"/runs/{run.month:%Y-%m}/"
    assert f'hx-get="{page}letters/"' in clerk.get(page).content.decode()
    before = clerk.get(f"{page}letters/").content.decode()
    assert "0 von 3 Briefen erstellt" in before
    assert 'hx-trigger="every 3s"' in before
    for statement in Statement.objects.filter(run=run):
        Document.objects.create(
            kind="statement", statement=statement, contract=statement.contract,
            source_digest="0" * 64, sha256="0" * 64, byte_count=1, file_name="Brief.pdf",
        )  # fmt: skip
    after = clerk.get(f"{page}letters/").content.decode()
    assert "Die Briefe zu allen 3 Abrechnungen sind erstellt" in after
    assert "hx-trigger" not in after
    assert "sobald der Lauf gebucht" in clerk.get(f"/runs/{month}/letters/").content.decode()
    assert stranger.get(f"{page}letters/").status_code == 404
