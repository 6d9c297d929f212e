"""Cases of arrears in every room: the list, the timeline, what a clerk does, what others see."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from aupolicy.models import GroupContract, WorkItem
from billing.models import ArrearsCase, ArrearsItem, ArrearsStep, OpenItem
from billing.operations.arrears import look_after_arrears
from documents.operations.arrears import issue_arrears_letters
from tests.portal.conftest import Insurer, count_queries

pytestmark = pytest.mark.django_db


@dataclass
class Scene:
    """The large employer's contract and its case, a request sent five weeks ago."""

    contract: GroupContract
    case: ArrearsCase

    @property
    def address(self) -> str:
        """The case's page."""
        return f"/arrears/{self.case.pk}/"


@pytest.fixture
def scene(insurer: Insurer) -> Scene:
    contract = insurer.world.contract
    today = timezone.localdate()
    day = today - timedelta(days=35)
    case = ArrearsCase.objects.create(
        contract=contract, opened_on=day, is_first_premium=False, needs_request=True
    )
    item = _create_demand(contract)
    ArrearsItem.objects.create(case=case, open_item=item)
    now = timezone.make_aware(datetime.combine(day, time(5)))
    look_after_arrears(today=day, now=now)
    issue_arrears_letters()
    return Scene(contract, case)


def _create_demand(contract: GroupContract) -> OpenItem:
    """A charge that nobody has paid: the world's premiums are collected."""
    return OpenItem.objects.create(
        contract=contract,
        kind=OpenItem.Kind.COSTS,
        number="NF-2026-0000900",
        amount=500,
        due_date=timezone.localdate() - timedelta(days=60),
        created_on=timezone.localdate() - timedelta(days=60),
        text="Kosten",
    )


def test_the_list_shows_what_comes_next(scene: Scene, clerk: Client) -> None:
    page = clerk.get("/arrears/").content.decode()
    assert scene.contract.employer.legal_name in page
    assert "Zahlungsaufforderung (§ 33 Abs. 2 VVG)" in page
    assert "Mahnung (§ 38 Abs. 1 VVG)" in page
    assert "500,00" in page
    for show in ("release", "stopped", "ended", "closed"):
        assert "Kein Fall passt" in clerk.get(f"/arrears/?show={show}").content.decode()
    found = clerk.get("/arrears.csv?sort=-open").content.decode("utf-8-sig").splitlines()
    assert found[0].startswith("Arbeitgeber;Vertrag")
    assert found[1].endswith("500,00")
    queries, size = count_queries(clerk, "/arrears/")
    assert queries <= 12
    assert size < 100_000


def test_a_case_is_a_timeline_with_letters(scene: Scene, clerk: Client) -> None:
    page = clerk.get(scene.address)
    events = page.context["events"]
    assert [event.kind for event in events] == ["step"]
    document = events[0].document
    assert f"/documents/{document.pk}/" in page.content.decode()
    assert clerk.get(f"/documents/{document.pk}/")["Content-Type"] == "application/pdf"
    assert clerk.get("/arrears/999999/").status_code == 404


def test_a_clerk_stops_resumes_and_extends(scene: Scene, clerk: Client) -> None:
    address = scene.address
    refused = clerk.post(address, {"action": "stop", "stop-reason": ""})
    assert refused.status_code == 400
    assert "Nennen Sie den Grund." in refused.content.decode()
    longer = timezone.localdate() + timedelta(days=30)
    fields = {"action": "extend", "extend-deadline": f"{longer:%d.%m.%Y}", "extend-reason": "Bitte"}
    assert clerk.post(address, fields).status_code == 302
    fields["extend-deadline"] = f"{timezone.localdate():%d.%m.%Y}"
    assert "Wählen Sie mehr" in clerk.post(address, fields).content.decode()
    assert clerk.post(address, {"action": "stop", "stop-reason": "Gespräch"}).status_code == 302
    assert "angehalten" in clerk.get(address).content.decode()
    assert clerk.post(address, {"action": "stop", "stop-reason": "Noch einmal"}).status_code == 400
    assert clerk.post(address, {"action": "resume", "resume-reason": ""}).status_code == 302
    assert clerk.post(address, {"action": "release"}).status_code == 400
    assert clerk.post(address, {"action": "burn"}).status_code == 404
    kinds = list(scene.case.steps.order_by("position").values_list("kind", flat=True))
    assert kinds == ["PAYMENT_REQUEST", "EXTENSION", "STOP", "RESUME"]
    assert set(ArrearsStep.objects.exclude(user=None).values_list("kind", flat=True)) == {
        "EXTENSION", "STOP", "RESUME"
    }  # fmt: skip


def test_the_end_of_a_contract_is_released_on_the_page(scene: Scene, clerk: Client) -> None:
    today = timezone.localdate()
    day = today - timedelta(days=60)
    stamp = timezone.now()
    scene.case.steps.all()
    for position, kind, deadline in (
        (2, "REMINDER", today - timedelta(days=30)),
        (3, "BENEFIT_FREEDOM", None),
    ):
        ArrearsStep.objects.create(
            case=scene.case, position=position, kind=kind, day=day, deadline=deadline,
            first_day=None if deadline else today - timedelta(days=29), recorded_at=stamp,
        )  # fmt: skip
    look_after_arrears(today=today, now=stamp)
    item = WorkItem.objects.get(kind="arrears")
    assert scene.address in clerk.get("/work/?show=unclaimed").content.decode()
    assert "wartet auf die Freigabe" in clerk.get("/arrears/").content.decode()
    assert clerk.post(scene.address, {"action": "release", "release-reason": ""}).status_code == 302
    item.refresh_from_db()
    assert item.done_at is not None
    scene.contract.refresh_from_db()
    assert scene.contract.period.last_day is not None


def test_who_only_reads_sees_and_does_nothing(scene: Scene, auditor: Client) -> None:
    page = auditor.get(scene.address).content.decode()
    assert "Verlauf" in page
    assert "Fall anhalten" not in page
    done = auditor.post(scene.address, {"action": "stop", "stop-reason": "Gespräch"})
    assert done.status_code == 403
    assert scene.case.steps.count() == 1


def test_the_employer_sees_what_to_pay_and_the_letters(
    scene: Scene, hr: Client, clerk: Client
) -> None:
    address = f"/employers/{scene.contract.employer_id}/arrears/"
    page = hr.get(address).content.decode()
    assert "Bitte zahlen Sie 500,00" in page
    assert "NF-2026-0000900" in page
    assert "DE02" in page
    assert "Zahlungsaufforderung" in page
    clerk.post(scene.address, {"action": "stop", "stop-reason": "Streng geheim"})
    assert "Streng geheim" not in hr.get(address).content.decode()


def test_another_employer_sees_nothing_of_it(scene: Scene, hairdresser: Client) -> None:
    own = ArrearsCase.objects.exclude(pk=scene.case.pk).count()
    assert own == 0
    employer = scene.contract.employer_id
    assert hairdresser.get(f"/employers/{employer}/arrears/").status_code in {302, 403, 404}


def test_the_broker_sees_the_figures_of_its_clients(scene: Scene, broker: Client) -> None:
    broker_id = scene.contract.broker_id
    page = broker.get(f"/brokers/{broker_id}/arrears/").content.decode()
    assert scene.contract.employer.legal_name in page
    assert "500,00" in page
    rows = broker.get(f"/brokers/{broker_id}/arrears.csv").content.decode("utf-8-sig").splitlines()
    assert rows[1].endswith("500,00")
