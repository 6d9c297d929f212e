"""A broker's portfolio from the database: whose contracts, whose names, which statements."""

import io
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aupolicy.facts import Party
from aupolicy.models import Broker, Employer, GroupContract, Right, Role, User
from aupolicy.operations import (
    Terms,
    give_authority,
    give_grant,
    receive_cancellation,
    sign_contract,
)
from aupolicy.operations.fence import Scope, acting_within
from aupolicy.queries import get_rights
from billing.models import BillingRun, Statement
from billing.operations.mandates import record_mandate
from billing.parsing.gdv import GdvReader, GdvRecord
from billing.queries.broker_portfolio import (
    PortfolioReport,
    UnableToWritePortfolio,
    get_portfolio_settings,
    write_portfolio,
)
from tests.notices import apply, notice

pytestmark = pytest.mark.django_db
JAN, SINCE, TODAY = date(2026, 1, 1), date(2026, 10, 1), date(2026, 11, 22)
IBAN = "DE02120300000000202051"


@dataclass
class Office:
    """A broker with two clients: `open` gave it authority, `closed` did not."""

    broker: Broker
    open: GroupContract
    closed: GroupContract


def sign(number: str, name: str, broker: Broker | None) -> GroupContract:
    employer = Employer.objects.create(
        legal_name=name, street="Weg", building_number="3", postal_code="12345", town="Ort",
        contact_email="personal@kunde.example",
    )  # fmt: skip
    contract = sign_contract(
        number=number, employer=employer, broker=broker, start=JAN, terms=Terms("bau-2016")
    )
    record_mandate(
        contract=contract, creditor_identifier="DE98ZZZ09999999999", reference=f"M-{number}",
        signed_on=JAN, account_holder=name, iban=IBAN,
    )  # fmt: skip
    return contract


@pytest.fixture
def office() -> Office:
    broker = Broker.objects.create(
        legal_name="Maklerkontor", registration_number="D-1", agency_number="0815"
    )
    opened = sign("GV-1", "Offen GmbH", broker)
    closed = sign("GV-2", "Verschlossen GmbH", broker)
    give_authority(
        employer=opened.employer, broker=broker, right=Right.READ, first_day=date(2026, 3, 1)
    )
    apply(
        opened,
        notice(number="17"),
        notice(number="18", last_name="Özdemir", pay=Decimal("700.00")),
        notice(number="19", last_name="Fortgang", pay=Decimal("4100.00")),
        notice("LEAVE", number="19", day=date(2026, 10, 31)),
        notice("LEAVE", number="18", day=date(2026, 12, 31)),
    )
    apply(closed, notice(number="17", last_name="Geheim"))
    bill(opened, 10, "32.10")
    bill(closed, 10, "13.00")
    return Office(broker, opened, closed)


def bill(contract: GroupContract, month: int, total: str, *, posted: bool = True) -> None:
    run, _ = BillingRun.objects.get_or_create(
        month=date(2026, month, 1), defaults={"started_at": datetime(2026, month, 1, tzinfo=UTC)}
    )
    Statement.objects.create(
        contract=contract, run=run, month=run.month, total=Decimal(total), line_count=1,
        insured_count=1, payroll=Decimal("2400.00"), notices_through=0,
        number=f"B-{contract.pk}-{month}" if posted else None,
        issued_on=date(2026, month, 5) if posted else None,
    )  # fmt: skip


def write(broker: Broker, **changes: Any) -> tuple[bytes, PortfolioReport]:
    file = io.BytesIO()
    options: dict[str, Any] = {
        "as_of": TODAY, "since": SINCE, "today": TODAY, "settings": get_portfolio_settings(),
    } | changes  # fmt: skip
    report = write_portfolio(broker=broker, file=file, **options)
    return file.getvalue(), report


def read(content: bytes) -> dict[str, list[GdvRecord]]:
    """The records by their tables' names; the file has no fault."""
    reader = GdvReader(io.BytesIO(content))
    found: dict[str, list[GdvRecord]] = {}
    for record in reader:
        assert record.table is not None
        found.setdefault(record.table.name, []).append(record)
    assert reader.faults == []
    return found


def test_people_stand_in_the_file_with_authority_only(office: Office) -> None:
    content, report = write(office.broker)
    assert (report.contracts, report.without_names, report.people) == (2, 1, 2)
    for hidden in (b"Geheim", b"M-GV-2", b"Fortgang"):
        assert hidden not in content
    found = read(content)
    assert [r.values["last_name"] for r in found["0220.030-1"]] == ["Müller", "Özdemir"]
    assert [r.values["premium"] for r in found["0220.030-1"]] == [Decimal("13.00"), Decimal("6.80")]
    assert found["0220.030-1"][0].values["included_on"] == JAN
    assert found["0220.030-1"][1].values["excluded_on"] == date(2027, 1, 1)
    assert found["0220.030-2"][0].raw[90:93] == b"043"
    assert [r.values["iban_1"] for r in found["0100-4"]] == [IBAN]
    assert len(found["0100-3"]) == 1


def test_premiums_are_the_sum_of_the_people_or_the_last_statement(office: Office) -> None:
    bill(office.closed, 11, "26.00")
    bill(office.closed, 12, "99.00", posted=False)
    found = read(write(office.broker)[0])
    # 13.00 + 6.80 of the day, though the statement of October has somebody more.
    premiums = [r.values["premium_net"] for r in found["0200-1"]]
    assert premiums == [Decimal("19.80"), Decimal("26.00")]
    assert [r.values["premium_gross"] for r in found["0200-2"]] == premiums
    assert found["9999-1"][0].values["premium_total"] == Decimal("45.80")


def test_statements_of_the_period(office: Office) -> None:
    bill(office.open, 9, "32.10")
    bill(office.open, 11, "-6.80")
    bill(office.open, 12, "19.80")
    found = read(write(office.broker)[0])
    sums = [(r.values["policy_number"], r.values["premium_gross"]) for r in found["0400-1"]]
    assert sums == [
        ("GV1", Decimal("32.10")), ("GV1", Decimal("-6.80")), ("GV2", Decimal("13.00")),
    ]  # fmt: skip
    assert found["0400-1"][0].values["period_to"] == date(2026, 10, 31)
    assert found["9999-1"][0].values["collected_total"] == Decimal("38.30")


def test_a_past_day_shows_that_days_people_and_pay(office: Office) -> None:
    apply(office.open, notice("PAY_CHANGE", day=date(2026, 11, 1), pay=Decimal("2600.00")))
    found = read(write(office.broker, as_of=date(2026, 10, 31))[0])
    assert [r.values["last_name"] for r in found["0220.030-1"]] == ["Müller", "Özdemir", "Fortgang"]
    assert found["0220.030-1"][0].values["premium"] == Decimal("13.00")
    assert found["0001-1"][0].values["period_to"] == date(2026, 10, 31)
    today = read(write(office.broker)[0])
    assert today["0220.030-1"][0].values["premium"] == Decimal("14.80")


def test_an_authority_counts_on_the_day_of_asking(office: Office) -> None:
    give_authority(employer=office.open.employer, broker=office.broker, right=None, first_day=TODAY)
    content, report = write(office.broker, as_of=date(2026, 10, 31))
    assert report.people == 0
    assert b"M\xfcller" not in content
    assert b"DE021203" not in content
    assert b"personal@" not in content


def test_contracts_that_ended_are_told_as_cancelled_once(office: Office) -> None:
    receive_cancellation(
        contract=office.open, party=Party.POLICYHOLDER,
        received_at=datetime(2026, 11, 1, tzinfo=UTC), document_name="k.pdf",
        document=b"%PDF-1.7 x",
    )  # fmt: skip
    running = read(write(office.broker)[0])["0200-1"][0].values
    assert (running["status"], running["expiry"]) == ("1", date(2027, 1, 1))
    later = date(2027, 1, 15)
    found = read(write(office.broker, as_of=later, since=date(2026, 12, 15), today=later)[0])
    ended, living = (record.values for record in found["0200-1"])
    assert (ended["status"], ended["end_reason"]) == ("4", "01")
    assert (ended["ended_on"], ended["premium_net"]) == (date(2027, 1, 1), Decimal("0.00"))
    assert living["status"] == "1"
    assert "0220.030-1" not in found
    found = read(write(office.broker, as_of=later, since=date(2027, 1, 1), today=later)[0])
    assert [r.values["policy_number"] for r in found["0200-1"]] == ["GV2"]


def test_only_the_own_contracts(office: Office) -> None:
    other = Broker.objects.create(legal_name="Anderer Makler", registration_number="D-2")
    sign("GV-3", "Fremd AG", other)
    sign("GV-4", "Ohne Makler AG", None)
    content, report = write(office.broker)
    assert report.contracts == 2
    assert b"Fremd AG" not in content
    assert b"Ohne Makler AG" not in content
    theirs, _ = write(other)
    assert b"Offen GmbH" not in theirs
    # Without a number of the insurer's the field stays blank.
    assert read(theirs)["9999-1"][0].values["agency"] is None


def test_the_fenced_role_of_the_web_writes_the_same_file(office: Office) -> None:
    user = User.objects.create_user("makler", email="m@example.org")
    give_grant(user=user, role=Role.BROKER, first_day=JAN, broker=office.broker)
    expected, _ = write(office.broker)
    with acting_within(Scope.of(get_rights(user, TODAY))):
        found, _ = write(office.broker)
    assert found == expected


def test_no_claim_is_told_to_a_broker(office: Office) -> None:
    found = read(write(office.broker)[0])
    assert not any(name.startswith("0500") for name in found)
    assert found["0001-1"][0].values["version_0500"] is None
    assert found["9999-1"][0].values["benefit_total"] == 0


def test_queries_do_not_grow_with_contracts(office: Office) -> None:
    write(office.broker)
    with CaptureQueriesContext(connection) as few:
        write(office.broker)
    for number in range(5, 9):
        sign(f"GV-{number}", f"Kunde {number}", office.broker)
    with CaptureQueriesContext(connection) as more:
        write(office.broker)
    assert len(more) == len(few) <= 12


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"since": date(2026, 11, 23)}, "WRONG_PERIOD"),
        ({"as_of": date(2026, 11, 23)}, "IN_FUTURE"),
        ({"settings": ""}, "NOT_SET_UP"),
    ],
)
def test_what_makes_no_file(office: Office, changes: dict[str, Any], code: str) -> None:
    if "settings" in changes:
        changes = {"settings": replace(get_portfolio_settings(), insurer_number="")}
    with pytest.raises(UnableToWritePortfolio) as caught:
        write(office.broker, **changes)
    assert caught.value.code == code


def test_a_number_that_does_not_fit_is_told_with_its_contract(office: Office) -> None:
    sign("V" * 20, "Lang AG", office.broker)
    with pytest.raises(UnableToWritePortfolio) as caught:
        write(office.broker)
    assert caught.value.code == "DOES_NOT_FIT"
    assert caught.value.params["contract"] == "V" * 20
    assert caught.value.params["field"] == "policy_number"
