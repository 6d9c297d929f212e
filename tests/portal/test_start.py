"""The start page says what is to be done."""

from datetime import timedelta

from django.test import Client

from aupolicy.kernel.month import Month
from aupolicy.kernel.period import Period
from billing.models import Mandate
from billing.operations import discard_run
from members.models import Membership, NoticeRecord
from tests.portal.conftest import Insurer


def test_open_work_is_counted_and_linked(insurer: Insurer, clerk: Client) -> None:
    answer = clerk.get("/")
    situation = answer.context["situation"]
    today = insurer.world.today
    assert situation.insured == Membership.objects.filter(period__contains=today).count()
    assert situation.open_notices == NoticeRecord.objects.filter(status="NEEDS_CLERK").count() == 1
    assert situation.open_items.items == 3
    html = answer.content.decode()
    assert f"{situation.insured} Personen versichert" in html
    assert f'href="/runs/{insurer.preview.month:%Y-%m}/"' in html
    assert "1 Meldung klären" in html


def test_without_a_preview_the_next_month_is_offered(insurer: Insurer, clerk: Client) -> None:
    discard_run(run=insurer.preview)
    answer = clerk.get("/")
    assert answer.context["next_month"] == Month.of(insurer.world.today).plus(1).first_day
    assert 'href="/runs/new/"' in answer.content.decode()


def test_an_auditor_sees_work_but_no_button_to_start_it(insurer: Insurer, auditor: Client) -> None:
    discard_run(run=insurer.preview)
    html = auditor.get("/").content.decode()
    assert 'href="/runs/new/"' not in html
    assert "Revision, nur lesen" in html


def test_a_contract_without_mandate_is_work(insurer: Insurer, clerk: Client) -> None:
    mandate = Mandate.objects.get(contract=insurer.world.contract)
    yesterday = insurer.world.today - timedelta(days=1)
    mandate.period = Period(mandate.period.first_day, yesterday)
    mandate.save()
    html = clerk.get("/").content.decode()
    assert "1 Vertrag ohne gültiges SEPA-Mandat" in html
    found = clerk.get("/contracts/?mandate=missing").context["rows"]
    assert [row.number for row in found] == [insurer.world.contract.number]
