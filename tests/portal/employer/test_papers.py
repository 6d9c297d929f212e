"""Confirmations to be signed and filed, and files."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from documents.facts import DocumentKind
from documents.models import Document, Filing
from documents.operations import issue_confirmations
from tests.portal.conftest import Insurer


@pytest.fixture
def salon(insurer: Insurer) -> str:
    """The small employer's room, with a confirmation for everybody."""
    contract = insurer.world.contracts["Friseursalon Haarschön"]
    issue_confirmations(contract=contract, as_of=insurer.world.today, processes=1)
    return f"/employers/{contract.employer_id}"


def _copies() -> list[Document]:
    return list(Document.objects.filter(kind=DocumentKind.CONFIRMATION_EMPLOYER).order_by("pk"))


def _mark(client: Client, room: str, papers: list[Document], signed_on: str) -> int:
    answer = client.post(
        f"{room}/documents/", {"papers": [p.pk for p in papers], "signed_on": signed_on}
    )
    return answer.status_code


def test_what_is_marked_leaves_the_open_ones(salon: str, hairdresser: Client) -> None:
    papers = _copies()
    today = f"{timezone.localdate():%d.%m.%Y}"
    assert _mark(hairdresser, salon, papers[:2], today) == 302
    counts = hairdresser.get(f"{salon}/documents/").context["counts"]
    assert (counts.papers, counts.filed) == (len(papers), 2)
    shown = hairdresser.get(f"{salon}/documents/?show=filed").context["page"]
    assert {paper.pk for paper in shown} == {paper.pk for paper in papers[:2]}
    assert hairdresser.post(f"{salon}/documents/{papers[0].pk}/revoke/").status_code == 302
    assert hairdresser.get(f"{salon}/documents/").context["counts"].filed == 1
    assert Filing.objects.count() == 3


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date.max, "liegt in der Zukunft"),
        (date(2020, 1, 1), "gab es an diesem Tag noch nicht"),
    ],
)
def test_a_wrong_day_is_explained_and_nothing_is_marked(
    day: date, text: str, salon: str, hairdresser: Client
) -> None:
    answer = hairdresser.post(
        f"{salon}/documents/", {"papers": [_copies()[0].pk], "signed_on": f"{day:%d.%m.%Y}"}
    )
    assert text in answer.content.decode()
    assert not Filing.objects.exists()


def test_nothing_chosen_is_told(salon: str, hairdresser: Client) -> None:
    answer = hairdresser.post(f"{salon}/documents/", {"signed_on": "1.1.2026"})
    assert "Wählen Sie mindestens eine Bestätigung" in answer.content.decode()


def test_readers_only_read(insurer: Insurer, hr_reader: Client) -> None:
    room = f"/employers/{insurer.world.contract.employer_id}"
    assert hr_reader.get(f"{room}/documents/").status_code == 200
    assert _mark(hr_reader, room, [], "1.1.2026") == 403


def test_single_papers_and_all_as_a_zip(salon: str, insurer: Insurer, hairdresser: Client) -> None:
    paper = _copies()[0]
    single = hairdresser.get(f"{salon}/documents/{paper.pk}/")
    assert single.getvalue().startswith(b"%PDF")
    contract = insurer.world.contracts["Friseursalon Haarschön"]
    archive = hairdresser.get(f"{salon}/documents/confirmations/{contract.pk}.zip")
    assert archive.getvalue().startswith(b"PK")


def test_papers_of_others_are_not_there(salon: str, insurer: Insurer, hr: Client) -> None:
    own = f"/employers/{insurer.world.contract.employer_id}"
    paper = _copies()[0]
    assert hr.get(f"{own}/documents/{paper.pk}/").status_code == 404
    assert hr.post(f"{own}/documents/{paper.pk}/revoke/").status_code == 404
    today = f"{timezone.localdate() - timedelta(days=0):%d.%m.%Y}"
    assert _mark(hr, own, [paper], today) == 200
    assert not Filing.objects.exists()
