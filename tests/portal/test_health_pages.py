"""Health data and what the person told, as examiners see it: a reason first, each look kept."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from claims.facts import Channel
from claims.models import Claim, MedicalRead, PersonLink
from claims.operations.claimant import give_account, save_contact
from claims.operations.medical import list_documents
from claims.queries.claimant import get_payee
from members.models import Membership
from tests.claims.uploads import make_pdf, make_picture
from tests.claims.world import sick
from tests.portal.conftest import Insurer, count_queries

SECRET = "Bandscheibenvorfall"
MOST_QUERIES = 24


@pytest.fixture
def claim(insurer: Insurer) -> Claim:
    members = Membership.objects.filter(contract=insurer.world.contract)
    person = members.earliest("pk").person
    today = insurer.world.today
    return sick(person, today - timedelta(days=20), today + timedelta(days=3)).claim


def upload(client: Client, claim: Claim, content: bytes, name: str = f"{SECRET}.pdf") -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(
        f"/claims/{claim.pk}/medical/paper/", {"kind": "hospital", "file": file}, follow=True
    )


def fill(client: Client, claim: Claim) -> None:
    leave = claim.sick_leaves.get()
    base = f"/claims/{claim.pk}/medical/"
    told = client.post(f"{base}diagnosis/", {"sick_leave": leave.pk, "text": SECRET}, follow=True)
    assert "verschlüsselt gespeichert" in told.content.decode()
    client.post(f"{base}note/", {"text": f"Notiz {SECRET}"})
    assert "verschlüsselt gespeichert" in upload(client, claim, make_pdf()).content.decode()


def test_nothing_is_shown_before_a_reason_is_given(examiner: Client, claim: Claim) -> None:
    fill(examiner, claim)
    address = f"/claims/{claim.pk}/medical/"
    html = examiner.get(address).content.decode()
    assert SECRET not in html
    assert "Krankenhausbericht" in html
    refused = examiner.post(address, {"reason": ""})
    assert refused.status_code == 400
    assert "Wählen Sie einen Grund" in refused.content.decode()
    assert not MedicalRead.objects.exists()
    opened = examiner.post(address, {"reason": "examine"}).content.decode()
    assert opened.count(SECRET) == 3
    assert "Zugriff ist festgehalten" in opened
    assert MedicalRead.objects.count() == 1
    # For that answer only.
    assert SECRET not in examiner.get(address).content.decode()


def test_a_paper_is_shown_by_itself_and_runs_nothing(examiner: Client, claim: Claim) -> None:
    content = make_pdf()
    upload(examiner, claim, content)
    upload(examiner, claim, make_picture("HEIF"), "Foto.heic")
    picture, pdf = list_documents(claim)
    base = f"/claims/{claim.pk}/medical/papers"
    shown = examiner.get(f"{base}/{pdf.id}/?reason=review")
    assert shown.content == content
    assert shown["Content-Type"] == "application/pdf"
    assert shown["Content-Disposition"].startswith('inline; filename="L-')
    assert SECRET not in str(shown.headers)
    assert "default-src 'none'" in shown["Content-Security-Policy"]
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in shown["Cache-Control"]
    assert examiner.get(f"{base}/{picture.id}/?reason=review")["Content-Type"] == "image/jpeg"
    assert [read.reason for read in MedicalRead.objects.all()] == ["review", "review"]
    assert examiner.get(f"{base}/{pdf.id}/").status_code == 302
    assert (
        examiner.get(f"/claims/{claim.pk}/medical/papers/{claim_id()}/?reason=review").status_code
        == 404
    )
    assert MedicalRead.objects.count() == 2


def claim_id() -> str:
    return "00000000-0000-4000-8000-000000000000"


def test_what_is_no_paper_is_refused_by_name(examiner: Client, claim: Claim) -> None:
    html = upload(examiner, claim, b"PK\x03\x04" + bytes(100), f"{SECRET}.pdf").content.decode()
    assert "PDF" in html
    assert SECRET not in html
    assert list_documents(claim) == []


@pytest.mark.parametrize(
    ("name", "status"), [("auditor", 403), ("clerk", 403), ("hr", 404), ("stranger", 404)]
)
def test_nobody_else_opens_it(name: str, status: int, insurer: Insurer, claim: Claim) -> None:
    client = Client(headers={"accept-language": "de"})
    client.force_login(insurer.people[name])
    base = f"/claims/{claim.pk}/medical/"
    assert client.get(base).status_code == status
    assert client.post(base, {"reason": "examine"}).status_code == status
    assert not MedicalRead.objects.exists()


def test_the_person_tab_shows_what_was_told_and_who_read(
    examiner: Client, auditor: Client, claim: Claim
) -> None:
    now = timezone.now()
    give_account(
        claim=claim, holder="Anna Muster", iban="DE02120300000000202051",
        first_day=timezone.localdate(now), channel=Channel.PERSON, user=None, now=now,
    )  # fmt: skip
    save_contact(claim=claim, email="anna@example.org", user=None, now=now)
    examiner.post(f"/claims/{claim.pk}/medical/", {"reason": "complaint"})
    address = f"/claims/{claim.pk}/person/"
    html = examiner.get(address).content.decode()
    for words in (
        "Anna Muster",
        "anna@example.org",
        "Beschwerde oder Rechtsstreit",
        "Konto bestätigen",
    ):
        assert words in html
    queries, size = count_queries(examiner, address)
    assert queries <= MOST_QUERIES
    assert size <= 100_000
    read_only = auditor.get(address).content.decode()
    assert "Anna Muster" in read_only
    assert "Konto bestätigen" not in read_only


def test_an_account_from_paper_is_checked_by_a_colleague_as_it_was_shown(
    insurer: Insurer, examiner: Client, claim: Claim
) -> None:
    today = insurer.world.today
    told = examiner.post(
        f"/claims/{claim.pk}/person/account/",
        {
            "holder": "Anna Muster",
            "iban": "DE02 1203 0000 0000 2020 51",
            "first_day": f"{today:%d.%m.%Y}",
        },
        follow=True,
    )
    assert "zweite Person" in told.content.decode()
    payee = get_payee(claim, today)
    assert payee is not None
    confirm = f"/claims/{claim.pk}/person/accounts/{payee.pk}/confirm/"
    assert "wartet auf Prüfung" in examiner.get(f"/claims/{claim.pk}/person/").content.decode()
    given_at = {"given_at": payee.given_at.isoformat()}
    examiner.post(confirm, given_at)
    colleague = Client(headers={"accept-language": "de"})
    colleague.force_login(insurer.people["examiner2"])
    colleague.post(confirm, {"given_at": "2020-01-01T00:00:00+00:00"})
    payee.refresh_from_db()
    assert payee.checked_at is None
    colleague.post(confirm, given_at)
    payee.refresh_from_db()
    assert payee.checked_by == insurer.people["examiner2"]


def test_links_are_sent_printed_and_revoked(examiner: Client, claim: Claim) -> None:
    base = f"/claims/{claim.pk}/person/link/"
    refused = examiner.post(base, {"email": "", "language": "de"})
    assert refused.status_code == 400
    examiner.post(base, {"email": "anna@example.org", "language": "en"})
    link = PersonLink.objects.get(claim=claim)
    assert (link.email, link.language, link.revoked_at) == ("anna@example.org", "en", None)
    sheet = examiner.post(f"{base}print/")
    assert sheet["Content-Type"] == "application/pdf"
    assert b"".join(sheet).startswith(b"%PDF-")
    assert PersonLink.objects.filter(claim=claim, revoked_at=None).count() == 1
    html = examiner.post(f"{base}revoke/", follow=True).content.decode()
    assert "Widerrufen am" in html
    assert not PersonLink.objects.filter(claim=claim, revoked_at=None).exists()
