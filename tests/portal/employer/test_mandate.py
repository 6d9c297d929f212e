"""The bank account on screen: asked for by one, confirmed by another."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from aupolicy.kernel.file_store import FileStore
from aupolicy.models import Role, User
from aupolicy.operations import give_grant
from billing.models import Mandate, MandateChange, MandateSignature, Statement
from billing.operations.mandate_stops import lift_suspension, revoke_mandate, suspend_mandate
from portal.templatetags.portal import grouped_iban
from tests.portal.conftest import Insurer

NEW = {
    "account_holder": "Luftdruck GmbH",
    "iban": "DE75 5121 0800 1245 1261 99",
    "scheme": "CORE",
    "sign": "1",
    "typed_name": "Sabine Krüger",
    "agrees": "on",
}
ACCOUNT = {key: NEW[key] for key in ("account_holder", "iban", "scheme")}
PAPER = b"%PDF-1.4\n1 0 obj\nendobj\n%%EOF\n"


@pytest.fixture
def room(insurer: Insurer) -> str:
    return f"/employers/{insurer.world.contract.employer_id}"


@pytest.fixture
def colleague(insurer: Insurer) -> Client:
    user = User.objects.create_user("colleague")
    give_grant(
        user=user,
        role=Role.EMPLOYER_ADMIN,
        first_day=insurer.world.today,
        employer=insurer.world.contract.employer,
    )
    client = Client(headers={"accept-language": "de"})
    client.force_login(user)
    return client


def _current(insurer: Insurer) -> Mandate:
    return Mandate.objects.get(
        contract=insurer.world.contract, period__contains=insurer.world.today
    )


def test_a_change_waits_for_a_second_person(
    room: str, insurer: Insurer, hr: Client, colleague: Client
) -> None:
    before = _current(insurer).iban
    assert hr.post(f"{room}/mandate/change/", NEW).status_code == 302
    assert _current(insurer).iban == before
    hr.post(f"{room}/mandate/confirm/")
    assert _current(insurer).iban == before
    colleague.post(f"{room}/mandate/confirm/")
    assert _current(insurer).iban == "DE75512108001245126199"
    html = hr.get(f"{room}/mandate/").content.decode()
    assert "durch eine zweite Person" in html


def test_a_wrong_code_confirms_nothing(room: str, insurer: Insurer, hr: Client) -> None:
    hr.post(f"{room}/mandate/change/", NEW)
    before = _current(insurer).iban
    answer = hr.post(f"{room}/mandate/confirm/", {"code": "123456"}, follow=True)
    assert "eine zweite Person" in answer.content.decode()
    assert _current(insurer).iban == before


def test_a_change_can_be_withdrawn(room: str, hr: Client, colleague: Client) -> None:
    hr.post(f"{room}/mandate/change/", NEW)
    colleague.post(f"{room}/mandate/withdraw/")
    assert MandateChange.objects.get().withdrawn_by is not None


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"iban": "DE75512108001245126198"}, "Diese IBAN stimmt nicht"),
        ({"account_holder": ""}, "auf wen das Konto lautet"),
        ({"agrees": ""}, "kein gültiges SEPA-Mandat"),
        ({"typed_name": "Sabine"}, "Vor- und Nachnamen"),
    ],
)
def test_what_is_wrong_is_told(changed: dict[str, str], text: str, room: str, hr: Client) -> None:
    answer = hr.post(f"{room}/mandate/change/", {**NEW, **changed})
    assert text in answer.content.decode()
    assert not MandateChange.objects.exists()


def test_the_mandate_is_read_before_it_is_signed(room: str, insurer: Insurer, hr: Client) -> None:
    reference = _current(insurer).reference
    html = hr.post(f"{room}/mandate/change/", ACCOUNT).content.decode()
    assert "Lesen und unterschreiben" in html
    for said in (reference, "DE75 5121 0800 1245 1261 99", "ermächtigen", "acht Wochen"):
        assert said in html
    assert not MandateChange.objects.exists()


def test_a_typed_name_is_kept_with_its_proof(
    room: str, insurer: Insurer, hr: Client, colleague: Client, clerk: Client
) -> None:
    shown = hr.post(f"{room}/mandate/change/", ACCOUNT).context["wording"]
    hr.post(f"{room}/mandate/change/", NEW)
    signature = MandateSignature.objects.get(change__isnull=False)
    assert (signature.how, signature.typed_name) == ("typed", "Sabine Krüger")
    assert (signature.ip_address, signature.user) == ("127.0.0.1", insurer.people["hr"])
    store = FileStore(Path(settings.FILES_ROOT))
    assert store.get(signature.wording_sha256).decode() == "\n\n".join(shown)
    colleague.post(f"{room}/mandate/confirm/")
    signature.refresh_from_db()
    # The mandate stays the one that was signed with the contract.
    assert signature.mandate is None
    assert _current(insurer).version == 2


def test_after_a_revocation_a_new_mandate_is_signed_on_paper(
    room: str, insurer: Insurer, hr: Client, colleague: Client, clerk: Client
) -> None:
    old = _current(insurer)
    revoke_mandate(
        mandate=old, received_on=insurer.world.today, reason="Brief", user=None,
        now=timezone.now(),
    )  # fmt: skip
    html = hr.get(f"{room}/mandate/").content.decode()
    assert "Ihr SEPA-Mandat ist widerrufen" in html
    assert "Neues Mandat erteilen" in html
    broken = SimpleUploadedFile("Mandat.pdf", b"kein Papier")
    said = {**ACCOUNT, "sign": "1", "iban": old.iban}
    answer = hr.post(f"{room}/mandate/change/", {**said, "paper": broken})
    assert answer.context["form"].errors["paper"]
    paper = SimpleUploadedFile("Mandat.pdf", PAPER)
    hr.post(f"{room}/mandate/change/", {**said, "paper": paper})
    colleague.post(f"{room}/mandate/confirm/")
    new = Mandate.objects.filter(contract=old.contract).latest("pk")
    assert (new.version, new.original, new.iban) == (1, None, old.iban)
    assert new.reference != old.reference
    assert (new.signature.how, new.signature.document_name) == ("document", "Mandat.pdf")
    proof = clerk.get(f"/mandates/{new.pk}/proof/file/")
    assert proof.getvalue() == PAPER


def test_a_suspended_mandate_says_so_and_the_statement_asks_for_a_transfer(
    room: str, insurer: Insurer, hr: Client, clerk: Client
) -> None:
    suspend_mandate(
        mandate=_current(insurer), reason="Rückfrage", code="", debit=None, user=None,
        now=timezone.now(),
    )  # fmt: skip
    assert "Ihr SEPA-Mandat ist ausgesetzt" in hr.get(f"{room}/mandate/").content.decode()
    waiting = Statement.objects.filter(
        contract=insurer.world.contract, number__isnull=False, open_item__debits=None
    ).earliest("pk")
    for client, address in (
        (hr, f"{room}/statements/{waiting.pk}/"),
        (clerk, f"/statements/{waiting.pk}/"),
    ):
        html = client.get(address).content.decode()
        assert "Wird nicht eingezogen: das Mandat ist ausgesetzt" in html
        assert grouped_iban(settings.INSURER["iban"]) in html
    lift_suspension(mandate=_current(insurer), reason="Geklärt", user=None, now=timezone.now())
    assert (
        "Wird nicht eingezogen" not in hr.get(f"{room}/statements/{waiting.pk}/").content.decode()
    )


def test_only_those_who_administer_may(room: str, hr_editor: Client, broker: Client) -> None:
    for client in (hr_editor, broker):
        assert client.get(f"{room}/mandate/").status_code == 200
        assert client.post(f"{room}/mandate/change/", NEW).status_code == 403
    assert not MandateChange.objects.exists()


def test_the_account_is_hidden_from_those_who_only_read(
    room: str, insurer: Insurer, hr: Client, hr_reader: Client
) -> None:
    iban = _current(insurer).iban
    middle = iban[8:12]
    assert middle in hr.get(f"{room}/mandate/").content.decode()
    assert middle not in hr_reader.get(f"{room}/mandate/").content.decode()
