"""The insured person's own page: the way in, what is sent, what is seen, and who is kept out."""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import structlog
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image
from pillow_heif import register_heif_opener

from aupolicy.kernel.period import Period
from aupolicy.models import User, WorkItem
from claims.facts import AssistanceKind, CertificateSource, Channel
from claims.models import (
    AssistanceCase,
    Certificate,
    Claim,
    Consent,
    Contact,
    MedicalDocument,
    Payee,
    PersonLink,
    Review,
)
from claims.operations.assistance import finish_order, open_case, order_service, save_provider
from claims.operations.leaves import report_leave
from claims.operations.links import create_link
from claims.operations.medical import opened, read_medical
from config.logs import hide_secrets
from members.models import Person
from tests.claims.world import insure, make_contract, make_examiner
from tests.portal.conftest import count_queries
from tests.portal.test_budget import MOST_BYTES, MOST_QUERIES

pytestmark = pytest.mark.django_db

PIN = "907254"
SECRET_WISH = "Bitte wegen meiner Depression"


@dataclass
class Mine:
    """A person's claim with a link of its own, in a browser."""

    claim: Claim
    person: Person
    link: PersonLink
    token: str
    client: Client
    first_day: date

    def address(self, page: str = "") -> str:
        return f"/my-claim/{self.token}/{page}"

    def get(self, page: str = "") -> str:
        answer = self.client.get(self.address(page))
        assert answer.status_code == 200, (page, answer.status_code)
        return str(answer.content.decode())

    def post(self, page: str, data: dict[str, Any] | None = None) -> str:
        answer = self.client.post(self.address(page), data or {}, follow=True)
        assert answer.status_code == 200, (page, answer.status_code)
        return str(answer.content.decode())


def typed(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def start_claim(number: str = "17", *, days_ago: int = 50, contract: Any = None) -> Mine:
    now = timezone.now()
    contract = contract or make_contract(f"T-{number}")
    person = insure(contract, number)
    first = timezone.localdate(now) - timedelta(days=days_ago)
    leave = report_leave(
        person=person, first_day=first, channel=Channel.EMPLOYER, user=None, now=now
    ).sick_leave
    created = create_link(claim=leave.claim, email="", language="de", user=None, now=now)
    client = Client(headers={"accept-language": "de"})
    return Mine(leave.claim, person, created.link, created.token, client, first)


@pytest.fixture
def locked() -> Mine:
    """A link that nobody has opened yet."""
    return start_claim()


@pytest.fixture
def mine(locked: Mine) -> Mine:
    """The page, opened."""
    locked.post("pin/", {"pin": PIN, "again": PIN})
    return locked


@pytest.fixture
def examiner() -> User:
    return make_examiner()


def picture(kind: str = "JPEG") -> bytes:
    if kind == "HEIF":
        register_heif_opener()
    stream = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(stream, kind)
    return stream.getvalue()


def pdf() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(stream, "PDF")
    return stream.getvalue()


def upload(mine: Mine, *contents: tuple[str, bytes], **fields: Any) -> str:
    files = [SimpleUploadedFile(name, content) for name, content in contents]
    return mine.post("documents/", {"kind": "certificate", "papers": files, **fields})


def test_whoever_opens_the_link_first_sets_a_pin(locked: Mine) -> None:
    html = locked.client.get(locked.address(), follow=True).content.decode()
    assert "Wählen Sie zuerst Ihre eigene PIN" in html
    assert "verschieden" in locked.post("pin/", {"pin": PIN, "again": "907255"})
    assert "leicht zu erraten" in locked.post("pin/", {"pin": "123456", "again": "123456"})
    html = locked.post("pin/", {"pin": PIN, "again": PIN})
    assert "Bitte laden Sie Ihre AU-Bescheinigung hoch" in html
    locked.link.refresh_from_db()
    assert PIN not in locked.link.pin_hash


def test_another_browser_needs_the_pin_and_five_wrong_ones_close_it(mine: Mine) -> None:
    other = Mine(mine.claim, mine.person, mine.link, mine.token, Client(), mine.first_day)
    answer = other.client.get(other.address("documents/"))
    assert answer.headers["Location"] == other.address("pin/")
    for _attempt in range(4):
        assert "Die PIN stimmt nicht" in other.post("pin/", {"pin": "111222"})
    assert "Zu viele Fehlversuche" in other.post("pin/", {"pin": "111222"})
    # Now the right one opens nothing either; whoever was in before stays in.
    assert "Zu viele Fehlversuche" in other.post("pin/", {"pin": PIN})
    assert other.client.get(other.address()).status_code == 302
    mine.get()


def test_the_pin_is_forgotten_after_half_an_hour_and_on_leaving(mine: Mine) -> None:
    session = mine.client.session
    kept = session["person_links"]
    kept[str(mine.link.pk)]["until"] -= 31 * 60
    session["person_links"] = kept
    session.save()
    assert mine.client.get(mine.address()).status_code == 302
    mine.post("pin/", {"pin": PIN})
    mine.get()
    assert "Geben Sie Ihre PIN ein" in mine.post("leave/")
    assert mine.client.get(mine.address()).status_code == 302


def test_links_that_are_none_are_told_alike(mine: Mine) -> None:
    secret, signature = mine.token.split(".")
    tokens = ["x", "x.y", f"{secret}.{signature[:-2]}xx"]
    PersonLink.objects.filter(pk=mine.link.pk).update(expires_at=timezone.now())
    answers = [Client().get(f"/my-claim/{token}/") for token in tokens]
    answers.append(mine.client.get(mine.address()))
    for answer in answers:
        assert answer.status_code == 404
        assert "Dieser Link gilt nicht mehr" in answer.content.decode()


def test_one_link_opens_nothing_of_another_claim(mine: Mine) -> None:
    theirs = start_claim("18")
    assert mine.client.get(theirs.address()).status_code == 302
    assert mine.client.get(theirs.address("reads/")).status_code == 302
    case = open_case(
        claim=theirs.claim,
        kind=AssistanceKind.HOTLINE,
        wish="",
        channel=Channel.PERSON,
        user=None,
        now=timezone.now(),
    )
    answer = mine.client.post(mine.address(f"assistance/{case.pk}/feedback/"), {"score": 5})
    assert answer.status_code == 404


def test_addresses_are_kept_to_the_browser(mine: Mine) -> None:
    for page in ("", "pin/", "days/"):
        answer = mine.client.get(mine.address(page))
        assert answer.headers["Referrer-Policy"] == "strict-origin"
        assert "no-store" in answer.headers["Cache-Control"]
        assert "noindex" in answer.headers["X-Robots-Tag"]
    gone = Client().get("/my-claim/nobody/")
    assert gone.headers["Referrer-Policy"] == "strict-origin"


def test_the_token_stands_in_no_log() -> None:
    for text in (
        "Not Found: /my-claim/abc.def/documents/",
        '"GET /my-claim/abc.def/?x=1 HTTP/1.1" 404 12',
        "Forbidden (CSRF cookie not set.): /invitations/abc.def/",
    ):
        event: structlog.typing.EventDict = {"event": text, "number": 3}
        hidden = hide_secrets(None, "warning", event)
        assert "abc" not in hidden["event"]
        assert "[removed]" in hidden["event"]
        assert hidden["number"] == 3


def test_forms_need_their_own_token(mine: Mine) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(mine.address("pin/"), {"pin": PIN}).status_code == 403


@pytest.mark.parametrize(
    ("name", "make", "media_type"),
    [
        ("note.jpg", lambda: picture("JPEG"), "image/jpeg"),
        ("note.png", lambda: picture("PNG"), "image/png"),
        # Kept as something that every browser shows.
        ("note.heic", lambda: picture("HEIF"), "image/jpeg"),
        ("note.pdf", pdf, "application/pdf"),
    ],
)
def test_a_photo_or_a_pdf_is_taken_with_its_days(
    mine: Mine, name: str, make: Callable[[], bytes], media_type: str
) -> None:
    last = mine.first_day + timedelta(days=44)
    html = upload(mine, (name, make()), first_day=typed(mine.first_day), last_day=typed(last))
    assert "Danke, Ihre Bescheinigung ist da." in html
    with opened():
        document = MedicalDocument.objects.get(claim=mine.claim)
    certificate = Certificate.objects.get(sick_leave__claim=mine.claim)
    assert document.media_type == media_type
    assert certificate.period == Period(mine.first_day, last)
    assert certificate.source == CertificateSource.PORTAL
    assert certificate.channel == Channel.PERSON
    assert certificate.document_id == document.pk
    assert typed(last) in mine.get("documents/")
    assert f"ab {typed(last + timedelta(days=1))} hoch" in mine.get()


def test_what_cannot_be_read_is_told_and_nothing_is_kept(mine: Mine) -> None:
    good, bad = ("page1.jpg", picture()), ("list.xlsx", b"PK\x03\x04 no picture")
    html = upload(mine, good, bad)
    assert "list.xlsx" in html
    with opened():
        assert not MedicalDocument.objects.exists()
    assert not Review.objects.exists()
    html = upload(mine, good, first_day=typed(mine.first_day))
    assert "lassen Sie beide frei" in html
    assert "Nehmen Sie ein Foto auf" in upload(mine)


def test_a_camera_picture_and_files_are_taken_together(mine: Mine) -> None:
    photo = SimpleUploadedFile("camera.jpg", picture())
    upload(mine, ("a.png", picture("PNG")), photo=photo)
    with opened():
        assert MedicalDocument.objects.filter(claim=mine.claim).count() == 2


def test_a_paper_without_days_is_work_for_an_examiner(mine: Mine) -> None:
    assert "Wir sehen sie uns an" in upload(mine, ("a.jpg", picture()), ("b.png", picture("PNG")))
    with opened():
        assert MedicalDocument.objects.filter(claim=mine.claim).count() == 2
    assert Review.objects.get(claim=mine.claim).done_at is None
    assert not Certificate.objects.exists()


def test_days_that_do_not_fit_are_clarified_and_the_paper_is_kept(mine: Mine) -> None:
    before = mine.first_day - timedelta(days=3)
    html = upload(
        mine, ("a.jpg", picture()), first_day=typed(before), last_day=typed(mine.first_day)
    )
    assert "beginnt vor dem ersten Tag" in html
    assert Review.objects.filter(claim=mine.claim).count() == 1
    with opened():
        assert MedicalDocument.objects.filter(claim=mine.claim).count() == 1


def test_account_consents_and_contact_are_given_and_taken_back(mine: Mine) -> None:
    account = {"holder": "Zoë Müller", "iban": "DE75 5121 0800 1245 1261 99", "is_person": "on"}
    assert "Diese IBAN stimmt nicht" in mine.post("account/", {**account, "iban": "DE75 5121 0"})
    assert "warum das Konto" in mine.post("account/", {**account, "is_person": ""})
    assert "Wir prüfen das Konto" in mine.post("account/", account)
    payee = Payee.objects.get(claim=mine.claim)
    assert (payee.holder, payee.channel, payee.checked_at) == ("Zoë Müller", "PERSON", None)
    assert payee.iban not in mine.get("account/")

    html = mine.get("consents/")
    assert "§ 213 VVG" in html
    given = {"kind": "health_data", "version": "2026-11", "name": "Zoë Müller", "agrees": "on"}
    assert "Häkchen" in mine.post("consents/", {**given, "agrees": ""})
    assert "neue Fassung" in mine.post("consents/", {**given, "version": "2001-01"})
    assert not Consent.objects.exists()
    assert "ist gespeichert" in mine.post("consents/", given)
    assert "§ 213 VVG" in Consent.objects.get().wording
    assert "widerrufen" in mine.post("consents/", {"kind": "health_data", "withdraw": "1"})
    assert [each.given for each in Consent.objects.order_by("pk")] == [True, False]

    contact = {"street": "Weg 1", "postal_code": "12345", "town": "Ort", "country": "DE"}
    assert "Straße und Hausnummer an" in mine.post("contact/", {**contact, "street": ""})
    mine.post("contact/", {**contact, "phone": "030 1"})
    assert Contact.objects.get(claim=mine.claim).town == "Ort"


def test_help_is_asked_for_from_the_first_day_and_judged(mine: Mine, examiner: User) -> None:
    asked = {"kind": "SHOPPING", "wish": SECRET_WISH}
    html = mine.post("assistance/", asked)
    assert "klingt nach einer Krankheit" in html
    assert not AssistanceCase.objects.exists()
    mine.post("assistance/", {**asked, "wish": "Dienstags, Getränke"})
    case = AssistanceCase.objects.get(claim=mine.claim)
    work = WorkItem.objects.get(kind="assistance", subject=case.pk)
    assert mine.person.last_name not in work.title
    now = timezone.now()
    provider = save_provider(
        provider=None,
        name="Einkaufshilfe Ort",
        kinds=[AssistanceKind.SHOPPING],
        region="",
        phone="030 2",
        email="",
        active=True,
    )
    order = order_service(
        case=case,
        provider=provider,
        service_on=timezone.localdate(now),
        what="Wocheneinkauf",
        agreed_cost=Decimal("19.00"),
        user=examiner,
        now=now,
    )
    assert "Wocheneinkauf" in mine.get("assistance/")
    assert "Wie war es?" not in mine.get("assistance/")
    finish_order(order=order, done_on=timezone.localdate(now), cost=Decimal("18.00"), now=now)
    assert "Wie war es?" in mine.get("assistance/")
    mine.post(f"assistance/{case.pk}/feedback/", {"score": "4", "comment": "pünktlich"})
    case.refresh_from_db()
    assert case.feedback.score == 4
    assert "4 von 5" in mine.get("assistance/")


def test_every_read_of_papers_is_shown(mine: Mine, examiner: User) -> None:
    assert "Niemand hat Ihre Unterlagen" in mine.get("reads/")
    read_medical(claim=mine.claim, reason="examine", user=examiner, now=timezone.now())
    html = mine.get("reads/")
    assert "Vera" in html
    assert "Prüfung des Leistungsanspruchs" in html


def test_days_payments_and_letters_in_both_languages(mine: Mine) -> None:
    last = mine.first_day + timedelta(days=44)
    upload(mine, ("a.jpg", picture()), first_day=typed(mine.first_day), last_day=typed(last))
    html = mine.get("days/")
    assert html.count("<svg") >= 2
    assert "Karenzzeit" in html
    assert typed(mine.first_day + timedelta(days=42)) in html
    assert "Noch keine Zahlung" in mine.get("payments/")
    mine.client.post("/language/", {"language": "en", "next": mine.address()})
    assert '<html lang="en">' in mine.get()


def test_a_letter_of_another_claim_is_not_sent(mine: Mine) -> None:
    assert mine.client.get(mine.address("letters/999999/")).status_code == 404


@pytest.mark.parametrize(
    "page",
    ["", "documents/", "account/", "consents/", "contact/", "days/", "payments/", "reads/",
     "assistance/"],
)  # fmt: skip
def test_a_page_is_light_and_has_nothing_inline(mine: Mine, page: str) -> None:
    last = mine.first_day + timedelta(days=44)
    upload(mine, ("a.jpg", picture()), first_day=typed(mine.first_day), last_day=typed(last))
    queries, size = count_queries(mine.client, mine.address(page))
    assert queries <= MOST_QUERIES
    assert size <= MOST_BYTES
    html = mine.get(page)
    assert html.count("<h1") == 1
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert not re.search(r"<[^>]*\s(?:style|on[a-z]+)=", html)
    assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", html)
    identifiers = re.findall(r'\sid="([^"]+)"', html)
    assert len(identifiers) == len(set(identifiers))
