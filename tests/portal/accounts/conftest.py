"""Two employers, a broker and their people; no contracts are needed to sign in."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from aupolicy.models import Broker, Employer, GroupContract, Role, User
from aupolicy.operations import give_grant, sign_contract
from aupolicy.operations.agreement import Terms

PASSWORD = "constructed-for-tests-only"


@dataclass
class House:
    """Who is there: `people` by user name."""

    employer: Employer
    other: Employer
    broker: Broker
    contract: GroupContract
    people: dict[str, User]
    today: date

    def browser(self, name: str) -> Client:
        """A browser in which somebody is signed in."""
        client = Client(headers={"accept-language": "de"})
        client.force_login(self.people[name])
        return client


def _employer(name: str) -> Employer:
    return Employer.objects.create(
        legal_name=name, street="Ringstraße", building_number="1", postal_code="04103",
        town="Leipzig",
    )  # fmt: skip


@pytest.fixture
def house(db: None) -> House:
    """An employer with admin and reader, another one, a broker, and the insurer's people."""
    employer, other = _employer("Autohaus Fahrspaß GmbH"), _employer("Anderswo GmbH")
    broker = Broker.objects.create(legal_name="Nordlicht GmbH", registration_number="D-1-A-1")
    today = timezone.localdate()
    contract = sign_contract(
        number="GV-1",
        employer=employer,
        broker=broker,
        start=today.replace(day=1),
        terms=Terms(tariff_key="bau-2016"),
    )
    since = today - timedelta(days=30)
    roles = {
        "admin": (Role.EMPLOYER_ADMIN, employer, None),
        "reader": (Role.EMPLOYER_READER, employer, None),
        "outsider": (Role.EMPLOYER_ADMIN, other, None),
        "broker": (Role.BROKER, None, broker),
        "clerk": (Role.CLERK, None, None),
        "auditor": (Role.AUDITOR, None, None),
        "chief": (Role.CLERK, None, None),
    }
    people = {}
    for name, (role, of_employer, of_broker) in roles.items():
        user = User.objects.create_user(
            name, f"{name}@haus.example", PASSWORD, first_name=name.title(), last_name="Muster"
        )
        give_grant(user=user, role=role, first_day=since, employer=of_employer, broker=of_broker)
        people[name] = user
    people["chief"].is_superuser = True
    people["chief"].save()
    people["nobody"] = User.objects.create_user("nobody", "nobody@haus.example", PASSWORD)
    return House(employer, other, broker, contract, people, today)
