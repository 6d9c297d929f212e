"""The matrix: every address of every room, as everybody, by GET and by POST.

Whoever has no business in a room gets 404 there (or is asked to sign in), readers change nothing,
and keys of another employer's rows lead nowhere in one's own room. A test fails with the list of
the addresses that let somebody in.
"""

from collections.abc import Iterable

import pytest
from django.test import Client
from django.utils import timezone

from aupolicy.models import Broker, Role, User
from aupolicy.operations import give_grant
from aupolicy.operations.fence import ALL, Scope
from claims.operations.links import create_link
from tests.portal.conftest import Insurer
from tests.portal.matrix import (
    ROOMS,
    Address,
    Examples,
    add_invitation,
    add_program,
    examples_of_broker,
    examples_of_claim,
    examples_of_employer,
    list_addresses,
    list_rooms,
)
from tests.tenancy.rows import add_rows

EVERYBODY = frozenset(
    {
        "clerk",
        "auditor",
        "examiner",
        "hr",
        "hr_editor",
        "hr_reader",
        "hairdresser",
        "broker",
        "stranger",
    }
)
# Who may come in at all.
INSIDE = {
    "insurer": {"clerk", "auditor", "examiner"},
    "employer": {"clerk", "auditor", "examiner", "hr", "hr_editor", "hr_reader", "broker"},
    "broker": {"clerk", "auditor", "examiner", "broker"},
    # Of the insurer's people, too, only those come in who examine claims or audit.
    "examiner": {"auditor", "examiner"},
}
READERS = {
    "insurer": {"auditor"},
    "employer": {"auditor", "hr_reader"},
    "broker": {"auditor"},
    "examiner": {"auditor"},
}
# The insurer's other people are told that this is not for them; strangers learn nothing.
REFUSED = {("examiner", "clerk"): 403}
# A method that the page never takes is refused before anybody is asked.
CLOSED = {404, 405}


@pytest.fixture
def examples(insurer: Insurer) -> dict[str, Examples]:
    """Room -> keys of rows: the large employer's and its broker's, "foreign" those of others."""
    world, people = insurer.world, insurer.people
    small = world.contracts["Friseursalon Haarschön"]
    for contract in (world.contract, small):
        add_rows(contract, people["clerk"])
        add_invitation(role=Role.EMPLOYER_READER, employer=contract.employer)
    own, other = people["broker"].grants.get().broker, Broker.objects.latest("pk")
    assert own is not None
    rival = User.objects.create_user("rival", email="rival@example.org")
    give_grant(user=rival, role=Role.BROKER, first_day=world.today, broker=other)
    for broker in (own, other):
        add_invitation(role=Role.BROKER, broker=broker)
        add_program(broker=broker)
    # Each broker has one of the two quotes made above.
    for broker, contract in ((own, world.contract), (other, small)):
        application = contract.employer.applications.latest("pk")
        application.broker = application.quote.broker = broker
        application.quote.save()
        application.save()
    ours = examples_of_employer(world.contract, people["hr_reader"])
    brokers = examples_of_broker(own.pk, people["broker"])
    return {
        "insurer": brokers | ours,
        "employer": ours,
        "broker": brokers,
        "examiner": examples_of_claim(world.contract.claims.latest("pk")),
        "foreign employer": examples_of_employer(small, people["hairdresser"]),
        "foreign broker": examples_of_broker(other.pk, rival),
    }


def browser(insurer: Insurer, name: str) -> Client:
    """A browser of somebody; nobody's for "anonymous"."""
    client = Client(headers={"accept-language": "de"})
    if name != "anonymous":
        client.force_login(insurer.people[name])
    return client


def answers(client: Client, addresses: Iterable[Address]) -> dict[tuple[str, str], int]:
    """(Method, name) -> status of what a page answers."""
    return {
        (method, address.name): getattr(client, method)(address.path).status_code
        for address in addresses
        for method in ("get", "post")
    }


def test_every_room_is_in_the_matrix() -> None:
    assert list_rooms() - {"", "portal", "admin", "person", "api"} == set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_who_has_no_business_in_a_room_finds_nothing(
    room: str, insurer: Insurer, examples: dict[str, Examples]
) -> None:
    addresses = list_addresses(room, examples[room])
    for name in sorted(EVERYBODY - INSIDE[room]):
        told = answers(browser(insurer, name), addresses)
        closed = {*CLOSED, REFUSED.get((room, name), 404)}
        assert {key: status for key, status in told.items() if status not in closed} == {}, name


def test_health_data_is_for_examiners_alone(
    insurer: Insurer, examples: dict[str, Examples]
) -> None:
    """Auditors read the rest of a claim, but these pages refuse them whatever they send."""
    medical = [
        address
        for address in list_addresses("examiner", examples["examiner"])
        if "/medical/" in address.path
    ]
    assert len(medical) >= 5
    told = answers(browser(insurer, "auditor"), medical)
    assert set(told.values()) <= {403, 405}
    assert answers(browser(insurer, "examiner"), medical)["get", "medical"] == 200


def test_the_insured_persons_page_is_nobodys_without_its_link_and_pin(
    insurer: Insurer, examples: dict[str, Examples]
) -> None:
    assert examples["examiner"]["claim_id"]
    claim = insurer.world.contract.claims.latest("pk")
    made = create_link(claim=claim, email="", language="de", user=None, now=timezone.now())
    for token, status in (("x" * 40, 404), (f"{made.token}x", 404), (made.token, 302)):
        keys: Examples = {"token": token, "document_id": 1, "case_id": 1}
        addresses = [a for a in list_addresses("person", keys) if a.name != "pin"]
        assert len(addresses) >= 10
        for name in ("anonymous", "clerk", "examiner", "hr", "broker", "stranger"):
            told = answers(browser(insurer, name), addresses)
            assert set(told.values()) <= {status, 405}, (name, told)


@pytest.mark.parametrize("room", ROOMS)
def test_without_sign_in_one_is_asked_to_sign_in(
    room: str, insurer: Insurer, examples: dict[str, Examples]
) -> None:
    client = browser(insurer, "anonymous")
    for address in list_addresses(room, examples[room]):
        for answer in (client.get(address.path), client.post(address.path)):
            if answer.status_code != 405:
                assert answer.status_code == 302, address
                assert answer["Location"].startswith("/sign-in/?next="), address


@pytest.mark.parametrize("room", ROOMS)
def test_readers_change_nothing(room: str, insurer: Insurer, examples: dict[str, Examples]) -> None:
    addresses = list_addresses(room, examples[room])
    for name in sorted(READERS[room]):
        client = browser(insurer, name)
        told = {address.name: client.post(address.path).status_code for address in addresses}
        assert {key: status for key, status in told.items() if status not in {403, 405}} == {}, name


@pytest.fixture(params=["fenced", "open"])
def database(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Open, the database shows everything, and the queries of the pages stand alone."""
    if request.param == "open":
        monkeypatch.setattr(Scope, "of", lambda *_of, **_room: ALL)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(("room", "name"), [("employer", "hr"), ("broker", "broker")])
def test_keys_of_other_rooms_lead_nowhere(
    room: str, name: str, insurer: Insurer, examples: dict[str, Examples]
) -> None:
    """One key at a time is another's: whichever of them a page forgets to check is found."""
    own, foreign = examples[room], examples[f"foreign {room}"]
    client = browser(insurer, name)
    rows = [key for key in foreign if key != f"{room}_id" and foreign[key] != own.get(key)]
    assert len(rows) >= 4
    for key in rows:
        addresses = [a for a in list_addresses(room, own | {key: foreign[key]}) if key in a.keys]
        assert addresses, key
        told = answers(client, addresses)
        assert {at: status for at, status in told.items() if status not in CLOSED} == {}, key


@pytest.mark.parametrize(
    ("room", "name", "pages"),
    [
        ("employer", "hr", {"person", "statement", "notice", "user", "program"}),
        ("broker", "broker", {"application", "user", "program"}),
    ],
)
def test_keys_of_the_own_room_lead_somewhere(
    room: str, name: str, pages: set[str], insurer: Insurer, examples: dict[str, Examples]
) -> None:
    """Else the test above would prove nothing."""
    client = browser(insurer, name)
    addresses = [a for a in list_addresses(room, examples[room]) if a.name in pages]
    assert len(addresses) >= 2
    told = {address.name: client.get(address.path).status_code for address in addresses}
    assert {at: status for at, status in told.items() if status in {403, 404}} == {}
