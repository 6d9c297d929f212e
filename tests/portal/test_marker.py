"""Health data that is planted everywhere it belongs is found nowhere else.

Two words that stand nowhere by themselves: one in everything medical, one in reasons of decisions.
Then everybody walks every address, searching for half of a word, so that an echo of the question
is not taken for an answer.
"""

import logging
import zipfile
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader
from pypdf.errors import PdfReadError

from aupolicy.models import Role
from claims.facts import Channel, DecisionKind, ReasonCode
from claims.models import Claim, SickLeave
from claims.operations.claimant import give_account
from claims.operations.decisions import DecisionDraft, approve_decision, decide
from claims.operations.links import create_link
from claims.operations.medical import (
    list_documents,
    opened,
    record_diagnosis,
    record_medical_note,
    store_document,
)
from documents.operations import issue_due_letters
from documents.operations.mail import send_due_mails
from documents.queries import read_document
from members.models import Membership
from tests.api.conftest import make_caller
from tests.api.test_matrix import OPERATIONS
from tests.claims.uploads import make_pdf
from tests.claims.world import certify, sick
from tests.portal.conftest import Insurer
from tests.portal.matrix import (
    ROOMS,
    Examples,
    add_invitation,
    add_program,
    examples_of_broker,
    examples_of_claim,
    examples_of_employer,
    list_addresses,
)
from tests.tenancy.rows import add_rows

HEALTH, REASON = "Qzhealthqz", "Qzreasonqz"
SEARCH = "?q=Qz&show=open&text=Qz"


@dataclass
class Planted:
    """Two claims of the large employer: one excluded, one refused; and keys for addresses."""

    insurer: Insurer
    excluded: Claim
    refused: Claim
    examples: dict[str, Examples] = field(default_factory=dict)

    def client(self, name: str) -> Client:
        """A browser of somebody who is shown errors as in earnest."""
        client = Client(headers={"accept-language": "de"}, raise_request_exception=False)
        client.force_login(self.insurer.people[name])
        return client


@pytest.fixture
def planted(insurer: Insurer) -> Planted:
    world, people = insurer.world, insurer.people
    add_rows(world.contract, people["clerk"])
    members = Membership.objects.filter(contract=world.contract).order_by("pk")
    first = sick_person(members[7], world.today, people["hr"])
    second = sick_person(members[8], world.today, people["hr"])
    plant_health(first, insurer)
    draft = DecisionDraft(
        DecisionKind.EXCLUDE, sick_leave_id=first.pk, exclusion="ADDICTION", reason=REASON
    )
    rule(first.claim, draft, insurer)
    rule(
        second.claim,
        DecisionDraft(DecisionKind.REFUSE, reason_code=ReasonCode.NO_EVIDENCE, reason=REASON),
        insurer,
    )
    broker = people["broker"].grants.get().broker
    assert broker is not None
    add_invitation(role=Role.EMPLOYER_READER, employer=world.contract.employer)
    add_invitation(role=Role.BROKER, broker=broker)
    add_program(broker=broker)
    application = world.contract.employer.applications.latest("pk")
    application.broker = application.quote.broker = broker
    application.quote.save()
    application.save()
    ours = examples_of_employer(world.contract, people["hr_reader"])
    brokers = examples_of_broker(broker.pk, people["broker"])
    return Planted(
        insurer,
        first.claim,
        second.claim,
        {
            "insurer": brokers | ours | {"person_id": first.person_id},
            "employer": ours | {"person_id": first.person_id, "leave_id": first.pk},
            "broker": brokers,
            "examiner": examples_of_claim(first.claim),
        },
    )


def sick_person(member: Membership, today: Any, hr: Any) -> SickLeave:
    """Reported by the employer, certified long enough for benefit."""
    start = max(member.period.first_day, today - timedelta(days=60))
    leave = sick(member.person, start, channel=Channel.EMPLOYER)
    SickLeave.objects.filter(pk=leave.pk).update(reported_by=hr)
    certify(leave, start, today)
    return leave


def plant_health(leave: SickLeave, insurer: Insurer) -> None:
    examiner, now = insurer.people["examiner"], timezone.now()
    record_diagnosis(sick_leave=leave, text=f"Diagnose {HEALTH}", user=examiner, now=now)
    record_medical_note(claim=leave.claim, text=f"Nachweis {HEALTH}", user=examiner, now=now)
    store_document(
        claim=leave.claim, kind="evidence", content=make_pdf(text=HEALTH.encode()),
        file_name=f"{HEALTH}.pdf", channel=Channel.PERSON, user=None, now=now,
    )  # fmt: skip
    give_account(
        claim=leave.claim, holder="Anna Muster", iban="DE02120300000000202051",
        first_day=timezone.localdate(now), channel=Channel.PERSON, user=None, now=now,
    )  # fmt: skip
    create_link(claim=leave.claim, email="anna@example.org", language="de", user=examiner, now=now)


def rule(claim: Claim, draft: DecisionDraft, insurer: Insurer) -> None:
    now = timezone.now()
    decision = decide(claim=claim, draft=draft, user=insurer.people["examiner"], now=now)
    approve_decision(decision=decision, user=insurer.people["examiner2"], note="Ja.", now=now)


def read_answer(answer: HttpResponseBase) -> str:
    """Everything that an answer says, also packed into a PDF or an archive, and its headers."""
    content = b"".join(answer) if answer.streaming else answer.content  # type: ignore[attr-defined]
    text = f"{answer.headers} {content.decode('latin-1')}"
    text += read_pdf(content)
    if content.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(content)) as archive:
            text += " ".join(archive.read(name).decode("latin-1") for name in archive.namelist())
    return text


@cache  # Several people are answered the same papers.
def read_pdf(content: bytes) -> str:
    """The text of a PDF, "" for anything else, also for a constructed one that only looks so."""
    if not content.startswith(b"%PDF-"):
        return ""
    try:
        return " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    except PdfReadError:
        return ""


def walk(planted: Planted, name: str) -> dict[str, str]:
    """Address -> everything that somebody is answered there."""
    client = planted.client(name)
    paths = {
        address.path for room in ROOMS for address in list_addresses(room, planted.examples[room])
    } | {"/", "/search/", "/account/"}
    return {path: read_answer(client.get(path + SEARCH)) for path in sorted(paths)}


def walk_api(planted: Planted) -> dict[str, str]:
    """The same for a program of the employer and one of its broker, which has authority."""
    world, people = planted.insurer.world, planted.insurer.people
    broker = people["broker"].grants.get().broker
    assert broker is not None
    leave = SickLeave.objects.get(pk=planted.examples["employer"]["leave_id"])
    number = leave.person.personnel_number
    paths = [route for method, route in OPERATIONS if method == "get" and "<" not in route]
    paths += [f"members/{number}", f"sick-leaves/{leave.public_id}", "schema", "docs"]
    told = {}
    for party in (world.contract.employer, broker):
        program = make_caller(party, now=timezone.now())
        for path in paths:
            about = "" if path in {"schema", "docs"} else f"?contract={world.contract.number}"
            for query in ("", about):
                said = read_answer(program.get(path + query))
                told[f"{party}: {path}{query}"] = said
    assert any(str(leave.person.public_id) in said for said in told.values())
    return told


def test_health_data_is_found_nowhere_but_where_an_examiner_opens_it(
    planted: Planted, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    issue_due_letters(now=timezone.now())
    send_due_mails(now=timezone.now())
    _check_that_it_is_planted(planted)
    for name in ("stranger", "hr", "hairdresser", "broker", "clerk"):
        for path, said in walk(planted, name).items():
            assert HEALTH not in said, (name, path)
            assert REASON not in said, (name, path)
    for path, said in walk_api(planted).items():
        assert HEALTH not in said, path
        assert REASON not in said, path
    # Auditors replay decisions and their reasons; examiners as well, and open the rest.
    for name in ("auditor", "examiner"):
        for path, said in walk(planted, name).items():
            assert HEALTH not in said, (name, path)
    _check_error_page(planted, monkeypatch)
    assert len(mail.outbox) >= 1
    for message in mail.outbox:
        said = message.message().as_string() + str(getattr(message, "alternatives", ""))
        assert HEALTH not in said
        assert REASON not in said
    assert HEALTH not in caplog.text
    assert REASON not in caplog.text
    _check_tables()
    _check_files()


def _check_that_it_is_planted(planted: Planted) -> None:
    """Else finding nothing would prove nothing."""
    client, base = planted.client("examiner"), f"/claims/{planted.excluded.pk}"
    said = read_answer(client.post(f"{base}/medical/", {"reason": "exclusion"}))
    assert said.count(HEALTH) == 3
    (paper,) = list_documents(planted.excluded)
    paper_said = read_answer(client.get(f"{base}/medical/papers/{paper.id}/?reason=exclusion"))
    assert HEALTH in paper_said
    letters = planted.refused.documents.all()
    assert any(REASON in read_pdf(read_document(letter)) for letter in letters)


def _check_error_page(planted: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that fails with everything in its hands tells nothing of it."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("forced")

    with monkeypatch.context() as patch:
        patch.setattr("portal.views.examiner.medical.claim_page", fail)
        base = f"/claims/{planted.excluded.pk}/medical/"
        client = planted.client("examiner")
        sent = {"text": HEALTH, "sick_leave": planted.excluded.sick_leaves.get().pk}
        for address, data in (
            (base, {"reason": "exclusion"}),
            # What was typed and refused is in the hands of the page as well.
            (f"{base}diagnosis/", sent | {"sick_leave": 0}),
        ):
            answer = client.post(address, data)
            assert answer.status_code == 500
            assert HEALTH not in read_answer(answer)


def _check_tables() -> None:
    """Every table of the database as text, health data opened."""
    with opened(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r'"
            " AND relnamespace = 'public'::regnamespace"
        )
        tables = [table for (table,) in cursor.fetchall()]
        found: dict[str, set[str]] = {HEALTH: set(), REASON: set()}
        for table in tables:
            for word in (HEALTH, REASON):
                cursor.execute(
                    f'SELECT EXISTS (SELECT FROM "{table}" t WHERE t::text LIKE %s)', [f"%{word}%"]
                )
                if cursor.fetchone() == (True,):
                    found[word].add(table)
    assert len(tables) > 80
    assert found == {HEALTH: set(), REASON: {"claims_decision"}}


def _check_files() -> None:
    files = [path for path in Path(django_settings.FILES_ROOT).rglob("*") if path.is_file()]
    assert any(path.is_relative_to(Path(django_settings.FILES_ROOT) / "health") for path in files)
    for path in files:
        assert HEALTH not in path.name
        content = path.read_bytes()
        assert HEALTH.encode() not in content
        assert HEALTH not in read_pdf(content)
