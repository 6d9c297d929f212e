"""Employers and brokers report leaves: what they enter, what they see, and what they never see."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from aupolicy.kernel.period import Period
from aupolicy.models import Broker, GroupContract, Right, Role, User
from aupolicy.operations import give_authority, give_grant
from aupolicy.operations.fence import Scope, acting_within
from aupolicy.queries import get_rights
from claims.facts import AssistanceKind, CertificateSource, Channel
from claims.models import AssistanceCase, Certificate, Claim, PersonLink, SickLeave
from claims.operations.leaves import add_certificate, report_leave
from claims.operations.links import set_pin
from claims.queries.assistance import count_by_kind
from members.models import Person
from tests.claims.world import insure, make_contract, make_examiner

pytestmark = pytest.mark.django_db


@dataclass
class Room:
    contract: GroupContract
    person: Person
    other: Person
    hr: Client
    reader: Client

    @property
    def address(self) -> str:
        return f"/employers/{self.contract.employer_id}/sick-leaves/"


def sign_in(name: str, role: Role, **party: Any) -> Client:
    # The insurer of the other tests here has people of these names.
    user = User.objects.create_user(f"{name}-sick", email=f"{name}-sick@example.org")
    give_grant(user=user, role=role, first_day=timezone.localdate(), **party)
    client = Client(headers={"accept-language": "de"})
    client.force_login(user)
    return client


@pytest.fixture
def room() -> Room:
    contract = make_contract("T-1")
    employer = contract.employer
    return Room(
        contract,
        insure(contract, "17"),
        insure(contract, "18", first_name="Zora", last_name="Müllner"),
        sign_in("hr", Role.EMPLOYER_EDITOR, employer=employer),
        sign_in("reader", Role.EMPLOYER_READER, employer=employer),
    )


def typed(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


def report(client: Client, room: Room, **changed: str) -> str:
    data = {
        "who": "17",
        "first_day": typed(ago(20)),
        "until": typed(ago(7)),
        "kind": "first",
        "established_on": typed(ago(20)),
        "source": "EAU",
        "reference": "",
        **changed,
    }
    answer = client.post(f"{room.address}new/", data, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_leave_is_reported_without_a_diagnosis(room: Room) -> None:
    form = room.hr.get(f"{room.address}new/").content.decode()
    assert "Eine Diagnose fragen wir hier nicht ab" in form
    html = report(room.hr, room, reference="P-1")
    assert "Die Krankmeldung ist eingegangen." in html
    assert "Wie es weitergeht" in html
    leave = SickLeave.objects.get()
    certificate = Certificate.objects.get()
    assert (leave.channel, leave.reference, leave.first_day) == ("EMPLOYER", "P-1", ago(20))
    assert certificate.period == Period(ago(20), ago(7))
    assert certificate.source == CertificateSource.EAU
    assert "Müller" in room.reader.get(room.address).content.decode()


def test_the_same_again_is_one_and_overlaps_are_told(room: Room) -> None:
    report(room.hr, room)
    assert "kannten wir schon" in report(room.hr, room)
    assert "schon gemeldet" in report(room.hr, room, first_day=typed(ago(12)))
    assert SickLeave.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"who": "Niemand"}, "Niemand gefunden"),
        ({"who": ""}, "wer arbeitsunfähig ist"),
        ({"first_day": "30.02.2026"}, "Diesen Tag gibt es nicht"),
        ({"until": typed(date(2020, 1, 1))}, "liegt vor dem ersten"),
        ({"first_day": typed(timezone.localdate() + timedelta(days=9)), "until": ""}, "Zukunft"),
    ],
)
def test_what_is_wrong_is_told(room: Room, changed: dict[str, str], text: str) -> None:
    assert text in report(room.hr, room, **changed)
    assert not SickLeave.objects.exists()


def test_a_name_that_several_have_is_offered_to_choose_from(room: Room) -> None:
    html = report(room.hr, room, who="Müll")
    assert "Mehrere Personen passen" in html
    assert 'type="radio" name="who" value="18"' in html
    report(room.hr, room, who="Müllner, Zora (18)")
    assert SickLeave.objects.get().person == room.other
    options = room.hr.get(f"{room.address}people/", {"who": "müll"}).content.decode()
    assert options.count("<option") == 2


def test_a_follow_up_is_entered_and_taken_back(room: Room) -> None:
    report(room.hr, room)
    leave = SickLeave.objects.get()
    address = f"{room.address}{leave.pk}/"
    follow = {"first_day": typed(ago(6)), "until": typed(ago(1)), "kind": "follow_up"}
    room.hr.post(f"{address}certificates/new/", {**follow, "source": "EAU"})
    newest = Certificate.objects.order_by("-period").first()
    assert newest is not None
    assert newest.is_follow_up
    assert typed(ago(1)) in room.hr.get(room.address).content.decode()
    room.hr.post(f"{address}certificates/{newest.pk}/withdraw/")
    newest.refresh_from_db()
    assert newest.withdrawn_at is not None
    room.hr.post(f"{address}withdraw/")
    leave.refresh_from_db()
    assert leave.withdrawn_at is not None
    html = room.hr.get(room.address, {"show": "withdrawn"}).content.decode()
    assert "zurückgenommen" in html


def test_readers_read_and_strangers_see_nothing(room: Room) -> None:
    report(room.hr, room)
    leave = SickLeave.objects.get()
    address = f"{room.address}{leave.pk}/"
    assert room.reader.get(address).status_code == 200
    assert "E-Mail schicken" not in room.reader.get(address).content.decode()
    for page in ("link/", "sheet/", "withdraw/", "certificates/new/"):
        assert room.reader.post(address + page).status_code == 403
    elsewhere = make_contract("T-2")
    stranger = sign_in("stranger", Role.EMPLOYER_ADMIN, employer=elsewhere.employer)
    assert stranger.get(address).status_code == 404
    own = f"/employers/{elsewhere.employer_id}/sick-leaves/"
    assert stranger.get(f"{own}{leave.pk}/").status_code == 404
    assert stranger.post(f"{own}{leave.pk}/withdraw/").status_code == 404


def test_the_broker_reports_with_its_right(room: Room) -> None:
    broker = Broker.objects.create(legal_name="Makler", registration_number="D-1234-SICKL-57")
    GroupContract.objects.filter(pk=room.contract.pk).update(broker=broker)
    client = sign_in("broker", Role.BROKER, broker=broker)
    given_by = User.objects.get(username="hr-sick")
    assert client.get(room.address).status_code == 404
    give_authority(
        employer=room.contract.employer,
        broker=broker,
        right=Right.EDIT,
        first_day=timezone.localdate(),
        given_by=given_by,
    )
    report(client, room)
    assert SickLeave.objects.get().channel == "BROKER"


def test_nothing_else_of_the_claim_is_seen(room: Room) -> None:
    """What the person and the examiner add never shows in the employer's room."""
    now, examiner = timezone.now(), make_examiner()
    report(room.hr, room)
    leave = SickLeave.objects.get()
    add_certificate(
        sick_leave=leave,
        period=Period(ago(6), ago(2)),
        is_follow_up=True,
        established_on=None,
        accident=False,
        source=CertificateSource.PORTAL,
        channel=Channel.PERSON,
        user=None,
        now=now,
    )
    report_leave(
        person=room.other,
        first_day=ago(30),
        channel=Channel.EXAMINER,
        user=examiner,
        reference="MARKER",
        now=now,
    )
    claim = Claim.objects.get(sick_leaves=leave)
    pages = [room.address, f"{room.address}{leave.pk}/", f"{room.address}?show=all"]
    for address in pages:
        html = room.hr.get(address).content.decode()
        assert claim.number not in html
        assert typed(ago(2)) not in html
        assert "MARKER" not in html
        assert "Müllner" not in html
    hidden = SickLeave.objects.get(person=room.other)
    assert room.hr.get(f"{room.address}{hidden.pk}/").status_code == 404


def test_the_link_goes_by_mail_or_on_a_sheet_until_the_person_has_it(room: Room) -> None:
    report(room.hr, room)
    leave = SickLeave.objects.get()
    address = f"{room.address}{leave.pk}/"
    assert room.hr.post(f"{address}link/", {"email": "x", "language": "de"}).status_code == 400
    private = {"email": "zoe@privat.example", "language": "en"}
    html = room.hr.post(f"{address}link/", private, follow=True).content.decode()
    assert "bekommt in wenigen Minuten eine E-Mail" in html
    assert "zoe@privat.example" not in html
    link = PersonLink.objects.get()
    assert (link.email, link.language, link.created_by) == (
        "zoe@privat.example",
        "en",
        User.objects.get(username="hr-sick"),
    )
    sheet = room.hr.post(f"{address}sheet/", {"language": "de"})
    content = b"".join(sheet.streaming_content)  # type: ignore[attr-defined]
    assert content.startswith(b"%PDF")
    claim = Claim.objects.get(sick_leaves=leave)
    assert claim.number not in sheet.headers["Content-Disposition"]
    newest = PersonLink.objects.get(revoked_at=None)
    set_pin(link=newest, pin="907254", now=timezone.now())
    # From now on the employer could only take the person's page away, or open it itself.
    html = room.hr.post(f"{address}link/", private, follow=True).content.decode()
    assert "nur vom Versicherer" in html
    assert room.hr.post(f"{address}sheet/", {"language": "de"}).status_code == 302
    assert PersonLink.objects.get(revoked_at=None).pk == newest.pk


def ask_for_help(room: Room, people: int, kind: AssistanceKind) -> None:
    """As many people as told ask for a kind of help this year."""
    now = timezone.now()
    person = Person.objects.get(pk=room.person.pk)
    for number in range(people):
        member = Person.objects.create(
            employer=person.employer,
            personnel_number=f"{kind.value}{number}",
            first_name="A",
            last_name="B",
            birth_date=date(1980, 1, 1),
        )
        claim = Claim.objects.create(
            number=f"L-{kind.value[:5]}-{number}",
            person=member,
            contract=room.contract,
            opened_at=now,
            registered_on=ago(0),
        )
        AssistanceCase.objects.create(
            claim=claim,
            person=member,
            employer=person.employer,
            kind=kind.value,
            channel="PERSON",
            opened_at=now,
        )


def test_small_groups_are_hidden_from_the_employer(room: Room) -> None:
    ask_for_help(room, 12, AssistanceKind.MEALS)
    ask_for_help(room, 3, AssistanceKind.CHILD_CARE)
    year = timezone.localdate().year
    counts = count_by_kind(employer=room.contract.employer, year=year, smallest=10)
    shown = {each.kind: each.cases for each in counts.kinds}
    assert shown[AssistanceKind.MEALS] == 12
    assert shown[AssistanceKind.CHILD_CARE] is None
    # 15 in all would tell that the others were three.
    assert counts.total is None
    address = f"/employers/{room.contract.employer_id}/assistance/"
    html = room.reader.get(address).content.decode()
    assert "12" in html
    assert ">15<" not in html
    assert "verborgen" in html
    assert "Müller" not in html
    ask_for_help(room, 10, AssistanceKind.SHOPPING)
    counts = count_by_kind(employer=room.contract.employer, year=year, smallest=10)
    assert counts.total is None
    counts = count_by_kind(employer=room.contract.employer, year=year, smallest=3)
    assert counts.total is None or counts.total == 25


def test_one_person_that_asks_often_is_a_small_group(room: Room) -> None:
    now = timezone.now()
    claim = Claim.objects.create(
        number="L-9", person=room.person, contract=room.contract, opened_at=now,
        registered_on=ago(0),
    )  # fmt: skip
    for _number in range(12):
        AssistanceCase.objects.create(
            claim=claim, person=room.person, employer=room.contract.employer, kind="MEALS",
            channel="PERSON", opened_at=now, closed_at=now, outcome="done",
        )  # fmt: skip
    counts = count_by_kind(employer=room.contract.employer, year=now.year, smallest=10)
    assert all(each.cases is None for each in counts.kinds)
    assert counts.total is None


def test_the_database_itself_hides_the_rest(room: Room) -> None:
    """Whatever a page of the employer's room would ask: there are no claims and no links."""
    report(room.hr, room)
    rights = get_rights(User.objects.get(username="hr-sick"), timezone.localdate())
    with acting_within(Scope.of(rights, employer_id=room.contract.employer_id)):
        assert SickLeave.objects.count() == 1
        assert not Claim.objects.exists()
        assert not PersonLink.objects.exists()
