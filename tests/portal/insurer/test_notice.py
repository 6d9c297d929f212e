"""One notice: what it says, what accepting it does, and the decision."""

from datetime import UTC, datetime, time
from decimal import Decimal

from django.test import Client

from aupolicy.kernel.month import Month
from members.facts import Notice, NoticeKind
from members.models import NoticeDecision, NoticeRecord
from members.operations import apply_notices
from tests.portal.conftest import Insurer


def _late(insurer: Insurer) -> NoticeRecord:
    """A pay change that reaches further back than agreed; it waits for a clerk."""
    world = insurer.world
    first_day = Month.of(world.today).plus(-14).first_day
    notice = Notice(
        kind=NoticeKind.JOIN,
        personnel_number="7001",
        effective=first_day,
        received_at=datetime.combine(world.today, time(8), tzinfo=UTC),
        pay=Decimal("2900"),
        first_name="Rosa",
        last_name="Rückwirkend",
        birth_date=world.today.replace(year=1990, day=1),
    )
    contract = world.contract
    contract.period = type(contract.period)(first_day)
    contract.save()
    contract.versions.update(period=contract.period)
    apply_notices(contract=contract, notices=[notice], source_name="spät.csv")
    return NoticeRecord.objects.get(personnel_number="7001")


def test_it_says_what_was_said_and_why_it_did_not_pass(insurer: Insurer, clerk: Client) -> None:
    record = NoticeRecord.objects.filter(status="NEEDS_CLERK").latest("pk")
    html = clerk.get(f"/notices/{record.pk}/").content.decode()
    assert "Personalnummer 8888" in html
    assert "Warum sie nicht von selbst wirkt" in html
    assert "Die Person ist an diesem Tag nicht versichert." in html


def test_accepting_shows_its_cost_first_and_then_counts(insurer: Insurer, clerk: Client) -> None:
    record = _late(insurer)
    assert record.status == "NEEDS_CLERK"
    answer = clerk.get(f"/notices/{record.pk}/")
    preview = answer.context["preview"]
    assert preview.fits
    assert preview.without == ()
    assert preview.with_it[0].period.first_day == record.effective
    assert preview.effect.total > 0
    page = clerk.post(
        f"/notices/{record.pk}/decision/",
        {"verdict": "accept", "note": "Anmeldung lag beim Vermittler"},
        follow=True,
    )
    record.refresh_from_db()
    assert record.status == "APPLIED"
    assert "wirkt jetzt" in page.content.decode()
    assert "Anmeldung lag beim Vermittler" in page.content.decode()


def test_refusing_leaves_everything_as_it_was(insurer: Insurer, clerk: Client) -> None:
    record = _late(insurer)
    data = {"verdict": "refuse", "note": "zu spät"}
    clerk.post(f"/notices/{record.pk}/decision/", data)
    record.refresh_from_db()
    decision = NoticeDecision.objects.get(notice=record)
    assert (record.status, decision.verdict, decision.note) == ("REFUSED", "refuse", "zu spät")


def test_without_a_reason_nothing_is_decided(insurer: Insurer, clerk: Client) -> None:
    record = _late(insurer)
    page = clerk.post(f"/notices/{record.pk}/decision/", {"verdict": "accept", "note": " "})
    assert "warum Sie so entscheiden" in page.content.decode()
    record.refresh_from_db()
    assert record.status == "NEEDS_CLERK"


def test_one_that_does_not_fit_can_only_be_refused(insurer: Insurer, clerk: Client) -> None:
    record = NoticeRecord.objects.filter(status="NEEDS_CLERK").latest("pk")
    html = clerk.get(f"/notices/{record.pk}/").content.decode()
    assert 'value="refuse"' in html
    assert 'value="accept"' not in html
    data = {"verdict": "accept", "note": "doch"}
    page = clerk.post(f"/notices/{record.pk}/decision/", data)
    assert "den anderen widersprechen" in page.content.decode()


def test_a_second_decision_finds_it_settled(insurer: Insurer, clerk: Client) -> None:
    record = _late(insurer)
    data = {"verdict": "refuse", "note": "zu spät"}
    clerk.post(f"/notices/{record.pk}/decision/", data)
    page = clerk.post(f"/notices/{record.pk}/decision/", data)
    assert "schon entschieden" in page.content.decode()


def test_an_auditor_sees_it_all_but_decides_nothing(insurer: Insurer, auditor: Client) -> None:
    record = _late(insurer)
    html = auditor.get(f"/notices/{record.pk}/").content.decode()
    assert "Was die Annahme kostet" in html
    assert "<textarea" not in html
    data = {"verdict": "refuse", "note": "nein"}
    assert auditor.post(f"/notices/{record.pk}/decision/", data).status_code == 403
