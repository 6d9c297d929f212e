"""Letters about arrears: each once, and with everything that the law asks of it."""

import os
import re
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from billing.facts.arrears import StepKind
from billing.models import ArrearsCase, ArrearsStep
from billing.operations.arrears import release_ending, stop_case
from documents.models import Document, LetterCause
from documents.operations.arrears import issue_arrears_letter, issue_arrears_letters
from documents.operations.printing import UnableToIssue
from documents.queries.stored import document_path
from tests.arrears import world
from tests.arrears.test_look_after import returned, terminated
from tests.arrears.world import bill, find_step, insure, insure_and_pay_first, live
from tests.laws.world import at

pytestmark = pytest.mark.django_db


def read(document: Document) -> str:
    """The text of a letter, with single spaces. LETTERS names a folder to look at them in."""
    path = document_path(document)
    if folder := os.environ.get("LETTERS"):
        (Path(folder) / document.file_name).write_bytes(path.read_bytes())
    text = " ".join(page.extract_text() for page in PdfReader(path).pages)
    return re.sub(r"[\s\u00a0]+", " ", text)


def letter(kind: StepKind) -> str:
    return read(issue_arrears_letter(step=find_step(kind)))


def test_a_request_asks_for_a_transfer() -> None:
    returned()
    live(date(2025, 11, 18), date(2025, 11, 18))
    text = letter(StepKind.PAYMENT_REQUEST)
    assert "Bitte überweisen Sie 520,00 € bis zum 08.12.2025" in text
    assert "kam am 17.11.2025 zurück" in text
    assert "§ 33 Absatz 2 VVG" in text
    assert "Beitrag November 2025" in text
    assert "§ 126b BGB" in text


def test_a_reminder_itemises_and_tells_the_consequences() -> None:
    """§ 38 (1) VVG: premium, interest and costs apart; the consequences of (2) and (3)."""
    insure_and_pay_first()
    bill("2025-11")
    live(date(2026, 1, 16), date(2026, 1, 16))
    text = letter(StepKind.REMINDER)
    assert re.search(r"Beitrag 520,00 .*Zinsen 5,27 .*Kosten 2,50 .*zusammen 527,77", text)
    assert "18.11.2025 bis 31.12.2025 44 von 365 520,00 6,27 % 3,93" in text
    assert "2 Wochen nach Zugang" in text
    assert "sind wir nicht zur Leistung verpflichtet (§ 38 Absatz 2 VVG)" in text
    assert "ohne Einhaltung einer Frist kündigen" in text
    assert "innerhalb eines Monats nach der Kündigung, wird sie unwirksam" in text
    assert "Wer schon vorher arbeitsunfähig war, behält seinen Anspruch" in text


def test_days_without_a_rate_are_named() -> None:
    insure_and_pay_first()
    bill("2026-08")
    live(date(2026, 9, 1), date(2026, 9, 1))
    assert "verlangen wir mit diesem Schreiben keine Zinsen" in letter(StepKind.REMINDER)


def test_a_termination_and_its_end() -> None:
    contract = terminated()
    text = letter(StepKind.TERMINATION)
    assert "Wir kündigen den Vertrag deshalb ohne Einhaltung einer Frist" in text
    assert "mit dem Ablauf des 26.01.2026" in text
    assert "bis zum 26.02.2026, wird die Kündigung unwirksam" in text
    assert "vom 03.01.2026 bis zu Ihrer Zahlung" in text
    world.pay(contract, day=date(2026, 2, 20))
    live(date(2026, 2, 20), date(2026, 2, 20))
    text = letter(StepKind.REVIVAL)
    assert "Die Kündigung ist unwirksam, Ihr Vertrag läuft weiter" in text
    assert "vom 03.01.2026 bis zum 19.02.2026 begonnen" in text


def test_the_first_premium_has_a_conspicuous_notice() -> None:
    insure()
    bill("2025-10")
    live(date(2025, 10, 1), date(2025, 12, 15))
    text = letter(StepKind.FIRST_NOTICE)
    assert "Wichtig: die Folgen" in text
    assert "§ 37 Absatz 2 VVG" in text
    today = date(2025, 12, 16)
    release_ending(
        case=ArrearsCase.objects.get(), reason="", user=world.create_clerk(), today=today,
        now=at(today),
    )  # fmt: skip
    assert "Wir treten deshalb vom Vertrag zurück" in letter(StepKind.WITHDRAWAL)


def test_every_letter_is_written_once() -> None:
    contract = returned()
    live(date(2025, 11, 18), date(2025, 12, 20))
    assert issue_arrears_letters() == 2
    assert issue_arrears_letters() == 0
    kinds = set(LetterCause.objects.values_list("document__kind", flat=True))
    assert kinds == {"arrears_request", "arrears_reminder"}
    assert {row.contract for row in Document.objects.all()} == {contract}
    world.pay(contract, day=date(2025, 12, 22))
    live(date(2025, 12, 22), date(2025, 12, 22))
    assert issue_arrears_letters() == 1
    assert "Ihr Rückstand ist ausgeglichen" in read(Document.objects.latest("pk"))


def test_paid_before_a_reminder_nobody_is_written_to() -> None:
    contract = returned()
    live(date(2025, 11, 18), date(2025, 11, 20))
    world.pay(contract, day=date(2025, 11, 21))
    live(date(2025, 11, 21), date(2025, 11, 21))
    assert issue_arrears_letters() == 1
    assert Document.objects.get().kind == "arrears_request"


def test_a_stop_has_no_letter() -> None:
    returned()
    live(date(2025, 11, 18), date(2025, 11, 18))
    today = date(2025, 11, 19)
    step = stop_case(
        case=ArrearsCase.objects.get(), reason="Gespräch", until=None, user=world.create_clerk(),
        today=today, now=at(today),
    )  # fmt: skip
    with pytest.raises(UnableToIssue, match="NO_LETTER"):
        issue_arrears_letter(step=step)
    assert ArrearsStep.objects.count() == 2
