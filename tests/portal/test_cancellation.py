"""Recording a cancellation: moment of receipt, effect, document."""

from datetime import datetime, time, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from aupolicy.models import Cancellation
from aupolicy.queries import preview_cancellation
from portal.templatetags.portal import day
from tests.portal.conftest import Insurer


def _address(insurer: Insurer) -> str:
    return f"/contracts/{insurer.world.contract.pk}/cancellation/"


def _moment(insurer: Insurer) -> datetime:
    return datetime.combine(insurer.world.today - timedelta(days=1), time(8, 15))


def _letter(name: str = "Kündigung.pdf", content: bytes = b"%PDF-1.7 x") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_the_effect_is_shown_before_anything_is_recorded(insurer: Insurer, clerk: Client) -> None:
    received = _moment(insurer)
    effect = preview_cancellation(contract=insurer.world.contract, received=received.date())
    html = clerk.get(_address(insurer), {"received": f"{received:%d.%m.%Y %H:%M}"}).content.decode()
    assert f"beendet den Vertrag zum {day(effect.end)}" in html
    assert 'enctype="multipart/form-data"' in html
    assert not Cancellation.objects.exists()


def test_a_letter_ends_the_contract(insurer: Insurer, clerk: Client) -> None:
    received = _moment(insurer)
    data = {"received": f"{received:%Y-%m-%dT%H:%M}", "party": "policyholder",
            "document": _letter()}  # fmt: skip
    answer = clerk.post(_address(insurer), data, follow=True)
    assert "Die Kündigung ist erfasst" in answer.content.decode()
    cancellation = Cancellation.objects.get(contract=insurer.world.contract)
    assert timezone.make_naive(cancellation.received_at) == received
    assert cancellation.recorded_by == insurer.people["clerk"]
    assert cancellation.document_name == "Kündigung.pdf"


def test_without_a_letter_nothing_is_recorded(insurer: Insurer, clerk: Client) -> None:
    data = {"received": f"{_moment(insurer):%d.%m.%Y %H:%M}", "party": "policyholder"}
    html = clerk.post(_address(insurer), data).content.decode()
    assert "ohne Textform wirkt keine Kündigung" in html
    assert "data-errors" in html
    assert not Cancellation.objects.exists()


def test_a_program_is_no_letter(insurer: Insurer, clerk: Client) -> None:
    data = {"received": f"{_moment(insurer):%d.%m.%Y %H:%M}", "party": "policyholder",
            "document": _letter("brief.exe")}  # fmt: skip
    html = clerk.post(_address(insurer), data).content.decode()
    assert "Dateien dieser Art nehmen wir nicht" in html
    assert not Cancellation.objects.exists()


def test_the_future_is_refused(insurer: Insurer, clerk: Client) -> None:
    later = f"{insurer.world.today + timedelta(days=2):%d.%m.%Y} 10:00"
    assert (
        "liegt in der Zukunft" in clerk.get(_address(insurer), {"received": later}).content.decode()
    )
    data = {"received": later, "party": "policyholder", "document": _letter()}
    answer = clerk.post(_address(insurer), data, follow=True)
    assert "liegt in der Zukunft" in answer.content.decode()
    assert not Cancellation.objects.exists()


def test_what_is_no_moment_gets_an_error(insurer: Insurer, clerk: Client) -> None:
    html = clerk.get(_address(insurer), {"received": "gestern"}).content.decode()
    assert "Das ist kein Zeitpunkt" in html
    assert 'value="gestern"' in html
