"""From a broker's application to a contract: complete, decided once, everything in place."""

import threading
from datetime import UTC, date, datetime

import pytest
from django.db import connection, transaction

from aupolicy.kernel.period import Period
from aupolicy.models import (
    Application,
    Broker,
    BrokerAuthority,
    Employer,
    GroupContract,
    Quote,
    User,
    WorkItem,
)
from billing.models import Mandate
from billing.operations.applications import (
    ApplicationIncomplete,
    UnableToDecideApplication,
    accept_application,
    decline_application,
    hand_over_application,
    take_contract_number,
)
from billing.queries.applications import list_known_employers, list_problems

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
TODAY = date(2026, 11, 20)
CREDITOR = "DE98ZZZ09999999999"


def _draft(**values: object) -> Application:
    broker_user, _new = User.objects.get_or_create(username="broker")
    broker, _new = Broker.objects.get_or_create(
        registration_number="D-1234-ABCDE-56", defaults={"legal_name": "Nordlicht"}
    )
    quote = Quote.objects.create(
        number=f"AN-{Quote.objects.count() + 1}", broker=broker, employer_name="Muster GmbH",
        tariff_key="bau-2016", start=date(2027, 1, 1), payroll=[["2400.00", 4]],
        hours_month="165.00", result={}, created_by=broker_user, created_at=NOW,
    )  # fmt: skip
    complete = {
        "quote": quote, "broker": broker, "legal_name": "Muster GmbH", "street": "Hauptstraße",
        "building_number": "1", "postal_code": "50667", "town": "Köln", "contact_name": "Petra P.",
        "contact_email": "personal@muster.example", "tariff_key": "bau-2016",
        "start": date(2027, 1, 1), "account_holder": "Muster GmbH",
        "iban": "DE02 1203 0000 0000 2020 51", "mandate_signed_on": date(2026, 11, 18),
        "signature_name": "mandat.pdf", "signature_sha256": "0" * 64, "gives_authority": "edit",
        "created_by": broker_user, "created_at": NOW,
    }  # fmt: skip
    return Application.objects.create(**(complete | values))


def _clerk() -> User:
    return User.objects.get_or_create(username="clerk")[0]


def _handed_over(**values: object) -> Application:
    return hand_over_application(application=_draft(**values), by=_clerk(), now=NOW)


def _accept(application: Application, **values: object) -> GroupContract:
    return accept_application(
        application=application, by=_clerk(), now=NOW, creditor_identifier=CREDITOR,
        **values,  # type: ignore[arg-type]
    )  # fmt: skip


def test_handing_over_makes_it_work_for_the_insurer() -> None:
    application = _handed_over()
    assert application.status == "handed_over"
    item = WorkItem.objects.get()
    assert (item.kind, item.subject, item.due) == (
        "application",
        application.pk,
        date(2026, 11, 27),
    )


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"iban": ""}, {"iban": "MISSING"}),
        ({"iban": "DE02120300000000202052"}, {"iban": "check_digits"}),
        ({"betriebsnummer": "12345678"}, {"betriebsnummer": "check_digits"}),
        ({"tariff_key": "bau-1900"}, {"tariff_key": "UNKNOWN_TARIFF"}),
        ({"start": date(2015, 1, 1)}, {"tariff_key": "TARIFF_NOT_IN_FORCE"}),
        ({"start": date(2027, 1, 2)}, {"start": "NOT_FIRST_OF_MONTH"}),
        ({"start": date(2025, 10, 1)}, {"start": "START_TOO_EARLY"}),
        ({"mandate_signed_on": date(2026, 11, 21)}, {"mandate_signed_on": "SIGNED_IN_FUTURE"}),
        ({"scheme": "COR1"}, {"scheme": "UNKNOWN_SCHEME"}),
        ({"gives_authority": "all"}, {"gives_authority": "UNKNOWN_RIGHT"}),
        ({"signature_sha256": ""}, {"signature_sha256": "MISSING"}),
        ({"street": "", "town": ""}, {"street": "MISSING", "town": "MISSING"}),
    ],
)
def test_every_gap_and_fault_is_named(values: dict[str, object], problem: dict[str, str]) -> None:
    application = _draft(**values)
    assert list_problems(application, TODAY) == problem
    with pytest.raises(ApplicationIncomplete) as caught:
        hand_over_application(application=application, by=_clerk(), now=NOW)
    assert caught.value.problems == problem
    assert not WorkItem.objects.exists()


def test_accepting_puts_everything_in_place() -> None:
    application = _handed_over()
    contract = _accept(application)
    application.refresh_from_db()
    assert contract.number == "GV-2027-0001"
    assert contract.period == Period(date(2027, 1, 1))
    assert contract.employer.legal_name == "Muster GmbH"
    assert contract.versions.get().tariff_key == "bau-2016"
    mandate = Mandate.objects.get(contract=contract)
    assert (mandate.iban, mandate.signed_on) == ("DE02120300000000202051", date(2026, 11, 18))
    authority = BrokerAuthority.objects.get()
    assert (authority.employer, authority.right) == (contract.employer, "edit")
    assert (application.status, application.contract) == ("accepted", contract)
    assert WorkItem.objects.get().done_by == _clerk()


def test_an_employer_that_is_known_gets_a_second_contract() -> None:
    first = _accept(_handed_over())
    application = _handed_over(legal_name="muster gmbh")
    assert list_known_employers(application) == [first.employer]
    second = _accept(application, employer=first.employer)
    assert second.employer == first.employer
    assert Employer.objects.count() == 1


def test_without_authority_the_broker_gets_none() -> None:
    _accept(_handed_over(gives_authority=""))
    assert not BrokerAuthority.objects.exists()


def test_it_is_decided_once() -> None:
    application = _handed_over()
    _accept(application)
    with pytest.raises(UnableToDecideApplication, match="ACCEPTED"):
        _accept(application)
    with pytest.raises(UnableToDecideApplication, match="ACCEPTED"):
        decline_application(application=application, by=_clerk(), now=NOW, reason="doch nicht")
    with pytest.raises(UnableToDecideApplication, match="ACCEPTED"):
        hand_over_application(application=application, by=_clerk(), now=NOW)
    assert GroupContract.objects.count() == 1


def test_what_is_not_handed_over_cannot_be_decided() -> None:
    with pytest.raises(UnableToDecideApplication, match="DRAFT"):
        _accept(_draft())


def test_declining_needs_a_reason_and_closes_the_work() -> None:
    application = _handed_over()
    with pytest.raises(UnableToDecideApplication, match="NO_REASON"):
        decline_application(application=application, by=_clerk(), now=NOW, reason="  ")
    declined = decline_application(
        application=application, by=_clerk(), now=NOW, reason="Branche nicht versicherbar"
    )
    assert (declined.status, declined.decision_note) == ("declined", "Branche nicht versicherbar")
    assert WorkItem.objects.get().note == "Branche nicht versicherbar"
    assert not GroupContract.objects.exists()


def test_what_became_late_while_it_waited_is_not_accepted() -> None:
    application = _handed_over()
    Application.objects.filter(pk=application.pk).update(start=date(2024, 1, 1))
    with pytest.raises(ApplicationIncomplete):
        _accept(application)
    assert not Employer.objects.exists()


def test_numbers_of_imported_contracts_are_stepped_over() -> None:
    employer = Employer.objects.create(legal_name="A", street="B", postal_code="1", town="C")
    for number in ("GV-2027-0041", "GV-2027-X", "GV-2026-0099"):
        GroupContract.objects.create(
            number=number, employer=employer, period=Period(date(2027, 1, 1))
        )
    assert take_contract_number(date(2027, 1, 1)) == "GV-2027-0042"
    assert take_contract_number(date(2027, 5, 1)) == "GV-2027-0043"
    assert take_contract_number(date(2028, 1, 1)) == "GV-2028-0001"


@pytest.mark.django_db(transaction=True)
def test_two_who_accept_at_once_get_different_numbers() -> None:
    numbers: list[str] = []
    together = threading.Barrier(4)

    def take() -> None:
        together.wait()
        with transaction.atomic():
            numbers.append(take_contract_number(date(2027, 1, 1)))
        connection.close()

    threads = [threading.Thread(target=take) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == [f"GV-2027-000{n}" for n in (1, 2, 3, 4)]
