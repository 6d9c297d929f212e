"""Letters about a claim: pulled from what happened, written once, kept, and told by mail."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from aupolicy.models import GroupContract, User
from billing.operations.recoveries import record_recoveries
from claims.facts import DecisionKind
from claims.models import Claim, Contact, Decision, DocumentRequest, PersonLink
from claims.operations.links import create_link, find_link
from claims.operations.medical import record_diagnosis
from documents.facts import DocumentKind
from documents.models import Document, LetterCause, Mail
from documents.operations.claims import (
    DueReport,
    issue_decision_letter,
    issue_due_letters,
    issue_link_sheet,
    issue_request_letter,
)
from documents.operations.mail import send_due_mails
from documents.operations.printing import UnableToIssue
from documents.queries import read_document
from documents.queries.claims import UnableToBuildLetter, build_decision_letter
from documents.queries.letters_due import list_claim_papers
from documents.tasks import issue_claim_letters
from tests.claims.granting import grant, rule
from tests.claims.paying import give_payee, make_finance, send, settle
from tests.claims.world import at, certify, insure, make_contract, make_examiner, sick
from tests.documents.printing import find_faults, read_pages, read_text

pytestmark = pytest.mark.django_db

MARKER = "Zwölffingerdarmgeschwür"


@pytest.fixture
def contract() -> GroupContract:
    return make_contract()


@pytest.fixture
def vera() -> User:
    return make_examiner()


@pytest.fixture
def claim(contract: GroupContract) -> Claim:
    """Sick from 1 January through 20 May 2025, 335 EUR a month, benefit from 12 February."""
    return sick(insure(contract), "2025-01-01", "2025-05-20").claim


def _ask(claim: Claim, *, reminders: int = 0, text: str = "", **facts: Any) -> DocumentRequest:
    values = {
        "kind": "certificate", "asked_at": at("2025-05-02"), "due_on": date(2025, 5, 16),
        "reminders": reminders, "reminded_on": date(2025, 5, 20) if reminders else None,
    } | facts  # fmt: skip
    return DocumentRequest.objects.create(claim=claim, text=text, **values)


def _live_at(claim: Claim, email: str = "", **changes: str) -> None:
    values = {"street": "Lockengasse 3", "postal_code": "48143", "town": "Münster"} | changes
    Contact.objects.create(claim=claim, changed_at=at("2025-01-02"), email=email, **values)


def test_a_grant_is_written_from_the_tables_and_found_again(claim: Claim, vera: User) -> None:
    _live_at(claim)
    record_diagnosis(
        sick_leave=claim.sick_leaves.get(), text=MARKER, user=vera, now=at("2025-03-01")
    )
    decision = grant(claim, "2025-04-10", by=vera)
    document = issue_decision_letter(decision=decision)
    pdf = read_document(document)
    assert find_faults(pdf) == []
    text = read_text(pdf)
    assert "zahlen Ihnen 335,00 € im Monat, zum ersten Mal für den 10.04.2025" in text
    assert "Lockengasse 3" in read_pages(pdf)[0]
    assert "Lohnstufe 4" in text
    assert "Ihre Bankverbindung fehlt uns noch" in text
    assert "10.04.2025 bis 20.05.2025" in text
    assert MARKER not in text
    assert (document.kind, document.claim, document.contract) == ("benefit_grant", claim, None)
    assert document.file_name == f"Leistungsfall_{claim.number}_2025-04-10.pdf"
    # Whatever comes later, the letter stands.
    certify(claim.sick_leaves.get(), "2025-05-21", "2025-07-31")
    assert issue_decision_letter(decision=decision) == document
    assert Document.objects.filter(claim=claim).count() == 1


def test_months_that_are_settled_stand_in_a_grant(claim: Claim, vera: User) -> None:
    give_payee(claim)
    context = build_decision_letter(_decided(claim, vera, on="2025-04-10"))
    assert [(f"{m.month:%Y-%m}", m.days, str(m.amount)) for m in context.months] == [  # type: ignore[union-attr]
        ("2025-02", 17, "189.83"),
        ("2025-03", 31, "335.00"),
    ]
    assert context.months[0].calculation == "335,00\u00a0€ × 17 / 30"  # type: ignore[union-attr]
    assert context.months[1].calculation == "voller Monat"  # type: ignore[union-attr]
    assert not context.needs_account  # type: ignore[union-attr]


def _decided(claim: Claim, vera: User, *, on: str) -> Decision:
    """A grant for all days from 12 February, decided later."""
    decision = grant(claim, "2025-02-12", by=vera)
    decision.decided_at = at(on)
    return decision


def test_without_an_address_the_window_says_for_whom_only(claim: Claim, vera: User) -> None:
    context = build_decision_letter(grant(claim, "2025-04-10", by=vera))
    assert context.recipient.lines == ("Zoë Müller", "persönlich / vertraulich")
    _live_at(claim, country="AT", town="Wien", postal_code="1010")
    context = build_decision_letter(Decision.objects.get())
    assert context.recipient.lines == ("Zoë Müller", "Lockengasse 3", "1010 Wien", "ÖSTERREICH")


def test_an_exclusion_is_told_in_the_words_of_the_tariff(
    claim: Claim, vera: User, settings: Any
) -> None:
    settings.COMPLAINTS = {"ombudsman": "Schlichtung Muster", "supervisor": ""}
    leave = claim.sick_leaves.get()
    decision = rule(
        claim, DecisionKind.EXCLUDE, "2025-01-01", "2025-05-20", by=vera, leave=leave,
        exclusion="DRUNKENNESS", second=make_examiner("otto"),
    )  # fmt: skip
    document = issue_decision_letter(decision=decision)
    text = read_text(read_document(document))
    assert document.kind == DocumentKind.BENEFIT_REFUSAL
    assert "Trunkenheit" in text
    assert "01.01.2025 bis 20.05.2025" in text
    assert "Schlichtung Muster" in text
    assert "Aufsichtsbehörde" not in text


def test_an_end_tells_all_that_was_due(claim: Claim, vera: User) -> None:
    grant(claim, "2025-02-12", by=vera)
    decision = rule(claim, DecisionKind.END, "2025-05-21", by=vera)
    context = build_decision_letter(decision)
    assert context.last_paid == date(2025, 5, 20)  # type: ignore[union-attr]
    assert str(context.total) == "1083.16"  # type: ignore[union-attr]
    assert context.reason == "Die Arbeitsunfähigkeit ist beendet."  # type: ignore[union-attr]
    with pytest.raises(UnableToBuildLetter):
        build_decision_letter(rule(claim, DecisionKind.REOPEN, "2025-05-21", by=vera))


def test_only_what_counts_gets_a_letter(claim: Claim, vera: User) -> None:
    decision = grant(claim, "2025-04-10", by=vera)
    decision.status = "PROPOSED"
    with pytest.raises(UnableToIssue) as caught:
        issue_decision_letter(decision=decision)
    assert caught.value.code == "NOT_EFFECTIVE"


def test_a_request_and_its_reminders_are_letters_of_their_own(claim: Claim) -> None:
    request = _ask(claim, reminders=1)
    first = issue_request_letter(request=request, reminder=0)
    second = issue_request_letter(request=request, reminder=1)
    assert first != second
    assert issue_request_letter(request=request, reminder=1) == second
    assert "Erinnerung" in read_text(read_document(second))
    with pytest.raises(UnableToIssue):
        issue_request_letter(request=request, reminder=2)


def test_what_is_due_is_pulled_and_written_once(claim: Claim, vera: User) -> None:
    now = at("2025-05-20")
    grant(claim, "2025-04-10", by=vera)
    rule(claim, DecisionKind.REOPEN, "2025-05-01", by=vera)
    rule(claim, DecisionKind.LIFT_EXCLUSION, "2025-05-02", by=vera)
    _ask(claim, reminders=2)
    _ask(claim, kind="gap", closed_at=now)
    assert issue_due_letters(now=now, limit=1) == DueReport(issued=1, waiting=0)
    assert issue_due_letters(now=now).issued == 2
    assert issue_due_letters(now=now) == DueReport(issued=0, waiting=0)
    assert [paper.kind for paper in list_claim_papers(claim)] == [
        "claim_request", "benefit_grant", "benefit_grant",
    ]  # fmt: skip
    assert LetterCause.objects.get(request__isnull=False).step == "2"


def test_what_has_nothing_to_say_waits_and_a_failure_stops_no_other(
    contract: GroupContract, vera: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = sick(insure(contract, "18"), "2025-01-01").claim
    grant(empty, "2025-02-12", by=vera)
    _ask(empty, kind="account")
    _ask(sick(insure(contract, "19"), "2025-01-01").claim)
    real = issue_request_letter

    def fail(*, request: DocumentRequest, reminder: int) -> Document:
        if request.kind == "account":
            raise OSError
        return real(request=request, reminder=reminder)

    monkeypatch.setattr("documents.operations.claims.issue_request_letter", fail)
    with pytest.raises(ExceptionGroup) as caught:
        issue_due_letters(now=at("2025-05-20"))
    assert [type(error) for error in caught.value.exceptions] == [OSError]
    assert Document.objects.count() == 1
    monkeypatch.undo()
    assert issue_due_letters(now=at("2025-05-20")) == DueReport(issued=1, waiting=1)


def test_what_was_paid_too_much_is_told_on_the_next_day(claim: Claim, vera: User) -> None:
    fred, gina = make_finance(), make_finance("gina")
    grant(claim, "2025-02-12", by=vera)
    settle(claim, "2025-04-30")
    give_payee(claim)
    send(fred, gina)
    rule(claim, DecisionKind.END, "2025-04-01", by=vera)
    settle(claim, "2025-04-30")
    record_recoveries(now=at("2025-06-10"))
    assert issue_due_letters(now=at("2025-06-10")).issued == 2, "grant and end"
    assert issue_due_letters(now=at("2025-06-11")) == DueReport(issued=1, waiting=0)
    assert issue_due_letters(now=at("2025-06-11")) == DueReport(issued=0, waiting=0)
    text = read_text(read_document(Document.objects.get(kind=DocumentKind.BENEFIT_CORRECTION)))
    assert "April 2025 30 335,00 0 0,00 335,00" in text
    assert "Wir ziehen 335,00 € von Ihren nächsten Zahlungen ab" in text


def test_a_link_sheet_leads_in_and_its_secret_is_kept_nowhere(claim: Claim) -> None:
    created = create_link(claim=claim, email="", language="de", user=None, now=at("2025-02-01"))
    url = f"https://bau.example/my-claim/{created.token}/"
    sheet = issue_link_sheet(link=created.link, token=created.token, url=url)
    assert created.token in read_text(sheet.content).replace(" ", "")
    assert find_faults(sheet.content) == []
    kept = read_document(sheet.document)
    assert created.token not in read_text(kept).replace(" ", "")
    assert len(kept) < len(sheet.content)
    again = issue_link_sheet(link=created.link, token=created.token, url=url)
    assert (again.document, again.content) == (sheet.document, sheet.content)
    with pytest.raises(UnableToIssue):
        issue_link_sheet(link=created.link, token=created.token, url="https://bau.example/")


def test_a_letter_has_exactly_one_cause(claim: Claim, vera: User) -> None:
    decision, request = grant(claim, "2025-04-10", by=vera), _ask(claim)
    document = issue_request_letter(request=request, reminder=0)
    for facts in ({}, {"decision": decision, "request": request}, {"request": request}):
        step = "0" if facts == {"request": request} else "9"
        with pytest.raises(IntegrityError), transaction.atomic():
            LetterCause.objects.create(document=document, step=step, **facts)


NOW = datetime.now(UTC)


def _mails(now: datetime = NOW) -> list[Any]:
    mail.outbox.clear()
    send_due_mails(now=now)
    return list(mail.outbox)


def test_the_link_goes_to_the_persons_own_address_once(claim: Claim) -> None:
    create_link(claim=claim, email="zoe@privat.example", language="de", user=None, now=NOW)
    (message,) = _mails()
    assert message.to == ["zoe@privat.example"]
    assert message.subject == "Ihr persönlicher Zugang"
    found = re.search(r"http://127\.0\.0\.1:8000/my-claim/(\S+)/\n", str(message.body))
    assert found is not None
    link = find_link(found.group(1))
    assert link == PersonLink.objects.get()
    for text in (message.subject, str(message.body)):
        for detail in (claim.number, "Müller", "Leistung", "krank", "arbeitsunfähig"):
            assert detail not in text
    assert _mails() == []


def test_a_link_on_paper_or_opened_or_closed_is_not_sent(claim: Claim) -> None:
    create_link(claim=claim, email="", language="de", user=None, now=NOW)
    assert _mails() == []
    created = create_link(
        claim=claim, email="zoe@privat.example", language="de", user=None, now=NOW
    )
    PersonLink.objects.filter(pk=created.link.pk).update(pin_hash="x")
    assert _mails() == []
    assert Mail.objects.count() == 0


def test_a_new_letter_is_told_without_a_word_about_it(claim: Claim) -> None:
    issue_claim_letters()
    create_link(claim=claim, email="", language="en", user=None, now=NOW)
    _ask(claim)
    issue_claim_letters()
    assert _mails() == [], "nobody has told an address"
    _live_at(claim, email="zoe@privat.example")
    (message,) = _mails()
    assert message.to == ["zoe@privat.example"]
    for detail in (claim.number, "Müller", "http", "claim", "certificate"):
        assert detail not in str(message.body)
    assert _mails() == []
    assert _mails(NOW + timedelta(days=15)) == []


def test_a_link_sheet_and_a_letter_that_nobody_can_open_are_not_told(claim: Claim) -> None:
    _live_at(claim, email="zoe@privat.example")
    issue_request_letter(request=_ask(claim), reminder=0)
    assert _mails() == []
    created = create_link(claim=claim, email="", language="de", user=None, now=NOW)
    url = f"https://bau.example/{created.token}"
    issue_link_sheet(link=created.link, token=created.token, url=url)
    assert [message.subject for message in _mails()] == ["Ein neuer Brief für Sie"]
